"""The interchange group's reference models: told, judged, stored and given back unchanged.

`BPMN_MIWG` names the folder that holds them. None is executable, so each is judged twice: as the
drawing that it is, and as a program, its processes declared executable.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from tests.services.drawing import source, two_steps
from workflow_app.engine import (
    RULES,
    InvalidSource,
    Source,
    lint,
    load_program,
    outline_of_xml,
)
from workflow_app.engine.labels import drawn_labels
from workflow_app.engine.reader import NODES, read_diagram
from workflow_app.services.closure import Seeds
from workflow_app.services.programs import load_source
from workflow_app.services.publishing import Outcome, load_seed, newest_versions

FOLDER = os.environ.get("BPMN_MIWG")
MODELS = sorted(Path(FOLDER or "/nowhere").glob("**/*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ANSWERS = {
    # what keeps a reference model from running as a program; nothing where it runs
    "A.1.0": set(),
    "A.2.0": {"flow-without-condition"},
    "A.2.1": {"flow-without-condition", "foreign-language"},
    "A.3.0": {"empty-sub-process", "missing-reference"},
    "A.4.0": set(),
    "A.4.1": set(),
}

pytestmark = pytest.mark.skipif(
    not MODELS, reason="BPMN_MIWG names no folder: THE REFERENCE MODELS ARE NOT READ"
)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)


def text_of(model):
    return model.read_bytes().decode()


def steps_in(steps):
    for step in steps:
        yield step
        yield from steps_in(step.steps)


@every_model
def test_a_model_is_told_whole(model):
    """Every node and every flow of the file stands in the outline, every name among the words."""
    text = text_of(model)
    told = [step for steps in outline_of_xml(model.name, text).values() for step in steps_in(steps)]
    root = etree.fromstring(text.encode())
    drawn = list(root.iter(*(f"{BPMN}{tag}" for tag in NODES)))
    assert {step.element for step in told} == {part.get("id") for part in drawn}
    flows = {part.get("id") for part in root.iter(f"{BPMN}sequenceFlow")}
    assert {following.flow for step in told for following in step.next} == flows
    labels = drawn_labels(text)
    named = {part.get("id") for part in drawn if part.get("name")}
    assert named <= labels.names.keys()
    assert all(step.kind and not re.search(r"[a-z][A-Z]", step.kind) for step in told)


@every_model
def test_a_drawing_is_told_to_be_no_program(model):
    files = {"processes/x/x.bpmn": text_of(model)}
    assert [one.code for one in lint(Source("x", files))] == ["no-process"]
    with pytest.raises(InvalidSource):
        load_program(Source("x", files))


@every_model
def test_whether_a_model_runs_has_a_clear_answer(model):
    text = text_of(model).replace('isExecutable="false"', 'isExecutable="true"')
    files = {"processes/x/x.bpmn": text}
    errors = [one for one in lint(Source("x", files)) if one.severity == "error"]
    assert {one.code for one in errors} == ANSWERS[model.stem]
    for one in errors:
        assert one.element
        assert f'"{one.element}"' in text.splitlines()[(one.line or 0) - 1]
        assert RULES[one.code].about
        assert "%(" not in one.text()
    if not errors:
        assert load_program(Source("x", files)).main in {g.id for g in processes(model, text)}


def processes(model, text):
    return read_diagram(model.name, text).processes


@every_model
def test_a_stored_model_comes_back_byte_for_byte(model, office, tmp_path):
    """Published beside a process that runs, exported as files, read again: nothing changed."""
    kept = f"processes/{source('').key}/reference.bpmn"
    good = source(two_steps())
    files = {**good.files, kept: text_of(model)}
    with office.acting() as ctx:
        assert load_seed(ctx, Source(good.key, files)).outcome is Outcome.PUBLISHED
    with office.acting() as ctx:
        version = next(one for one in newest_versions(ctx) if one.key == good.key)
        stored = load_source(ctx.session, version.id)
    for path, text in stored.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert (tmp_path / kept).read_bytes() == model.read_bytes()
    again = Seeds.from_folders(tmp_path / "processes", tmp_path / "forms").source(good.key)
    with office.acting() as ctx:
        assert load_seed(ctx, again).outcome is Outcome.UNCHANGED
