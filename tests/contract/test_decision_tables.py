"""Every decision table beside the processes: drawn, worded, sourced, free of numbers.

The rules hold for tables of any process; nothing here names one.
"""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from workflow_app.adapters.word_files import extract_dmn
from workflow_app.dmn import load_decisions
from workflow_app.dmn.analysis import analyse
from workflow_app.dmn.drawn import said

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "processes").rglob("*.dmn"))
SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
#: Decisions by order, or every reason that applies; others hide why a row was taken.
POLICIES = {"FIRST", "COLLECT"}
TYPES = {"string", "number", "boolean", "Any"}
# Nought, one and a hundred (of per cent) count things; every other number belongs to somebody.
OWNED = re.compile(r"(?<![\w.\"])(?!(?:0|1|100)\b)\d+(?:\.\d+)?(?![\w\"])")
MARK = re.compile(r"\[(?:A|K|P \d+|S)\]")


def tag(element, name):
    return element.iter(f"{{{SPACE}}}{name}")


def text(element):
    return "".join(element.itertext()).strip()


def read(path):
    return etree.fromstring(path.read_bytes())


def short(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture(params=FILES, ids=short)
def file(request):
    return request.param


@pytest.fixture
def model(file):
    return read(file)


def test_there_are_tables():
    assert len(FILES) >= 16


def test_it_opens_as_a_drawing(model):
    assert model.tag == f"{{{SPACE}}}definitions"
    drawn = {shape.get("dmnElementRef") for shape in model.iter(f"{{{DI}}}DMNShape")}
    assert drawn == {decision.get("id") for decision in tag(model, "decision")}


def test_every_id_stands_once(model):
    ids = Counter(element.get("id") for element in model.iter(etree.Element) if element.get("id"))
    assert [one for one, times in ids.items() if times > 1] == []
    parts = ("decision", "decisionTable", "input", "output", "rule", "inputEntry", "outputEntry")
    assert all(element.get("id") for part in parts for element in tag(model, part))


def test_the_file_is_named_after_its_decision(file, model):
    assert [decision.get("id") for decision in tag(model, "decision")] == [file.stem]


def test_columns_have_words_and_types(model):
    for decision in tag(model, "decision"):
        assert decision.get("name")
        assert [text(one) for one in tag(decision, "question")] != []
        labels = [one.get("label") for kind in ("input", "output") for one in tag(decision, kind)]
        assert all(label and label[0].isupper() for label in labels)
        columns = [*tag(decision, "inputExpression"), *tag(decision, "output")]
        assert {column.get("typeRef") for column in columns} <= TYPES


def test_codes_that_it_gives_are_listed(model):
    """A text output that is a code, no sentence, is one of the values its column allows."""
    for table in tag(model, "decisionTable"):
        for place, output in enumerate(tag(table, "output")):
            values = [text(one) for one in tag(output, "outputValues")]
            cells = [[*tag(rule, "outputEntry")][place] for rule in tag(table, "rule")]
            codes = {text(cell) for cell in cells if re.fullmatch(r'"\w+"', text(cell))}
            assert codes <= set(",".join(values).split(",")), output.get("name")


def test_the_order_of_its_rows_is_its_meaning(model):
    for table in tag(model, "decisionTable"):
        assert table.get("hitPolicy") in POLICIES
        if table.get("hitPolicy") == "FIRST":
            last = [*tag(table, "rule")][-1]
            assert {text(cell) for cell in tag(last, "inputEntry")} == {"-"}


def test_every_row_counts_and_nothing_is_left_open(file):
    found = load_decisions(file.read_bytes())
    tables = [found.graph.node(decision).table for decision in found.decisions]
    assert [finding for table in tables for finding in analyse(table)] == []


def test_every_row_says_why_and_where_from(model):
    for rule in tag(model, "rule"):
        [note] = [text(one) for one in rule if one.tag == f"{{{SPACE}}}description"]
        assert MARK.search(note), rule.get("id")


def test_numbers_come_from_settings(model):
    parts = ("inputExpression", "inputEntry", "outputEntry", "inputValues")
    cells = [text(element) for part in parts for element in tag(model, part)]
    unquoted = [re.sub(r'"[^"]*"', '""', cell) for cell in cells]
    assert [cell for cell in unquoted if OWNED.search(cell)] == []


def test_translators_see_all_its_words(file, model):
    extracted = extract_dmn(BytesIO(file.read_bytes()), (), (), {})
    found = {words for _line, _kind, words, _comments in extracted}
    words = {e.get("label") for kind in ("input", "output") for e in tag(model, kind)}
    words |= {decision.get("name") for decision in tag(model, "decision")}
    words |= {text(question) for question in tag(model, "question")}
    words |= {said(text(note)) for note in tag(model, "description")}
    outputs = {text(cell) for cell in tag(model, "outputEntry")}
    words |= {one.strip('"') for one in outputs if re.fullmatch(r'"[^"]* [^"]*"', one)}
    assert words <= found
    assert not [one for one in found if MARK.search(one)]
