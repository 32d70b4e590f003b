"""Checks of meaning: expressions read with the types of what forms and decisions write.

A name has a type only where these alone write it; what scripts, mappings or messages write may be
anything, and nothing is said of it. Dates and times stand in a case's data as texts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflow_app.engine.lint.reading import GIVEN, written_by
from workflow_app.engine.lint.report import Inside, finding_of
from workflow_app.engine.lint.rules.content import NOT_BOOLEAN
from workflow_app.engine.lint.rules.expressions import CLASH, FUNCTION, MEMBER, NOTHING
from workflow_app.engine.texts import texts_in
from workflow_app.feel import FeelError, FeelType, lint, type_of
from workflow_app.feel.checking.typing import (
    ANY,
    BOOLEAN,
    NUMBER,
    STRING,
    context_of,
    join,
    list_of,
)
from workflow_app.feel.explaining.warnings import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.dmn.tables import Table
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.library import Library
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.rules.rule import Rule
    from workflow_app.engine.model import Node
    from workflow_app.engine.texts import Text
    from workflow_app.feel import Problem

_GROUP = type_of("context")
_HOLDERS: Mapping[str, FeelType] = {"dynamiclist": type_of("list<context>"), "group": _GROUP}
_PLAIN: Mapping[str, FeelType] = {
    "textfield": STRING,
    "textarea": STRING,
    "datetime": STRING,
    "number": NUMBER,
    "checkbox": BOOLEAN,
}
_RULE_TASK = "businessRuleTask"
_MANY = frozenset(["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
#: What an output column's type is in a case's data, where dates are texts.
_IN_DATA: Mapping[str, FeelType] = {
    "string": STRING,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "date": STRING,
    "time": STRING,
    "date and time": STRING,
    "days and time duration": STRING,
    "years and months duration": STRING,
}
_CHOICES = frozenset(["radio", "select"])
_LISTS = frozenset(["checklist", "taglist"])
_KINDS = frozenset(["", "tel", "email"])

_RULES: Mapping[Cause, Rule] = {
    Cause.NO_FUNCTION: FUNCTION,
    Cause.WRONG_NUMBER: FUNCTION,
    Cause.UNKNOWN_PARAMETER: FUNCTION,
    Cause.NO_MEMBER: MEMBER,
    Cause.NULL_OPERAND: NOTHING,
    Cause.DIVISION_BY_ZERO: NOTHING,
    Cause.NO_ITEM: NOTHING,
    Cause.UNREADABLE: NOTHING,
    Cause.BAD_PATTERN: NOTHING,
    Cause.SAME_KEY: NOTHING,
    Cause.UNKNOWN_TYPE: NOTHING,
}


def check_meaning(report: Report) -> None:
    """Read every expression of the diagrams with the types of what it reads."""
    types = types_written(report.library)
    for diagram, process in report.library.running():
        for text in texts_in(process) if report.is_asked(diagram.file) else ():
            if text.is_feel:
                _check_text(report, diagram.file, text, types)


def _check_text(report: Report, file: str, text: Text, types: Mapping[str, FeelType]) -> None:
    """Add what is wrong with a text; what cannot be read at all is told elsewhere."""
    known = {**dict.fromkeys(text.names, ANY), **types}
    wanted = BOOLEAN if text.is_condition and not is_fixed(text) else ANY
    for problem in lint(text.text, known, functions={}, closed=False, wanted=wanted):
        finding = problem_finding(problem, file, text.element, text.text, text.line)
        if finding is not None:
            report.findings.append(finding)


def problem_finding(
    problem: Problem,
    file: str,
    element: str,
    text: str,
    line: int | None = None,
    *,
    condition: bool = True,
) -> Finding | None:
    """Return the finding of a problem in an expression; nothing for what no grammar allows.

    `condition` says that true or false was wanted of it.
    """
    if problem.code in {Cause.SYNTAX, Cause.TOO_LARGE}:
        return None
    wrong = condition and problem.code is Cause.WRONG_RESULT
    rule = NOT_BOOLEAN if wrong else _RULES.get(problem.code, CLASH)
    told: dict[str, object] = {"text": text, "reason": problem}
    if wrong:
        told["found"] = problem.details["got"]
    inside = Inside(problem.column, problem.hint)
    return finding_of(rule, file, element, line, inside, **told)


def is_fixed(text: Text) -> bool:
    """Say whether a text reads nothing and calls nothing, so that its value is told elsewhere."""
    try:
        return not text.compile(text.text).names and "(" not in text.text
    except FeelError:
        return True


def types_written(library: Library) -> dict[str, FeelType]:
    """Return the types of the names that forms and decisions write; Any for what others do too."""
    found: dict[str, list[FeelType]] = {}
    for form in forms_of(library):
        for name, kind in types_in_form(form):
            found.setdefault(name, []).append(kind)
    for name, kind in _types_decided(library):
        found.setdefault(name, []).append(kind)
    types = {name: join(kinds) for name, kinds in found.items()}
    return types | dict.fromkeys(_written_otherwise(library), ANY)


def forms_of(library: Library) -> Iterator[str]:
    """Yield every form, those inside diagrams too."""
    for path, text in library.source.files.items():
        if path.endswith(".form"):
            yield text
    for diagram in library.diagrams:
        yield from diagram.forms.values()


def _written_otherwise(library: Library) -> Iterator[str]:
    yield from GIVEN
    for _, node in _nodes(library):
        decided = {node.extensions.result} if node.kind == _RULE_TASK else set()
        yield from (name for name in written_by(node) if name not in decided)


def _nodes(library: Library) -> Iterator[tuple[str, Node]]:
    """Yield every node of every diagram with the folder that it stands in."""
    for diagram in library.diagrams:
        for process in diagram.processes:
            for _, node in process.walk():
                yield diagram.folder, node


def _types_decided(library: Library) -> Iterator[tuple[str, FeelType]]:
    """Yield the names that decisions write, as the tasks that ask them do, with their types."""
    for folder, node in _nodes(library):
        said = node.extensions
        if node.kind != _RULE_TASK or not said.decision:
            continue
        model = library.decision(said.decision, folder)
        table = None if model is None else model.graph.node(said.decision).table
        kind = ANY if table is None else _type_of_table(table)
        # Without a result of its own, a task writes each output under its name.
        members = () if said.result else kind.members
        yield from members or [(said.result or said.decision, kind)]


def _type_of_table(table: Table) -> FeelType:
    """Return the type of what a table gives, as it stands in a case's data."""
    columns = [(column.name, _IN_DATA.get(column.type_name or "", ANY)) for column in table.outputs]
    if table.aggregation is not None:
        return ANY
    one = columns[0][1] if len(columns) == 1 else context_of(columns)
    return list_of(one) if table.hit_policy in _MANY else one


def types_in_form(text: str) -> Iterator[tuple[str, FeelType]]:
    """Yield the names that a form writes at the root of a case's data, with their types."""
    for name, component in fields_in_form(text):
        root, _, rest = name.partition(".")
        yield root, type_of_field(component, deep=bool(rest))


def fields_in_form(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the fields of a form that stand in no list, with the path that each writes to."""
    try:
        form = json.loads(text)
    except json.JSONDecodeError:
        return
    if isinstance(form, dict):
        yield from _fields_in(form.get("components"))


def _fields_in(components: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        kind = str(component.get("type", ""))
        name = str(component.get("path") or component.get("key") or "")
        if kind == "group" and not name:
            yield from _fields_in(component.get("components"))
        elif name:
            yield name, component


def type_of_field(component: Mapping[str, Any], *, deep: bool = False) -> FeelType:
    """Return the type of what a component writes; Any where that depends.

    `deep` says that it writes into a context, whose type is wanted then.
    """
    kind = str(component.get("type", ""))
    if deep or kind in _HOLDERS:
        return _GROUP if deep else _HOLDERS[kind]
    properties = component.get("properties")
    said = str(properties.get("kind", "")) if isinstance(properties, dict) else ""
    if kind == "number":
        return ANY if said == "money" or component.get("serializeToString") else NUMBER
    if said not in _KINDS:
        return ANY
    if kind in _CHOICES or kind in _LISTS:
        chosen = _type_of_choices(component)
        return list_of(chosen) if kind in _LISTS else chosen
    return _PLAIN.get(kind, ANY)


def _type_of_choices(component: Mapping[str, Any]) -> FeelType:
    values = component.get("values")
    if not isinstance(values, list) or not values:
        return ANY
    chosen = [each.get("value") if isinstance(each, dict) else None for each in values]
    return STRING if all(isinstance(value, str) for value in chosen) else ANY
