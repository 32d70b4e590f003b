"""Texts of a form file: plain message ids, `=FEEL`, or messages with `{{FEEL}}` in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.feel import Expression, FeelError, compile_expression

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACEHOLDER = re.compile(r"\{\{([^{}]+)\}\}")


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """A text of the form file and the expressions in it."""

    source: str = ""

    def __bool__(self) -> bool:
        """Whether there is a text."""
        return bool(self.source)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in the text; FeelError when one cannot be read."""
        if self.source.startswith("="):
            return (compile_expression(self.source),)
        if "{{#" in self.source:
            message = "{{#if}} and {{#loop}} are not supported in texts; use an expression"
            raise FeelError(message)
        return tuple(compile_expression(part) for part in _PLACEHOLDER.findall(self.source))

    def fill(self, translate: Callable[[str], str], text_of: Callable[[Expression], str]) -> str:
        """Give the translated text, with `text_of` each expression put in its place."""
        if self.source.startswith("="):
            return text_of(compile_expression(self.source))
        if not self.source:
            return ""
        return _PLACEHOLDER.sub(
            lambda found: text_of(compile_expression(found.group(1))), translate(self.source)
        )
