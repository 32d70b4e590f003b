"""What the diagram's editor offers: proven against what is there."""

from __future__ import annotations

import inspect
import re

import pytest

from workflow_app.domain.errors import NotFound
from workflow_app.services.designing.drafts import open_draft, read_file, write_file
from workflow_app.services.designing.feel_names import functions, names_at
from workflow_app.services.designing.operation_notes import NOTES
from workflow_app.services.designing.palette import choices_of
from workflow_app.services.designing.templates import element_templates
from workflow_app.services.operations import OPERATIONS, notices, outgoing, seats

READ = re.compile(r"""(?:call\.(?:get|need)|inputs\.get)\(\s*["'](\w+)["']""")
#: Read by a function through a name, a loop or a helper of another module.
INDIRECT = {
    "body.appoint": {"title", "secretary_role", "chair_role", "member_role", "convened_by"},
    "collection.open": {"show", "publish_answers"},
    "document.render": {"check"},
    "http.request": {"headers"},
}
GROUPS = {"takes": "Inputs", "gives": "Outputs"}
#: What the code reads and no designer writes.
INNER = {"notice.serve": {"to"}, "notify": {"document"}}
#: Needed only where something else is missing, or where a register has such a field.
SOMETIMES = {"register.upsert": {"key"}, "register.import": {"source"}}
SHARED = {
    "notify": [outgoing],
    "notice.serve": [outgoing, notices],
    "collection.open": [seats],
}


def read_by(kind):
    """Return the names that an operation's module reads."""
    modules = [inspect.getmodule(OPERATIONS[kind]), *SHARED.get(kind, [])]
    return {name for module in modules for name in READ.findall(inspect.getsource(module))}


def test_every_operation_is_offered():
    assert set(NOTES) == set(OPERATIONS)


@pytest.mark.parametrize("kind", sorted(NOTES))
def test_what_is_offered_is_read_by_the_code(kind):
    offered = {taken.name for taken in NOTES[kind].takes}
    assert offered - read_by(kind) - INDIRECT.get(kind, set()) == set()


@pytest.mark.parametrize("kind", sorted(NOTES))
def test_what_the_function_reads_is_offered(kind):
    offered = {taken.name for taken in NOTES[kind].takes}
    own = set(READ.findall(inspect.getsource(OPERATIONS[kind])))
    assert own - offered - INNER.get(kind, set()) == set()


def test_what_must_be_there_is_marked():
    for kind, note in NOTES.items():
        source = inspect.getsource(OPERATIONS[kind])
        needed = set(re.findall(r"""call\.need\(\s*["'](\w+)["']""", source))
        marked = {taken.name for taken in note.takes if taken.needed}
        assert needed - marked == SOMETIMES.get(kind, set()), kind


@pytest.fixture
def drafted(office):
    """Return a designer's context with a draft of the accreditation."""
    with office.acting("designer") as ctx:
        yield ctx, open_draft(ctx, "accreditation").id


def values(choices):
    return {one["value"] for one in choices}


def test_lists_hold_what_exists(drafted):
    ctx, draft_id = drafted
    offered = choices_of(ctx, draft_id)
    assert "decide_visit" not in values(offered["forms"])
    assert {"application", "assign_reviewers"} & values(offered["forms"])
    assert {"body_session", "appeal"} <= values(offered["processes"])
    assert "accreditation_eligibility" in " ".join(values(offered["decisions"]))
    assert {"reviewer", "registrar"} <= values(offered["roles"])
    assert values(offered["senders"]) == values(offered["roles"]) | {"public", "key_holder"}
    assert "item_for_agenda" in values(offered["messages"])
    assert "completeness.cure_days" in values(offered["settings"])
    assert all(offered.values()), [name for name, found in offered.items() if not found]


def test_a_form_of_the_draft_is_offered_by_its_short_name(drafted):
    ctx, draft_id = drafted
    body = '{"type": "default", "schemaVersion": 18, "id": "brand_new", "components": []}'
    write_file(ctx, draft_id, "forms/accreditation/brand_new.form", body, revision=0)
    offered = [one["value"] for one in choices_of(ctx, draft_id)["forms"]]
    assert "brand_new" in offered[: offered.index(next(one for one in offered if "/" in one))]


def test_templates_bind_types_headers_and_inputs(drafted):
    ctx, draft_id = drafted
    titles = {kind: note.title for kind, note in NOTES.items()}
    made = {
        one["description"]: one
        for one in element_templates(choices_of(ctx, draft_id), titles, GROUPS)
    }
    mail = made["notify"]
    assert mail["elementType"] == {"value": "bpmn:SendTask"}
    bound = {one["label"]: one for one in mail["properties"] if "label" in one}
    assert mail["properties"][0]["binding"] == {"type": "zeebe:taskDefinition", "property": "type"}
    assert bound["mail"]["binding"] == {"type": "zeebe:taskHeader", "key": "mail"}
    assert "key_holder" in {choice["value"] for choice in bound["to"]["choices"]}
    read = {one["label"]: one for one in made["register.read"]["properties"] if "label" in one}
    assert read["key"]["binding"] == {"type": "zeebe:input", "name": "key"}
    assert read["found"]["binding"] == {"type": "zeebe:output", "source": "=found"}


def test_functions_are_the_standard_s_and_ours():
    offered = {one["name"]: one for one in functions()}
    assert {"working days", "setting", "lookup", "mask", "substring", "count"} <= set(offered)
    assert offered["working days"]["params"] == [{"name": "days", "type": "number"}]
    assert "get or else" not in offered, "a function of another engine"


def test_names_at_a_step_are_those_written_before_it(drafted):
    ctx, draft_id = drafted
    early = {one["name"]: one for one in names_at(ctx, draft_id, "register_case")}
    late = {one["name"]: one for one in names_at(ctx, draft_id, "mark_in_force")}
    assert {part["name"] for part in early["case"]["entries"]} >= {"number", "territory"}
    assert set(early) < set(late)
    assert any(one["writers"] for name, one in late.items() if name not in early)


def test_names_come_with_types_and_parts(drafted):
    ctx, draft_id = drafted
    found = {one["name"]: one for one in names_at(ctx, draft_id, "mark_in_force")}
    kinds = {one["detail"] for one in found.values()}
    assert {"string", "boolean"} & kinds
    assert any(one.get("entries") for name, one in found.items() if name != "case")


def test_a_mapped_input_is_known_inside_only(drafted):
    ctx, draft_id = drafted
    path = "processes/accreditation/accreditation.bpmn"
    stored = read_file(ctx, draft_id, path)
    mapped = '<zeebe:ioMapping><zeebe:input source="=1" target="only_inside" />'
    body = stored.body.replace("<zeebe:ioMapping>", mapped, 1)
    write_file(ctx, draft_id, path, body, revision=stored.revision)
    at = body[: body.index("only_inside")].rpartition('Task id="')[2].partition('"')[0]
    assert "only_inside" in {one["name"] for one in names_at(ctx, draft_id, at)}


def test_names_of_a_draft_that_is_not_there(office):
    with office.acting("designer") as ctx, pytest.raises(NotFound):
        names_at(ctx, 4711, "anything")
