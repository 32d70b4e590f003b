"""The present request as a use case's context: who asks, in which language, at what time."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app, g, session
from flask_login import current_user

from workflow_app.domain.actors import PUBLIC, Actor
from workflow_app.domain.errors import NotAllowed, NotFound
from workflow_app.domain.text import N_
from workflow_app.models import db
from workflow_app.services.accounts import actor_of
from workflow_app.services.context import Context, Platform
from workflow_app.services.following import key_holder_actor
from workflow_app.services.parties import is_own_case
from workflow_app.web.language import language

CASE_KEY = "case_id"
OPENED = "opened"


class SignInNeeded(NotAllowed):
    """A page for people with an account was asked for by somebody without."""

    message = N_("Sign in to see this page.")


def platform() -> Platform:
    """Return the installation's parts."""
    found: Platform = current_app.extensions["platform"]
    return found


def context() -> Context:
    """Return the request's context, made once."""
    if "context" not in g:
        parts = platform()
        g.context = Context(
            platform=parts,
            session=db.session(),
            actor=_actor(parts),
            now=parts.clock.now(),
            language=language(),
        )
    found: Context = g.context
    return found


def key_context(case_id: int) -> Context:
    """Return the request's context with the key holder as actor, if this browser showed the key.

    Raises NotFound otherwise, without telling whether the case exists.
    """
    if case_id not in session.get(OPENED, []):
        raise NotFound
    return replace(context(), actor=key_holder_actor(case_id))


def party_context(case_id: int) -> Context:
    """Return the request's context as the party of a case: their account, else the key holder.

    Raises NotFound as `key_context` does.
    """
    ctx = context()
    return ctx if is_own_case(ctx, case_id) else key_context(case_id)


def _actor(parts: Platform) -> Actor:
    if not current_user.is_authenticated:
        return PUBLIC
    return actor_of(db.session(), current_user, parts.clock.now())
