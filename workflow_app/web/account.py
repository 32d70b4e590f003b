"""One's own account: how one is told of things, the news, the calendar's private address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from workflow_app.adapters.words import Words
from workflow_app.domain.actors import Permission
from workflow_app.domain.states import Wish
from workflow_app.extensions import limiter
from workflow_app.queries import news as queries
from workflow_app.services.calendar_feed import calendar_of, renew, token_of, withdraw
from workflow_app.services.host import Host
from workflow_app.services.news import sentence
from workflow_app.services.wishes import (
    Wishes,
    choose,
    chosen,
    looked_at,
    offers_habit,
    personal_habit,
    put,
)
from workflow_app.web.current import context
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context

account = Blueprint("account", __name__)
CHOICES = [
    SelectChoice(Wish.AT_ONCE.value, _l("A mail at once")),
    SelectChoice(Wish.DIGEST.value, _l("One mail a working day, with everything in it")),
    SelectChoice(Wish.NONE.value, _l("No mail; I look at the list of tasks myself")),
]


class WishForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """How somebody wants to be told."""

    personal = RadioField(choices=CHOICES)
    offers = RadioField(choices=CHOICES)


@route(account, "/account/notifications", Permission.SIGNED_IN, methods=("GET", "POST"))
def notifications() -> ResponseReturnValue:
    """Let somebody choose how they are told, and show the address of their calendar."""
    ctx = context()
    me = _me(ctx)
    form = WishForm(data=_wanted(ctx, me))
    if form.validate_on_submit():
        choose(ctx, me, Wishes(Wish(form.personal.data), Wish(form.offers.data)))
        flash(_("Your choice is saved."), "success")
        return redirect(url_for("account.notifications"), 303)
    token = token_of(ctx, me)
    base = ctx.platform.settings.base_url
    page = render_template(
        "account/notifications.html",
        form=form,
        has_errors=bool(form.errors),
        feed=base + url_for("account.calendar", token=token) if token else None,
        email=ctx.actor.email,
    )
    return page, 422 if form.errors else 200


@route(account, "/account/calendar", Permission.SIGNED_IN, methods=("POST",))
def calendar_address() -> ResponseReturnValue:
    """Make, renew or take away the address of one's calendar."""
    ctx = context()
    if request.form.get("do") == "withdraw":
        withdraw(ctx, _me(ctx))
        flash(_("The address of your calendar is gone. Programs that read it find nothing."))
    else:
        renew(ctx, _me(ctx))
        flash(_("Your calendar has a new address. An earlier one leads nowhere."), "success")
    return redirect(url_for("account.notifications") + "#calendar", 303)


@route(account, "/account/news", Permission.SIGNED_IN)
def news() -> ResponseReturnValue:
    """List what one was told, and mark what is new since one last looked."""
    ctx = context()
    me = _me(ctx)
    before = looked_at(ctx, me)
    rows = queries.newest(ctx.session, me)
    put(ctx, me, looked_at=ctx.now)
    words, host = Words(ctx.language), Host(ctx, _path(ctx))
    return render_template(
        "account/news.html",
        news=[
            {
                "text": sentence(words, host, row.why, row.details),
                "at": row.at,
                "url": row.details.get("page"),
                "is_new": before is None or row.at > before,
            }
            for row in rows
        ],
    )


@route(account, "/calendar/<signed:token>.ics", Permission.PUBLIC)
@limiter.limit("60 per minute")
def calendar(token: str) -> ResponseReturnValue:
    """Give somebody's dates to their calendar program."""
    answer = Response(calendar_of(context(), token), mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.add_etag()
    return answer.make_conditional(request)


def _me(ctx: Context) -> int:
    return int(ctx.actor.user_id or 0)


def _path(ctx: Context) -> str:
    """Return the first place in which somebody holds a role, for their calendar and settings."""
    return min((grant.path for grant in ctx.actor.grants), default="")


def _wanted(ctx: Context, me: int) -> dict[str, Any]:
    """Return what is chosen, with the habit of the house where nothing is."""
    host, said = Host(ctx, _path(ctx)), chosen(ctx, [me]).get(me, Wishes())
    roles = sorted({grant.role for grant in ctx.actor.grants})
    habit = offers_habit(host, roles[0] if len(roles) == 1 else None)
    return {"personal": said.personal or personal_habit(host), "offers": said.offers or habit}
