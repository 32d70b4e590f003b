"""A call of 500 applications, each scored by three: allocation, ranking, money.

What is measured are the operations and the expressions of the diagram that evaluates a call, over
applications, evaluators, conflicts and scores that are the same on every run.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from bench.measure import Figure
from workflow_app.feel import compile_expression, to_json
from workflow_app.services.operations.allocation import (
    allocate_people,
    allot_money,
    rank_rows,
)
from workflow_app.services.operations.call import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workflow_app.services.scope import StepScope

    Operation = Callable[[StepScope, Call], dict[str, Any]]

APPLICATIONS, EVALUATORS, EACH = 500, 30, 3
BAR = 5.0
DIAGRAM = Path(__file__).parent.parent / "processes/grant_evaluation/grant_evaluation.bpmn"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
NOBODY = cast("StepScope", None)


def call_of(count: int = APPLICATIONS) -> dict[str, Any]:
    """Return the data of a call before its evaluation: `count` applications, 60 holders."""
    applications = [
        {
            "number": f"GAP-{n:04}",
            "title": f"Project {n}",
            "applicant": f"Organisation {n % 60}",
            "organisation": f"o{n % 60}",
            "org_key": f"264.{n % 60:03}",
            "partners": [f"p{n % 37}"],
            "requested": 20000 + n * 37 % 25000 + 0.01 * (n % 100),
            "submitted_at": f"2026-12-{1 + n % 28:02}T{n % 24:02}:00:00+04:00",
        }
        for n in range(count)
    ]
    people = [
        {
            "username": f"evaluator{n}",
            "belongs": [f"o{n}"],
            "relations": [f"p{n % 37}", f"o{(n + 7) % 60}"],
            "capacity": None if n % 3 else 2 * count * EACH // EVALUATORS,
        }
        for n in range(EVALUATORS)
    ]
    rules = {"total": 45000 * 5 * 20, "max_awards_per_org": 2, "currency": "EUR"}
    return {"applications": applications, "people": people, "call": rules}


def evaluate(data: dict[str, Any], seed: str) -> dict[str, Any]:
    """Allocate, rank and allot as the diagram does; return the data that it comes to."""
    data = {**data, "each": EACH, "seed": seed, "moves": [], "reductions": []}
    data |= {"partial_choice": None, "partial_amount": None, "groups": []}
    data["items"] = [
        {"key": one["number"], "apart": [one["organisation"], *one["partners"]]}
        for one in data["applications"]
    ]
    data |= _call("allocate", allocate_people, data)
    given = data["allocation"]["allocated"]
    pairs = zip(data["applications"], given, strict=True)
    data["judged"] = [{**one, **_judged(n, got)} for n, (one, got) in enumerate(pairs)]
    data |= _call("rank", rank_rows, data)
    data |= _script("clear_changes", data)
    data |= _script("apply_changes", data)
    data |= _call("rank_again", rank_rows, data)
    data |= _call("allot", allot_money, data)
    return data | _script("results", data)


def evaluation() -> Iterator[tuple[str, Figure]]:
    """Measure the processor's time for the whole of it."""
    data = call_of()
    begun = process_time()
    evaluate(data, "a call")
    yield (
        "evaluation_of_500_applications",
        Figure(value=process_time() - begun, unit="s", bar=BAR),
    )


def _judged(number: int, given: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one review: totals, relevance and capacity made of the number."""
    total = 40 + number * 7919 % 600 / 10
    return {
        "application": given["key"],
        "total": total,
        "spread": 5,
        "relevance": 8 + number % 12,
        "sections": [{"code": str(n), "points": total / 5} for n in range(1, 6)],
        "totals": [total] * len(given["people"]),
        "reason": "capacity" if number % 10 < 1 else "quality" if total < 60 else None,
    }


def _script(element: str, data: dict[str, Any]) -> dict[str, Any]:
    """Run a script of the diagram over data, as the engine does."""
    return cast("dict[str, Any]", _value(_drawn(element, "script").get("expression"), data))


def _call(element: str, operation: Operation, data: dict[str, Any]) -> dict[str, Any]:
    """Run a service task of the diagram over data: its inputs, the operation, its outputs."""
    mapping = _drawn(element, "ioMapping")
    inputs = {i.get("target"): _value(i.get("source"), data) for i in mapping.iter(f"{ZEEBE}input")}
    came = operation(NOBODY, Call(inputs=inputs, headers={}, data=data))
    seen = {**data, **came}
    return {o.get("target"): _value(o.get("source"), seen) for o in mapping.iter(f"{ZEEBE}output")}


def _drawn(element: str, kind: str) -> Any:
    found = etree.parse(DIAGRAM).find(f".//*[@id='{element}']//{ZEEBE}{kind}")
    if found is None:
        raise LookupError(element)
    return found


def _value(text: str, data: dict[str, Any]) -> Any:
    return to_json(compile_expression(text).evaluate(data))
