"""Calls bound to a version: closed at publication, by tag to a stored version."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests.services.several import begin, cases_of, data_of, drawn, task
from tests.support.answers import open_item
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import WorkItem
from workflow_app.services.checking import check_files
from workflow_app.services.closure import Seeds
from workflow_app.services.publishing import Outcome, load_seeds
from workflow_app.services.tasks import complete_task


def call(process, bound=""):
    return (
        '<bpmn:callActivity id="call"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{process}" {bound}/>'
        "</bpmn:extensionElements></bpmn:callActivity>"
    )


def tagged(tag):
    return f'bindingType="versionTag" versionTag="{tag}"'


def caller(bound="", *, key="caller", process="called", more=""):
    return drawn(
        key, "begin>call call>first first>done", call(process, bound), task("first"), more=more
    )


def called(says, *, tag="", key="called"):
    script = (
        '<bpmn:scriptTask id="say"><bpmn:extensionElements><zeebe:script '
        f'expression="=&quot;{says}&quot;" resultVariable="said"/>'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )
    return drawn(key, "start>say say>second second>done", PLAIN, script, task("second"), tag=tag)


PLAIN = '<bpmn:startEvent id="start"/>'


def seeds(*sources):
    return Seeds({path: text for source in sources for path, text in source.files.items()})


def load(office, *sources):
    with office.acting() as ctx:
        results = load_seeds(ctx, seeds(*sources))
    return {result.key: result for result in results}


def versions(office, key):
    query = select(ProcessVersion.number).where(ProcessVersion.key == key)
    return office.read(lambda s: sorted(s.scalars(query)))


def say(office, **answers):
    """Run the newest caller up to the inner task and say what the called process said."""
    case = begin(office, "caller", **answers)
    return case, data_of(office, cases_of(office, "caller")[-1])["said"]


@pytest.mark.bpmn("call activity of a process", "runs")
@pytest.mark.parametrize("bound", ["", 'bindingType="latest"', 'bindingType="deployment"'])
def test_latest_and_deployment_mean_as_published(office, bound):
    load(office, caller(bound), called("old"))
    case, said = say(office)
    assert said == "old"
    load(office, caller(bound), called("new"))
    assert versions(office, "caller") == [1, 2]
    assert say(office)[1] == "new"
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case, "second"), {})
    assert open_item(office, case, "first")


def test_a_tag_is_met_by_the_seed_that_has_it(office):
    result = load(office, caller(tagged("2024")), called("tagged", tag="2024"))
    assert result["caller"].outcome is Outcome.PUBLISHED
    case, said = say(office)
    assert said == "tagged"
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case, "second"), {})
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case, "first"), {})
    assert cases_of(office, "caller")[0].phase == "finished"


def test_a_tag_is_met_by_the_stored_version_that_has_it(office):
    load(office, called("old", tag="2024"))
    load(office, called("middle", tag="2025"))
    load(office, caller(tagged("2024")), called("new", tag="2026"))
    assert say(office)[1] == "old"
    load(office, caller(tagged("2024")), called("newest", tag="2027"))
    assert versions(office, "caller") == [1]
    assert say(office)[1] == "old"


def test_the_newest_version_with_a_tag_is_taken_and_the_latest_may_be_called_beside(office):
    load(office, called("first", tag="2024"))
    load(office, called("second", tag="2024"))
    both = drawn(
        "caller",
        "begin>call call>other other>done",
        call("called", tagged("2024")),
        call("called").replace('id="call"', 'id="other"'),
    )
    load(office, both, called("latest"))
    case, said = say(office)
    assert said == "second"
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case, "second"), {})
    assert data_of(office, cases_of(office, "caller")[0])["said"] == "latest"
    elements = office.read(lambda s: sorted(s.scalars(select(WorkItem.element))))
    assert elements == ["called/second", "called@called.2024/second"]


def test_a_version_brings_what_it_was_published_with(office):
    middle = drawn("called", "start>call call>done", PLAIN, call("deep"), tag="2024")
    load(office, middle, called("deep then", key="deep"))
    load(office, caller(tagged("2024")), called("new"), called("deep now", key="deep"))
    assert say(office)[1] == "deep then"


def test_its_forms_are_those_of_its_version(office):
    load(office, called("old", tag="2024"))
    old = called("new")
    title = json.dumps({"type": "default", "schemaVersion": 16, "components": []})
    files = {**old.files, "forms/called/second.form": title}
    load(office, caller(tagged("2024")), type(old)(key="called", files=files))
    say(office)
    form = office.read(lambda s: s.scalar(select(WorkItem.form)))
    assert form == "called@called.2024/second"


@pytest.mark.parametrize("tag", ["2030", ""])
def test_a_tag_that_no_version_has_is_refused(office, tag):
    result = load(office, caller(tagged(tag)), called("new", tag="2024"))
    assert result["caller"].outcome is Outcome.REFUSED
    assert [one.code for one in result["caller"].findings] == ["no-version"]
    assert result["caller"].findings[0].params["tag"] == tag


@pytest.mark.parametrize(("has", "codes"), [("2024", set()), ("2023", {"no-version"})])
def test_a_form_bound_to_a_tag_must_have_it(has, codes):
    source = caller()
    path = "processes/caller/caller.bpmn"
    text = source.files[path].replace('formId="first"', f'formId="first" {tagged("2024")}')
    form = json.dumps({"type": "default", "schemaVersion": 16, "versionTag": has, "components": []})
    files = {**source.files, path: text, "forms/caller/first.form": form, **called("x").files}
    found = check_files(type(source)(key="caller", files=files), frozenset({"registrar"}))
    assert {one.code for one in found if one.severity == "error"} == codes
    assert all(one.element == "first" for one in found if one.code == "no-version")


def test_a_case_that_runs_keeps_the_called_version_it_began_with(office):
    load(office, caller(), called("old"))
    case, _said = say(office)
    load(office, caller(), called("new"))
    version = office.read(lambda s: s.get_one(Case, case).process_version_id)
    assert version != office.read(
        lambda s: s.scalar(
            select(ProcessVersion.id).where(
                ProcessVersion.key == "caller", ProcessVersion.number == 2
            )
        )
    )
