"""The words of a published version in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.adapters.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published


def translator(ctx: Context, published: Published) -> Callable[[str], str]:
    """Return a function from msgid to the reader's language: version, catalogue, text itself."""
    return Words(ctx.language, published.words.get(ctx.language, {})).text
