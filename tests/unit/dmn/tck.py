"""Runs the cases of the DMN Technology Compatibility Kit that lie in a folder."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.dmn.run import Run
from workflow_app.feel import FeelError
from workflow_app.feel.operators import equal
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.temporal.text import (
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
)

NS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
CLOCK = {
    "now": lambda: dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC),
    "today": lambda: dt.date(2026, 11, 21),
}
READERS = {
    "date": parse_date,
    "dateTime": parse_date_time,
    "time": parse_time,
    "duration": parse_duration,
    "boolean": lambda text: text in {"true", "1"},
    "string": str,
}


@dataclass(frozen=True)
class Outcome:
    """Whether one expected result of one case came about, and what did."""

    case: str
    passed: bool
    expected: object = None
    got: object = None


def value_of(element):
    """Read an expected or given value."""
    listed = element.find(f"{NS}list")
    if listed is not None:
        return None if _nil(listed) else [value_of(item) for item in listed.findall(f"{NS}item")]
    components = element.findall(f"{NS}component")
    if components:
        return {each.get("name"): value_of(each) for each in components}
    scalar = element.find(f"{NS}value")
    return None if scalar is None or _nil(scalar) else _scalar(scalar)


def _nil(element):
    return element.get(f"{XSI}nil") == "true"


def _scalar(element):
    text = element.text or ""
    kind = (element.get(f"{XSI}type") or "xsd:string").split(":")[-1]
    if kind in READERS:
        return READERS[kind](text)
    return Decimal(text)


def same(expected, got):
    """Compare as the kit does: numbers to eight digits behind the point, all else exactly."""
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(expected - got) < Decimal("1e-8") * max(1, abs(expected))
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(same(expected[k], got[k]) for k in expected)
    return equal(expected, got) is True


def suites(folder):
    """Give the test files of a folder with their models."""
    for path in sorted(folder.rglob("*-test-*.xml")):
        root = etree.parse(path).getroot()
        yield path, root, path.parent / root.findtext(f"{NS}modelName")


def imports_beside(model):
    """Give the other models of a folder by namespace."""
    found = {}
    for path in model.parent.glob("*.dmn"):
        if path != model:
            found[etree.parse(path).getroot().get("namespace")] = path.read_bytes()
    return found


def run_suite(path, root, model_path):
    """Run all cases of one file."""
    model = load_decisions(model_path.read_bytes(), imports_beside(model_path), lenient=True)
    for case in root.findall(f"{NS}testCase"):
        yield from run_case(model, case, path.parent.name)


def run_case(model, case, suite):
    """Run one case; each result node is an outcome."""
    given = {node.get("name"): value_of(node) for node in case.findall(f"{NS}inputNode")}
    for node in case.findall(f"{NS}resultNode"):
        expected_element = node.find(f"{NS}expected")
        expected = None if expected_element is None else value_of(expected_element)
        try:
            got = decide(model, case, node.get("name"), given)
        except (FeelError, DmnError) as error:
            got = f"!! {error}"
        label = f"{suite} {case.get('id')} {node.get('name')}"
        yield Outcome(label, same(expected, got), expected, got)


def decide(model, case, name, given):
    """Make the decision or call the service that a case is about."""
    run = Run(Runtime(CLOCK), dict(given))
    service = case.get("invocableName") if case.get("type") == "decisionService" else None
    if service is not None:
        node = model.graph.named(service, "decisionService")
        value = model.graph.serve(node, run.runtime, given)
        outputs = [model.graph.node(key).name for key in node.outputs]
        return value[name] if len(outputs) > 1 and isinstance(value, dict) else value
    knowledge = case.get("invocableName") if case.get("type") == "bkm" else None
    if knowledge is not None:
        function = model.graph.function(model.graph.named(knowledge, "businessKnowledgeModel"), run)
        return function.call_named(run.runtime, given)
    node = model.graph.named(name, "decision")
    if node is None:
        node = model.graph.named(name, "decisionService")
        return model.graph.serve(node, run.runtime, given)
    return model.graph.decide(node.key, run)


def totals(outcomes):
    """Count passes by suite."""
    table = {}
    for outcome in outcomes:
        suite = re.split(r"\s", outcome.case)[0]
        passed, total = table.get(suite, (0, 0))
        table[suite] = (passed + outcome.passed, total + 1)
    return table
