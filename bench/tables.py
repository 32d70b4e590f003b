"""Decision tables: 2,000 rows against 20, and SpiffWorkflow's own engine on the same 20."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from bench.measure import Figure, Timer, interleaved, ratio
from workflow_app.dmn import load_decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Row = tuple[str, str, str, str, str]

ROUNDS = 20
ASKED = 40
BAR = 5.0
NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
COLUMNS = (("service", "string"), ("district", "string"), ("score", "number"), ("first", "boolean"))
# Bands of the score with what is asked of newcomers there, in FEEL and in SpiffWorkflow's Python.
BANDS = (
    ("< 40", "? < 40", "-", "-"),
    ("[40..55)", "40 <= ? < 55", "true", "True"),
    ("[40..55)", "40 <= ? < 55", "false", "False"),
    ("[55..70)", "55 <= ? < 70", "-", "-"),
    (">= 70", "? >= 70", "-", "-"),
)
SCORES = (12, 47, 54.5, 60, 93)


def rows(count: int, *, python: bool = False) -> list[Row]:
    """Make a table of so many rows: each service in each district has five bands."""
    places = round((count / len(BANDS)) ** 0.5)
    return [
        (
            f'"service {service}"',
            f'"district {district}"',
            band[int(python)],
            band[2 + int(python)],
            f'"outcome {service + district + place}"',
        )
        for service, district in product(range(places), repeat=2)
        for place, band in enumerate(BANDS)
    ]


def model(table: list[Row]) -> bytes:
    """Write the table as a decision model."""
    columns = "".join(
        f'<input id="{name}"><inputExpression typeRef="{kind}"><text>{name}</text>'
        "</inputExpression></input>"
        for name, kind in COLUMNS
    )
    return (
        f'<definitions xmlns="{NAMESPACE}" namespace="bench" name="bench">'
        '<decision id="d" name="d"><decisionTable id="t" hitPolicy="UNIQUE">'
        f'{columns}<output id="o" name="outcome" typeRef="string"/>'
        f"{''.join(_rule(place, row) for place, row in enumerate(table))}"
        "</decisionTable></decision></definitions>"
    ).encode()


def _rule(place: int, row: Row) -> str:
    *tests, outcome = row
    cells = [
        f'<inputEntry id="i{place}_{column}"><text>{escape(cell)}</text></inputEntry>'
        for column, cell in enumerate(tests)
    ]
    given = f'<outputEntry id="o{place}"><text>{escape(outcome)}</text></outputEntry>'
    return f'<rule id="r{place}">{"".join(cells)}{given}</rule>'


def questions(table: list[Row]) -> list[dict[str, Any]]:
    """Ask for rows from the first to the last, evenly."""
    step = len(table) / ASKED
    asked = []
    for number in range(ASKED):
        place = int(number * step)
        first = table[place][3] != "false"
        asked.append(
            {
                "service": table[place][0].strip('"'),
                "district": table[place][1].strip('"'),
                "score": SCORES[place % len(BANDS)],
                "first": first,
            }
        )
    return asked


def ours(count: int) -> Callable[[], list[object]]:
    """Return what decides all questions of a table of ours."""
    table = rows(count)
    decisions, asked = load_decisions(model(table)), questions(table)
    return lambda: [decisions.evaluate("d", each).value for each in asked]


def theirs(count: int) -> Callable[[], list[object]]:
    """Return what decides the same questions in SpiffWorkflow's DMN."""
    parsed = DMNParser(None, etree.fromstring(model(rows(count, python=True))), {"dmn": NAMESPACE})
    parsed.parse()
    engine = DMNEngine(parsed.decision.decisionTables[0])
    workflow = SimpleNamespace(script_engine=PythonScriptEngine(environment=TaskDataEnvironment()))
    tasks = [SimpleNamespace(data=dict(each), workflow=workflow) for each in questions(rows(count))]
    return lambda: [engine.result(task)["outcome"] for task in tasks]


def tables() -> Iterator[tuple[str, Figure]]:
    """Ask the three tables the same questions in turn."""
    small, large, other = ours(20), ours(2000), theirs(20)

    def timed(work: Callable[[], list[object]]) -> Callable[[Timer], None]:
        return lambda timer: timer.call(work)

    few, many, spiff = interleaved(ROUNDS, timed(small), timed(large), timed(other))
    note = "four columns of texts, ranges and booleans, hit policy UNIQUE"
    yield "table_2000_vs_20", Figure(value=ratio(many, few), unit="ratio", bar=BAR, note=note)
    yield "table_20_us", Figure(value=round(few.median / ASKED * 1e6, 1), unit="us")
    yield "table_2000_us", Figure(value=round(many.median / ASKED * 1e6, 1), unit="us")
    yield (
        "table_20_spiff_us",
        Figure(
            value=round(spiff.median / ASKED * 1e6, 1),
            unit="us",
            note="SpiffWorkflow's DMN with its Python, which stops at the first row that matches",
        ),
    )
