"""URL parts with a shape."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, IntegerConverter, Map


class SlugConverter(BaseConverter):
    """A key of a process or register."""

    regex = r"[a-z0-9_]+"


class WordConverter(BaseConverter):
    """A case number, a link's token or a task id: letters, digits, hyphen, underscore."""

    regex = r"[A-Za-z0-9_-]+"


class SignedConverter(BaseConverter):
    """A signed token: parts of letters, digits, hyphen and underscore with dots between."""

    regex = r"[A-Za-z0-9._-]+"


class IdConverter(IntegerConverter):
    """An id: a whole number that a database column and a browser can hold."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**53)
