"""What fails stays where it was: stuck cases, files that are refused at load, edits that win."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.services.drawing import KEY, begin, publish, source, two_steps
from tests.support.answers import case_row, open_item
from workflow_app.domain.errors import Conflict, NotAllowed
from workflow_app.engine import Source
from workflow_app.models.case import Answer, History, Incident
from workflow_app.models.catalogue import ProcessRefusal, ProcessVersion, Setting
from workflow_app.services.auditing import verify_all
from workflow_app.services.publishing import Outcome, load_seed, publish_version
from workflow_app.services.retrying import retry_incident
from workflow_app.services.seeding import load_catalogue
from workflow_app.services.stuck import CaseStuck, record_incident
from workflow_app.services.tasks import complete_task

MISSING = "test.rate"


@pytest.fixture
def stuck(office):
    """Return a case that is stuck for want of a setting, as the web's edge records it."""
    publish(office, two_steps(between=f"=setting(&#34;{MISSING}&#34;) * amount"))
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    with pytest.raises(CaseStuck) as caught, office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 3})
    with office.acting("registrar") as ctx:
        record_incident(ctx, caught.value)
    return case_id


def give_value(office, value=2):
    with office.acting() as ctx:
        ctx.session.add(Setting(key=MISSING, territory_code="AM", value={"value": value}))


def test_a_failing_expression_leaves_the_case_where_it_was(office, stuck):
    case = case_row(office, stuck)
    assert case.phase == "stuck"
    assert open_item(office, stuck, "first")
    incident = office.read(lambda s: s.scalars(select(Incident)).one())
    assert incident.element.endswith("work")
    assert MISSING in incident.reason


def test_a_stuck_case_goes_on_once_the_cause_is_mended(office, stuck):
    number = case_row(office, stuck).number
    with pytest.raises(CaseStuck), office.acting("supervisor") as ctx:
        retry_incident(ctx, number)
    give_value(office)
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number)
    assert case_row(office, stuck).phase == "open"
    assert open_item(office, stuck, "second")
    incident = office.read(lambda s: s.scalars(select(Incident)).one())
    assert incident.resolved_by == "supervisor"
    with office.acting() as ctx:
        assert verify_all(ctx)[1] == []


def test_the_answer_belongs_to_who_gave_it_not_to_who_tried_again(office, stuck):
    give_value(office)
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, case_row(office, stuck).number)
    given = office.read(
        lambda s: s.scalars(select(Answer).where(Answer.task_id.is_not(None))).one()
    )
    assert (given.actor, given.data) == ("registrar", {"amount": 3})


def test_only_a_supervisor_tries_again_and_only_what_is_stuck(office, stuck):
    number = case_row(office, stuck).number
    with pytest.raises(NotAllowed), office.acting("registrar") as ctx:
        retry_incident(ctx, number)
    give_value(office)
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number)
    with pytest.raises(Conflict), office.acting("supervisor") as ctx:
        retry_incident(ctx, number)


def test_completing_by_hand_after_the_fix_frees_the_case_too(office, stuck):
    give_value(office)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, stuck, "first"), {"amount": 3})
    assert case_row(office, stuck).phase == "open"


def load(office, files: Source):
    with office.acting() as ctx:
        return load_seed(ctx, files)


def newest(office):
    query = select(ProcessVersion.number).where(ProcessVersion.key == KEY)
    return office.read(lambda s: s.scalars(query.order_by(ProcessVersion.id.desc())).first())


BROKEN = {
    "a diagram that is no XML": (f"processes/{KEY}/{KEY}.bpmn", "<bpmn:definitions", f"{KEY}.bpmn"),
    "a diagram with a document type": (
        f"processes/{KEY}/{KEY}.bpmn",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        f"{KEY}.bpmn",
    ),
    "a form that is no JSON": (f"forms/{KEY}/first.form", '{"components": [', "first.form"),
    "a form of unknown parts": (
        f"forms/{KEY}/first.form",
        '{"type":"default","components":[{"type":"laser","key":"x"}]}',
        "first.form",
    ),
    "a table that is no DMN": (f"processes/{KEY}/fees.dmn", "<definitions>", "fees.dmn"),
    "a manifest that is no TOML": (f"processes/{KEY}/process.toml", "title = ", "process.toml"),
}


@pytest.mark.parametrize(("path", "text", "named"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_by_name_and_the_last_good_version_stays(
    office, path, text, named
):
    good = source(two_steps())
    assert load(office, good).outcome is Outcome.PUBLISHED
    case_id = begin(office)
    result = load(office, Source(key=KEY, files={**good.files, path: text}))
    assert result.outcome is Outcome.REFUSED
    assert any(named in finding.text() for finding in result.findings), result.findings
    assert newest(office) == 1
    kept = office.read(lambda s: s.get(ProcessRefusal, KEY))
    assert any(named in sentence for sentence in kept.findings)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
    assert begin(office) > case_id


def test_a_repaired_file_is_published_and_its_refusal_forgotten(office):
    good = source(two_steps())
    load(office, Source(key=KEY, files={**good.files, f"forms/{KEY}/first.form": "{"}))
    assert load(office, good).outcome is Outcome.PUBLISHED
    assert load(office, good).outcome is Outcome.UNCHANGED
    assert office.read(lambda s: s.get(ProcessRefusal, KEY)) is None


def test_an_unknown_element_is_named_with_its_line(office):
    broken = two_steps().replace('formId="second"', 'formId="missing"')
    result = load(office, source(broken))
    assert result.outcome is Outcome.REFUSED
    said = " ".join(finding.text() for finding in result.findings)
    assert "second" in said
    assert "missing" in said


def test_a_version_edited_in_the_browser_is_not_overwritten_by_its_seed(office):
    first = source(two_steps())
    load(office, first)
    edited = Source(key=KEY, files={**first.files, f"processes/{KEY}/note.toml": "a = 1"})
    with office.acting() as ctx:
        publish_version(ctx, edited, number=2, by="designer")
    changed = source(two_steps(between="=1 + 1"))
    result = load(office, changed)
    assert result.outcome is Outcome.EDITED
    assert "scriptTask" in result.difference
    assert newest(office) == 2


def test_running_cases_stay_on_the_version_they_began_with(office):
    load(office, source(two_steps()))
    case_id = begin(office)
    assert load(office, source(two_steps(between="=1 + 1"))).number == 2
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
    history = office.read(
        lambda s: s.execute(
            select(ProcessVersion.number).order_by(ProcessVersion.id.desc())
        ).first()
    )
    assert history.number == 2
    visited = office.read(lambda s: [e for e in _elements(s, case_id) if e.endswith("work")])
    assert visited == []


def test_a_seed_loaded_again_changes_no_setting_that_somebody_changed(office):
    key = Setting.key == "review.min_reviews"
    with office.acting() as ctx:
        ctx.session.execute(update(Setting).where(key).values(value={"value": 3}))
    with office.acting() as ctx:
        load_catalogue(ctx, ctx.platform.settings.processes)
    kept = office.read(lambda s: s.scalars(select(Setting.value).where(key)).one())
    assert kept["value"] == 3


def _elements(session, case_id):
    return session.scalars(select(History.element).where(History.case_id == case_id)).all()
