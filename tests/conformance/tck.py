"""Runs the cases of the DMN Technology Compatibility Kit that lie in a folder, at any depth.

``python -m tests.conformance.tck FOLDER`` prints one JSON object: how many expected results came
about, of how many, and for each other one where it stands, what was expected, what came, and why.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from tests.conformance.values import NS, Unreadable, meanings, same, shown, value_of
from workflow_app.dmn import DecisionModel, DmnError, load_decisions
from workflow_app.dmn.run import Run
from workflow_app.feel import FeelError
from workflow_app.feel.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn.graph import Node

Element = etree._Element
# The kit names functions of the day that no case fixes to a date.
CLOCK = {
    "now": lambda: dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC),
    "today": lambda: dt.date(2026, 11, 21),
}
KINDS = {"bkm": "businessKnowledgeModel", "decisionService": "decisionService"}


@dataclass(frozen=True)
class Outcome:
    """Whether one expected result of one case came about, and what did; ``reason`` why not."""

    suite: str
    file: str
    case: str
    node: str
    passed: bool
    expected: str = ""
    got: str = ""
    reason: str = ""

    def report(self) -> dict[str, str]:
        """Give what the report says of a failure."""
        return {name: value for name, value in asdict(self).items() if name != "passed"}


def run_folder(folder: Path) -> Iterator[Outcome]:
    """Run every test file below a folder; each expected result is an outcome."""
    for path in test_files(folder):
        yield from Suite(folder, path).outcomes()


def test_files(folder: Path) -> list[Path]:
    """Give the test files below a folder."""
    return sorted(path for path in folder.rglob("*-test-*.xml") if path.is_file())


test_files.__test__ = False  # type: ignore[attr-defined]


def parsed(path: Path) -> Element:
    """Read an XML file without comments; raises OSError or XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(path.read_bytes(), parser)


class Suite:
    """One test file with its model."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.path = path
        self.name = path.parent.name
        self.file = path.relative_to(folder).as_posix()

    def outcomes(self) -> Iterator[Outcome]:
        """Run all cases; what is broken fails them with a reason and stops nothing."""
        try:
            root = parsed(self.path)
        except (OSError, etree.XMLSyntaxError) as error:
            yield self._failed("", "", "", f"the test file cannot be read: {error}")
            return
        model, trouble = self._model(root)
        for case in root.findall(f"{NS}testCase"):
            for result in case.findall(f"{NS}resultNode"):
                yield self._outcome(Case(root, case, result), model, trouble)

    def _model(self, root: Element) -> tuple[DecisionModel | None, str]:
        try:
            path = self._model_path(root)
            return load_decisions(path.read_bytes(), imports_beside(path), lenient=True), ""
        except Exception as error:  # noqa: BLE001 - one broken model must not stop the rest
            return None, f"the model cannot be read: {_said(error)}"

    def _model_path(self, root: Element) -> Path:
        named = (root.findtext(f"{NS}modelName") or "").strip()
        named = named or f"{self.path.name.partition('-test-')[0]}.dmn"
        path = self.path.parent / named
        return path if path.suffix == ".dmn" or path.exists() else path.with_name(named + ".dmn")

    def _outcome(self, case: Case, model: DecisionModel | None, trouble: str) -> Outcome:
        wanted = "an error" if case.error_expected else ""
        if model is None:
            return self._failed(case.id, case.node, wanted, trouble)
        try:
            expected = case.expected()
            wanted = wanted or shown(expected)
            got, trouble = case.result(model)
        except (FeelError, DmnError, Unreadable) as error:
            if case.error_expected and not isinstance(error, Unreadable):
                return Outcome(self.name, self.file, case.id, case.node, passed=True)
            return self._failed(case.id, case.node, wanted, _said(error))
        except Exception as error:  # noqa: BLE001 - a crash is a failed case, and told
            return self._failed(case.id, case.node, wanted, f"crash: {_said(error)}")
        # FEEL says an error by null.
        passed = got is None if case.error_expected else same(expected, got)
        place = (self.name, self.file, case.id, case.node)
        return Outcome(*place, passed, wanted, shown(got), trouble or "another value")

    def _failed(self, case: str, node: str, expected: str, reason: str) -> Outcome:
        return Outcome(self.name, self.file, case, node, False, expected, "", reason)


def imports_beside(model: Path) -> dict[str, bytes]:
    """Give the models that one locates and the others of its folder, by namespace."""
    uris = [each.get("locationURI") for each in parsed(model).iter("{*}import")]
    located = [model.parent / uri for uri in uris if uri and ":" not in uri]
    found: dict[str, bytes] = {}
    for path in (*located, *sorted(model.parent.glob("*.dmn"))):
        if path == model:
            continue
        with contextlib.suppress(OSError, etree.XMLSyntaxError):
            found.setdefault(parsed(path).get("namespace", ""), path.read_bytes())
    return found


class Case:
    """One expected result of one test case."""

    def __init__(self, root: Element, case: Element, result: Element) -> None:
        self._case = case
        self._result = result
        self._namespaces = [
            each.get("namespace") for each in (result, case, root) if each.get("namespace")
        ]
        self.id = case.get("id") or case.get("name") or ""
        self.node = result.get("name", "")
        self.error_expected = result.get("errorResult") in {"true", "1"}

    def expected(self) -> object:
        """Read the expected value; nothing expected is null."""
        element = self._result.find(f"{NS}expected")
        return None if element is None else value_of(element)

    def given(self) -> dict[str, object]:
        """Read the values of the input nodes by name."""
        nodes = self._case.findall(f"{NS}inputNode")
        return {node.get("name", ""): value_of(node) for node in nodes}

    def result(self, model: DecisionModel) -> tuple[object, str]:
        """Make the decision, or call the service or knowledge, that the case is about.

        Gives the value, and what went wrong on the way to it.
        """
        node = self._target(model)
        if node is None:
            message = f"the model has nothing of the name “{self.node}”"
            raise Unreadable(message)
        runtime = Runtime(CLOCK)
        given = {
            name: _fitting(value, model.graph.named(name, "inputData"), runtime)
            for name, value in self.given().items()
        }
        run = Run(runtime, given)
        value = self._answer(model, node, run)
        return value, "; ".join(dict.fromkeys(map(str, run.troubles)))

    def _answer(self, model: DecisionModel, node: Node, run: Run) -> object:
        if node.kind == "decisionService":
            return self._served(model, node, run)
        if node.kind == "businessKnowledgeModel":
            function = model.graph.function(node, run)
            if function is None:
                return None
            given = [run.given.get(name) for name in function.parameters]
            return function.call(run.runtime, given)
        model.graph.fix(run, node)
        return model.graph.decide(node.key, run)

    def _target(self, model: DecisionModel) -> Node | None:
        kind = KINDS.get(self._case.get("type", "decision"))
        if kind is not None:
            return self._named(model, self._case.get("invocableName") or self.node, [kind])
        return self._named(model, self.node, ["decision", *KINDS.values()])

    def _named(self, model: DecisionModel, name: str, kinds: list[str]) -> Node | None:
        """Find a node in the namespace that the case names, else in any."""
        found = (
            model.graph.named(name, kind, namespace)
            for namespace in (*self._namespaces, None)
            for kind in kinds
        )
        plain = next((node for node in found if node is not None), None)
        return plain or _reached(model, name, kinds)

    def _served(self, model: DecisionModel, node: Node, run: Run) -> object:
        value = model.graph.serve(node, run.within(run.runtime), run.given)
        outputs = [model.graph.node(key).name for key in node.outputs]
        several = len(outputs) > 1 and isinstance(value, dict)
        return value[self.node] if several and self.node in outputs else value


def _reached(model: DecisionModel, name: str, kinds: list[str]) -> Node | None:
    """Find a node of an imported model by its name behind those that lead to it."""
    graph = model.graph
    for node in graph.nodes():
        ways = graph.namespaces.ways(graph.namespace, node.namespace)
        if node.kind in kinds and name in {".".join((*way, node.title)) for way in ways}:
            return node
    return None


def _fitting(value: object, node: Node | None, runtime: Runtime) -> object:
    """Settle what a value without a type means by the input that it is for."""
    first, *others = meanings(value)
    if node is None:
        return first
    types, name = node.types, node.type_name
    fits = (each for each in (first, *others) if types.coerce(each, name, runtime) is not None)
    return next(fits, first)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def summary(outcomes: list[Outcome]) -> dict[str, object]:
    """Count what passed and report what did not."""
    failed = [outcome.report() for outcome in outcomes if not outcome.passed]
    return {"passed": len(outcomes) - len(failed), "total": len(outcomes), "failed": failed}


def main(arguments: list[str]) -> int:
    """Print the report of a folder; 2 when there is no such folder or no test file in it."""
    if len(arguments) != 1:
        return _refuse("usage: python -m tests.conformance.tck FOLDER")
    folder = Path(arguments[0])
    if not folder.is_dir() or not test_files(folder):
        return _refuse(f"{folder} is no folder with test files (*-test-*.xml).")
    with contextlib.redirect_stdout(sys.stderr):
        report = summary(list(run_folder(folder)))
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(why + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
