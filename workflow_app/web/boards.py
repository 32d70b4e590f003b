"""The matrix of a process: territories by stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from workflow_app.domain.actors import Permission
from workflow_app.web.current import context
from workflow_app.web.presenting.boards import board_page
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

boards = Blueprint("boards", __name__)


@route(boards, "/board/<slug:key>", Permission.WORK)
def board(key: str) -> ResponseReturnValue:
    """Show where the cases of a process stand, by territory and stage."""
    return render_template("desk/board.html", board=board_page(context(), key))
