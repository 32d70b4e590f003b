"""The page of the organisation that somebody applies for: people, answers and papers it keeps."""

from __future__ import annotations

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
from workflow_app.services.profile import papers_of
from workflow_app.web.current import context
from workflow_app.web.forms import EmailForm
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

organisation = Blueprint("organisation", __name__)
REMOVE = "/organisation/members/<int:account_id>/remove"
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
    shown = render_template(
        "public/organisation.html",
        acting=acting,
        me=ctx.actor.user_id,
        members=members_of(ctx, acting.code),
        invited=invited(ctx, acting.code),
        papers=papers_of(ctx, acting.code),
        form=form,
        roles=ROLES,
        has_errors=bool(form.errors),
    )
    return shown, 422 if form.errors else 200


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
