"""Playing drafts in a sandbox, keeping plays as scenarios, and proving drafts by them."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select

from tests.services import drawing
from tests.services.drawing import KEY, two_steps, user_task
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.errors import Invalid, NotAllowed, NotFound
from workflow_app.engine import InvalidSource
from workflow_app.models.case import Case
from workflow_app.models.work import SentMail
from workflow_app.services.case_store import load_case
from workflow_app.services.designing import (
    drafts,
    keeping,
    moves,
    playing,
    proofs,
    proving,
    scripts,
    stage,
)
from workflow_app.services.scenarios.answering import fill_in

BEGINNING = datetime.fromisoformat("2027-03-01T09:00:00+04:00")
WAIT = (
    '<bpmn:intermediateCatchEvent id="pause" name="Ten days"><bpmn:timerEventDefinition id="ten">'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P10D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
NEWS = (
    '<bpmn:intermediateCatchEvent id="news" name="News"><bpmn:extensionElements>'
    '<zeebe:properties><zeebe:property name="form" value="more"/>'
    '<zeebe:property name="by" value="public"/></zeebe:properties></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition id="told" messageRef="m"/></bpmn:intermediateCatchEvent>'
)
HEAD = (
    '<bpmn:message id="m" name="news_sent"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case.number"/></bpmn:extensionElements></bpmn:message>'
)
ENDLESS = "=for i in 1..1000000 return for j in 1..1000000 return i * j"


def long_way():
    """Return a diagram with everything that a play can do: tasks, a wait for a date, a message."""
    nodes = {
        "begin": drawing.START,
        "first": user_task("first"),
        "pause": WAIT,
        "news": NEWS,
        "second": user_task("second"),
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    }
    flows = "begin>first first>pause pause>news news>second second>done"
    return drawing.diagram(nodes, flows, head=HEAD)


class Stage:
    """A designer who plays a draft."""

    def __init__(self, office, bpmn, who="designer", draft_id=None):
        self.office, self.who = office, who
        with office.acting(who) as ctx:
            if draft_id is None:
                files = drawing.source(bpmn).files
                draft_id = drafts.new_process(ctx, KEY, "Two steps", files).id
            self.draft_id = draft_id
            self.id = playing.begin_play(ctx, draft_id, BEGINNING).id

    def act(self, do):
        with self.office.acting(self.who) as ctx:
            return do(ctx, playing.play_of(ctx, self.draft_id, self.id))

    def look(self, do):
        def inside(ctx, play):
            with playing.on_stage(ctx, play) as world, world.acting() as inner:
                return do(inner)

        return self.act(inside)

    def waiting(self):
        return [(one.kind, one.element.rpartition("/")[2]) for one in self.look(stage.waiting_in)]

    def take(self, act):
        self.act(lambda ctx, play: playing.take_step(ctx, play, act))

    def start(self, **answers):
        def bind(ctx, posted):
            return moves.start_sheet(ctx, KEY, "begin", None, posted)[0]

        filled = self.filled(PUBLIC, bind, {"subject": "A case", "email": "a@b.org", **answers})
        what = (KEY, "begin", None)
        self.take(lambda world: moves.begin_by_form(world, PUBLIC, "en", what, filled))

    def task(self, who, **answers):
        item = next(one for one in self.look(stage.waiting_in) if one.kind == "task")
        actor = self.person(who)
        filled = self.filled(actor, lambda c, p: moves.task_sheet(c, int(item.id), p), answers)
        self.take(lambda world: moves.complete(world, actor, "en", int(item.id), filled))

    def message(self, **answers):
        wait = next(one for one in self.look(stage.waiting_in) if one.kind == "message")
        actor = self.person(next(iter(wait.people)), wait.case_id)

        def bind(ctx, posted):
            return moves.message_sheet(ctx, wait.case_id, wait.id, posted)[0]

        filled = self.filled(actor, bind, answers)
        self.take(lambda w: moves.answer(w, actor, "en", wait.case_id, wait.id, filled))

    def clock(self, to=None):
        self.take(lambda world: moves.move_clock(world, to))

    def person(self, name, case_id=None):
        def find(ctx, play):
            with playing.on_stage(ctx, play) as world:
                return moves.person(world, name, case_id)

        return self.act(find)

    def filled(self, actor, bind, answers):
        def fill(ctx, play):
            with playing.on_stage(ctx, play) as world, world.acting(actor) as inner:
                drawn = bind(inner, None).form

                def again(values, posted):
                    if values is not None:
                        return replace(drawn, values=values, posted=None)
                    return bind(inner, posted).form

                form = fill_in(drawn.schema, drawn.values, answers, again)
                assert form.validate(), form.errors
                return moves.Filled(form.answers(), keeping.script_answers(form))

        return self.act(fill)

    def go_to(self, position):
        self.act(lambda ctx, play: playing.go_to(ctx, play, position))

    def prove(self):
        with self.office.acting(self.who) as ctx:
            proving.begin_proof(ctx, self.draft_id)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with self.office.acting(self.who) as ctx:
                if not proofs.is_running(ctx, self.draft_id):
                    return proofs.proof_of(ctx, self.draft_id)
            time.sleep(0.5)
        raise AssertionError


@pytest.fixture
def played(office):
    """Return a play that went all the way: form, task, ten days, message, task."""
    one = Stage(office, long_way())
    one.start()
    one.task("registrar", amount=3)
    one.clock()
    one.message(news="It rained")
    one.task("registrar", remark="Fine")
    return one


def test_a_play_goes_through_everything_and_leaves_the_installation_alone(office):
    before = office.read(lambda session: session.scalar(select(func.count(Case.id))))
    one = Stage(office, long_way())
    assert one.waiting() == []
    one.start()
    assert one.waiting() == [("task", "first")]
    one.task("registrar", amount=3)
    assert one.waiting() == [("timer", "pause")]
    one.clock()
    assert one.act(lambda _ctx, play: playing.moment_of(play)) >= BEGINNING + timedelta(days=10)
    one.message(news="It rained")
    assert one.waiting() == [("task", "second")]
    case = one.look(stage.cases_of)[0]
    assert (case.key, case.over) == (KEY, False)
    data = one.look(lambda ctx: stage.data_of(load_case(ctx, case.id)))
    assert data[0].data["case"]["number"] == case.number
    after = office.read(lambda session: session.scalar(select(func.count(Case.id))))
    mails = office.read(lambda session: session.scalar(select(func.count(SentMail.id))))
    assert (after, mails) == (before, 0)


def test_steps_are_taken_back_and_others_taken_in_their_place(played):
    assert played.look(stage.cases_of)[0].over
    played.go_to(2)
    assert played.waiting() == [("timer", "pause")]
    played.go_to(5)
    assert played.look(stage.cases_of)[0].over
    played.go_to(1)
    played.task("registrar", amount=7)
    steps = played.act(lambda _ctx, play: playing.steps_of(play))
    assert [step["kind"] for step in steps] == ["start", "task"]
    with pytest.raises(NotFound):
        played.go_to(3)


def test_a_play_kept_as_a_scenario_plays_green(played):
    path = played.act(lambda ctx, play: keeping.keep_play(ctx, play, "Straight, as played"))
    assert path == f"processes/{KEY}/scenarios/straight_as_played.yaml"
    proof = played.prove()
    assert (proof.state, proof.ok, proof.scenarios, proof.failed) == ("done", True, 1, 0), proof
    assert proof.coverage == 100
    assert (
        proof.revision
        == played.act(lambda ctx, _play: drafts.draft_of(ctx, played.draft_id)).revision
    )


def test_a_scenario_that_no_longer_fits_fails_at_its_first_difference(played):
    path = played.act(lambda ctx, play: keeping.keep_play(ctx, play, "As played"))

    def spoil(ctx, _play):
        stored = drafts.read_file(ctx, played.draft_id, path)
        said = yaml.safe_load(stored.body)
        said["expect"]["path"].append("third")
        body = scripts.written(said)
        drafts.write_file(ctx, played.draft_id, path, body, revision=stored.revision)

    played.act(spoil)
    proof = played.prove()
    (row,) = proof.details["rows"]
    assert (proof.ok, proof.failed) == (False, 1)
    assert row["first"]["step"] == -1
    assert row["first"]["missing"] == [f"{KEY}/third"]
    assert f"{KEY}/done" in row["first"]["visited"]


def test_nobody_plays_what_four_eyes_forbid(office):
    one = Stage(office, two_steps(second=user_task("second", drawing.FOUR_EYES)))
    one.start()
    one.task("registrar", amount=3)
    (second,) = one.look(stage.waiting_in)
    assert second.people == {}
    with pytest.raises(NotAllowed):
        one.task("registrar", remark="Mine again")


def test_feel_that_never_ends_stops_and_the_case_says_why(office):
    one = Stage(office, two_steps(between=ENDLESS))
    one.start()
    began = time.monotonic()
    one.task("registrar", amount=3)
    assert time.monotonic() - began < 30
    (case,) = one.look(stage.cases_of)
    (incident,) = one.look(lambda ctx: stage.incidents_of(ctx, case.id))
    assert incident.element == f"{KEY}/work"
    with pytest.raises(Invalid, match="got stuck"):
        one.act(lambda ctx, play: keeping.keep_play(ctx, play, "Stuck"))
    one.go_to(1)
    assert one.waiting() == [("task", "first")]


def test_a_clock_that_never_comes_to_its_goal_stops_on_the_way(office, monkeypatch):
    monkeypatch.setattr(moves, "MOST_MOMENTS", 5)
    ticking = drawing.two_steps(
        second=user_task("second")
        + '<bpmn:boundaryEvent id="tick" attachedToRef="second" cancelActivity="false">'
        '<bpmn:timerEventDefinition id="t"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">'
        "R/PT1H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="ticked"/>'
        '<bpmn:sequenceFlow id="ft" sourceRef="tick" targetRef="ticked"/>'
    )
    one = Stage(office, ticking)
    one.start()
    one.task("registrar", amount=3)
    one.clock(BEGINNING + timedelta(days=30))
    step = one.act(lambda _ctx, play: playing.steps_of(play))[-1]
    assert step["reached"] is False
    assert BEGINNING < playing.moment_at(step) < BEGINNING + timedelta(days=1)


def test_the_clock_goes_forwards_only(office):
    one = Stage(office, two_steps())
    with pytest.raises(Invalid, match="forwards only"):
        one.clock(BEGINNING - timedelta(days=1))
    assert one.act(lambda _ctx, play: play.position) == 0


def test_a_faulty_draft_is_not_played_and_its_proof_says_so(office):
    with office.acting("designer") as ctx:
        broken = two_steps().replace('targetRef="done"', 'targetRef="nowhere"')
        draft_id = drafts.new_process(ctx, KEY, "Two steps", drawing.source(broken).files).id
    with office.acting("designer") as ctx:
        with pytest.raises(InvalidSource):
            playing.begin_play(ctx, draft_id, BEGINNING)
        proving.begin_proof(ctx, draft_id)
        proof = proofs.proof_of(ctx, draft_id)
    assert (proof.state, proof.ok) == ("broken", False)
    assert "cannot run" in proof.details["why"]["why"]


def test_two_designers_play_one_draft_apart(office):
    mine = Stage(office, two_steps())
    other = Stage(office, None, who="designer2", draft_id=mine.draft_id)
    mine.start()
    assert other.waiting() == []
    with office.acting("designer2") as ctx, pytest.raises(NotFound):
        playing.play_of(ctx, mine.draft_id, mine.id)


def test_a_step_in_a_second_window_is_told_and_lost(office):
    one = Stage(office, two_steps())
    one.start()
    with office.acting("designer") as ctx, office.acting("designer") as second:
        stale = playing.play_of(second, one.draft_id, one.id)
        playing.go_to(ctx, playing.play_of(ctx, one.draft_id, one.id), 0)
        ctx.session.commit()
        with pytest.raises(playing.Overtaken):
            playing.go_to(second, stale, 1)


def test_plays_that_nobody_touched_for_a_day_are_removed(office, clock):
    old = Stage(office, two_steps())
    file = old.act(lambda ctx, play: playing.folder_of(ctx, play.id) / play.log[0]["file"])
    assert file.is_file()
    clock.moment += timedelta(days=2)
    Stage(office, None, who="designer2", draft_id=old.draft_id)
    assert not file.exists()
    with pytest.raises(NotFound):
        old.waiting()
