"""Finding the closed set of files that one version of a process needs, in a folder of seeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.engine import Source
from workflow_app.engine.versions import mark, marked_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Stored = Callable[[str, str], Source | None]

_CALLED = re.compile(r"""<[\w:]*calledElement\s([^>]*)>""")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_TAG = re.compile(r"""<[\w:]*versionTag\s[^>]*?value=["']([^"']+)["']""")
_DECISION = re.compile(r"""<[\w:]*calledDecision\s[^>]*?decisionId=["']([^"'=]+)["']""")
_DEFINED = re.compile(r"""<(?:\w+:)?decision\s[^>]*?id=["']([^"']+)["']""")
_FORM = re.compile(r"""(?:formId|value)=["']([a-z0-9_]+)/[a-z0-9_]+["']""")
_SUFFIXES = {".bpmn", ".dmn", ".toml", ".typ", ".form", ".yaml"}
SCENARIO = ".yaml"
LETTERS = "processes/letters/"


class Seeds:
    """All files below a processes and a forms folder, by path as in `processes/<key>/…`."""

    def __init__(self, files: Mapping[str, str]) -> None:
        told = sorted(files.items())
        self.files = {path: text for path, text in told if not path.endswith(SCENARIO)}
        self._scenarios = {path: text for path, text in told if path.endswith(SCENARIO)}
        self._drawn: dict[str, str] = {}
        for path, text in self.files.items():
            if path.endswith(".bpmn"):
                folder = path.split("/")[1]
                self._drawn[folder] = self._drawn.get(folder, "") + text
        self._decisions = {
            decision: path.split("/")[1]
            for path, text in self.files.items()
            if path.endswith(".dmn")
            for decision in _DEFINED.findall(text)
        }

    @classmethod
    def from_folders(cls, processes: Path, forms: Path) -> Seeds:
        """Read every seed file of the two folders."""
        return cls(dict([*_files(processes, "processes"), *_files(forms, "forms")]))

    @property
    def keys(self) -> list[str]:
        """Return the keys of all processes that have a diagram."""
        keys = {path.split("/")[1] for path in self.files if path.endswith(".bpmn")}
        return sorted(key for key in keys if f"processes/{key}/{key}.bpmn" in self.files)

    @property
    def shelves(self) -> list[str]:
        """Return the folders that hold decision tables and no diagram of their own yet."""
        held = {path.split("/")[1] for path in self.files if path.endswith(".dmn")}
        return sorted(held - {*self.keys})

    def scenarios(self, key: str) -> dict[str, str]:
        """Return the scenario files of a process; they are no part of its closed set."""
        folder = f"processes/{key}/scenarios/"
        return {p: text for p, text in self._scenarios.items() if p.startswith(folder)}

    def source(self, key: str, stored: Stored | None = None) -> Source:
        """Return the closed set of a process: its own files, and those it calls or borrows.

        What it calls by a version tag is the seed that has this tag, else the stored version with
        the tag that `stored` gives for (process key, tag).
        """
        return self._closed(key, stored or _nothing, ())

    def _closed(self, key: str, stored: Stored, around: tuple[tuple[str, str], ...]) -> Source:
        wanted: list[str] = []
        waiting = [key]
        while waiting:
            current = waiting.pop()
            if current not in wanted:
                wanted.append(current)
                waiting += self._needed_by(current)
        prefixes = tuple(f"{top}/{one}/" for one in wanted for top in ("processes", "forms"))
        files = {p: t for p, t in self.files.items() if p.startswith((*prefixes, LETTERS))}
        for pair in {p for one in wanted for p in _bound(self._drawn.get(one, ""))} - {*around}:
            held = self._tagged(*pair, stored, (*around, pair)) or stored(*pair)
            if held is not None:
                files |= marked_files(held.files, mark(*pair))
        return Source(key=key, files=dict(sorted(files.items())))

    def _tagged(
        self, key: str, tag: str, stored: Stored, around: tuple[tuple[str, str], ...]
    ) -> Source | None:
        """Return the closed set of a seed that has the tag."""
        tags = _TAG.findall(self._diagram(key))
        return self._closed(key, stored, around) if tag in tags else None

    def _diagram(self, key: str) -> str:
        return self.files.get(f"processes/{key}/{key}.bpmn", "")

    def _needed_by(self, key: str) -> list[str]:
        text = self._drawn.get(key, "")
        needed = [process for process, tag in _calls(text) if tag is None]
        needed += _FORM.findall(text)
        needed += [self._decisions[d] for d in _DECISION.findall(text) if d in self._decisions]
        return needed


def _nothing(_key: str, _tag: str) -> None:
    """Know of no stored versions."""


def _calls(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield what a diagram calls: process key, and the tag of the version it is bound to."""
    for attributes in _CALLED.findall(text):
        said = dict(_ATTRIBUTE.findall(attributes))
        process, tagged = said.get("processId", ""), said.get("bindingType") == "versionTag"
        if process and "=" not in process:
            yield process, said.get("versionTag", "") if tagged else None


def _bound(text: str) -> list[tuple[str, str]]:
    return [(process, tag) for process, tag in _calls(text) if tag is not None]


def _files(folder: Path, top: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.suffix in _SUFFIXES and len(inner.parts) > 1:
            yield f"{top}/{inner.as_posix()}", path.read_bytes().decode(errors="replace")
