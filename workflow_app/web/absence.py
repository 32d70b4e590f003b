"""Being away: who stands in, from when until when; for oneself and those one supervises."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid
from workflow_app.services.absences import (
    Leave,
    absences_of,
    colleagues_of,
    end_absence,
    enter_absence,
    roles_of,
    supervised_people,
    today_of,
)
from workflow_app.web.current import context
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.tasks import role_title
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.absences import Away, Colleague

absence = Blueprint("absence", __name__)
NOBODY = "-"


@route(absence, "/account/absence", Permission.WORK)
def page() -> ResponseReturnValue:
    """Show absences that are entered, and the form for another."""
    return _page({}, {})


@route(absence, "/account/absence", Permission.WORK, methods=("POST",))
def enter() -> ResponseReturnValue:
    """Enter an absence."""
    typed = request.form.to_dict()
    days = {name: _day(typed.get(name, "")) for name in ("first_day", "last_day")}
    unread = {n: _("Enter a date such as 2026-12-24") for n, day in days.items() if day is None}
    first, last = days["first_day"], days["last_day"]
    if first is None or last is None:
        return _page(typed, unread), 422
    chosen = request.form.getlist("substitutes")
    leave = Leave(
        username=_whose(),
        first_day=first,
        last_day=last,
        substitutes=tuple(name for name in chosen if name != NOBODY),
        alone=NOBODY in chosen,
    )
    try:
        enter_absence(context(), leave)
    except Invalid as wrong:
        return _page(typed, {str(wrong.params.get("field", "first_day")): said(wrong)}), 422
    flash(_("The absence is entered."), "success")
    return redirect(url_for("absence.page", **_about()), 303)


@route(absence, "/account/absence/<int:absence_id>/end", Permission.WORK, methods=("POST",))
def end(absence_id: int) -> ResponseReturnValue:
    """End an absence early, or take it back."""
    end_absence(context(), absence_id)
    flash(_("The absence has ended. Substitutes are told."), "success")
    return redirect(url_for("absence.page", **_about()), 303)


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
    ctx, whose = context(), _whose()
    people = supervised_people(ctx)
    words = Words(ctx.language)
    return render_template(
        "desk/absence.html",
        people=[{"value": name, "label": words.text(title)} for name, title in people],
        whose=whose,
        mine=whose == ctx.actor.username,
        absences=[_row(one) for one in absences_of(ctx, [whose])],
        standing=[words.text(one.title) for one in ctx.actor.standing],
        colleagues=[_colleague(one) for one in colleagues_of(ctx, whose)],
        roles=[role_title(ctx, role) for role in roles_of(ctx, whose)],
        typed=typed,
        ticked=request.form.getlist("substitutes"),
        errors=errors,
        has_errors=bool(errors),
        nobody=NOBODY,
        today=today_of(ctx, whose).isoformat(),
    )


def _row(one: Away) -> dict[str, Any]:
    words = Words(context().language)
    return {
        "id": one.id,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "substitutes": [words.text(title) for title in one.substitutes],
        "begun": one.first_day <= today_of(context(), one.username),
    }


def _colleague(one: Colleague) -> dict[str, Any]:
    roles = ", ".join(role_title(context(), role) for role in one.roles)
    title = Words(context().language).text(one.title)
    return {"value": one.username, "label": title, "roles": roles}


def _whose() -> str:
    """Return whose absence the page is about: one's own unless one supervises the other."""
    wanted = request.args.get("who", "")
    ctx = context()
    known = {name for name, _title in supervised_people(ctx)} if wanted else set()
    return wanted if wanted in known else ctx.actor.username


def _about() -> dict[str, Any]:
    return {"who": _whose()} if _whose() != context().actor.username else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
