"""Places: a map that is a list too, and what is known of each place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, render_template

from workflow_app.domain.actors import Permission
from workflow_app.web.caching import for_everybody
from workflow_app.web.current import context
from workflow_app.web.presenting import places as present
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

places = Blueprint("places", __name__)


@route(places, "/places", Permission.PUBLIC)
def index() -> ResponseReturnValue:
    """Show the places of the country on maps and as a list."""
    return render_template("public/places.html", **present.all_places(context()))


@route(places, "/places/<word:code>", Permission.PUBLIC)
def place(code: str) -> ResponseReturnValue:
    """Show what registers, boards and collections know of a place."""
    return render_template("public/place.html", **present.place_page(context(), code))


@route(places, "/places.json", Permission.PUBLIC)
def index_file() -> ResponseReturnValue:
    """Give the tree of places to programs."""
    return for_everybody(jsonify(present.tree(context())))


@route(places, "/places/<word:code>.json", Permission.PUBLIC)
def place_file(code: str) -> ResponseReturnValue:
    """Give what is known of a place to programs."""
    return for_everybody(jsonify(present.place_facts(context(), code)))
