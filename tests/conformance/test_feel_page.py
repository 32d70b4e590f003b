"""Every example of docs/feel.md, run as it stands there."""

import doctest
import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from workflow_app.feel import FeelError, compile_expression, compile_unary_tests
from workflow_app.feel.operators import equal
from workflow_app.feel.runtime import Runtime
from workflow_app.services.host import Host

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```feel\n(.*?)^```", re.DOTALL | re.MULTILINE)
CELL = re.compile(r"^\| `(.+?)` \| `(.+?)` \| `(true|false|null)` \|$", re.MULTILINE)
NOW = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Yerevan"))
SETTINGS = {
    row["key"]: row["value"]
    for row in tomllib.loads((ROOT / "processes" / "settings.toml").read_text(encoding="utf-8"))[
        "setting"
    ]
}


def _examples():
    for block in BLOCK.finditer(PAGE):
        for example in re.split(r"\n\s*\n", block[1].strip()):
            text, _, result = example.partition("\n→ ")
            line = PAGE.count("\n", 0, block.start()) + 1
            yield pytest.param(text, result, id=f"line {line}: {text[:40]}")


class OnPaper(Host):
    """The host's functions with the settings of the files, and no database."""

    def setting(self, key):
        return SETTINGS[key]


@pytest.fixture(scope="module")
def scope():
    return json.loads(re.search(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1])


@pytest.fixture(scope="module")
def functions():
    return OnPaper(SimpleNamespace(now=NOW), "AM/syunik").functions


def value(text, scope, functions):
    return compile_expression(text).run(Runtime(functions), scope)


@pytest.mark.parametrize(("text", "result"), list(_examples()))
def test_an_example_comes_out_as_the_page_says(text, result, scope, functions):
    assert result, "an example ends with “→ …”"
    if result.startswith("error: "):
        with pytest.raises(FeelError) as refused:
            value(text, scope, functions)
        assert refused.value.reason == result.removeprefix("error: ")
        return
    if result.startswith("null, because: "):
        explained = compile_expression(text).explain(scope, functions)
        assert explained.value is None
        assert explained.warnings[0].reason == result.removeprefix("null, because: ")
        return
    got, expected = value(text, scope, functions), value(result, scope, functions)
    assert equal(got, expected) is True, (got, expected)


@pytest.mark.parametrize(("cell", "tested", "passes"), CELL.findall(PAGE))
def test_a_cell_passes_what_the_page_says(cell, tested, passes, scope, functions):
    test = compile_unary_tests(cell)
    got = test.run(Runtime(functions), scope, value(tested, scope, functions))
    assert got is {"true": True, "false": False, "null": None}[passes]


def test_the_page_tells_python_programmers_the_truth(monkeypatch):
    monkeypatch.chdir(ROOT)
    sample = re.search(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1]
    test = doctest.DocTestParser().get_doctest(sample, {}, "docs/feel.md", "docs/feel.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    said = []
    runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_the_page_has_examples():
    assert len(list(_examples())) > 60
    assert len(CELL.findall(PAGE)) >= 10
