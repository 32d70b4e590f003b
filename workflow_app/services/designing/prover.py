"""The child process that runs the scenarios of a draft; never imported by the server's requests.

A designer's scenarios may be long and their expressions may never end. Here they have so much
processor time and memory, and the server goes on. Input: a folder with `order.json`, `base.db` and
the scenario files below `processes`. Output: `progress.json` while it runs, then `result.json`.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.files import memory_store
from workflow_app.adapters.http import MemoryHttp
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.adapters.pdf import FakePrinter
from workflow_app.adapters.scanner import NullScanner
from workflow_app.config import Settings
from workflow_app.services.closure import Seeds
from workflow_app.services.context import Platform
from workflow_app.services.designing.children import leave, limit_child
from workflow_app.services.designing.probing import Findings, coverage, probe
from workflow_app.services.designing.proofs import ORDER, PROGRESS, RESULT
from workflow_app.services.designing.sandbox import (
    SandboxPrograms,
    copy_database,
    first_step,
    open_world,
)
from workflow_app.services.programs import ProgramCache
from workflow_app.services.scenarios.script import scenario_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.services.scenarios.world import World

START = "start.db"
CPU_SECONDS = 900
MEMORY = 3 * 1024**3


@dataclass(frozen=True, slots=True)
class Proving:
    """One run: its folder and what is asked of it."""

    folder: Path
    key: str
    version: int
    settings: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Proving:
        """Read what the server asks for."""
        asked = json.loads((folder / ORDER).read_text("utf-8"))
        return cls(folder, asked["key"], asked["version"], asked["settings"])

    def run(self) -> dict[str, Any]:
        """Run every scenario of the process and return what the proof keeps."""
        platform = self._platform()
        programs = SandboxPrograms(ProgramCache(), self.folder / "base.db", self.version)
        first_step(self.folder, START)
        found = Findings()
        with self._world(platform, programs) as world, world.acting() as ctx:
            published = ctx.platform.programs.get(ctx.session, self.version)
        seeds = Seeds(published.source.files)
        files = list(scenario_files(self.folder / "processes", frozenset({self.key})))
        for number, (_key, path) in enumerate(files):
            self.say(PROGRESS, {"done": number, "all": len(files), "now": path.stem})
            probe(lambda: self._world(platform, programs), seeds, self.key, path, found)
        covered = coverage(published, seeds, found)
        return {"state": "done", "rows": found.rows, "coverage": covered}

    def say(self, name: str, told: dict[str, Any]) -> None:
        """Write a file that is there whole or not at all."""
        leave(self.folder, name, told)

    @contextmanager
    def _world(self, platform: Platform, programs: SandboxPrograms) -> Iterator[World]:
        copy_database(self.folder / START, self.folder / "run.db")
        moment = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        with open_world(platform, self.folder, "run.db", moment, programs) as world:
            yield world

    def _platform(self) -> Platform:
        paths = {name: Path(text) for name, text in self.settings.items() if name in PATHS}
        settings = Settings(
            **{**self.settings, **paths},  # type: ignore[arg-type]
            database_url="",
            secret_key="",
            instance=self.folder,
            files_url="",
        )
        return Platform(
            settings=settings,
            clock=FixedClock(datetime.fromisoformat("2026-01-01T00:00:00+00:00")),
            files=memory_store(),
            mailer=MemoryMailer(),
            scanner=NullScanner(),
            printer=FakePrinter(),
            http=MemoryHttp(),
        )


PATHS = frozenset({"processes", "forms", "translations"})


def main(folder: Path) -> int:
    """Run what a folder asks for, within the limits; the result is left in the folder."""
    limit_child(CPU_SECONDS, MEMORY)
    proving = Proving.read(folder)
    proving.say(RESULT, proving.run())
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
