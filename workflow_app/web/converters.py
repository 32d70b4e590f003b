"""URL parts with a shape."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class SlugConverter(BaseConverter):
    """A key of a process or register."""

    regex = r"[a-z0-9_]+"
