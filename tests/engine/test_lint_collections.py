"""What diagrams say of collections: forms, roles, words and the keys that tasks work on."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, lint

PLAIN = "start:s end:e"
WAYS = "s>O O>A A>e"
FORMS = {"forms/p/remark.form": '{"components": []}', "forms/p/reply.form": '{"components": []}'}
HEADERS = {"collection": "remarks", "form": "remark", "answer_form": "reply"}


def tag(name, **said):
    inner = "".join(
        f'<zeebe:{name} {"key" if name == "header" else "name"}="{key}" value="{value}"/>'
        for key, value in said.items()
    )
    group = "taskHeaders" if name == "header" else "properties"
    return f"<zeebe:{group}>{inner}</zeebe:{group}>"


def found(bpmn, *, task="remarks", kind="userTask", mapped="", **changes):
    said = {**HEADERS, **changes}
    operation = '<zeebe:taskDefinition type="collection.open"/>'
    inputs = f"<zeebe:ioMapping>{mapped}</zeebe:ioMapping>" if mapped else ""
    opens = bpmn.extended("serviceTask", "O", operation + inputs + tag("header", **said))
    works = bpmn.extended(kind, "A", tag("property", collection=task))
    files = {**bpmn.files(bpmn.process("p", PLAIN, WAYS, opens + works)), **FORMS}
    roles = frozenset({"clerk"})
    return {(one.code, one.element): one for one in lint(Source("p", files), roles=roles)}


CODES = (
    "collection-not-opened",
    "collection-word",
    "missing-form",
    "unused-form",
    "unknown-role",
    "property-elsewhere",
)


def test_a_collection_that_is_drawn_well_is_nothing_to_speak_of(bpmn):
    told = found(bpmn, show="answered", publish_answers="closing", answered_by="clerk")
    assert [code for code, _element in told if code in CODES] == []


def test_a_task_on_a_collection_that_nothing_opens_is_found(bpmn):
    told = found(bpmn, task="remark")["collection-not-opened", "A"]
    assert told.severity == "error"
    assert told.params["collection"] == "remark"


def test_a_key_that_is_worked_out_may_be_any(bpmn):
    mapped = '<zeebe:input source="=area + &quot;s&quot;" target="collection"/>'
    assert ("collection-not-opened", "A") not in found(bpmn, task="areas", mapped=mapped)
    fixed = '<zeebe:input source="=&quot;areas&quot;" target="collection"/>'
    assert ("collection-not-opened", "A") not in found(bpmn, task="areas", mapped=fixed)
    assert ("collection-not-opened", "A") in found(bpmn, task="remarks", mapped=fixed)


@pytest.mark.parametrize("header", ["form", "answer_form"])
def test_a_form_that_is_not_there_is_found(bpmn, header):
    told = found(bpmn, **{header: "gone"})
    assert told["missing-form", "O"].params["form"] == "p/gone"


def test_a_role_that_is_none_is_found(bpmn):
    assert found(bpmn, answered_by="nobody")["unknown-role", "O"].params["role"] == "nobody"


@pytest.mark.parametrize(
    ("header", "value"),
    [("show", "everything"), ("publish_answers", "later"), ("anonymous", "yes")],
)
def test_a_word_that_says_nothing_is_found(bpmn, header, value):
    told = found(bpmn, **{header: value})["collection-word", "O"]
    assert told.params["value"] == value


def test_the_property_stands_on_user_tasks_only(bpmn):
    assert ("property-elsewhere", "A") in found(bpmn, kind="scriptTask")
