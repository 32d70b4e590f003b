"""Translates patterns of XPath into those of the ``regex`` package.

The dialect is that of XQuery and XPath Functions 3.1 §5.6.1, which builds on XML Schema part 2 §F.
It differs from Python's: a character of a word is any but punctuation, separators and controls;
classes can be subtracted; there are classes of XML names and Unicode blocks; ``$`` matches at the
very end only; a reference to a group that took no part is empty; there is no look-around.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import regex  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PATTERN = 1000
# A class may be written out as two hundred characters, each of which takes its time to compile.
_MAX_TRANSLATED = 10_000
# Counted repeats of repeats are written out when compiled, so their product is bounded.
_MAX_COST = 5000
_DIGITS = frozenset("0123456789")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.-^?*+{}()[]$"}
_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_CLASSES = {
    "d": r"\p{Nd}",
    "s": r" \t\n\r",
    "w": r"^\p{P}\p{Z}\p{C}",
    "i": _NAME_START,
    "c": _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040",
}
# General categories of Unicode by their first letter; surrogates are no characters.
_CATEGORIES = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "Z": "slp",
    "S": "mcko",
    "C": "cfon",
}
_QUANTIFIERS = frozenset("?*+{")
_ANY = "(?s:.)"


class BadPatternError(ValueError):
    """The text is no regular expression of XPath, or one that would cost too much."""


class _Reader:
    """A pattern and how far it has been read; ``flags`` as XPath names them."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.ignores_case = "i" in flags

    def take(self) -> str:
        """Read the next character; raises BadPatternError at the end."""
        if self.position >= len(self.pattern):
            raise BadPatternError
        self.position += 1
        return self.pattern[self.position - 1]

    def passes(self, text: str) -> bool:
        """Tell whether a text is next, and read over it."""
        found = self.ahead(text)
        self.position += len(text) * found
        return found

    def ahead(self, text: str) -> bool:
        """Tell whether a text is next."""
        return self.pattern.startswith(text, self.position)

    def fixed(self, members: str) -> str:
        """Write a set of characters that ignoring case leaves as it is."""
        return f"(?-i:[{members}])" if self.ignores_case else f"[{members}]"

    def category(self, letter: str) -> str:
        """Read the rest of an escape of that letter: a category of Unicode, or a block."""
        end = self.pattern.find("}", self.position)
        name = self.pattern[self.position + 1 : end]
        if not self.ahead("{") or end < 0:
            raise BadPatternError
        self.position = end + 1
        if name.startswith("Is") and name[2:].replace("-", "").isalnum():
            return f"\\{letter}{{In{name[2:]}}}"
        if not 1 <= len(name) <= 2 or name[1:] not in _CATEGORIES.get(name[0], "?"):
            raise BadPatternError
        return f"\\{letter}{{{name}}}"

    def escaped_class(self, letter: str) -> str | None:
        """Write the members of the set that an escape stands for, if it stands for one."""
        if letter in "pP":
            return self.category(letter)
        members = _CLASSES.get(letter.lower())
        if members is None or letter.islower():
            return members
        return members[1:] if members.startswith("^") else f"^{members}"


class _Class:
    """Reads one class in brackets; the opening one has been read."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.plain: list[str] = []
        self.fixed: list[str] = []
        self.subtracted = ""

    def read(self) -> str:
        """Give the class as a pattern that matches one character."""
        negated = self.reader.passes("^")
        self._members()
        sets = [f"[{''.join(self.plain)}]"] if self.plain else []
        sets += [self.reader.fixed(members) for members in self.fixed]
        made = sets[0] if len(sets) == 1 else f"(?:{'|'.join(sets)})"
        if negated:
            made = f"(?!{made}){_ANY}"
        return f"(?:{self.subtracted}{made})" if negated or self.subtracted else made

    def _members(self) -> None:
        reader = self.reader
        begun = reader.position
        while not reader.passes("]"):
            if reader.position > begun and reader.passes("-["):
                self.subtracted = f"(?!{_Class(reader).read()})"
                if not reader.passes("]"):
                    raise BadPatternError
                return
            self._member(first=reader.position == begun)
        if reader.position == begun + 1:
            raise BadPatternError

    def _member(self, *, first: bool) -> None:
        start = self._character(dash=first or self.reader.ahead("-]"))
        if start is None:
            return
        if not self.reader.ahead("-") or self.reader.ahead("-]") or self.reader.ahead("-["):
            self.plain.append(_literal(start))
            return
        self.reader.take()
        end = self._character(dash=False)
        if end is None or end < start:
            raise BadPatternError
        self.plain.append(f"{_literal(start)}-{_literal(end)}")

    def _character(self, *, dash: bool) -> str | None:
        """Read a character, or keep the members of a set and give nothing."""
        character = self.reader.take()
        if character == "[" or (character == "-" and not dash):
            raise BadPatternError
        if character != "\\":
            return character
        letter = self.reader.take()
        if letter in _ESCAPED:
            return _ESCAPED[letter]
        members = self.reader.escaped_class(letter)
        if members is None:
            raise BadPatternError
        self.fixed.append(members)
        return None


class _Translator(_Reader):
    """Rewrites a whole pattern, piece by piece."""

    def __init__(self, pattern: str, flags: str) -> None:
        super().__init__(pattern, flags)
        self.groups = 0
        self.open: list[int] = []
        self.closed: set[int] = set()
        # How many pieces each open group would have with its repeats written out.
        self.costs: list[list[int]] = [[]]
        self.repeatable = False
        lines = "m" in flags
        self._special: dict[str, Callable[[], str]] = {
            "\\": self._escape,
            "[": lambda: _Class(self).read(),
            ".": lambda: _ANY if "s" in flags else r"[^\n\r]",
            # A line does not begin after a line break that ends the text.
            "^": lambda: r"(?:\A|(?<=\n)(?!\Z))" if lines else r"(?:\A)",
            "$": lambda: r"(?:\Z|(?=\n))" if lines else r"(?:\Z)",
        }
        self._structure: dict[str, Callable[[], str]] = {
            "(": self._group,
            ")": self._close,
            "|": lambda: "|",
        }

    def whole(self) -> str:
        """Give the translation; raises BadPatternError."""
        pieces = []
        while self.position < len(self.pattern):
            pieces.append(self._piece(self.take()))
        if self.open or sum(self.costs[0]) > _MAX_COST:
            raise BadPatternError
        return "".join(pieces)

    def _piece(self, character: str) -> str:
        if character in _QUANTIFIERS:
            return self._quantifier(character)
        if character in self._structure:
            self.repeatable = character == ")"
            return self._structure[character]()
        if character in "]}":
            raise BadPatternError
        self.costs[-1].append(1)
        self.repeatable = True
        special = self._special.get(character)
        return _literal(character) if special is None else special()

    def _quantifier(self, character: str) -> str:
        if not self.repeatable:
            raise BadPatternError
        self.repeatable = False
        made = self._counts() if character == "{" else character
        return made + "?" * self.passes("?")

    def _counts(self) -> str:
        end = self.pattern.find("}", self.position)
        counts = self.pattern[self.position : end].split(",")
        self.position = end + 1
        if end < 0 or len(counts) > 2 or not all(set(count) <= _DIGITS for count in counts):
            raise BadPatternError
        least, most = counts[0], counts[-1]
        if not least or (most and int(most[:9]) < int(least[:9])):
            raise BadPatternError
        self.costs[-1][-1] *= max(1, int((most or least)[:9]))
        if self.costs[-1][-1] > _MAX_COST:
            raise BadPatternError
        return "{" + ",".join(counts) + "}"

    def _group(self) -> str:
        self.costs.append([])
        if self.passes("?:"):
            self.open.append(0)
            return "(?:"
        self.groups += 1
        self.open.append(self.groups)
        return "("

    def _close(self) -> str:
        if not self.open:
            raise BadPatternError
        self.closed.add(self.open.pop())
        inner = self.costs.pop()
        self.costs[-1].append(sum(inner) + 1)
        return ")"

    def _escape(self) -> str:
        letter = self.take()
        if letter in _DIGITS:
            return self._reference(letter)
        if letter in _ESCAPED:
            return _literal(_ESCAPED[letter])
        members = self.escaped_class(letter)
        if members is None:
            raise BadPatternError
        return self.fixed(members)

    def _reference(self, digits: str) -> str:
        """Read a reference to a group; more digits belong to it while there are such groups."""
        while self.pattern[self.position : self.position + 1] in _DIGITS:
            if int(digits + self.pattern[self.position]) > self.groups:
                break
            digits += self.take()
        number = int(digits)
        if not number or number not in self.closed:
            raise BadPatternError
        return f"(?({number})\\{number}|)"


def _literal(character: str) -> str:
    """Write a character that stands for itself, within a class and without."""
    if character.isascii() and not character.isalnum():
        return f"\\x{ord(character):02x}"
    return character


def _unspaced(pattern: str) -> str:
    """Leave out white space but in classes, before anything else is read (flag x)."""
    kept, depth, escaped = [], 0, False
    for character in pattern:
        if not escaped and character in "[]":
            depth += 1 if character == "[" else -1
        if depth > 0 or character not in " \t\n\r":
            kept.append(character)
            escaped = character == "\\" and not escaped
    return "".join(kept)


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> regex.Pattern[str]:
    """Compile a pattern of XPath; raises BadPatternError for one that XPath does not know."""
    if len(pattern) > MAX_PATTERN or not set(flags) <= set("smixq"):
        raise BadPatternError
    if "q" in flags:
        translated = "".join(map(_literal, pattern))
    else:
        translated = _Translator(_unspaced(pattern) if "x" in flags else pattern, flags).whole()
    if len(translated) > _MAX_TRANSLATED:
        raise BadPatternError
    options = regex.VERSION1
    if "i" in flags:
        # One character is never the same as two, so case is folded simply.
        options, translated = options | regex.IGNORECASE, f"(?-f){translated}"
    try:
        return regex.compile(translated, options)
    except (regex.error, ValueError, OverflowError, RecursionError):
        raise BadPatternError from None
