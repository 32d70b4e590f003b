"""The browser's FEEL (feelin) and ours, side by side, on what forms are made of."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from tests.conformance.parity import DIFFERENT, SAME, SCOPE
from workflow_app.feel import FeelError, FeelSyntaxError, compile_expression, to_json

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("parity.mjs")
BROWSER = ROOT / "node_modules" / "@bpmn-io" / "feelin"

pytestmark = pytest.mark.skipif(
    not BROWSER.exists(), reason="FEELIN IS NOT COMPARED: make setup brings it"
)


@pytest.fixture(scope="module")
def in_browser():
    """Return what feelin makes of each text, evaluated once together."""
    texts = [*SAME, *DIFFERENT]
    given = json.dumps([{"text": text, "scope": SCOPE} for text in texts])
    node = _run("sh", "tools/find_node.sh").strip()
    return dict(zip(texts, json.loads(_run(node, str(SCRIPT), given=given)), strict=True))


def _run(*command, given=""):
    done = subprocess.run(  # noqa: S603 - our own script and the texts of this folder
        command, input=given, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


def ours(text):
    try:
        return {"value": to_json(compile_expression(text).evaluate(SCOPE))}
    except FeelSyntaxError:
        return {"error": "text"}
    except FeelError:
        return {"error": "value"}


def agree(mine, other):
    """Compare two results; numbers to twelve digits, for the browser has no more to trust."""
    if isinstance(mine, bool) or isinstance(other, bool) or mine is None or other is None:
        return mine is other
    if isinstance(mine, int | float) and isinstance(other, int | float):
        return math.isclose(mine, other, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(agree, mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        return mine.keys() == other.keys() and all(agree(mine[k], other[k]) for k in mine)
    return type(mine) is type(other) and mine == other


def same(mine, other):
    if "error" in mine or "error" in other:
        return mine.get("error") == "text" and "error" in other
    return agree(mine["value"], other["value"])


@pytest.mark.parametrize("text", SAME)
def test_the_browser_and_the_server_agree(text, in_browser):
    assert same(ours(text), in_browser[text]), (ours(text), in_browser[text])


@pytest.mark.parametrize("text", list(DIFFERENT))
def test_a_known_difference_is_still_one(text, in_browser):
    assert not same(ours(text), in_browser[text]), "they agree now: move the text to SAME"
