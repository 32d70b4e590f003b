"""Completing a task as a browser does: post five fields, follow to the case page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template_string

from bench import diagrams
from bench.measure import Figure, Timer, interleaved, processor_ratio, ratio
from bench.world import token
from workflow_app.domain.actors import Permission
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient
    from flask.typing import ResponseReturnValue

    from bench.world import World

ROUNDS = 30
STEPS = (10, 200)
EMPTY = """{% extends "layouts/case.html" %}{% block title %}Empty{% endblock %}"""
blank = Blueprint("bench", __name__)


@route(blank, "/bench/empty", Permission.WORK)
def empty() -> ResponseReturnValue:
    """Show the layout of a case page with nothing in it."""
    return render_template_string(EMPTY)


def completions(world: World) -> Iterator[tuple[str, Figure]]:
    """Measure submit, step, redirect and case page against an empty page of the same layout."""
    world.app.register_blueprint(blank)
    client = world.signed_in()

    def submit(timer: Timer) -> None:
        address, form = _opened(world, client)
        timer.call(lambda: _submit(client, address, form))

    def empty_page(timer: Timer) -> None:
        timer.call(lambda: _fetch(client, "/bench/empty"))

    mine, other = interleaved(ROUNDS, submit, empty_page)
    yield "http_completion_ms", Figure(value=mine.ms, unit="ms", note="post, redirect, case page")
    yield "empty_page_ms", Figure(value=other.ms, unit="ms", note="signed in, same layout")
    note = "five fields: parse, validate, step, redirect, case page"
    yield (
        "http_completion_vs_empty_page",
        Figure(value=ratio(mine, other), unit="ratio", bar=4, note=note),
    )
    yield (
        "http_completion_vs_empty_page_cpu",
        Figure(value=processor_ratio(mine, other), unit="ratio", note="processor time alone"),
    )
    address, form = _opened(world, client)
    with world.counting() as counter:
        client.post(address, data=form)
    yield (
        "http_completion_sql",
        Figure(value=len(counter.statements), unit="count", note="the post alone"),
    )
    yield "http_completion_commits", Figure(value=counter.commits, unit="count")


def task_pages(world: World) -> Iterator[tuple[str, Figure]]:
    """Measure opening a task of a case with a long history, a short one, and an empty page."""
    if blank.name not in world.app.blueprints:
        world.app.register_blueprint(blank)
    client = world.signed_in()
    short, long = (f"/tasks/{world.open_item(world.start_after(turns))}" for turns in STEPS)

    def of(address: str) -> Callable[[Timer], None]:
        return lambda timer: timer.call(lambda: _fetch(client, address))

    page, longer, empty_one = interleaved(ROUNDS, of(short), of(long), of("/bench/empty"))
    note = f"a case of {STEPS[1]} steps against one of {STEPS[0]}"
    yield (
        "task_page_200_vs_10",
        Figure(value=ratio(longer, page), unit="ratio", bar=1.15, note=note),
    )
    note = "form, case file, documents, history, diagram; against the layout alone"
    yield (
        "task_page_vs_empty",
        Figure(value=ratio(longer, empty_one), unit="ratio", bar=9, note=note),
    )
    yield "task_page_ms", Figure(value=longer.ms, unit="ms", note=f"{STEPS[1]} steps")
    with world.counting() as counter:
        _fetch(client, long)
    yield "task_page_sql", Figure(value=len(counter.statements), unit="count")


def complete_in_browser(world: World, client: FlaskClient) -> None:
    """Work both tasks of a new case as a browser does."""
    case_id = world.start(diagrams.TWO_TASKS)
    for _ in range(2):
        address, form = _form(client, world.open_item(case_id))
        _submit(client, address, form)


def _opened(world: World, client: FlaskClient) -> tuple[str, dict[str, str]]:
    return _form(client, world.open_item(world.start(diagrams.TWO_TASKS)))


def _form(client: FlaskClient, item: int) -> tuple[str, dict[str, str]]:
    address = f"/tasks/{item}"
    return address, {**diagrams.ANSWERS, "csrf_token": token(_fetch(client, address))}


def _submit(client: FlaskClient, address: str, form: dict[str, str]) -> None:
    answer = client.post(address, data=form)
    if answer.status_code != 303:
        message = f"{address} answered {answer.status_code}"
        raise RuntimeError(message)
    _fetch(client, answer.headers["Location"])


def _fetch(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    if answer.status_code != 200:
        message = f"{address} answered {answer.status_code}"
        raise RuntimeError(message)
    return answer.get_data(as_text=True)
