"""A new step goes into the scenarios that stop at it, as text, in one act that is taken back."""

from __future__ import annotations

import pytest

from tests.services.design_help import trail
from tests.services.drawing import KEY
from tests.services.stops_help import (
    ANSWERED,
    FILES,
    FOLDER,
    NEW,
    STOPPING,
    bodies,
    ran,
    stopping_draft,
)
from workflow_app.domain.errors import Invalid
from workflow_app.services.designing import drafts, taking_in
from workflow_app.services.designing.errors import HeldBySomebody
from workflow_app.services.designing.inserting import NoRoom, Spot, with_steps
from workflow_app.services.designing.undoing import NothingToUndo

STEP = {"task": NEW, "as": "registrar", "answers": ANSWERED}
WRITTEN = "  - task: check\n    as: registrar\n    answers: {seen: All three pages}\n"
BLOCK = "steps:\n- task: a\n  answers:\n    x: |\n      # no remark\n\n"


@pytest.fixture
def draft_id(office):
    return stopping_draft(office)


def take(office, draft_id, files, who="designer"):
    with office.acting(who) as ctx:
        return taking_in.take_in(ctx, draft_id, NEW, files, "registrar", ANSWERED)


def test_a_step_goes_into_the_scenarios_that_stop_at_it(office, draft_id):
    before = bodies(office, draft_id)
    ok = ran(office, draft_id)
    assert {name for name, good in ok.items() if good} == {"knows.yaml"}
    with office.acting("designer") as ctx:
        stops = {one.file: one for one in taking_in.stopped_of(ctx, draft_id)[NEW]}
        offers = taking_in.offers_of(ctx, draft_id, NEW)
    assert stops.keys() == {*STOPPING, "tight.yaml"}
    assert [(one.file, one.answers, one.by) for one in offers] == [
        ("knows.yaml", ANSWERED, "registrar")
    ]
    assert stops["fails.yaml"].sample == {"seen": "Seen"}
    assert "registrar" in stops["fails.yaml"].people[0]
    taken = take(office, draft_id, list(stops))
    changed = (STOPPING - {"borrows.yaml", "borrows_too.yaml"}) | {"_rest.yaml"}
    assert (set(taken.changed), taken.left) == (changed, ["Tight"])
    after = bodies(office, draft_id)
    assert {name for name in after if after[name] != before[name]} == changed
    assert after["fails.yaml"] == before["fails.yaml"].replace(
        "\n\n  # The", f"\n\n{WRITTEN}  # The"
    )
    assert ran(office, draft_id) == {name: name != "tight.yaml" for name in ok}
    with office.acting("designer") as ctx:
        assert taking_in.last_taken(ctx, draft_id) is not None
        taking_in.take_out(ctx, draft_id)
    assert bodies(office, draft_id) == before
    assert [kind for kind, _who in trail(office)][-2:] == [taking_in.TAKEN, taking_in.BACK]
    with office.acting("designer") as ctx, pytest.raises(NothingToUndo):
        taking_in.take_out(ctx, draft_id)


def test_what_is_not_as_it_was_is_refused(office):
    draft_id = stopping_draft(office, ("knows.yaml", "fails.yaml"))
    ran(office, draft_id)
    with pytest.raises(Invalid, match="at least one"):
        take(office, draft_id, ["knows.yaml"])
    with office.acting("designer") as ctx:
        drafts.take_over(ctx, draft_id, "Mine")
    with pytest.raises(HeldBySomebody):
        take(office, draft_id, ["fails.yaml"], "designer2")
    take(office, draft_id, ["fails.yaml"])
    with office.acting("designer") as ctx:
        file = drafts.read_file(ctx, draft_id, f"{FOLDER}fails.yaml")
        drafts.write_file(ctx, draft_id, file.path, f"{file.body}\n", revision=file.revision)
        assert taking_in.last_taken(ctx, draft_id) is None
    with pytest.raises(taking_in.RunAgain):
        take(office, draft_id, ["fails.yaml"])


def test_what_a_step_expects_goes_behind_the_new_one():
    new = with_steps(FILES["expects.yaml"], Spot("steps", 0, after=True), [STEP])
    assert new == FILES["expects.yaml"].replace(
        "    expect:", WRITTEN.replace("\n", "\r\n") + "    expect:"
    )


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"title: {KEY}", f"title: {KEY}\nsteps:\n{WRITTEN}"[:-1]),
        ("steps: [] # none\n", f"steps: # none\n{WRITTEN}"),
        ("expect: {}\n", f"steps:\n{WRITTEN}expect: {{}}\n"),
        (
            f"{BLOCK}expect: {{}}\n",
            f"{BLOCK}{WRITTEN.replace('  - ', '- ').replace('    ', '  ')}expect: {{}}\n",
        ),
    ],
)
def test_a_step_is_put_at_the_end(text, new):
    assert with_steps(text, Spot("steps", text.count("- task")), [STEP]) == new


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("steps: [{task: a}]\n", Spot("steps", 0)),
        ("steps:\n  - # about it\n    task: a\n", Spot("steps", 0)),
        ("steps:\n  - {task: a, expect: {}}\n", Spot("steps", 0, after=True)),
        ("steps:\n  - expect: {}\n    task: a\n", Spot("steps", 0, after=True)),
        ("steps:\n  - task: a\n", Spot("steps", 0, after=True)),
        ("- task: a\n", Spot("steps", 0)),
        ("steps: [\n", Spot("steps", 0)),
    ],
)
def test_a_text_without_room_is_left_alone(text, spot):
    with pytest.raises(NoRoom):
        with_steps(text, spot, [STEP])
