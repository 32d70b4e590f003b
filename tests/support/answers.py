"""What a browser would post for a scenario's answers, so that they are written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.support.installation import ROOT
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.states import WorkState
from workflow_app.engine import current_scope
from workflow_app.models.case import Case
from workflow_app.models.work import Subscription, WorkItem
from workflow_app.services.case_store import load_by_work_item, load_case
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import key_holder_actor
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host, home_path
from workflow_app.services.scenarios.answering import fill_in
from workflow_app.services.scenarios.script import Beginning, borrowed_answers, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.browser import Page
    from tests.support.installation import Office
    from workflow_app.form_builder import FormSchema, TaskForm
    from workflow_app.services.scenarios.player import Player
    from workflow_app.services.scenarios.script import Move

START = "accreditation/application"


def application(**changes: Any) -> dict[str, Any]:
    """Return the answers of the accreditation's start form, some of them changed (None removes)."""
    path = ROOT / "processes" / "accreditation" / "scenarios" / "any.yaml"
    return merged(borrowed_answers(path, Beginning(answers_from="_application")), changes)


def move_of(player: Player, task: str, number: int = 0) -> Move:
    """Return the scenario's step for a task (or message), the first unless numbered."""
    return [m for m in player.scenario.steps if task in (m.task, m.message)][number]


def start_fields(
    office: Office,
    answers: Mapping[str, Any],
    form: str = START,
    known: Mapping[str, Any] | None = None,
) -> MultiDict[str, Any]:
    """Return what is posted to start an accreditation, or by another form over what is known."""
    data = dict(known or {})
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, form.split("/", maxsplit=1)[0])
        host = Host(ctx, home_path(ctx))

        def make(values: Mapping[str, Any]) -> TaskForm:
            whole = {**data, **values}
            return make_form(
                ctx, published, form, data=whole, host=host, posted=None, owner="nobody"
            )

        return _posted(published.form(form), data, answers, make)


def apply_at(page: Page, fields: MultiDict[str, Any], *, status: int = 200) -> Page:
    """Send a whole application at once from the list of its sections; returns what comes."""
    token = page.one('form#language-form input[name="csrf_token"]')["value"]
    whole = MultiDict([*fields.items(multi=True), ("csrf_token", str(token)), ("_form", "1")])
    return page.browser.post(page.path, whole, status=status)


def part_fields(page: Page, fields: MultiDict[str, Any]) -> MultiDict[str, Any]:
    """Return the entries of a whole form that one of its pages asks for."""
    asked = {tag["name"].split("-", 1)[0] for tag in page.soup.select("#main-form [name]")}
    kept = [(n, v) for n, v in fields.items(multi=True) if n.split("-", 1)[0] in asked]
    return MultiDict([*kept, ("_form", "1")])


def task_fields(
    office: Office, username: str, item: int, answers: Mapping[str, Any]
) -> MultiDict[str, Any]:
    """Return what is posted to complete a task."""
    with office.acting(username) as ctx:
        loaded = load_by_work_item(ctx, item)
        make, data = _maker(ctx, loaded, loaded.row.form, loaded.row.task_id)
        return _posted(loaded.published.form(loaded.row.form), data, answers, make)


def message_fields(
    office: Office, case_id: int, wait: Any, answers: Mapping[str, Any]
) -> MultiDict[str, Any]:
    """Return what is posted to answer what a case waits for."""
    with office.acting(key_holder_actor(case_id)) as ctx:
        loaded = load_case(ctx, case_id)
        make, data = _maker(ctx, loaded, wait.form, wait.task_id)
        return _posted(loaded.published.form(wait.form), data, answers, make)


def open_item(office: Office, case_id: int, task: str, username: str | None = None) -> int:
    """Return the open work item of a task, the one that the person holds or that nobody does."""
    query = select(WorkItem.id).where(
        WorkItem.case_id == case_id,
        WorkItem.state == WorkState.OPEN,
        WorkItem.element.like(f"%/{task}"),
    )
    if username is not None:
        query = query.where((WorkItem.assignee == username) | WorkItem.assignee.is_(None))
    found = office.read(lambda session: session.scalars(query.order_by(WorkItem.id)).all())
    assert found, f"{task} is not open"
    return found[0]


def wait_for(office: Office, case_id: int, message: str) -> Subscription:
    """Return what a case waits for by a message's name."""
    query = select(Subscription).where(
        Subscription.case_id == case_id, Subscription.message == message
    )
    found = office.read(lambda session: session.scalars(query).first())
    assert found is not None, f"nobody waits for {message}"
    return found


def case_row(office: Office, case_id: int) -> Case:
    """Return a case as it is stored now."""
    return office.read(lambda session: session.get_one(Case, case_id))


def _maker(
    ctx: Any, loaded: Any, form: str, task_id: str
) -> tuple[Callable[[Mapping[str, Any]], TaskForm], Mapping[str, Any]]:
    host = Host(ctx, loaded.facts.path, loaded.row.id)

    def make(values: Mapping[str, Any]) -> TaskForm:
        return make_form(
            ctx,
            loaded.published,
            form,
            data=values,
            host=host,
            posted=None,
            owner=owner_of(ctx.actor),
            case_id=loaded.row.id,
        )

    return make, current_scope(loaded.published.program, loaded.state, task_id)


def _posted(
    schema: FormSchema,
    data: Mapping[str, Any],
    answers: Mapping[str, Any],
    make: Callable[[Mapping[str, Any]], TaskForm],
) -> MultiDict[str, Any]:
    kept: list[Any] = []

    def bind(values: Mapping[str, Any] | None, posted: Any) -> TaskForm:
        if posted is not None:
            kept.append(posted)
        return make(data if values is None else values)

    fill_in(schema, data, answers, bind)
    return kept[-1]
