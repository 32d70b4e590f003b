"""A letter on the letterhead that all letters share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.adapters.letter_data import letter_words
from workflow_app.adapters.pdf import Letter
from workflow_app.adapters.typst_words import msgids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.adapters.words import Words
    from workflow_app.services.context import Context

LETTERHEAD = "processes/letters/base.typ"


def letter_on_head(
    ctx: Context, files: Mapping[str, str], template: str, data: Mapping[str, object], words: Words
) -> Letter:
    """Return a letter of `template` over `data`, issued now, in the language of `words`.

    `files` by path hold the letterhead, which may be missing.
    """
    base = files.get(LETTERHEAD, "")
    settings = ctx.platform.settings
    return Letter(
        template=template,
        base=base,
        data=data,
        language=words.locale,
        issued_at=ctx.now,
        words=letter_words((m for text in (template, base) for m in msgids(text)), data, words),
        service={"name": words.text(settings.service_name), "accent": settings.accent},
    )
