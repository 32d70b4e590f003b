"""The letters of a draft: their templates, sample data, and how they look when they are printed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from workflow_app.adapters.pdf import LetterFailed
from workflow_app.adapters.words import Words
from workflow_app.config import LANGUAGES
from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.sources import draft_texts, published_files
from workflow_app.services.letterhead import letter_on_head

if TYPE_CHECKING:
    from workflow_app.services.context import Context

_AT = re.compile(r"(?P<file>letter|base)\.typ:(?P<line>\d+):(?P<column>\d+)")
_TOLD = re.compile(r"^error: (?P<what>[^\n]*)", re.MULTILINE)
_READ = re.compile(r'\bgiven\(\s*"(?P<given>\w+)"|\bdata\.(?!at\b)(?P<field>\w+)')
#: What the words around a value in a template tell of it.
_SHAPES: tuple[tuple[str, Any], ...] = (
    (r"all-of\(\s*{0}|for\s[^\n]*\sin\s+{0}|{0}[^\n]*?\)\.(?:map|filter|len|enumerate)\(", []),
    (r"day\(\s*{0}", "2026-11-22"),
    (r"number\(\s*{0}|money\(\s*{0}", 1200),
    (r"{0}[^\n)]*\)\s*==\s*true|yes-no\(\s*{0}", True),
)
OFFICIAL = {
    "number": "ABC-2026-0001",
    "title": "A case as an example",
    "language": "en",
    "territory": "AM",
}
NO_OBJECT = N_("The sample data must be a JSON object, such as {}.")
NO_JSON = N_("The sample data is no JSON, line %(line)s: %(reason)s")
NO_LANGUAGE = N_("Choose a language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A template as it is to be looked at: its text, what it is given, and the language."""

    template: str
    sample: str
    language: str


class LetterFaulty(Invalid):
    """The template cannot be printed (params: line, reason); `shared` if the letterhead is wrong.

    `line` is 0 where the compiler names none; `told` is all that it said, in English.
    """

    message = N_("Line %(line)s: %(reason)s")
    plain = N_("The letter cannot be printed: %(reason)s")

    def __init__(self, told: str) -> None:
        place, what = _AT.search(told), _TOLD.search(told)
        self.line = int(place["line"]) if place and place["file"] == "letter" else 0
        self.shared = bool(place and place["file"] == "base")
        self.detail = told
        reason = what["what"] if what else told
        if self.line:
            super().__init__(line=self.line, reason=reason)
        else:
            super().__init__(self.plain, reason=reason)


def letters_of(ctx: Context, draft_id: int) -> dict[str, str]:
    """Return the paths of a draft's own letters by name. Raises NotFound."""
    key = draft_of(ctx, draft_id).key
    place = f"processes/{key}/letters/"
    paths = (p for p in sorted(draft_texts(ctx, draft_id)) if p.startswith(place))
    return {PurePosixPath(path).stem: path for path in paths}


def sample_of(template: str) -> dict[str, Any]:
    """Return data that a template could be given: each name it reads, with a likely value."""
    names = [found["given"] or found["field"] for found in _READ.finditer(template)]
    return {name: _likely(name, template) for name in dict.fromkeys(names) if name != "case"}


def printed(ctx: Context, draft_id: int, trial: Trial) -> bytes:
    """Return the PDF of a template over sample data, in the words of the draft.

    Raises LetterFaulty, Invalid for sample data that are no JSON object or another language.
    """
    if trial.language not in LANGUAGES:
        raise Invalid(NO_LANGUAGE)
    data = _read(trial.sample)
    words = Words(trial.language, draft_of(ctx, draft_id).words.get(trial.language, {}))
    letter = letter_on_head(ctx, published_files(ctx), trial.template, data, words)
    try:
        return ctx.platform.printer.render(replace(letter, data={"case": OFFICIAL, **data}))
    except LetterFailed as failure:
        raise LetterFaulty(failure.reason) from failure


def _likely(name: str, template: str) -> Any:
    read = rf'(?:given\(\s*"{name}"|data\.{name}\b)'
    for pattern, value in _SHAPES:
        if re.search(pattern.replace("{0}", read), template):
            return value
    return name.replace("_", " ").capitalize()


def _read(sample: str) -> dict[str, Any]:
    try:
        data = json.loads(sample or "{}")
    except json.JSONDecodeError as exc:
        raise Invalid(NO_JSON, line=exc.lineno, reason=exc.msg) from exc
    except RecursionError as exc:
        raise Invalid(NO_OBJECT) from exc
    if not isinstance(data, dict):
        raise Invalid(NO_OBJECT)
    return data
