"""Published versions, ready to run; parsed once a thread (engine.md gotcha 13)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.dmn.drawn import DrawnTable, drawn_tables
from workflow_app.domain.errors import NotFound
from workflow_app.engine import Program, Source, TaskInfo, Ways, ahead, load_program
from workflow_app.engine.outline import OutlineStep, outline
from workflow_app.form_builder import FormSchema, parse_form
from workflow_app.models.catalogue import ProcessVersion, ProcessVersionFile, SourceFile
from workflow_app.services.manifests import MailTemplate, Manifest, read_mails, read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

KEPT_PROGRAMS = 64
CATCHES = frozenset({"intermediateCatchEvent", "receiveTask", "eventBasedGateway"})


@dataclass(slots=True)
class Published:
    """One version with everything its cases read; forms and tables are parsed when first asked."""

    version_id: int
    number: int
    source: Source
    program: Program
    manifests: Mapping[str, Manifest]
    mails: Mapping[str, Mapping[str, MailTemplate]]
    words: Mapping[str, Mapping[str, str]]
    forms: dict[str, FormSchema] = field(default_factory=dict)
    tables: dict[str, Mapping[str, DrawnTable]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    outlines: dict[str, tuple[OutlineStep, ...]] = field(default_factory=dict)
    follows: dict[tuple[str, tuple[str, ...]], Ways] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the key of the main process."""
        return self.source.key

    @property
    def manifest(self) -> Manifest:
        """Return the main process's own words about itself."""
        return self.manifests[self.source.key]

    def form(self, form: str) -> FormSchema:
        """Return the form at `<process key>/<name>`. Raises NotFound."""
        if form not in self.forms:
            text = self.source.files.get(f"forms/{form}.form")
            if text is None:
                raise NotFound
            self.forms[form] = parse_form(text)
        return self.forms[form]

    def tables_of(self, element: str) -> Mapping[str, DrawnTable]:
        """Return the decision tables of the file that a business rule task asks, by id.

        None for another element: `element` is `<process>/<element id>`.
        """
        file = self.program.decisions.get(element)
        if file is None:
            return {}
        if file not in self.tables:
            self.tables[file] = drawn_tables(self.source.files[file].encode())
        return self.tables[file]

    def mail(self, key: str) -> MailTemplate:
        """Return a mail by key: the main process's first, then those of the called ones.

        Raises NotFound.
        """
        for process in (self.key, *self.mails):
            if key in self.mails.get(process, {}):
                return self.mails[process][key]
        raise NotFound

    def letter(self, name: str) -> str:
        """Return the path of a letter, the main process's own first; `process/letter` is another's.

        Raises NotFound.
        """
        process, _slash, own = name.rpartition("/")
        wanted = [f"processes/{process or self.key}/letters/{own}.typ"]
        wanted += [p for p in self.source.files if p.endswith(f"/letters/{name}.typ")]
        for path in wanted:
            if path in self.source.files:
                return path
        raise NotFound

    def ahead_of(self, element: str, callers: tuple[str, ...] = ()) -> Ways:
        """Return what people meet after an element, as `engine.ahead` does, looked for once."""
        key = (element, callers)
        if key not in self.follows:
            self.follows[key] = ahead(self.program, element, callers)
        return self.follows[key]

    def element_names(self) -> Mapping[str, str]:
        """Return the names of all elements by `<process>/<element id>`, gathered once."""
        if not self.names:
            self.names |= {
                f"{process}/{node.id}": node.name
                for process, graph in self.program.processes.items()
                for _graph, node in graph.walk()
            }
        return self.names

    def outline_of(self, process: str) -> tuple[OutlineStep, ...]:
        """Return the steps of one of its processes in words' order, put in order once."""
        if process not in self.outlines:
            self.outlines[process] = outline(self.program, process)
        return self.outlines[process]

    def task_info(self, element: str) -> TaskInfo | None:
        """Return what the diagram says of a task, by `<process>/<element id>`."""
        return self.program.tasks.get(element)

    def is_catch(self, element: str) -> bool:
        """Tell whether the element waits on the path, not at a border or before a side path."""
        process, _slash, node_id = element.rpartition("/")
        graph = self.program.processes.get(process)
        found = [n for _g, n in graph.walk() if n.id == node_id] if graph else []
        return bool(found) and found[0].kind in CATCHES

    def message_word(self, message: str, name: str) -> str:
        """Return the msgid for what a person does by sending a message; its event's name else."""
        for manifest in (self.manifest, *self.manifests.values()):
            if message in manifest.messages:
                return manifest.messages[message]
        return name

    def status_word(self, status: str) -> str:
        """Return the msgid for a status code: the main process's word, then a called one's."""
        for manifest in (self.manifest, *self.manifests.values()):
            if status in manifest.statuses:
                return manifest.statuses[status]
        return status.replace("_", " ").capitalize()


def publish_in_memory(
    source: Source,
    *,
    version_id: int = 0,
    number: int = 0,
    words: Mapping[str, Mapping[str, str]] | None = None,
    checked: bool = False,
) -> Published:
    """Parse a closed set of files. Raises engine.InvalidSource and FileRefused.

    `checked`: the engine's check found no error in them before (`engine.load_program`).
    """
    manifests, mails = {}, {}
    for path, text in source.files.items():
        pure = PurePosixPath(path)
        if pure.name == "process.toml":
            manifests[pure.parent.name] = read_manifest(path, text)
        elif pure.name == "mails.toml":
            mails[pure.parent.name] = read_mails(path, text)
    return Published(
        version_id=version_id,
        number=number,
        source=source,
        program=load_program(source, checked=checked),
        manifests=manifests,
        mails=mails,
        words=words or {},
    )


class ProgramCache(threading.local):
    """The programs this thread has parsed, least recently used ones dropped."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Published] = OrderedDict()

    def get(self, session: Session, version_id: int) -> Published:
        """Return a version's program, parsing it if this thread has not yet. Raises NotFound."""
        if version_id not in self._kept:
            self._kept[version_id] = _load(session, version_id)
            if len(self._kept) > KEPT_PROGRAMS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(version_id)
        return self._kept[version_id]

    def latest(self, session: Session, key: str) -> Published:
        """Return the newest published version of a process. Raises NotFound."""
        version_id = session.scalar(
            select(ProcessVersion.id)
            .where(ProcessVersion.key == key)
            .order_by(ProcessVersion.number.desc())
            .limit(1)
        )
        if version_id is None:
            raise NotFound
        return self.get(session, version_id)


def load_source(session: Session, version_id: int) -> Source:
    """Read the closed set of files of a version. Raises NotFound."""
    key = session.scalar(select(ProcessVersion.key).where(ProcessVersion.id == version_id))
    if key is None:
        raise NotFound
    rows = session.execute(
        select(ProcessVersionFile.path, SourceFile.body)
        .join(SourceFile, SourceFile.sha256 == ProcessVersionFile.sha256)
        .where(ProcessVersionFile.version_id == version_id)
    )
    return Source(key=key, files={row.path: row.body for row in rows})


def _load(session: Session, version_id: int) -> Published:
    version = session.get_one(ProcessVersion, version_id)
    source = load_source(session, version_id)
    return publish_in_memory(
        source,
        version_id=version.id,
        number=version.number,
        words=version.words,
        checked=True,
    )
