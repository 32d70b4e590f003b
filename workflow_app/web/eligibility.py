"""The questions before a start form: asked of anybody, kept in no account, carried along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.services.eligibility import answered_before, bind_questions, judge, keep_answers
from workflow_app.services.forms import translator
from workflow_app.services.opening import BEFORE, PUBLIC, stands_alone
from workflow_app.services.taking import newest_taking
from workflow_app.web.current import context
from workflow_app.web.posting import Intent, finish_detour, intent_of, posted_form
from workflow_app.web.presenting.services import may_start
from workflow_app.web.routing import route
from workflow_app.web.ways import Way, each_way, start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.engine import StartForm
    from workflow_app.services.programs import Published

    Passed = Callable[[Mapping[str, Any]], str]


@route(start, "/services/<slug:key>/before", Permission.PUBLIC, methods=("GET", "POST"))
def questions(key: str) -> ResponseReturnValue:
    """Ask whether somebody may apply, before they give an address or sign in."""
    ctx = context()
    published = newest_taking(ctx, key)
    asked = asked_start(published)
    if asked is None:
        raise NotFound

    def passed(answers: Mapping[str, Any]) -> str:
        session[BEFORE] = {key: dict(answers)}
        if may_start(ctx, published):
            return url_for("start.by_account", key=key)
        return url_for("public.service", key=key) + "#apply"

    return _ask(published, asked, passed, url_for("public.service", key=key))


@each_way("before", "/before", methods=("GET", "POST"))
def questions_of_form(way: Way) -> ResponseReturnValue:
    """Ask whether somebody may apply who has opened the form already."""

    def passed(answers: Mapping[str, Any]) -> str:
        keep_answers(way.ctx, way.opening, answers)
        return way.address()

    opening = way.opening
    return _ask(opening.published, opening.start, passed, url_for("public.home"))


def asked_start(published: Published) -> StartForm | None:
    """Return the public start event of a process that asks something before its form."""
    for found in published.program.starts.values():
        asks = found.form and BEFORE in found.properties and stands_alone(found)
        if asks and found.by in (None, PUBLIC):
            return found
    return None


def passed_before(key: str) -> Mapping[str, Any] | None:
    """Return what this browser answered before a process's form, if it may go on."""
    found: Mapping[str, Any] | None = session.get(BEFORE, {}).get(key)
    return found


def has_to_be_asked(way: Way) -> bool:
    """Tell whether the questions come first; answers of this browser are taken over."""
    opening = way.opening
    if BEFORE not in opening.start.properties:
        return False
    if answered_before(way.ctx, opening) is not None:
        return False
    answers = passed_before(opening.published.key)
    if answers is None:
        return True
    keep_answers(way.ctx, opening, answers)
    return False


def _ask(published: Published, asked: StartForm, passed: Passed, back: str) -> ResponseReturnValue:
    ctx, posted = context(), posted_form()
    words = translator(ctx, published)
    page: dict[str, Any] = {"title": words(published.manifest.title), "back_url": back}
    if request.method == "GET":
        return _show(page, bind_questions(ctx, published, asked, None))
    part = bind_questions(ctx, published, asked, posted)
    intent = intent_of(posted)
    if intent is not Intent.SUBMIT:
        finish_detour(intent)
        return _show(page, bind_questions(context(), published, asked, posted))
    part.form.validate()
    if part.errors:
        return _show(page, part), 422
    verdict = judge(part.form)
    go_on = passed(part.answers()) if verdict.may_apply else None
    return render_template(
        "public/journey/verdict.html", **page, verdict=verdict, go_on=go_on, again=request.path
    )


def _show(page: dict[str, Any], part: Any) -> str:
    return render_template(
        "public/journey/questions.html",
        **page,
        form=part,
        form_action=request.path,
        main_form=True,
        has_errors=bool(part.errors),
        submit=_("Continue"),
    )


def first_page(way: Way) -> ResponseReturnValue | None:
    """Return where somebody has to go before the form, None where nowhere."""
    return redirect(way.address("before")) if has_to_be_asked(way) else None
