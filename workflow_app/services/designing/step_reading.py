"""What was typed about a step, judged field by field before anything is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.expressions import formula
from workflow_app.feel import FeelError
from workflow_app.services.designing.step_fields import TAKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.services.designing.step_fields import Field

MISSING = N_("Fill in this field.")
NO_PAIR = N_("Line %(line)s is not of the form: name = formula")
LONGEST = 20_000
TOO_LONG = N_("This is too long.")
_PAIR = re.compile(r"\s*([^\W\d]\w*(?:\.\w+)*)\s*=\s*(.*\S)\s*")
#: Fields of which only what stands behind “=” is a formula.
MAY_BE_FORMULA = frozenset({"groups", "when", "correlation"})


class Untaken(Invalid):
    """Something typed cannot be taken; `fields` says why, by the name of the field."""

    message = N_("Check what you entered. Nothing was changed.")

    def __init__(self, fields: Mapping[str, Reasoned]) -> None:
        super().__init__()
        self.fields = dict(fields)


def read_fields(fields: Iterable[Field], said: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed by field, formulas with their mark. Raises Untaken."""
    found: dict[str, str] = {}
    wrong: dict[str, Reasoned] = {}
    for field in fields:
        try:
            found[field.name] = _read(field, said.get(field.name, ""))
        except (Invalid, FeelError) as error:
            wrong[field.name] = error
    if wrong:
        raise Untaken(wrong)
    return found


def _read(field: Field, text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG)
    if field.needed and not text:
        raise Invalid(MISSING)
    if field.pairs:
        read_pairs(text)
    elif text and (field.feel or (field.name in MAY_BE_FORMULA and text.startswith("="))):
        formula(text)
        return text if text.startswith("=") else f"={text}"
    return text


def read_condition(text: str) -> str:
    """Return a condition with its mark, empty as it is. Raises FeelError."""
    text = text.strip()
    if text:
        formula(text)
    return text if not text or text.startswith("=") else f"={text}"


def read_pairs(text: str) -> dict[str, str]:
    """Return lines “name = formula” as name → source with its mark. Raises Invalid, FeelError."""
    lines = enumerate(text.split("\n"), 1)
    return dict(_pair(line, number) for number, line in lines if line.strip())


def _pair(line: str, number: int) -> tuple[str, str]:
    pair = _PAIR.fullmatch(line)
    if pair is None:
        raise Invalid(NO_PAIR, line=number)
    formula(pair[2])
    return pair[1], f"={pair[2]}"


def taken(said: Mapping[str, str]) -> dict[str, str]:
    """Return what an operation takes, by its own names."""
    return {name.removeprefix(TAKE): value for name, value in said.items() if name.startswith(TAKE)}
