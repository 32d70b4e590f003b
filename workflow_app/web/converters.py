"""URL parts with a shape."""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class SlugConverter(BaseConverter):
    """A key of a process or register."""

    regex = r"[a-z0-9_]+"


class WordConverter(BaseConverter):
    """A case number, a link's token or a task id: letters, digits, hyphen, underscore."""

    regex = r"[A-Za-z0-9_-]+"
