"""The page of the organisation that somebody applies for: people, answers and papers it keeps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.services.organisations import (
    ROLES,
    invitation,
    invite,
    invited,
    join,
    members_of,
    remove_member,
    require_acting,
)
from workflow_app.services.profile import papers_of, set_validity
from workflow_app.web.current import context
from workflow_app.web.forms import EmailForm
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.organisations import Acting

organisation = Blueprint("organisation", __name__)
REMOVE = "/organisation/members/<int:account_id>/remove"
VALIDITY = "/organisation/papers/<int:paper_id>"
JOIN = "/organisation/join/<word:token>"


@route(organisation, "/organisation", Permission.SIGNED_IN, methods=("GET", "POST"))
def page() -> ResponseReturnValue:
    """Show who acts for the organisation and what it keeps; invite somebody."""
    ctx = context()
    acting = require_acting(ctx)
    form = EmailForm()
    if form.validate_on_submit():
        invite(ctx, form.email.data or "", request.form.get("role", ""))
        told = _("We sent an invitation to %(address)s.", address=form.email.data)
        flash(told, "success")
        return redirect(url_for("organisation.page"), 303)
    return _page(acting, form), 422 if form.errors else 200


def _page(acting: Acting, form: EmailForm, unread: dict[int, str] | None = None) -> str:
    """Return the page; `unread` are dates that could not be read, by paper."""
    ctx = context()
    return render_template(
        "public/organisation.html",
        acting=acting,
        me=ctx.actor.user_id,
        members=members_of(ctx, acting.code),
        invited=invited(ctx, acting.code),
        papers=papers_of(ctx, acting.code),
        form=form,
        roles=ROLES,
        unread=unread or {},
        has_errors=bool(form.errors or unread),
    )


@route(organisation, VALIDITY, Permission.SIGNED_IN, methods=("POST",))
def validity(paper_id: int) -> ResponseReturnValue:
    """Keep until when a paper that can be used again is valid; nothing typed is for ever."""
    ctx, typed = context(), request.form.get("lasts_until", "").strip()
    acting = require_acting(ctx)
    try:
        last = date.fromisoformat(typed) if typed else None
    except ValueError:
        return _page(acting, EmailForm(formdata=None), {paper_id: typed}), 422
    set_validity(ctx, acting.code, paper_id, last)
    flash(_("The validity of the paper is kept."), "success")
    return redirect(url_for("organisation.page"), 303)


@route(organisation, REMOVE, Permission.SIGNED_IN, methods=("POST",))
def remove(account_id: int) -> ResponseReturnValue:
    """Let somebody act for the organisation no more."""
    ctx = context()
    remove_member(ctx, account_id)
    if account_id == ctx.actor.user_id:
        flash(_("You act for the organisation no more."), "success")
        return redirect(url_for("desk.mine"), 303)
    flash(_("The person acts for the organisation no more."), "success")
    return redirect(url_for("organisation.page"), 303)


@route(organisation, JOIN, Permission.SIGNED_IN, methods=("GET", "POST"))
def accept(token: str) -> ResponseReturnValue:
    """Show what an invitation is to, and accept it."""
    ctx = context()
    if request.method == "POST":
        join(ctx, token)
        return redirect(url_for("organisation.page"), 303)
    return render_template("public/join.html", acting=invitation(ctx, token))
