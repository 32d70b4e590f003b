"""Finding the closed set of files that one version of a process needs, in a folder of seeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.engine import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_CALLED = re.compile(r"""<[\w:]*calledElement\s[^>]*?processId=["']([^"'=]+)["']""")
_DECISION = re.compile(r"""<[\w:]*calledDecision\s[^>]*?decisionId=["']([^"'=]+)["']""")
_DEFINED = re.compile(r"""<(?:\w+:)?decision\s[^>]*?id=["']([^"']+)["']""")
_FORM = re.compile(r"""(?:formId|value)=["']([a-z0-9_]+)/[a-z0-9_]+["']""")
_SUFFIXES = {".bpmn", ".dmn", ".toml", ".typ", ".form"}
LETTERS = "processes/letters/"


class Seeds:
    """All files below a processes and a forms folder, by path as in `processes/<key>/…`."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(sorted(files.items()))
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

    def source(self, key: str) -> Source:
        """Return the closed set of a process: its own files, and those it calls or borrows."""
        wanted: list[str] = []
        waiting = [key]
        while waiting:
            current = waiting.pop()
            if current not in wanted:
                wanted.append(current)
                waiting += self._needed_by(current)
        prefixes = tuple(f"{top}/{one}/" for one in wanted for top in ("processes", "forms"))
        return Source(
            key=key,
            files={p: t for p, t in self.files.items() if p.startswith((*prefixes, LETTERS))},
        )

    def _needed_by(self, key: str) -> list[str]:
        text = self.files.get(f"processes/{key}/{key}.bpmn", "")
        needed = [*_CALLED.findall(text), *_FORM.findall(text)]
        needed += [self._decisions[d] for d in _DECISION.findall(text) if d in self._decisions]
        return needed


def _files(folder: Path, top: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.suffix in _SUFFIXES and len(inner.parts) > 1:
            yield f"{top}/{inner.as_posix()}", path.read_bytes().decode(errors="replace")
