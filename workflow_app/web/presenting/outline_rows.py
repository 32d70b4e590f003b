"""A diagram in words as its page shows it: one row a step, and the forms of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.domain.text import N_
from workflow_app.engine.reader import ACTIVITIES
from workflow_app.services.designing.operation_notes import NOTES
from workflow_app.services.designing.outline_commands import END, border_fields, new_fields
from workflow_app.services.designing.step_fields import Field, fields_of, values_of
from workflow_app.web.presenting.outline_forms import choice_row, form_rows, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.engine.model import Flow, Graph, Node
    from workflow_app.engine.outline import OutlineStep
    from workflow_app.services.designing.outlining import InWords

#: What can be added after a step, in the order in which it is offered.
KINDS = {
    "user": N_("Task for a person"),
    "decision": N_("Decision table"),
    "calculation": N_("Calculation"),
    "operation": N_("Done by the system"),
    "call": N_("Process called"),
    "time": N_("Wait until a time"),
    "message": N_("Wait for a message"),
    "choice": N_("Choice: one way"),
    "end": N_("End"),
}
BORDER = {
    "time": N_("If the time runs out meanwhile"),
    "message": N_("If a message comes meanwhile"),
}
UNSHOWN = {"name", "documentation", "inputs", "outputs"}
CONDITION = Field(
    name="condition",
    label=N_("Condition"),
    hint=N_("A formula. Empty: the way is always taken."),
    feel=True,
)
WORDS_ON = Field(name="words", label=N_("Words on the way"))
LANE_NAME = Field(name="lane_name", label=N_("Role of the lane"), choices="roles", free=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the page is asked for: a step, a command begun, what was typed, what was wrong."""

    step: str = ""
    do: str = ""
    kind: str = ""
    said: Mapping[str, str]
    faults: Mapping[str, Reasoned]


class OutlineRows:
    """Builds the rows of one page."""

    def __init__(
        self,
        words: InWords,
        choices: Mapping[str, list[dict[str, str]]],
        findings: list[dict[str, Any]],
        asked: Asked,
    ) -> None:
        self.words = words
        self.asked = asked
        self.nodes = {key: held for part in words.parts for key, held in part.nodes.items()}
        self.roles = {one["value"]: one["label"].rpartition(" (")[0] for one in choices["roles"]}
        self.choices = {**choices, "operations": _operations()}
        self.findings: dict[str, list[dict[str, Any]]] = {}
        for one in findings:
            self.findings.setdefault(one["element"] or "", []).append(one)

    def parts(self) -> list[dict[str, Any]]:
        """Return each process: {id, name, steps: rows}."""
        return [
            {"id": part.graph.id, "name": part.graph.name, "steps": self._steps(part.steps, "")}
            for part in self.words.parts
        ]

    def steps(self) -> list[dict[str, str]]:
        """Return all steps in reading order, to choose one from."""
        found: list[dict[str, str]] = []
        for part in self.parts():
            found += _options(part["steps"])
        return found

    def elsewhere(self) -> list[dict[str, Any]]:
        """Return the findings that stand at no step and at no way."""
        flows = {flow for graph, _node in self.nodes.values() for flow in graph.flows}
        keys = self.findings.keys() - self.nodes.keys() - flows
        return [one for key in sorted(keys) for one in self.findings[key]]

    def _steps(self, steps: tuple[OutlineStep, ...], above: str) -> list[dict[str, Any]]:
        return [self._row(step, f"{above}{n}") for n, step in enumerate(steps, 1)]

    def _row(self, step: OutlineStep, number: str) -> dict[str, Any]:
        graph, node = self.nodes[step.element]
        values = values_of(node)
        host = self.nodes.get(step.attached_to or "")
        return {
            "id": step.element,
            "number": number,
            "kind": _(step.kind),
            "name": step.name,
            "who": self.who(step.lane),
            "at": _named(host[1]) if host else "",
            "documentation": node.documentation,
            "facts": list(self._facts(node, values)),
            "next": [self._next(graph, node, flow) for flow in graph.outgoing(node.id)],
            "findings": self.findings.get(step.element, []),
            "steps": self._steps(step.steps, f"{number}."),
            "chosen": step.element == self.asked.step,
        }

    def who(self, lane: str | None) -> str:
        """Return a lane in words: the title of its role."""
        return _(self.roles.get(lane, lane)) if lane else ""

    def _facts(self, node: Node, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for field in fields_of(node):
            value = values.get(field.name, "")
            if not value or field.name in UNSHOWN:
                continue
            if field.name == "when_kind":
                value = _(dict(field.options).get(value, value))
            if field.name == "operation":
                value = _(NOTES[value].title) if value in NOTES else value
            yield _(field.label), value

    def _next(self, graph: Graph, node: Node, flow: Flow) -> dict[str, Any]:
        return {
            "flow": flow.id,
            "words": flow.name,
            "condition": flow.condition or "",
            "default": node.default == flow.id,
            "element": flow.target,
            "name": _name_in(graph, flow.target),
            "findings": self.findings.get(flow.id, []),
        }

    # --- the chosen step ---------------------------------------------------------------------

    def chosen(self) -> dict[str, Any] | None:
        """Return the forms of the chosen step, or None where none is chosen."""
        held = self.nodes.get(self.asked.step)
        if held is None:
            return None
        graph, node = held
        found: dict[str, Any] = {
            "change": self._change(node),
            "ways": [self._way(node, flow) for flow in graph.outgoing(node.id)],
            "splits": node.kind.endswith("Gateway"),
            "kinds": [{"value": key, "label": _(name)} for key, name in KINDS.items()],
            "connect": [self._to("connect", graph, node)] if node.kind != "endEvent" else [],
            "move": self._move(graph, node),
            "border": [{"value": key, "label": _(name)} for key, name in BORDER.items()]
            if node.kind in ACTIVITIES
            else [],
            "begun": self._begun(graph, node),
            "may_follow": node.kind != "endEvent",
        }
        forms = [
            found["change"],
            found["connect"],
            found["move"],
            *(w["rows"] for w in found["ways"]),
        ]
        forms.append(found["begun"]["rows"] if found["begun"] else [])
        return found | {"problems": problems(forms)}

    def _sent(self, do: str) -> bool:
        return self.asked.do == do and bool(self.asked.said.get("do"))

    def _change(self, node: Node) -> list[dict[str, Any]]:
        sent = self._sent("change")
        values = {**values_of(node), **(self.asked.said if sent else {})}
        faults = self.asked.faults if sent else {}
        rows = form_rows("change", fields_of(node), values, faults, self.choices)
        lanes = self._lane_options(node)
        if lanes:
            own = next((one["value"] for one in lanes if one["name"] == node.lane), "")
            rows.insert(
                1, choice_row("change-lane", _("Lane"), lanes, values.get("lane", own), None)
            )
        return rows

    def _lane_options(self, node: Node) -> list[dict[str, str]]:
        """Return the lanes; nothing for a step inside a group, which stands where that does."""
        top = any(node.id in part.graph.nodes for part in self.words.parts)
        lanes = self.words.lanes if top else ()
        return [{"value": k, "label": self.who(name) or k, "name": name} for k, name in lanes]

    def _way(self, node: Node, flow: Flow) -> dict[str, Any]:
        sent = self._sent("way") and self.asked.said.get("flow") == flow.id
        said = self.asked.said if sent else {}
        values = {"words": flow.name, "condition": flow.condition or "", **said}
        faults = self.asked.faults if sent else {}
        rows = form_rows(f"way-{flow.id}", (WORDS_ON, CONDITION), values, faults, self.choices)
        asks = node.kind in {"exclusiveGateway", "inclusiveGateway", "complexGateway"}
        rows = rows if asks or flow.condition else rows[:1]
        default = "default" in said if sent else node.default == flow.id
        held = self.nodes.get(flow.target)
        name = _named(held[1]) if held else flow.target
        return {"flow": flow.id, "name": name, "rows": rows, "default": default, "asks": asks}

    def _to(self, do: str, graph: Graph, node: Node) -> dict[str, Any]:
        sent = self._sent(do)
        value = self.asked.said.get("to", "") if sent else ""
        options = self._targets(graph, node)
        return choice_row(f"{do}-to", _("Leads to"), options, value, self._fault(do, "to"))

    def _fault(self, do: str, name: str) -> Reasoned | None:
        return self.asked.faults.get(name) if self._sent(do) else None

    def _targets(self, graph: Graph, node: Node) -> list[dict[str, str]]:
        """Return the steps of the same level that a way may lead to."""
        shut = {"startEvent", "boundaryEvent"}
        others = (one for one in graph.nodes.values() if one.id != node.id)
        return [{"value": o.id, "label": _named(o)} for o in others if o.kind not in shut]

    def _move(self, graph: Graph, node: Node) -> list[dict[str, Any]]:
        if len(graph.incoming(node.id)) != 1 or len(graph.outgoing(node.id)) != 1:
            return []
        options = [
            {"value": flow.id, "label": self._between(graph, flow)}
            for flow in graph.flows.values()
            if node.id not in {flow.source, flow.target}
        ]
        value = self.asked.said.get("on", "") if self._sent("move") else ""
        return [choice_row("move-on", _("New place"), options, value, self._fault("move", "on"))]

    def _between(self, graph: Graph, flow: Flow) -> str:
        one, other = _name_in(graph, flow.source), _name_in(graph, flow.target)
        return str(_("After “%(one)s”, before “%(other)s”", one=one, other=other))

    def _begun(self, graph: Graph, node: Node) -> dict[str, Any] | None:
        """Return the form of a step or event that is being added: {do, kind, title, rows}."""
        do, kind = self.asked.do, self.asked.kind
        if do not in {"add", "border"} or kind not in (KINDS if do == "add" else BORDER):
            return None
        said, faults = self.asked.said, self.asked.faults
        choices = {**self.choices, "steps": self._end_or(graph, node)}
        if do == "add":
            fields = new_fields(kind, said.get("operation", ""))
            title = KINDS[kind]
        else:
            fields = (*border_fields(kind), END)
            title = BORDER[kind]
        rows = form_rows(do, fields, said, faults, choices)
        if do == "border":
            to = choice_row(
                "border-to", _("Leads to"), choices["steps"], said.get("to", ""), faults.get("to")
            )
            rows.insert(-1, to)
        else:
            rows[1:1] = self._place(graph, node, said)
        chosen = kind != "operation" or bool(said.get("operation"))
        return {"do": do, "kind": kind, "title": _(title), "rows": rows, "ready": chosen}

    def _end_or(self, graph: Graph, node: Node) -> list[dict[str, str]]:
        return [{"value": "", "label": _("An end of its own")}, *self._targets(graph, node)]

    def _place(self, graph: Graph, node: Node, said: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the fields for the lane, and for the way where several lead on."""
        rows = []
        lanes = self._lane_options(node)
        if lanes:
            own = next((one["value"] for one in lanes if one["name"] == node.lane), "")
            rows.append(choice_row("add-lane", _("Lane"), lanes, said.get("lane", own), None))
        flows = graph.outgoing(node.id)
        if node.kind.endswith("Gateway") and flows:
            options = [{"value": "new", "label": _("On a new way")}]
            options += [{"value": f.id, "label": self._between(graph, f)} for f in flows]
            fault = self.asked.faults.get("on")
            rows.append(choice_row("add-on", _("Place"), options, said.get("on", "new"), fault))
        return rows


def _options(rows: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {"value": row["id"], "label": f"{row['number']} {row['name'] or row['kind']}"}
        yield from _options(row["steps"])


def _operations() -> list[dict[str, str]]:
    found = [{"value": key, "label": f"{_(note.title)} ({key})"} for key, note in NOTES.items()]
    return sorted(found, key=lambda one: one["label"])


def _name_in(graph: Graph, key: str) -> str:
    node = graph.nodes.get(key)
    return _named(node) if node is not None else key


def _named(node: Node) -> str:
    """Return how a step is called on its page: by its name, else by what it is and its id."""
    return node.name or node.id
