"""Checks of content: expressions, timers, forms, roles, decisions, calls, operations."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.engine.expressions import value
from workflow_app.engine.lint.reading import forms_shown
from workflow_app.engine.lint.report import Inside, Place, Report, places
from workflow_app.engine.lint.rules.content import (
    CALLED,
    DECISION,
    FEEL,
    FORM,
    LOOP,
    NO_FORM,
    NO_VERSION,
    NOBODY,
    NOT_BOOLEAN,
    OPERATION,
    REGISTER,
    ROLE,
    SCRIPT,
    SETTING,
    UNUSED_FORM,
)
from workflow_app.engine.lint.rules.events import TIMER
from workflow_app.engine.texts import texts_in
from workflow_app.engine.timers import UnreadableTimer, first_due
from workflow_app.engine.versions import MARK
from workflow_app.feel import FeelError, FeelSyntaxError, to_json

if TYPE_CHECKING:
    from workflow_app.engine.model import Loop
    from workflow_app.engine.texts import Text
    from workflow_app.feel import Expression

UNKNOWN = object()
BACKWARDS = N_("it would lie in the past")
BESIDE = (".form", ".dmn", "/process.toml", "/mails.toml")
SETTING_READ = re.compile(r"""\bsetting\(\s*\\?["']([^"'\\]+)\\?["']\s*\)""")
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def check_content(report: Report) -> None:
    """Run the checks of content over every diagram."""
    for diagram, process in report.library.running():
        for text in texts_in(process):
            _check_text(report, diagram.file, text)
    for place in places(report.library):
        _check_timer(report, place)
        _check_form(report, place)
        _check_roles(report, place)
        _check_work(report, place)
        _check_tags(report, place)
        _check_registers(report, place)
        _check_loop(report, place)
    _check_unused_forms(report)
    _check_settings(report)


def _check_text(report: Report, file: str, text: Text) -> None:
    """Refuse what is no FEEL, and a condition that is always something else than true or false."""
    told = {"text": text.text}
    try:
        found = _constant(text.compile(text.text))
    except FeelError as error:
        report.add(FEEL, file, text.element, text.line, _inside(error), **told, reason=error)
        return
    if text.is_condition and found is not UNKNOWN and not isinstance(found, bool):
        report.add(NOT_BOOLEAN, file, text.element, text.line, **told, found=str(found))


def _inside(error: FeelError) -> Inside | None:
    return Inside(error.column, error.hint) if isinstance(error, FeelSyntaxError) else None


def _constant(expression: Expression) -> object:
    """Return what an expression gives that reads nothing and calls nothing, else UNKNOWN."""
    if expression.names or "(" in expression.text:
        return UNKNOWN
    try:
        return to_json(expression.evaluate({}))
    except FeelError:
        return UNKNOWN


def _check_timer(report: Report, place: Place) -> None:
    for trigger in place.node.triggers:
        if trigger.kind == "timer" and trigger.missing is None:
            reason = _timer_fault(trigger.form, trigger.text)
            if reason:
                report.node(TIMER, place.diagram, place.node, reason=reason)


def _timer_fault(form: str, text: str) -> object:
    """Return why a time cannot be read; what has to be worked out first is not judged."""
    try:
        time = _constant(value(text))
    except FeelError:
        return None
    if time is UNKNOWN:
        return None
    try:
        due = first_due(form, time, SOME_DAY)
    except UnreadableTimer as error:
        return error
    return DomainError(BACKWARDS) if form == "duration" and due.at < SOME_DAY else None


def _check_unused_forms(report: Report) -> None:
    """Warn of forms in the folders of drawn processes that nothing there shows."""
    shown = forms_shown(report.library)
    folders = {diagram.folder for diagram, _ in report.library.running()}
    for path in report.library.source.files:
        folder, _, name = path.removeprefix("forms/").removesuffix(".form").partition("/")
        kept = path.startswith("forms/") and path.endswith(".form") and folder in folders
        if kept and path not in shown:
            report.add(UNUSED_FORM, path, None, None, form=f"{folder}/{name}")


def _check_settings(report: Report) -> None:
    """Refuse the keys of settings that nobody defined, wherever FEEL reads them by name."""
    if report.settings is None:
        return
    for diagram, process in report.library.running():
        for text in texts_in(process):
            for key in _keys_read(text.text) - report.settings:
                told = {"key": key, "name": text.element}
                report.add(SETTING, diagram.file, text.element, text.line, **told)
    for path, content in report.library.source.files.items():
        if path.endswith(BESIDE):
            for key in _keys_read(content) - report.settings:
                report.add(SETTING, path, None, None, key=key, name=path.rpartition("/")[2])


def _keys_read(text: str) -> set[str]:
    return set(SETTING_READ.findall(text))


def _check_form(report: Report, place: Place) -> None:
    node, library = place.node, report.library
    drawn = node.extensions.form or node.extensions.properties.get("form")
    form = library.form(drawn, place.diagram.folder)
    if form is not None and not library.has_form(form):
        report.node(FORM, place.diagram, node, form=form)
    asked = library.form(node.extensions.properties.get("before"), place.diagram.folder)
    if asked is not None and not library.has_form(asked):
        report.node(FORM, place.diagram, node, form=asked)
    if form is None and node.kind == "userTask":
        report.node(NO_FORM, place.diagram, node)


def _check_roles(report: Report, place: Place) -> None:
    node = place.node
    if report.roles is not None:
        for role in _roles_named(place):
            if role not in report.roles:
                report.node(ROLE, place.diagram, node, role=role)
    main = report.library.main()
    in_main = main is not None and place.graph is main[1]
    asked = node.lane or node.extensions.groups or node.extensions.assignee or node.extensions.users
    if node.kind == "userTask" and in_main and not asked:
        report.node(NOBODY, place.diagram, node)


def _roles_named(place: Place) -> list[str]:
    """Role codes in a node's lane, its fixed groups and its `by`."""
    said = place.node.extensions
    found = [place.node.lane] if place.node.kind == "userTask" and place.node.lane else []
    if said.groups and not said.groups.startswith("="):
        found += [word.strip() for word in said.groups.split(",")]
    by = said.properties.get("by")
    if by and by != "public":
        found += [word.strip() for word in by.split(",")]
    return [role for role in found if role]


def _check_work(report: Report, place: Place) -> None:
    node, said = place.node, place.node.extensions
    if node.kind == "scriptTask" and not said.script:
        report.node(SCRIPT, place.diagram, node)
    elif node.kind == "businessRuleTask":
        decision = said.decision or ""
        known = report.library.decision(decision, place.diagram.folder)
        if known is None and not report.library.may_hold(decision):
            report.node(DECISION, place.diagram, node, decision=decision)
    elif node.kind == "callActivity" and not report.library.process(said.process or ""):
        _no_process(report, place)
    _check_operation(report, place)


def _no_process(report: Report, place: Place) -> None:
    said = place.node.extensions
    process, tag = said.process or "", said.tags.get("process")
    if tag is None:
        report.node(CALLED, place.diagram, place.node, process=process)
    else:
        told = {"what": process.partition(MARK)[0], "tag": tag}
        report.node(NO_VERSION, place.diagram, place.node, **told)


def _check_registers(report: Report, place: Place) -> None:
    """Refuse registers that nobody made, where an arrow or an operation names them."""
    if report.registers is None:
        return
    said = place.node.extensions
    stores = [item for one in place.node.associations for item in (*one.sources, one.target)]
    named = {item.register for item in stores if item is not None and item.kind == "store"}
    if (said.operation or "").startswith("register."):
        named.add(said.headers.get("register", ""))
    for register in sorted(named - {""} - report.registers):
        report.node(REGISTER, place.diagram, place.node, register=register)


def _check_tags(report: Report, place: Place) -> None:
    """Refuse forms and decisions bound to a version that is not the one at hand."""
    said, library = place.node.extensions, report.library
    folder = place.diagram.folder
    form, decision = said.form, said.decision
    tag = said.tags.get("form")
    if tag is not None and form and tag not in library.form_tags(form, folder):
        report.node(NO_VERSION, place.diagram, place.node, what=form, tag=tag)
    tag = said.tags.get("decision")
    if tag is not None and decision and tag not in library.decision_tags(decision, folder):
        report.node(NO_VERSION, place.diagram, place.node, what=decision, tag=tag)


def _check_operation(report: Report, place: Place) -> None:
    node, operation = place.node, place.node.extensions.operation
    sends = node.kind == "sendTask" and node.triggers
    if node.kind in {"serviceTask", "sendTask"} and not sends and not operation:
        report.node(OPERATION, place.diagram, node, operation="")
    elif operation and report.operations is not None and operation not in report.operations:
        report.node(OPERATION, place.diagram, node, operation=operation)


def _check_loop(report: Report, place: Place) -> None:
    loop = place.node.loop
    if loop is not None and not _is_bounded(loop):
        report.node(LOOP, place.diagram, place.node)


def _is_bounded(loop: Loop) -> bool:
    if loop.standard:
        return bool(loop.completion or loop.cardinality)
    return bool(loop.collection or loop.cardinality)
