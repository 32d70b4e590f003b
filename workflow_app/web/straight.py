"""Pages in which no text that somebody typed turns round what stands after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.domain.unseen import straight

if TYPE_CHECKING:
    from flask import Flask, Response

#: What `straight` takes out, in UTF-8: most pages are looked through and left alone.
_PERHAPS = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")


def init_straight_pages(app: Flask) -> None:
    """Take what turns lines round out of every page of the application."""
    app.after_request(_straighten)


def _straighten(response: Response) -> Response:
    if response.mimetype != "text/html" or not response.is_sequence:
        return response
    body = response.get_data()
    if _PERHAPS.search(body):
        response.set_data(straight(body.decode("utf-8")))
    return response
