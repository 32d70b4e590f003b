"""Designers' forms for whoever has no desk: starting a case, answering one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.form_builder import TaskForm, apply_row_action
from workflow_app.services.drafts import owner_of, require_newest, token_of
from workflow_app.services.entries import refusal
from workflow_app.services.following import (
    bind_message_form,
    message_subject,
    save_message_draft,
    submit_message,
)
from workflow_app.services.forms import translator
from workflow_app.services.journey import goes_by_sections
from workflow_app.services.opening import bind_start_form, save_start_draft
from workflow_app.services.starting import start_case
from workflow_app.web.current import key_context
from workflow_app.web.drafting import draft_saved
from workflow_app.web.eligibility import first_page
from workflow_app.web.journey import send_all, task_list
from workflow_app.web.keys import keyed_case
from workflow_app.web.posting import (
    Intent,
    as_posted_form,
    finish_detour,
    intent_of,
    posted_form,
    refusals_shown,
)
from workflow_app.web.presenting.journey import heading
from workflow_app.web.rescue import give_back
from workflow_app.web.routing import route
from workflow_app.web.started import sent_before, show_done
from workflow_app.web.ways import Way, each_way, start

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context, Posted
    from workflow_app.services.opening import Opening

__all__ = ["intent_anchor", "start"]


@each_way(methods=("GET", "POST"))
def start_form(way: Way) -> ResponseReturnValue:
    """Fill in a start form."""
    if (twin := sent_before()) is not None:
        return show_done(twin)
    if request.method == "GET" and (first := first_page(way)) is not None:
        return first
    if not goes_by_sections(way.opening):
        return _start_page(way)
    if request.method == "GET":
        return task_list(way)
    return send_all(way, posted_form())


@each_way("draft", "/draft", methods=("POST",))
def draft(way: Way) -> ResponseReturnValue:
    """Save what was typed so far."""
    return draft_saved(save_start_draft(way.ctx, way.opening, posted_form()))


@route(start, "/follow/<word:number>/<word:wait>", Permission.PUBLIC, methods=("GET", "POST"))
def message(number: str, wait: str) -> ResponseReturnValue:
    """Fill in what a case waits for."""
    case_id = keyed_case(number)
    if case_id is None:
        return redirect(url_for("public.follow"))
    ctx = key_context(case_id)
    if request.method == "GET":
        kept = give_back(ctx, owner=owner_of(ctx.actor), subject=message_subject(case_id, wait))
        return _message_page(ctx, number, wait, kept)
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
    return draft_saved(save_message_draft(ctx, ctx.actor.case_id or -1, wait, posted_form()))


def _start_page(way: Way) -> ResponseReturnValue:
    ctx, opening = way.ctx, way.opening
    if request.method == "GET":
        kept = give_back(ctx, owner=opening.owner, subject=opening.subject)
        return _show_start(way, bind_start_form(ctx, opening, kept))
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
    require_newest(ctx, opening.owner, opening.subject, token_of(posted))
    form = bind_start_form(ctx, opening, posted)
    refused = refusal(ctx, opening)
    if refused is not None or not form.validate():
        save_start_draft(ctx, opening, as_posted_form(form))
        return _show_start(way, form), 422
    once = request.form.get("_once") or None
    started = start_case(ctx, opening, form.answers(), once=once)
    return show_done(started, opening)


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
        paragraphs=[
            _("We will write to you about every step."),
            _("A copy of what you sent is being made. You find it among the letters of the case."),
        ],
        link={"url": url_for("public.case", number=number), "label": _("Follow the case")},
    )


def intent_anchor(intent: Intent) -> str:
    """Return where on the page to go on after a detour."""
    places = {Intent.ROW: "#main-form", Intent.COMMENT: "#file-comments"}
    return places.get(intent, "")


def _show_start(way: Way, form: TaskForm) -> str:
    return render_template(
        "public/form.html",
        **heading(way),
        lead=_("What you type is saved as you go. You can stop and come back."),
        form=form,
        form_action=request.path,
        draft_url=way.address("draft"),
        once=secrets.token_urlsafe(16),
        main_form=True,
        has_errors=bool(form.errors),
    )


def _with_rows(opening: Opening, posted: Posted) -> Posted:
    return apply_row_action(opening.schema, posted) or posted


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
    save_message_draft(ctx, ctx.actor.case_id or -1, wait, as_posted_form(form))
    if refusals_shown(form, intent):
        return _message_page(ctx, number, wait, None, form=form), 422
    finish_detour(intent)
    target = url_for("start.message", number=number, wait=wait)
    return redirect(target + intent_anchor(intent), 303)
