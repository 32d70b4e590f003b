"""Scenarios over several cases, and steps that several scenarios share."""

from __future__ import annotations

import os

import msgspec
import pytest

from tests.services.several import drawn, event, message, payload, properties, task
from workflow_app.config import Settings
from workflow_app.models.work import Outbox
from workflow_app.services.closure import Seeds
from workflow_app.services.publishing import load_seed
from workflow_app.services.scenarios.mishaps import mishaps
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import ScenarioUnreadable, read_scenario
from workflow_app.services.scenarios.visits import visited_places
from workflow_app.services.scenarios.world import make_world, own_copy

HEAD = message("question", "=subject") + message("answer", "=subject")
ASKER = drawn(
    "asker",
    "begin>ask ask>hear hear>done",
    event("intermediateThrowEvent", "ask", "message", "question", payload(subject="subject")),
    event("intermediateCatchEvent", "hear", "message", "answer"),
    head=HEAD,
)
ANSWERER = drawn(
    "answerer",
    "asked>first first>tell",
    event("startEvent", "asked", "message", "question"),
    task("first"),
    event("endEvent", "tell", "message", "answer", payload(amount="amount")),
    head=HEAD,
)
TIMED = drawn(
    "nightly",
    "night>first first>done",
    '<bpmn:startEvent id="night" name="Night"><bpmn:timerEventDefinition><bpmn:timeCycle>'
    "R/2026-11-24T02:00:00Z/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>",
    task("first"),
)
DOUBTED = drawn(
    "doubted",
    "begin>first first>done",
    task("first"),
    more='key_holder_role = "applicant"\n[follow_ups]\nsubmitted = ["doubt"]\n',
)
DOUBT = drawn(
    "doubter",
    "doubted>second second>done",
    '<bpmn:startEvent id="doubted" name="Doubt"><bpmn:extensionElements>'
    '<zeebe:formDefinition formId="ask"/>'
    + properties(by="public", follows="true")
    + '</bpmn:extensionElements><bpmn:messageEventDefinition messageRef="doubt"/>'
    "</bpmn:startEvent>",
    task("second"),
    head=message("doubt"),
    more='case_title = "=subject"\n[prefill]\nsubject = "=earlier.answers.subject"\n',
)
STUCK = drawn(
    "stuck",
    "begin>later later>break break>done",
    '<bpmn:intermediateCatchEvent id="later" name="Later"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    "</bpmn:intermediateCatchEvent>",
    '<bpmn:scriptTask id="break" name="Break"><bpmn:extensionElements>'
    '<zeebe:script expression="=throw error(&quot;BROKEN&quot;, &quot;It broke&quot;)"/>'
    "</bpmn:extensionElements></bpmn:scriptTask>",
)
STUCK_STORY = {
    "title": "Nobody notices",
    "clock": "2026-11-23T09:00:00+04:00",
    "start": {"answers": {"subject": "Roof", "email": "asker@example.org"}},
    "steps": [{"advance": "PT2H"}],
    "expect": {"end": None},
}
WAITS = {"open": [], "waiting": ["answer"]}
ANSWERED = {"task": "first", "as": "registrar", "case": "answerer", "answers": {"amount": 3}}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings.from_environ({**os.environ, "WORKFLOW_APP_INSTANCE": str(folder)})
    with make_world(settings, Seeds({})) as made:
        with made.acting() as ctx:
            results = [
                load_seed(ctx, source) for source in (ASKER, ANSWERER, TIMED, DOUBTED, DOUBT, STUCK)
            ]
        assert all(result.number for result in results), results
        yield made


@pytest.fixture
def scenarios(tmp_path):
    """Return a function that writes a file of the scenarios of a process."""

    def write(name, content, key="asker"):
        path = tmp_path / key / "scenarios" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.yaml.encode(content))
        return path

    return write


@pytest.fixture
def played(world, scenarios):
    """Return a function that plays steps and gives the player and what was visited."""

    def play(*steps, key="asker", expect=None, **more):
        scenario = {
            "title": "A question",
            "clock": "2026-11-23T09:00:00+04:00",
            "start": {"answers": {"subject": "Roof", "email": "asker@example.org"}},
            "steps": list(steps),
            "expect": expect or {},
            **more,
        }
        path = scenarios("question", scenario, key)
        with own_copy(world) as own:
            player = Player(own, key, path, read_scenario(path))
            player.play()
            return player, visited_places(own)

    return play


def test_a_step_may_happen_in_another_case_and_both_are_looked_at(played):
    player, visited = played(
        {"case": "answerer", "expect": {"open": ["first"], "cases": {"own": WAITS}}},
        ANSWERED,
        expect={"end": "done", "cases": {"answerer": {"end": "tell", "path": ["first"]}}},
    )
    assert player.problems == []
    assert player.steps == 2
    assert {"asker/hear", "answerer/first", "answerer/f1"} <= visited


def test_what_differs_in_another_case_is_told_with_its_name(played):
    wrong = {"end": "done", "cases": {"answerer": {"end": "lost"}}}
    player, _visited = played(ANSWERED, expect=wrong)
    assert player.problems == [
        "at the end, case answerer: the end should be lost, is tell; open are []"
    ]


def test_a_case_that_there_is_none_of_ends_the_scenario(played):
    player, _visited = played({"task": "first", "as": "registrar", "case": "nobody"})
    assert player.problems == ["after 0 steps: there is no case of nobody"]


def test_steps_begin_more_cases_and_speak_of_them_by_name_and_number(played):
    second = {"called": "second", "answers": {"subject": "Door", "email": "other@example.org"}}
    player, _visited = played(
        {"start": second},
        {**ANSWERED, "case": "answerer/2"},
        {"case": "second", "expect": {"end": "done"}},
        {"expect": {"end": None, "cases": {"answerer/1": {"open": ["first"]}}}},
        {**ANSWERED, "case": "answerer/1"},
        expect={"end": "done"},
    )
    assert player.problems == []


def test_a_case_may_begin_by_a_message(played):
    asked = {"message": "question", "correlation": "Wall", "data": {"subject": "Wall"}}
    step = {key: value for key, value in ANSWERED.items() if key != "case"}
    player, _visited = played(step, key="answerer", start=asked, expect={"end": "tell"})
    assert player.problems == []


BEFORE = {"process": "doubted", "answers": {"subject": "Roof", "email": "a@example.org"}}
FOLLOW = {"follow": "doubt", "case": "doubted", "as": "applicant"}


def test_a_case_follows_one_that_steps_before_the_start_made(played):
    step = {"task": "second", "as": "registrar", "answers": {"remark": "No"}}
    player, visited = played(
        step,
        key="doubter",
        before=[{"start": BEFORE}],
        start=FOLLOW,
        expect={
            "end": "done",
            "data": {"case.title": "Roof"},
            "cases": {"doubted": {"end": None, "open": ["first"]}},
        },
    )
    assert player.problems == []
    assert "doubter/second" in visited


def test_what_goes_wrong_before_the_start_is_told(played):
    wrong = {"task": "second", "as": "registrar"}
    player, _visited = played(key="doubter", before=[{"start": BEFORE}, wrong], start=FOLLOW)
    (problem,) = player.problems
    assert "before the start, step 2, task second: not open for registrar" in problem


def test_only_what_the_earlier_case_allows_may_follow(played):
    player, _visited = played(
        key="doubter", before=[{"start": BEFORE}], start={**FOLLOW, "follow": "question"}
    )
    assert player.problems == [
        "after 1 steps: There is nothing at this address, or you may not see it."
    ]


def test_a_message_that_begins_nothing_is_told(played):
    lost = {"message": "lost", "data": {}}
    player, _visited = played(key="answerer", start=lost)
    assert player.problems == ["after 0 steps: the message lost started no case of answerer"]


def test_what_starts_by_the_clock_starts_each_time_on_the_way(played):
    steps = [ANSWERED, {"advance": "P3D"}]
    third = {"case": "nightly/3", "expect": {"open": ["first"]}}
    assert played(*steps, third)[0].problems == []
    fourth = played(*steps, {**third, "case": "nightly/4"})[0]
    assert fourth.problems == ["after 3 steps: there is no case of nightly/4"]


def test_a_step_may_have_to_be_denied(played):
    denied = {**ANSWERED, "as": "reviewer1", "denied": "may not see it"}
    assert played(denied, ANSWERED)[0].problems == []
    wrong = played({**denied, "denied": "tomorrow"})[0].problems[0]
    assert "should be denied with “tomorrow”, is denied: " in wrong
    assert played({**ANSWERED, "denied": "no"})[0].problems[0].endswith("denied with “no”")


SHARED = {
    "values": {"amount": None, "who": "registrar", "look": False},
    "steps": [
        {"case": "answerer", "if": "$look", "expect": {"open": ["first"]}},
        {"task": "first", "as": "$who", "case": "answerer", "answers": {"amount": "$amount"}},
    ],
}


def test_steps_are_included_with_values_filled_in(played, scenarios):
    scenarios("_answer", SHARED, key="answerer")
    player, _visited = played(
        {"include": "answerer/_answer", "with": {"amount": 4, "look": True}},
        expect={"end": "done", "cases": {"answerer": {"data": {"amount": 4}}}},
    )
    assert player.problems == []
    assert player.steps == 2
    assert player.scenario.steps[1].answers == {"amount": 4}


def test_included_steps_may_include_and_values_stand_within_text(scenarios):
    scenarios("_inner", {"values": {"n": 1}, "steps": [{"advance": "PT$nH"}]})
    scenarios(
        "_outer", {"values": {"days": 2}, "steps": [{"include": "inner", "with": {"n": "$days"}}]}
    )
    path = scenarios(
        "one", {**BARE, "steps": [{"include": "_outer"}, {"include": "outer", "with": {"days": 5}}]}
    )
    assert [move.advance for move in read_scenario(path).steps] == ["PT2H", "PT5H"]


BARE = {"title": "T", "clock": "2026-11-23T09:00:00+04:00", "start": {}}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"steps": [{"include": "one", "with": {"day": 3}}]}, "_one.yaml has no value day"),
        ({"steps": [{"include": "none"}]}, "_none.yaml"),
        ({"steps": [{"include": "loop"}]}, "_loop.yaml includes itself"),
        ({"steps": [{"include": "unsaid"}]}, "there is no value $day"),
        ({"steps": [{"include": "one", "and": 1}]}, "unknown field"),
        ({"steps": [{"advance": "P1D"}, {"tusk": "first"}]}, "step 2"),
    ],
)
def test_what_cannot_be_included_is_told(scenarios, content, reason):
    scenarios("_one", {"steps": [{"advance": "P1D"}]})
    scenarios("_loop", {"steps": [{"include": "loop"}]})
    scenarios("_unsaid", {"steps": [{"advance": "P$day"}]})
    path = scenarios("main", {**BARE, **content})
    with pytest.raises(ScenarioUnreadable) as refused:
        read_scenario(path)
    assert reason in str(refused.value)


def test_what_goes_wrong_in_the_background_is_a_problem(world, scenarios):
    path = scenarios("stuck", STUCK_STORY, "stuck")
    with own_copy(world) as own:
        player = Player(own, "stuck", path, read_scenario(path))
        player.play()
        unsent = Outbox(kind="mail", payload={"mail": "received"}, state="failed")
        unsent.created_at = unsent.not_before = own.clock.now()
        unsent.last_error = "no such mailbox"
        with own.acting() as ctx:
            ctx.session.add(unsent)
        told = list(mishaps(own))
    assert len(player.problems) == 1
    assert player.problems[0].startswith("an incident is open at stuck/break: ")
    assert told == ["mail received did not leave: no such mailbox", *player.problems]


@pytest.mark.parametrize("where", ["answers", "borrowed"])
def test_a_name_that_yaml_takes_for_no_text_is_refused(tmp_path, where):
    folder = tmp_path / "asker" / "scenarios"
    folder.mkdir(parents=True)
    said = "{no: 1}" if where == "answers" else "{}"
    (folder / "_shared.yaml").write_text("steps: [{task: ask, answers: {no: 1}}]\n")
    steps = "[{include: _shared}]" if where == "borrowed" else "[]"
    file = folder / "one.yaml"
    file.write_text(
        f'title: One\nclock: "2026-11-23T09:00:00+04:00"\nstart: {{answers: {said}}}\n'
        f"steps: {steps}\n"
    )
    with pytest.raises(ScenarioUnreadable, match="False, which is no text: write it in quotes"):
        read_scenario(file)
