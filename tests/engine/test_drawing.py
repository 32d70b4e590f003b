"""Commands on our own diagrams: nothing else changes, and the picture stays whole and tidy."""

from __future__ import annotations

import random
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from workflow_app.domain.errors import Invalid
from workflow_app.engine import Source, lint
from workflow_app.engine.documents import BPMN, read_xml, tag_of
from workflow_app.engine.drawing import adding, lanes, removing, wiring, writing
from workflow_app.engine.drawing.picture import Picture
from workflow_app.engine.drawing.shapes import pieces
from workflow_app.engine.drawing.sheet import DI, Sheet
from workflow_app.engine.reader import NODES, read_diagram

ROOT = Path(__file__).parents[2] / "processes"
DIAGRAMS = sorted(ROOT.glob("*/*.bpmn"), key=lambda path: path.name)
NAMES = [path.stem for path in DIAGRAMS]
#: What the checks of file and picture tell; of the rest a random command may well be guilty.
OF_DRAWING = frozenset(
    {
        "not-drawn",
        "shape-without-element",
        "two-lanes",
        "lane-reference",
        "pool-reference",
        "message-flow-end",
        "missing-id",
        "duplicate-id",
        "not-in-standard",
        "bad-value",
        "missing-attribute",
        "dangling-flow",
        "crossing-flow",
        "detached-boundary",
        "default-elsewhere",
        "flow-into-start",
        "flow-out-of-end",
    }
)


@cache
def text_of(name):
    return (ROOT / name / f"{name}.bpmn").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_nobody_changes_stays_as_it_is(name):
    assert Sheet(text_of(name)).text() == text_of(name)


def test_what_no_command_touches_is_kept():
    text = text_of("hear_party").replace(
        '<bpmn:startEvent id="start"',
        '<!-- why --><x:mine xmlns:x="urn:x" a="1"><![CDATA[a < b]]></x:mine>'
        '<bpmn:startEvent xmlns:x="urn:x" x:own="2" id="start"',
    )
    sheet = Sheet(text)
    adding.add_after(sheet, "begin", adding.New(kind="user", name="Look at it"))
    changed = sheet.text()
    assert "<!-- why -->" in changed
    assert "<![CDATA[a < b]]>" in changed
    assert 'x:own="2"' in changed
    before = [line for line in text.split("\n") if "waypoint" not in line and "Bounds" not in line]
    after = set(changed.split("\n"))
    gone = [line.strip() for line in before if line not in after]
    # Only the end of the way that led on is other than before.
    assert gone == [
        (
            '<bpmn:sequenceFlow id="begin_to_hearing_letter" sourceRef="begin"'
            ' targetRef="hearing_letter" />'
        ),
    ]


def random_command(sheet, dice):
    """Do something to a step; return the ids whose own element may be other than before."""
    steps = [one for one in sheet.root.iter(f"{{{BPMN}}}*") if tag_of(one) in NODES]
    step = dice.choice(steps)
    key = step.get("id")
    ways = sheet.leaving(key)
    way = dice.choice(ways).get("id") if ways else ""
    lane = dice.choice([one.get("id") for one in sheet.root.iter(f"{{{BPMN}}}lane")])
    flow = dice.choice(list(sheet.root.iter(f"{{{BPMN}}}sequenceFlow")))
    other = dice.choice(steps).get("id")
    top = tag_of(step.getparent()) == "process"
    new = adding.New(kind=dice.choice(sorted(adding.TAGS)), name="A new step")
    role = adding.New(kind="user", name="For another", lane=lane if top else "")
    commands = {
        "add": lambda: adding.add_after(sheet, key, new, way),
        "elsewhere": lambda: adding.add_after(sheet, key, role, way),
        "choice": lambda: choice(sheet, key, way),
        "border": lambda: border(sheet, step),
        "remove": lambda: removing.remove_step(sheet, key),
        "move": lambda: removing.move_step(sheet, key, flow.get("id")),
        "lane": lambda: lanes.set_lane(sheet, key, lane),
        "connect": lambda: wiring.connect(sheet, key, other),
        "cut": lambda: wiring.drop_flow(sheet, flow),
        "rename": lambda: writing.rename(sheet, step, "Another name for it"),
        "new lane": lambda: lanes.add_lane(sheet, sheet.process_of(steps[0]), "somebody"),
    }
    commands[dice.choice(sorted(commands))]()


def choice(sheet, key, way):
    made = adding.add_after(sheet, key, adding.New(kind="choice", name="Is it so?"), way)
    adding.add_choice(sheet, made, (("Yes", "=true"), ("No", "It is not so")), "")


def border(sheet, step):
    if not (tag_of(step) or "").endswith("Task"):
        raise Invalid
    term = {"when": "P3D", "when_kind": "duration"}
    made = adding.add_boundary(sheet, step.get("id"), "time", "Too late", term, stops=True)
    adding.add_after(sheet, made, adding.New(kind="end", name="Given up"))


@pytest.mark.parametrize("name", NAMES)
def test_after_any_commands_the_picture_is_whole_and_tidy(name):
    dice = random.Random(f"outline {name}")  # noqa: S311 - dice, no secrets
    text = text_of(name)
    flaws = picture_flaws(text)
    done = 0
    for _ in range(8):
        sheet = Sheet(text)
        try:
            random_command(sheet, dice)
        except Invalid:
            continue
        text, done = sheet.text(), done + 1
    assert done >= 3
    new = picture_flaws(text) - flaws
    assert new == set()
    assert read_diagram("processes/a/a.bpmn", text).processes
    path = f"processes/{name}/{name}.bpmn"
    told = lint(Source(key=name, files={path: text}))
    assert [one for one in told if one.code in OF_DRAWING] == []


def picture_flaws(text):
    """Return what nobody would draw: steps on steps or out of their lane, slanting ways."""
    sheet = Sheet(text)
    found = set()
    for plane in sheet.root.iter(f"{{{DI}}}BPMNPlane"):
        picture = Picture(sheet, plane)
        found |= set(_on_each_other(picture)) | set(_crooked(picture)) | set(_strangers(picture))
    return found


def _on_each_other(picture):
    shown = [(key, box) for key, box in picture.obstacles() if picture.kind(key) != "boundaryEvent"]
    for (one, box), (other, around) in combinations(shown, 2):
        inside = {one, other} & {key for key in (one, other) if picture.is_holder(key)}
        if not inside and box.meets(around):
            yield "on", one, other


def _crooked(picture):
    for key, points in picture.lines.items():
        if picture.kind(key) != "sequenceFlow":
            continue
        flow = picture.elements[key]
        if any(one[0] != other[0] and one[1] != other[1] for one, other in pieces(points)):
            yield "slants", key, ""
        for end, point in (("sourceRef", points[0]), ("targetRef", points[-1])):
            if not picture.boxes[flow.get(end)].holds(point, 2):
                yield "loose", key, flow.get(end)


def _strangers(picture):
    for lane in read_xml(picture.sheet.text()).iter(f"{{{BPMN}}}lane"):
        box = picture.boxes.get(lane.get("id"))
        for mention in lane:
            key = (mention.text or "").strip()
            if box and key in picture.boxes and not box.holds(picture.boxes[key].middle):
                yield "outside", lane.get("id"), key
