"""Every address asks for a permission, and every part of it has a type."""

from __future__ import annotations

import re

import pytest

from workflow_app.domain.actors import Actor, Grant, Permission
from workflow_app.domain.permissions import may_anywhere
from workflow_app.web.routing import PERMISSIONS

#: Bound by others: Flask's files, and the accounts of Flask-Security, which guards its own.
FOREIGN = re.compile(r"^(static|security(\..+)?|_debug_toolbar\..+)$")


def rules(app):
    found = [rule for rule in app.url_map.iter_rules() if not FOREIGN.match(rule.endpoint)]
    assert len(found) > 20
    return found


def test_every_route_declares_its_permission(app):
    assert [r.endpoint for r in rules(app) if r.endpoint not in PERMISSIONS] == []


def test_every_declared_permission_has_a_route(app):
    bound = {rule.endpoint for rule in app.url_map.iter_rules()}
    own = {name for name in PERMISSIONS if not name.startswith("bench.")}
    assert own - bound == set()


def test_every_part_of_an_address_has_a_type(app):
    untyped = [r.rule for r in rules(app) if re.search(r"<[^:>]+>", r.rule)]
    assert untyped == []


def test_whoever_may_change_something_is_asked_by_post(app):
    usual = {"GET", "HEAD", "OPTIONS", "POST"}
    for rule in rules(app):
        # Scripts of the studio save files; the token against foreign pages is asked of them too.
        more = {"PUT", "DELETE"} if rule.endpoint.startswith("studio_files.") else set()
        assert rule.methods <= usual | more, rule.rule


@pytest.mark.parametrize("permission", [p for p in Permission if p is not Permission.PUBLIC])
def test_nobody_who_is_not_signed_in_has_more_than_public(permission):
    assert not may_anywhere(Actor(username="public", title="Public"), permission)


@pytest.mark.parametrize("held", list(Permission))
def test_a_role_gives_no_permission_that_it_does_not_name(held):
    grant = Grant(role="some", path="AM", permissions=frozenset({held}))
    actor = Actor(username="some", title="Some", user_id=1, grants=(grant,))
    allowed = {p for p in Permission if may_anywhere(actor, p)}
    assert allowed == {held, Permission.PUBLIC, Permission.SIGNED_IN}
