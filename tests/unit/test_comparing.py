"""Two files of a process, compared element by element."""

from __future__ import annotations

import json

import pytest

from tests.support.installation import ROOT
from workflow_app.engine.comparing import compare_diagrams, compare_forms, compare_tables

DIAGRAM = (ROOT / "processes/publish_decision/publish_decision.bpmn").read_text("utf-8")
DRAWN = sorted((ROOT / "processes").glob("*/*.bpmn"))
TABLES = sorted((ROOT / "processes").glob("*/*.dmn"))


def found(differences):
    return [(one.state, one.kind, one.name) for one in differences]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "processes").glob("*/*.bpmn")), ids=lambda p: p.stem
)
def test_a_diagram_is_like_itself_however_it_is_spelt(path):
    text = path.read_text("utf-8")
    assert compare_diagrams(text, text.replace("\n", "\n  ")) == ()


def test_a_renamed_step_a_new_form_and_a_moved_shape_are_told_apart():
    changed = DIAGRAM.replace('name="Sign the decision"', 'name="Sign it"')
    changed = changed.replace('formId="redact"', 'formId="redact_twice"')
    told = compare_diagrams(DIAGRAM, changed)
    assert [one.state for one in told] == ["changed", "changed"]
    aspects = {aspect.name: (aspect.old, aspect.new) for one in told for aspect in one.aspects}
    assert aspects["name"] == ("Sign the decision", "Sign it")
    assert aspects["formDefinition/formId"] == ("redact", "redact_twice")
    first = DIAGRAM.index("<dc:Bounds")
    moved = DIAGRAM[:first] + DIAGRAM[first:].replace('x="', 'x="1', 1)
    assert {one.state for one in compare_diagrams(DIAGRAM, moved)} == {"placed"}


def test_what_is_gone_and_what_is_new_is_named():
    flow = '<bpmn:textAnnotation id="hint"><bpmn:text>Mind</bpmn:text></bpmn:textAnnotation>'
    more = DIAGRAM.replace("</bpmn:process>", f"{flow}</bpmn:process>", 1)
    assert found(compare_diagrams(DIAGRAM, more)) == [("new", "textAnnotation", "Mind")]
    assert found(compare_diagrams(more, DIAGRAM)) == [("gone", "textAnnotation", "Mind")]


def test_ways_are_called_by_the_steps_at_their_ends():
    names = {"a": "Begin", "b": "Look", "c": ""}
    tasks = "".join(f'<userTask id="{key}" name="{name}"/>' for key, name in names.items())
    way = '<sequenceFlow id="way" sourceRef="a" targetRef="{}"/>'
    old, new = (
        f'<definitions><process id="p">{tasks}{way.format(end)}</process></definitions>'
        for end in "bc"
    )
    (told,) = compare_diagrams(old, new)
    assert told.name == "Begin → c"
    assert [(one.old, one.new) for one in told.aspects] == [("Look", "c")]


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_a_changed_cell_is_one_changed_row(path):
    text = path.read_text("utf-8")
    assert compare_tables(text, text) == ()
    cell = text.rindex("<text>", 0, text.rindex("</outputEntry>"))
    changed = text[: cell + 6] + "1 + " + text[cell + 6 :]
    (told,) = compare_tables(text, changed)
    assert (told.state, told.kind) == ("changed", "rule")
    assert told.aspects[0].name.startswith("outputEntry:")


def test_fields_of_a_form_are_compared_by_their_names():
    old = {"components": [{"type": "textfield", "key": "name", "label": "Name", "id": "a"}]}
    new = {
        "components": [
            {"type": "textfield", "key": "name", "label": "Full name", "id": "b"},
            {"type": "number", "key": "age", "label": "Age"},
        ]
    }
    told = compare_forms(json.dumps(old), json.dumps(new))
    assert found(told) == [("changed", "textfield", "Full name"), ("new", "number", "Age")]
    assert [(a.name, a.old, a.new) for a in told[0].aspects] == [("label", "Name", "Full name")]
