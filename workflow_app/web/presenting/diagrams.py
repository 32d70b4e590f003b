"""A diagram as the viewer draws it: its XML, and its names in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.labels import drawn_labels
from workflow_app.web.presenting.tasks import role_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.services.context import Context


def drawing(
    ctx: Context, xml: str, words: Callable[[str], str], language: str | None = None
) -> dict[str, Any]:
    """Return a diagram: {xml, names by element}, lanes by the titles of their roles.

    `words` translates names; `language` is that of the titles, otherwise the reader's.
    Raises UnreadableXml.
    """
    labels = drawn_labels(xml)
    lanes = {lane: role_title(ctx, code, language) for lane, code in labels.lanes.items()}
    return {
        "xml": xml,
        "names": {element: words(name) for element, name in labels.names.items()} | lanes,
    }
