"""A draft on its way to be published: the gate, four eyes, now or at a date, and back again."""

from __future__ import annotations

import tomllib

import pytest
from sqlalchemy import delete, update

from tests.services.design_help import (
    CHANGED,
    FILE,
    approved,
    drafted,
    first_version,
    gates,
    proven,
    published,
    ready,
    state,
    submitted,
    trail,
    versions,
)
from tests.services.drawing import KEY, begin, source, two_steps
from tests.services.several import drawn
from tests.support.answers import case_row, open_item
from workflow_app.cli.processes import processes
from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.engine import InvalidSource, Source
from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.models.register import RegisterEntry
from workflow_app.services.designing.drafts import draft_of, open_draft, write_file
from workflow_app.services.designing.errors import NotOpen
from workflow_app.services.designing.gate import GateClosed
from workflow_app.services.designing.publishing import drop_plan, plan, publish_due, publish_now
from workflow_app.services.designing.register_history import (
    drafts_with,
    history_of,
    newest_changes,
    record_registers,
)
from workflow_app.services.designing.retiring import retire, roll_back, take_up
from workflow_app.services.designing.reviewing import NeedsOther, approve, send_back
from workflow_app.services.manifests import FileRefused
from workflow_app.services.programs import load_source
from workflow_app.services.publishing import Outcome, load_seed
from workflow_app.services.seeding import load_seed_register
from workflow_app.services.taking import NoNewCases
from workflow_app.services.tasks import complete_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def test_the_gate_asks_for_everything_and_says_what_is_missing(office):
    first_version(office)
    draft = drafted(office)
    found = gates(office, draft)
    assert {key for key, one in found.items() if one.passed} == {"findings", "registers", "basis"}
    with pytest.raises(GateClosed, match="have not run"):
        submitted(office, draft, reasons={})
    assert state(office, draft) == "draft"
    proven(office, draft, ok=False, failed=1, coverage=20)
    found = gates(office, draft)
    assert not found["scenarios"].passed
    assert found["coverage"].details == {"percent": "20\xa0%", "bar": "80\xa0%"}
    proven(office, draft)
    found = gates(office, draft)
    assert found["scenarios"].passed
    assert found["coverage"].passed
    assert not found["translations"].passed


def test_an_error_cannot_be_waived_and_a_change_asks_for_a_new_proof(office):
    first_version(office)
    draft = drafted(office)
    proven(office, draft)
    drafted(office, CHANGED.replace('targetRef="done"', 'targetRef="nowhere"'))
    found = gates(office, draft)
    assert not found["findings"].passed
    assert found["findings"].findings
    assert not found["findings"].may_except
    assert not found["scenarios"].passed
    with pytest.raises(GateClosed):
        submitted(office, draft, reasons=dict.fromkeys(found, "It does not matter."))


def test_bars_are_settings_and_words_of_the_draft_count(office):
    first_version(office)
    draft = drafted(office)
    missing = gates(office, draft)["translations"]
    assert missing.details["bar"] == "100\xa0%"
    with office.acting() as ctx:
        bar = update(Setting).where(Setting.key == "studio.translations")
        ctx.session.execute(bar.values(value={"value": 0}))
    assert gates(office, draft)["translations"].passed


def test_whoever_made_a_revision_does_not_approve_it(office):
    first_version(office)
    draft = drafted(office)
    with office.acting("designer") as ctx:
        draft_of(ctx, draft).holder = None
    drafted(office, two_steps(between="=2"), by="designer2")
    proven(office, draft)
    submitted(office, draft)
    for who in ("designer", "designer2"):
        with pytest.raises(NeedsOther):
            approved(office, draft, by=who)
    assert state(office, draft) == "review"
    with office.acting("designer") as ctx:
        send_back(ctx, draft, "Look again.")
    assert state(office, draft) == "draft"


def test_after_an_approval_only_newer_editors_are_kept_out(office):
    first_version(office)
    draft = ready(office)
    with office.acting("designer2") as ctx:
        send_back(ctx, draft, "One thing is missing.")
        assert draft_of(ctx, draft).approved_by is None
    drafted(office, two_steps(between="=3"))
    proven(office, draft)
    submitted(office, draft)
    approved(office, draft)
    assert state(office, draft) == "approved"
    kinds = [kind for kind, _who in trail(office)]
    assert kinds == ["opened", "submitted", "approved", "sent_back", "submitted", "approved"]


def test_nothing_changes_while_a_draft_is_in_review(office):
    first_version(office)
    draft = drafted(office)
    proven(office, draft)
    submitted(office, draft)
    with pytest.raises(NotOpen), office.acting("designer") as ctx:
        write_file(ctx, draft, FILE, two_steps(), revision=2)
    with pytest.raises(Invalid), office.acting("designer") as ctx:
        send_back(ctx, draft, " ")
    with pytest.raises(Conflict), office.acting("designer2") as ctx:
        approve(ctx, draft, revision=1)
    with pytest.raises(Conflict), office.acting("designer2") as ctx:
        publish_now(ctx, draft)


@BOTH
def test_a_running_case_ends_on_its_version_and_a_new_one_takes_the_new(office):
    old = first_version(office)
    running = begin(office)
    made = published(office)
    assert made.number == 2
    fresh = begin(office)
    assert case_row(office, running).process_version_id == old
    assert case_row(office, fresh).process_version_id == made.version_id
    for case_id in (running, fresh):
        for step in ("first", "second"):
            with office.acting("registrar") as ctx:
                complete_task(ctx, open_item(office, case_id, step), {})
        assert case_row(office, case_id).phase == "finished"
    _one, two = versions(office)
    assert (two.published_by, two.approved_by, two.note) == ("designer", "designer2", "Good")
    with pytest.raises(Conflict), office.acting("designer") as ctx:
        publish_now(ctx, two.draft_id)


def test_the_words_of_the_draft_and_its_scenarios_go_with_the_version(office):
    first_version(office)
    words = {"ru": {"First step": "Первый шаг", "Of nothing here": "Лишнее"}}
    draft = drafted(office, words=words)
    scenario = f"processes/{KEY}/scenarios/one.yaml"
    with office.acting("designer") as ctx:
        write_file(ctx, draft, scenario, "title: One\n", revision=0)
    proven(office, draft)
    submitted(office, draft)
    approved(office, draft)
    with office.acting("designer") as ctx:
        made = publish_now(ctx, draft)
        program = ctx.platform.programs.get(ctx.session, made.version_id)
        assert program.words == {"ru": {"First step": "Первый шаг"}}
        assert scenario not in program.source.files
    again = drafted(office, two_steps(between="=9"))
    with office.acting("designer") as ctx:
        assert write_file(ctx, again, scenario, "title: Two\n", revision=1) == 2


@BOTH
def test_a_draft_is_published_at_its_date_and_once(office):
    first_version(office)
    draft = ready(office)
    with pytest.raises(Invalid), office.acting("designer") as ctx:
        plan(ctx, draft, ctx.now)
    at = office.clock.now().replace(day=24)
    with office.acting("designer") as ctx:
        plan(ctx, draft, at)
        drop_plan(ctx, draft)
    office.move_to("2026-11-24T08:59:00+04:00")
    assert len(versions(office)) == 1
    with office.acting("designer2") as ctx:
        plan(ctx, draft, at.replace(day=25))
    office.move_to("2026-11-25T10:00:00+04:00")
    assert [one.published_by for one in versions(office)] == ["test", "designer2"]
    with office.acting() as ctx:
        publish_due(ctx, draft)
    office.settle()
    assert len(versions(office)) == 2
    assert state(office, draft) == "published"


@BOTH
def test_what_fails_at_its_date_comes_back_and_is_told(office, mailer):
    first_version(office)
    draft = ready(office)
    with office.acting("designer") as ctx:
        plan(ctx, draft, office.clock.now().replace(day=24))
    with office.acting() as ctx:
        ctx.session.execute(delete(RoleDefinition).where(RoleDefinition.code == "registrar"))
    mailer.sent.clear()
    office.move_to("2026-11-24T10:00:00+04:00")
    assert len(versions(office)) == 1
    assert state(office, draft) == "review"
    told = [mail for mail in mailer.sent if "was not published as planned" in mail.text]
    assert {mail.to for mail in told} == {"designer@example.org", "designer2@example.org"}
    assert all("Errors to mend: 2" in mail.text for mail in told), told[0].text
    assert trail(office)[-1][0] == "came_back"
    office.settle()
    assert trail(office)[-1][0] == "came_back"
    assert len([kind for kind, _ in trail(office) if kind == "came_back"]) == 1


def caller(key, part):
    """Return a process that calls the small one, whose files are given."""
    call = (
        f'<bpmn:callActivity id="call" name="Call"><bpmn:extensionElements><zeebe:calledElement '
        f'processId="{KEY}"/></bpmn:extensionElements></bpmn:callActivity>'
    )
    own = drawn(key, "begin>call call>done", call)
    return Source(key=key, files={**part.files, **own.files})


def test_callers_are_renewed_one_by_one(office):
    first_version(office)
    with office.acting() as ctx:
        for key in ("calls_it", "leaves_it"):
            result = load_seed(ctx, caller(key, source(two_steps())))
            assert result.outcome is Outcome.PUBLISHED, result.findings
    made = published(office, republish=["calls_it", "gone"])
    assert [(one.key, one.outcome) for one in made.renewals] == [
        ("calls_it", "renewed"),
        ("gone", "refused"),
    ]
    newest = {key: versions(office, key)[-1] for key in ("calls_it", "leaves_it")}
    assert (newest["calls_it"].number, newest["leaves_it"].number) == (2, 1)
    assert newest["calls_it"].approved_by == "designer2"
    with office.acting() as ctx:
        held = ctx.platform.programs.get(ctx.session, newest["calls_it"].id).source.files
        assert held[FILE] == CHANGED
    assert trail(office, "calls_it") == [("caller", "designer")]


def test_a_part_published_after_the_scenarios_ran_asks_for_them_again(office):
    first_version(office)
    with office.acting() as ctx:
        load_seed(ctx, caller("calls_it", source(two_steps())))
    with office.acting("designer") as ctx:
        draft = open_draft(ctx, "calls_it").id
    proven(office, draft)
    assert gates(office, draft)["scenarios"].passed
    office.clock.moment = office.clock.now().replace(hour=11)
    published(office)
    assert not gates(office, draft)["scenarios"].passed


def test_seeds_that_differ_from_what_the_studio_published_say_so(office):
    first_version(office)
    published(office)
    with office.acting() as ctx:
        assert load_seed(ctx, source(two_steps())).outcome is Outcome.EDITED
        # What was exported is in the files now; from then on they lead again.
        exported = load_source(ctx.session, versions(office)[-1].id)
        assert load_seed(ctx, exported).outcome is Outcome.UNCHANGED
        again = load_seed(ctx, source(two_steps(between="=5")))
        assert again.outcome is Outcome.PUBLISHED


def test_rolling_back_publishes_the_old_files_with_its_reason(office):
    old = first_version(office)
    made = published(office)
    running = begin(office)
    with pytest.raises(Invalid), office.acting("designer") as ctx:
        roll_back(ctx, old, " ")
    with pytest.raises(Conflict), office.acting("designer") as ctx:
        roll_back(ctx, made.version_id, "It is the newest.")
    with office.acting("designer") as ctx:
        third = roll_back(ctx, old, "It asks the wrong thing.")
    one, two, three = versions(office)
    assert (three.id, three.sha256, three.approved_by) == (third, one.sha256, None)
    assert three.note == "It asks the wrong thing."
    assert case_row(office, running).process_version_id == two.id
    assert case_row(office, begin(office)).process_version_id == third
    assert trail(office)[-1] == ("rolled_back", "designer")


def test_no_roll_back_to_what_needs_something_that_is_gone(office):
    old = first_version(office)
    published(office)
    with office.acting() as ctx:
        ctx.session.execute(delete(RoleDefinition).where(RoleDefinition.code == "registrar"))
    with pytest.raises(InvalidSource, match="registrar"), office.acting("designer") as ctx:
        roll_back(ctx, old, "It asks the wrong thing.")
    assert len(versions(office)) == 2


def test_a_roll_back_under_a_draft_has_to_be_confirmed(office):
    old = first_version(office)
    published(office)
    draft = drafted(office, two_steps(between="=7"))
    proven(office, draft)
    with office.acting("designer2") as ctx:
        roll_back(ctx, old, "It asks the wrong thing.")
    assert not gates(office, draft)["basis"].passed
    with pytest.raises(GateClosed, match="Version 3"):
        submitted(office, draft)


def test_a_retired_process_begins_no_case_until_it_is_taken_up(office):
    old = first_version(office)
    running = begin(office)
    with office.acting("designer") as ctx:
        retire(ctx, old, "The law was repealed.")
    with pytest.raises(NoNewCases):
        begin(office)
    with pytest.raises(Conflict), office.acting("designer") as ctx:
        retire(ctx, old, "Once more.")
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, running, "first"), {})
    with office.acting("designer") as ctx:
        take_up(ctx, old, "It is in force again.")
    assert begin(office)


def test_a_change_of_the_files_does_not_bring_a_retired_process_back(office):
    with office.acting() as ctx:
        load_seed(ctx, source(two_steps()))
    with office.acting("designer") as ctx:
        retire(ctx, versions(office)[0].id, "The law was repealed.")
    with office.acting() as ctx:
        assert load_seed(ctx, source(CHANGED)).outcome is Outcome.PUBLISHED
    assert versions(office)[-1].retired_at
    with pytest.raises(NoNewCases):
        begin(office)


REGISTER = """title = "Small things"
key = "number"
[[fields]]
name = "number"
type = "text"
label = "Number"
[[fields]]
name = "note"
type = "text"
label = "Note"
"""
PATH = "processes/registers/small_things.toml"


LOSSES = [
    (REGISTER.replace('"note"', '"remark"'), False),
    (REGISTER.replace('"note"\ntype = "text"', '"note"\ntype = "date"'), False),
    (REGISTER.replace('key = "number"', 'key = "note"'), False),
    ("title = 1", False),
    (REGISTER.replace("Small things", "Little things"), True),
]


def kept(office, draft, text, revision=0):
    with office.acting("designer") as ctx:
        return write_file(ctx, draft, PATH, text, revision=revision)


@BOTH
def test_registers_of_a_draft_are_taken_over_and_lose_no_data(office):
    first_version(office)
    draft = drafted(office)
    kept(office, draft, REGISTER)
    proven(office, draft)
    submitted(office, draft)
    approved(office, draft)
    with office.acting("designer") as ctx:
        assert [one.id for one in drafts_with(ctx)["small_things"]] == [draft]
        made = publish_now(ctx, draft)
        assert ctx.session.get(RegisterDefinition, "small_things").sha256
        (event,) = history_of(ctx, "small_things").rows
        assert (event.data["number"], event.version_id) == (1, made.version_id)
        assert newest_changes(ctx)["small_things"].id == event.id
        record_registers(ctx, ["small_things"], frozenset(), title="Again")
        assert newest_changes(ctx)["small_things"].data["number"] == 2
        ctx.session.add(
            RegisterEntry(
                register="small_things",
                key="1",
                version=1,
                data={"number": "1", "note": "kept"},
                at=ctx.now,
            )
        )
    draft = drafted(office, two_steps(between="=4"))
    for revision, (text, passes) in enumerate(LOSSES):
        kept(office, draft, text, revision)
        assert gates(office, draft)["registers"].passed is passes, text


def test_what_the_studio_published_is_exported_and_stays_when_seeds_are_loaded(office, tmp_path):
    first_version(office)
    draft = drafted(office)
    kept(office, draft, REGISTER)
    proven(office, draft)
    submitted(office, draft)
    approved(office, draft)
    with office.acting("designer") as ctx:
        publish_now(ctx, draft)
        changed = tomllib.loads(REGISTER.replace("Small things", "Large things"))
        with pytest.raises(FileRefused, match="edited in the studio"):
            load_seed_register(ctx, "small_things", changed)
    done = office.app.test_cli_runner().invoke(processes, ["export", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / FILE).read_text("utf-8") == CHANGED
    assert (tmp_path / PATH).read_text("utf-8") == REGISTER
    with office.acting() as ctx:
        load_seed_register(ctx, "small_things", tomllib.loads(REGISTER))
        load_seed_register(ctx, "small_things", changed)
        assert ctx.session.get(RegisterDefinition, "small_things").definition == changed
