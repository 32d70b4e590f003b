"""A gateway's condition in FEEL: ours, SpiffWorkflow's own `eval`, and two other libraries.

The libraries are no part of this project: they are fetched into a virtual environment in the
bench's own folder, run there by a program of their own, and go with the folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from bench.measure import Figure, Timer, interleaved, ratio
from workflow_app.feel import compile_expression
from workflow_app.feel.expression import Expression
from workflow_app.feel.reading.parser import parse_expression

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLS = 500
ROUNDS = 20
COMPILED = 20
BAR = 1.5
CONDITION = 'amount > 1000 and status = "open"'
# pySFeel reads the former as amount > (1000 and …), so all of these are asked this way.
BRACKETED = '(amount > 1000) and (status = "open")'
PYTHON = 'amount > 1000 and status == "open"'
DATA = {"amount": 1250, "status": "open", "note": "The rooms were seen."}
SCRIPT = (
    "{"
    + ",\n".join(
        f"row {row}: if amount > {row} then sum([amount, {row}, 3]) * 1.2 else count(note)"
        for row in range(30)
    )
    + "}"
)
OTHERS = ("bkflow-feel", "pySFeel")
SECONDS_TO_FETCH = 180
# Runs where the other libraries are: answers to a true and a false condition, and microseconds.
CHILD = """
import json, sys, time
asked = json.load(sys.stdin)
def microseconds(call):
    best = []
    for _ in range(asked["rounds"]):
        begun = time.perf_counter()
        for _ in range(asked["calls"]):
            call()
        best.append((time.perf_counter() - begun) / asked["calls"] * 1e6)
    return sorted(best)[len(best) // 2]
def bkflow():
    from bkflow_feel.api import parse_expression
    return lambda data: parse_expression(asked["text"], data)
def pysfeel():
    from pySFeel import SFeelParser
    parser = SFeelParser()
    def call(data):
        for name, value in data.items():
            parser.sFeelParse(name + " <- " + json.dumps(value))
        return parser.sFeelParse(asked["text"])[1]
    return call
found = {}
for name, make in {"bkflow-feel": bkflow, "pySFeel": pysfeel}.items():
    try:
        call = make()
        answers = [call(asked["data"]), call({**asked["data"], "amount": 1})]
    except Exception as error:
        found[name] = {"failed": repr(error)}
        continue
    found[name] = {"answers": answers, "us": microseconds(lambda: call(asked["data"]))}
print(json.dumps(found))
"""


def feel(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Evaluate the spellings in turn; then compile; then let the other libraries evaluate."""
    environment = TaskDataEnvironment()

    def ours(timer: Timer) -> None:
        timer.call(lambda: [compile_expression(f"= {CONDITION}").evaluate(DATA) for _ in _CALLS])

    def theirs(timer: Timer) -> None:
        timer.call(lambda: [environment.evaluate(PYTHON, DATA) for _ in _CALLS])

    mine, other = interleaved(ROUNDS, ours, theirs)
    yield (
        "condition_vs_eval",
        Figure(value=ratio(mine, other), unit="ratio", bar=BAR, note=CONDITION),
    )
    yield "condition_us", Figure(value=_each(mine), unit="us")
    yield "condition_eval_us", Figure(value=_each(other), unit="us", note="SpiffWorkflow's eval")
    yield from _compiling()
    yield from _others(folder)


_CALLS = range(CALLS)


def _each(timer: Timer, calls: int = CALLS) -> float:
    return round(timer.median / calls * 1e6, 2)


def _compiling() -> Iterator[tuple[str, Figure]]:
    for name, text in (("condition_compile_us", CONDITION), ("script_compile_us", SCRIPT)):

        def compiled(timer: Timer, text: str = text) -> None:
            timer.call(lambda: [Expression(text, parse_expression(text)) for _ in range(COMPILED)])

        (timer,) = interleaved(ROUNDS, compiled)
        yield name, Figure(value=_each(timer, COMPILED), unit="us", note="once for each text")
    script = compile_expression(SCRIPT)
    (timer,) = interleaved(ROUNDS, lambda timer: timer.call(lambda: script.evaluate(DATA)))
    yield "script_us", Figure(value=_each(timer, 1), unit="us", note="a context of 30 entries")


def _others(folder: Path) -> Iterator[tuple[str, Figure]]:
    python = _fetched(folder)
    if python is None:
        return
    asked = {"text": BRACKETED, "data": DATA, "calls": 50, "rounds": 5}
    answer = _run([python, "-c", CHILD], json.dumps(asked))
    found = {} if answer is None else json.loads(answer)
    expected = [
        compile_expression(BRACKETED).evaluate({**DATA, "amount": amount})
        for amount in (DATA["amount"], 1)
    ]
    for name in OTHERS:
        told = found.get(name, {"failed": "it did not run"})
        if told.get("answers") != expected:
            print(f"{name} is left out: {told.get('failed', told.get('answers'))}", flush=True)
            continue
        key = f"condition_{name.replace('-', '_').lower()}_us"
        yield key, Figure(value=round(told["us"], 2), unit="us", note=f"{name}: {BRACKETED}")


def _fetched(folder: Path) -> str | None:
    """Fetch the other libraries; give the Python that has them, or say why there is none."""
    place = folder / "other-libraries"
    python = str(place / "bin" / "python")
    made = _run([sys.executable, "-m", "venv", str(place)])
    if made is None or _run([python, "-m", "pip", "install", "--quiet", *OTHERS]) is None:
        print(f"{', '.join(OTHERS)}: could not be fetched, so are left out", flush=True)
        return None
    return python


def _run(command: list[str], told: str = "") -> str | None:
    """Run a program; give what it printed, or nothing when it failed."""
    try:
        done = subprocess.run(  # noqa: S603 - the programs stand above
            command,
            input=told,
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS_TO_FETCH,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout
