"""What one published version can do: its specs, starts, tasks and the names it reads.

Specs are built once a version; they are not changed at run time, so threads may share a program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from workflow_app.engine.builder import Builder
from workflow_app.engine.contract import StartForm, TaskInfo
from workflow_app.engine.expressions import optional_formula, optional_value, values
from workflow_app.engine.feel_engine import FeelEnvironment
from workflow_app.engine.names import names_read
from workflow_app.engine.tokens import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine.library import Library
    from workflow_app.engine.model import Diagram, Graph, Node, Opening
    from workflow_app.engine.specs.process import ProcessSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A version that runs. `processes` lists the process ids it can enter, the main one first.

    `tasks` has its user tasks by `<process>/<element id>`: two processes may use the same id, and
    `decisions` so the files that its business rule tasks ask.
    """

    key: str
    title: str
    starts: Mapping[str, StartForm]
    tasks: Mapping[str, TaskInfo]
    read_names: frozenset[str]
    names: Mapping[str, str]
    messages: frozenset[str]
    forms: Mapping[str, str]
    processes: Mapping[str, Graph]
    files: Mapping[str, str]
    decisions: Mapping[str, str]
    specs: Mapping[str, ProcessSpec]
    main: str
    version_tag: str | None = None

    def empty_case(self) -> Case:
        """Return a case without tokens."""
        return Case(self.specs[self.main], self.specs, ENGINE)


ENGINE = PythonScriptEngine(FeelEnvironment())


def build_program(library: Library) -> Program:
    """Build a program from files that the linter found to be in order."""
    found = library.main()
    if found is None:
        msg = "the source has no process to run"
        raise ValueError(msg)
    diagram, graph = found
    builder = Builder(library)
    builder.build(diagram, graph)
    reached = {name: pair for name in builder.specs if (pair := library.process(name)) is not None}
    nodes = [
        (owner, process, node) for owner, process in reached.values() for _, node in process.walk()
    ]
    settings = library.settings.get(library.source.key, {})
    return Program(
        key=library.source.key,
        title=str(settings.get("title") or graph.name or library.source.key),
        starts={way.key: _start(library, diagram, way) for way in graph.openings()},
        tasks={f"{p.id}/{n.id}": _task(library, d, p, n) for d, p, n in _user_tasks(nodes)},
        read_names=names_read(library),
        names={node.id: node.name for _, _, node in nodes},
        messages=frozenset(
            name for owner, _ in reached.values() for name in owner.messages.values()
        ),
        forms={
            f"{owner.folder}/#{key}": text
            for owner in library.diagrams
            for key, text in owner.forms.items()
        },
        processes={name: process for name, (_, process) in reached.items()},
        files={name: owner.file for name, (owner, _) in reached.items()},
        decisions=dict(_decisions(library, nodes)),
        specs=builder.specs,
        main=graph.id,
        version_tag=graph.version_tag,
    )


def _user_tasks(
    nodes: list[tuple[Diagram, Graph, Node]],
) -> Iterator[tuple[Diagram, Graph, Node]]:
    return (place for place in nodes if place[2].kind == "userTask")


def _decisions(
    library: Library, nodes: list[tuple[Diagram, Graph, Node]]
) -> Iterator[tuple[str, str]]:
    for owner, process, node in nodes:
        file = library.decision_file(node.extensions.decision or "", owner.folder)
        if file is not None:
            yield f"{process.id}/{node.id}", file


def _start(library: Library, diagram: Diagram, way: Opening) -> StartForm:
    said, trigger = way.node.extensions, way.trigger
    return StartForm(
        element=way.key,
        name=way.node.name,
        form=library.form(said.form or said.properties.get("form"), diagram.folder),
        by=said.properties.get("by"),
        message=trigger.name if trigger.kind in {"message", "signal"} else None,
        timer=trigger.text if trigger.kind == "timer" else None,
        for_each=optional_formula(said.properties.get("forEach")),
        kind=trigger.kind,
        time=optional_value(trigger.text) if trigger.kind == "timer" else None,
        timer_form=trigger.form,
        item=said.properties.get("item") or "item",
        properties=said.properties,
    )


def _task(library: Library, diagram: Diagram, process: Graph, node: Node) -> TaskInfo:
    said = node.extensions
    return TaskInfo(
        element=node.id,
        process=process.id,
        name=node.name,
        form=library.form(said.form, diagram.folder),
        lane=node.lane,
        assignee=optional_value(said.assignee),
        candidate_groups=values(said.groups) if said.groups else None,
        candidate_users=values(said.users) if said.users else None,
        due=optional_value(said.due),
        follow_up=optional_value(said.follow_up),
        priority=optional_value(said.priority),
        headers=said.headers,
        properties=said.properties,
        documentation=node.documentation,
    )
