"""A process of three steps whose scenarios, but one, do not know the middle one."""

from __future__ import annotations

import time
from itertools import pairwise

from tests.services import drawing
from tests.services.drawing import KEY, form, user_task
from workflow_app.services.designing import drafts, proofs, proving

NEW = "check"
ANSWERED = {"seen": "All three pages"}
FOLDER = f"processes/{KEY}/scenarios/"
HEAD = (
    'clock: "2027-03-01T09:00:00+04:00"  # a Monday\n'
    "start: {element: begin, as: public, answers: {subject: A, email: a@b.org}}\n"
)
FIRST = "  - task: first\n    as: registrar\n    answers: {amount: 3}\n"
SECOND = "  - {task: second, as: registrar}   # by the same person\n"
END = "expect:\n  end: done\n"
FILES = {
    "knows.yaml": f"title: Knows the step\n{HEAD}steps:\n{FIRST}"
    "  - {task: check, as: registrar, answers: {seen: All three pages}}\n"
    f"{SECOND}{END}",
    "fails.yaml": f"# Remarks stay.\ntitle: Fails\n{HEAD}steps:\n{FIRST}\n"
    f"  # The second step.\n{SECOND}{END}",
    "expects.yaml": f"title: Expects\n{HEAD}steps:\n{FIRST}"
    f"    expect: {{open: [second]}} # at once\n{SECOND}{END}".replace("\n", "\r\n"),
    "borrows.yaml": f"title: Borrows\n{HEAD}steps:\n{FIRST}  - include: rest\n{END}",
    "borrows_too.yaml": f"title: Borrows too\n{HEAD}steps:\n{FIRST}  - include: _rest\n{END}",
    "_rest.yaml": f"summary: The rest\nsteps:\n{SECOND}",
    "ends.yaml": f"title: Ends early\n{HEAD}steps:\n{FIRST}expect: {{end: null, open: [second]}}\n",
    "tight.yaml": f"title: Tight\n{HEAD}steps:\n"
    "  - {task: first, as: registrar, answers: {amount: 3}, expect: {open: [second]}}\n"
    f"{SECOND}{END}",
}
STOPPING = {"fails.yaml", "expects.yaml", "borrows.yaml", "borrows_too.yaml", "ends.yaml"}


def three_steps():
    names = ("begin", "first", NEW, "second", "done")
    nodes = {"begin": drawing.START, "done": '<bpmn:endEvent id="done" name="Done"/>'}
    nodes |= {name: user_task(name) for name in names[1:4]}
    flows = " ".join(f"{a}>{b}" for a, b in pairwise(names))
    return drawing.diagram({name: nodes[name] for name in names}, flows)


def stopping_draft(office, names=tuple(FILES)):
    """Return the id of a draft with a step that most of its scenarios do not do."""
    seen = {"type": "textfield", "key": "seen", "label": "Seen", "validate": {"required": True}}
    source = drawing.source(three_steps(), forms={NEW: form(seen)})
    files = {FOLDER + name: FILES[name] for name in names}
    with office.acting("designer") as ctx:
        return drafts.new_process(ctx, KEY, "Three steps", {**source.files, **files}).id


def ran(office, draft_id):
    """Run the scenarios of a draft; return {file: went as it says}."""
    with office.acting("designer") as ctx:
        proving.begin_proof(ctx, draft_id)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with office.acting("designer") as ctx:
            if not proofs.is_running(ctx, draft_id):
                proof = proofs.proof_of(ctx, draft_id)
                return {row["file"]: row["ok"] for row in proof.details["rows"]}
        time.sleep(0.3)
    raise AssertionError


def bodies(office, draft_id):
    """Return the scenario files of a draft by name."""
    with office.acting("designer") as ctx:
        found = drafts.files_of(ctx, draft_id).values()
    return {one.path.removeprefix(FOLDER): one.body for one in found if FOLDER in one.path}
