"""Checks of the file itself: what the reader passes over and what would change the meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import (
    BPMN,
    ZEEBE,
    children,
    flag,
    line_of,
    read_xml,
    tag_of,
    text_of,
)
from workflow_app.engine.lint.rules.content import DIRECTION, TWO_MARKERS
from workflow_app.engine.lint.rules.events import TIMER
from workflow_app.engine.lint.rules.files import (
    ABSENT,
    BAD_VALUE,
    FOREIGN,
    IGNORED,
    LANGUAGE,
    NO_ID,
    SETTING_IGNORED,
    STRANGE,
    UNKNOWN,
)
from workflow_app.engine.lint.standard import standard
from workflow_app.engine.reader import GATEWAYS, NODES
from workflow_app.engine.triggers import TIMERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.rules.rule import Rule
    from workflow_app.engine.lint.standard import Attribute
    from workflow_app.engine.model import Diagram

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_TYPE = f"{{{XSI}}}type"
#: Namespaces whose attributes and elements belong to the drawing, not to what runs.
KNOWN = (
    BPMN,
    XSI,
    "http://camunda.org/schema/zeebe/",
    "http://camunda.org/schema/modeler/",
    "http://bpmn.io/schema/bpmn/biocolor/",
    "http://www.omg.org/spec/BPMN/non-normative/",
    "http://www.w3.org/XML/1998/namespace",
)
#: Parts of the standard that say who, how or how often, and are not read.
UNUSED = frozenset(
    {
        "potentialOwner",
        "humanPerformer",
        "performer",
        "resourceRole",
        "rendering",
        "correlationSubscription",
        "participantMultiplicity",
    }
)
PROPAGATES = ("propagateAllChildVariables", "propagateAllParentVariables")
#: Attributes with a value that asks for something that does not happen: (tag, name) → harmless.
ASKING = {
    ("sequenceFlow", "isImmediate"): frozenset({"true", "1"}),
    ("transaction", "method"): frozenset({"##Compensate", "##compensate"}),
}
#: Which attributes of the vocabulary of Camunda 8 are read; elements not read are told elsewhere.
READ = {
    "formDefinition": {"formId", "formKey", "bindingType", "versionTag"},
    "assignmentDefinition": {"assignee", "candidateGroups", "candidateUsers"},
    "taskSchedule": {"dueDate", "followUpDate"},
    "priorityDefinition": {"priority"},
    "script": {"expression", "resultVariable"},
    "calledDecision": {"decisionId", "resultVariable", "bindingType", "versionTag"},
    "taskDefinition": {"type", "retries"},
    "calledElement": {"processId", "bindingType", "versionTag", *PROPAGATES},
    "loopCharacteristics": {"inputCollection", "inputElement", "outputCollection", "outputElement"},
    "adHoc": {"activeElementsCollection"},
    "subscription": {"correlationKey"},
    "input": {"source", "target"},
    "output": {"source", "target"},
    "header": {"key", "value"},
    "property": {"name", "value"},
}
EXPRESSIONS = frozenset(
    {
        "conditionExpression",
        "condition",
        "completionCondition",
        "loopCondition",
        "loopCardinality",
        "activationCondition",
        "timeDate",
        "timeDuration",
        "timeCycle",
    }
)
BESIDE = frozenset({"message", "signal", "error", "escalation", "itemDefinition", "dataStore"})


def check_drawing(report: Report) -> None:
    """Run the checks over the text of every diagram that holds a process that runs."""
    running = {(diagram.file, graph.id) for diagram, graph in report.library.running()}
    for diagram in (one for one in report.library.diagrams if report.is_asked(one.file)):
        sheet = Sheet(report, diagram.file, read_xml(report.library.source.files[diagram.file]))
        for process in children(sheet.root, "process"):
            if (diagram.file, process.get("id", "")) in running:
                sheet.check(process)
                _check_unknown(report, diagram, process)
        for element in sheet.root:
            if tag_of(element) in BESIDE and sheet.checked:
                sheet.check_standard(element)


def _check_unknown(report: Report, diagram: Diagram, process: etree._Element) -> None:
    """Refuse what the standard knows and nothing here runs, between a process's lines."""
    last = max(line_of(element) for element in process.iter(f"{{{BPMN}}}*"))
    for kind, element, line in diagram.unknown:
        known = "=" in kind or standard().knows(kind)
        if known and line_of(process) <= line <= last:
            report.add(UNKNOWN, diagram.file, element, line, kind=kind)


class Sheet:
    """One file under examination."""

    def __init__(self, report: Report, file: str, root: etree._Element) -> None:
        self.report = report
        self.file = file
        self.root = root
        self.checked = False
        self.vendors: set[str] = set()

    def say(self, rule: Rule, element: etree._Element, **params: object) -> None:
        """Report something about an element, or what holds it where it has no id."""
        named = element
        while not named.get("id") and (parent := named.getparent()) is not None:
            named = parent
        name = named.get("name") or named.get("id") or tag_of(element)
        params = {"name": name, "kind": tag_of(element)} | params
        self.report.add(rule, self.file, named.get("id"), line_of(element), **params)

    def check(self, process: etree._Element) -> None:
        """Check one process with everything in it."""
        self.checked = True
        for element in process.iter(f"{{{BPMN}}}*"):
            self.check_standard(element)
            self._check_id(element)
            self._check_unused(element)
            self._check_vendor(element)
            look = SPECIAL.get(tag_of(element) or "")
            if look is not None:
                look(self, element)
        for element in process.iter(f"{{{ZEEBE}}}*"):
            self._check_zeebe(element)

    def _check_zeebe(self, element: etree._Element) -> None:
        """Warn of settings of the properties panel that would have no effect."""
        tag = str(element.tag).rpartition("}")[2]
        said = {str(name) for name in element.attrib}
        for name in sorted(said - READ.get(tag, said)):
            self.say(IGNORED, element, kind=f"{tag} {name}")
        holder = element.getparent()
        if tag == "calledElement" and holder is not None:
            mapped = next(holder.iter(f"{{{ZEEBE}}}output"), None) is not None
            for name in PROPAGATES[mapped:]:  # what is mapped out says itself what is kept
                if not flag(element, name, default=True):
                    self.say(IGNORED, element, kind=f"{tag} {name}")

    def check_standard(self, element: etree._Element) -> None:
        """Compare an element with the schema: attributes, their values, what stands inside."""
        tag = tag_of(element) or ""
        known = standard()
        if not known.knows(tag):
            return
        allowed = known.attributes(tag)
        if tag in EXPRESSIONS or XSI_TYPE in element.attrib:
            allowed = allowed | known.type_attributes("tFormalExpression")
        self._check_attributes(element, allowed)
        holds = known.may_hold(tag)
        for part in element:
            inside = tag_of(part)
            if inside is not None and inside not in holds:
                self.say(STRANGE, part, part=inside, kind=tag)

    def _check_attributes(self, element: etree._Element, allowed: Mapping[str, Attribute]) -> None:
        for name, value in element.attrib.items():
            attribute = allowed.get(str(name))
            if not str(name).startswith("{") and attribute is None:
                self.say(STRANGE, element, part=name)
            elif attribute is not None and not attribute.allows(str(value)):
                words = ", ".join(sorted(attribute.words)) or attribute.type
                self.say(BAD_VALUE, element, part=name, value=value, allowed=words)
        for name, attribute in allowed.items():
            if attribute.required and not element.get(name):
                self.say(ABSENT, element, part=name)

    def _check_id(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if (tag in NODES or tag in {"sequenceFlow", "process"}) and not element.get("id"):
            self.say(NO_ID, element)

    def _check_unused(self, element: etree._Element) -> None:
        tag = tag_of(element) or ""
        if tag in UNUSED:
            self.say(SETTING_IGNORED, element, part=tag)
        for (holder, name), harmless in ASKING.items():
            if tag == holder and element.get(name, next(iter(harmless))) not in harmless:
                self.say(SETTING_IGNORED, element, part=name)

    def _check_vendor(self, element: etree._Element) -> None:
        """Warn once for each other engine whose settings stand in the file."""
        for name in _foreign_names(element):
            vendor = name[1:].partition("}")[0]
            if not vendor.startswith(KNOWN) and vendor not in self.vendors:
                self.vendors.add(vendor)
                prefix = next((p for p, uri in element.nsmap.items() if uri == vendor), None)
                self.say(FOREIGN, element, vendor=prefix or vendor)

    def check_language(self, element: etree._Element) -> None:
        """Refuse an expression that says it is in another language; “=” marks FEEL for certain."""
        tag = tag_of(element)
        attribute = "scriptFormat" if tag == "scriptTask" else "language"
        said = element.get(attribute) or self.root.get("expressionLanguage") or ""
        text = _script(element) if tag == "scriptTask" else text_of(element)
        if tag == "scriptTask":
            said = element.get(attribute) or ""
        if text and not text.startswith("=") and said and "feel" not in said.lower():
            self.say(LANGUAGE, element, language=said)

    def check_timer(self, element: etree._Element) -> None:
        """Refuse a timer with more than one time."""
        times = list(children(element, *TIMERS))
        if len(times) > 1:
            self.say(TIMER, times[1], reason="there is more than one")

    def check_markers(self, element: etree._Element) -> None:
        """Refuse two kinds of repetition on one activity."""
        holder = element.getparent()
        if holder is not None and len(list(children(holder, *MARKERS))) > 1:
            self.say(TWO_MARKERS, holder)

    def check_direction(self, element: etree._Element) -> None:
        """Warn of a gateway whose flows are not what it says."""
        holder, key = element.getparent(), element.get("id")
        end = ONE_ONLY.get(element.get("gatewayDirection", ""))
        flows = list(children(holder, "sequenceFlow")) if holder is not None and end else []
        if sum(flow.get(end or "") == key for flow in flows) > 1:
            self.say(DIRECTION, element, direction=element.get("gatewayDirection"))


def _foreign_names(element: etree._Element) -> Iterator[str]:
    yield from (str(name) for name in element.attrib if str(name).startswith("{"))
    for holder in children(element, "extensionElements"):
        yield from (str(part.tag) for part in holder if str(part.tag).startswith("{"))


def _script(element: etree._Element) -> str:
    return text_of(next(children(element, "script"), None))


#: What a gateway says → the end at which it has one flow only.
ONE_ONLY = {"Converging": "sourceRef", "Diverging": "targetRef"}
MARKERS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
SPECIAL: dict[str, Callable[[Sheet, etree._Element], None]] = {
    **dict.fromkeys({*EXPRESSIONS - set(TIMERS), "scriptTask"}, Sheet.check_language),
    "timerEventDefinition": Sheet.check_timer,
    "standardLoopCharacteristics": Sheet.check_markers,
    **dict.fromkeys(GATEWAYS, Sheet.check_direction),
}
