"""How stored answers are put into words: who and what the codes in them stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.services.host import Host
from workflow_app.services.speaking import speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.form_builder.summary import SummaryWords
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context


def answer_speech(ctx: Context, loaded: Loaded, given: Iterable[Mapping[str, Any]]) -> SummaryWords:
    """Return how the answers of a case are shown to the reader.

    A choice from a look-up is shown by its label, also when the form would no longer offer it.
    """
    return speech(ctx, Host(ctx, loaded.facts.path, loaded.row.id), given)
