"""The shape of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.engine.contract import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding; every text is a msgid.

    `message` is the sentence with its placeholders and `fix` the way out, both shown with each
    finding. Its help page adds `title`, what it means (`about`) and an `example`.
    """

    code: str
    message: str
    fix: str
    severity: Severity = "error"
    title: str = ""
    about: str = ""
    example: str = ""
