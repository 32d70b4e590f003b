"""Designers' forms for whoever has no desk: starting a case, answering one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.form_builder import TaskForm, apply_row_action
from workflow_app.services.drafts import owner_of, save_draft, typed
from workflow_app.services.following import bind_message_form, message_subject, submit_message
from workflow_app.services.forms import translator
from workflow_app.services.opening import bind_start_form, save_start_draft
from workflow_app.services.starting import StartedCase, start_case, started_with
from workflow_app.web.current import context, key_context
from workflow_app.web.keys import keyed_case, remember_case
from workflow_app.web.posting import (
    Intent,
    as_posted_form,
    finish_detour,
    intent_of,
    posted_form,
    refusals_shown,
    saved_words,
)
from workflow_app.web.rescue import give_back
from workflow_app.web.routing import route
from workflow_app.web.ways import Way, each_way, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context, Posted
    from workflow_app.services.opening import Earlier, Opening

__all__ = ["earlier_case", "intent_anchor", "start", "start_title"]


@each_way(methods=("GET", "POST"))
def start_form(way: Way) -> ResponseReturnValue:
    """Fill in a start form."""
    if (twin := _sent_before()) is not None:
        return _show_done(twin)
    return _start_page(way)


@each_way("draft", "/draft", methods=("POST",))
def draft(way: Way) -> ResponseReturnValue:
    """Save what was typed so far."""
    saved = save_start_draft(way.ctx, way.opening, posted_form())
    return jsonify(saved=saved_words(saved))


@route(start, "/follow/<word:number>/<word:wait>", Permission.PUBLIC, methods=("GET", "POST"))
def message(number: str, wait: str) -> ResponseReturnValue:
    """Fill in what a case waits for."""
    case_id = keyed_case(number)
    if case_id is None:
        return redirect(url_for("public.follow"))
    ctx = key_context(case_id)
    if request.method == "GET":
        give_back(ctx, owner=owner_of(ctx.actor), subject=message_subject(case_id, wait))
        return _message_page(ctx, number, wait, None)
    posted = posted_form()
    intent = intent_of(posted)
    if intent is not Intent.SUBMIT:
        return _message_detour(ctx, number, wait, posted, intent)
    result = submit_message(ctx, case_id, wait, posted)
    if isinstance(result, TaskForm):
        return _message_page(ctx, number, wait, None, form=result), 422
    return render_template(
        "public/sent.html",
        title=_("Sent"),
        paragraphs=[_("Thank you. What you sent now belongs to the case.")],
        link={"url": url_for("public.case", number=number), "label": _("Back to the case")},
    )


@route(start, "/follow/<word:number>/<word:wait>/draft", Permission.PUBLIC, methods=("POST",))
def draft_message(number: str, wait: str) -> ResponseReturnValue:
    """Save what was typed so far."""
    ctx = key_context(keyed_case(number) or -1)
    bind_message_form(ctx, ctx.actor.case_id or -1, wait)
    return jsonify(saved=saved_words(_save_message(ctx, wait, posted_form())))


def _start_page(way: Way) -> ResponseReturnValue:
    ctx, opening = way.ctx, way.opening
    if request.method == "GET":
        give_back(ctx, owner=opening.owner, subject=opening.subject)
        return _show_start(way, bind_start_form(ctx, opening))
    posted = posted_form()
    intent = intent_of(posted)
    if intent is Intent.SUBMIT:
        return _submit_start(way, posted)
    form = bind_start_form(ctx, opening, _with_rows(opening, posted))
    save_start_draft(ctx, opening, as_posted_form(form))
    if refusals_shown(form, intent):
        return _show_start(way, form), 422
    finish_detour(intent)
    return redirect(request.path + intent_anchor(intent), 303)


def _submit_start(way: Way, posted: Posted) -> ResponseReturnValue:
    ctx, opening = way.ctx, way.opening
    form = bind_start_form(ctx, opening, posted)
    if not form.validate():
        save_start_draft(ctx, opening, as_posted_form(form))
        return _show_start(way, form), 422
    once = request.form.get("_once") or None
    started = start_case(ctx, opening, form.answers(), once=once)
    return _show_done(started)


def _sent_before() -> StartedCase | None:
    once = request.form.get("_once")
    pressed_send = intent_of(posted_form()) is Intent.SUBMIT
    return started_with(context(), once) if once and pressed_send else None


def _show_done(started: StartedCase) -> ResponseReturnValue:
    remember_case(started.id)
    session["started"] = [started.number, started.secret]
    return redirect(url_for("start.done"), 303)


@route(start, "/started", Permission.PUBLIC)
def done() -> ResponseReturnValue:
    """Show the number and key of the case just started."""
    number, key = session.get("started") or (None, None)
    if number is None:
        return redirect(url_for("public.home"))
    return render_template(
        "public/sent.html",
        title=_("Your application was sent"),
        number=number,
        key=key,
        paragraphs=[_("We will write to you about every step.")],
        link={"url": url_for("public.case", number=number), "label": _("Follow the case")},
    )


def intent_anchor(intent: Intent) -> str:
    """Return where on the page to go on after a detour."""
    return "#main-form" if intent is Intent.ROW else ""


def _show_start(way: Way, form: TaskForm) -> str:
    ctx, opening = way.ctx, way.opening
    words = translator(ctx, opening.published)
    earlier = opening.earlier
    return render_template(
        "public/form.html",
        title=words(start_title(opening)),
        lead=_("What you type is saved as you go. You can stop and come back."),
        case=earlier_case(earlier) if earlier else None,
        form=form,
        form_action=request.path,
        draft_url=way.address("draft"),
        once=secrets.token_urlsafe(16),
        main_form=True,
        has_errors=bool(form.errors),
    )


def start_title(opening: Opening) -> str:
    """Return the msgid that heads a start form; in a following case what a person does by it."""
    if opening.earlier is None:
        return opening.published.manifest.title
    return opening.published.message_word(opening.earlier.message, opening.start.name)


def earlier_case(earlier: Earlier) -> dict[str, Any]:
    """Return the case that a start form follows, for the heading."""
    return {
        "number": earlier.number,
        "title": earlier.case.title,
        "url": url_for("public.case", number=earlier.number),
    }


def _with_rows(opening: Opening, posted: Posted) -> Posted:
    schema = opening.published.form(opening.start.form or "")
    return apply_row_action(schema, posted) or posted


def _message_page(
    ctx: Context,
    number: str,
    wait: str,
    posted: Posted | None,
    *,
    form: TaskForm | None = None,
) -> str:
    loaded, row, bound = bind_message_form(ctx, ctx.actor.case_id or -1, wait, posted)
    words: Callable[[str], str] = translator(ctx, loaded.published)
    form = form or bound
    return render_template(
        "public/form.html",
        title=words(loaded.published.message_word(row.message, row.name)),
        lead=None,
        case={
            "number": number,
            "title": loaded.row.title,
            "url": url_for("public.case", number=number),
        },
        form=form,
        form_action=request.path,
        draft_url=url_for("start.draft_message", number=number, wait=wait),
        main_form=True,
        has_errors=bool(form.errors),
    )


def _message_detour(
    ctx: Context, number: str, wait: str, posted: Posted, intent: Intent
) -> ResponseReturnValue:
    loaded, row, _form = bind_message_form(ctx, ctx.actor.case_id or -1, wait)
    changed = apply_row_action(loaded.published.form(row.form), posted) or posted
    _loaded, _row, form = bind_message_form(ctx, ctx.actor.case_id or -1, wait, changed)
    _save_message(ctx, wait, as_posted_form(form))
    if refusals_shown(form, intent):
        return _message_page(ctx, number, wait, None, form=form), 422
    finish_detour(intent)
    target = url_for("start.message", number=number, wait=wait)
    return redirect(target + intent_anchor(intent), 303)


def _save_message(ctx: Context, wait: str, posted: Posted) -> Any:
    subject = message_subject(ctx.actor.case_id or -1, wait)
    return save_draft(ctx, owner_of(ctx.actor), subject, typed(posted))
