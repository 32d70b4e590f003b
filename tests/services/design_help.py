"""A small process in the studio: drafts of it, proven and approved as a test needs them."""

from __future__ import annotations

from sqlalchemy import insert, select

from tests.services.drawing import KEY, publish, two_steps
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.designing import DesignEvent, DesignProof
from workflow_app.services.designing.drafts import draft_of, open_draft, read_file, write_file
from workflow_app.services.designing.gate import gates_of
from workflow_app.services.designing.publishing import publish_now
from workflow_app.services.designing.reviewing import approve, submit

FILE = f"processes/{KEY}/{KEY}.bpmn"
CHANGED = two_steps(between="=1 + 1")
REASONS = {"translations": "Only English is spoken here.", "coverage": "It is a small change."}


def drafted(office, bpmn=CHANGED, *, by="designer", words=None):
    """Return the id of a draft of the process that says something else than its newest version."""
    with office.acting(by) as ctx:
        draft = open_draft(ctx, KEY)
        stored = read_file(ctx, draft.id, FILE)
        write_file(ctx, draft.id, FILE, bpmn, revision=stored.revision)
        if words is not None:
            draft.words = words
        return draft.id


def proven(office, draft_id, **found):
    """Let a draft have run all its scenarios as it is now."""
    with office.acting("designer") as ctx:
        revision = draft_of(ctx, draft_id).revision
        row = {"draft_id": draft_id, "revision": revision, "digest": "", "at": ctx.now}
        row |= {"by": "designer", "state": "done", "ok": True, "scenarios": 2, "failed": 0}
        ctx.session.execute(insert(DesignProof).values(**row | {"coverage": 90} | found))


def submitted(office, draft_id, *, by="designer", reasons=REASONS, **more):
    with office.acting(by) as ctx:
        revision = draft_of(ctx, draft_id).revision
        submit(ctx, draft_id, revision=revision, reasons=reasons, **more)


def approved(office, draft_id, *, by="designer2"):
    with office.acting(by) as ctx:
        approve(ctx, draft_id, revision=draft_of(ctx, draft_id).revision, note="Good")


def ready(office, bpmn=CHANGED, **more):
    """Return the id of a draft that only has to be published."""
    draft_id = drafted(office, bpmn)
    proven(office, draft_id)
    submitted(office, draft_id, **more)
    approved(office, draft_id)
    return draft_id


def published(office, bpmn=CHANGED, **more):
    """Publish a new version of the process through the studio; returns what came of it."""
    draft_id = ready(office, bpmn, **more)
    with office.acting("designer") as ctx:
        return publish_now(ctx, draft_id)


def gates(office, draft_id):
    """Return the conditions of a draft by key."""
    with office.acting("designer") as ctx:
        return {one.key: one for one in gates_of(ctx, draft_id)}


def state(office, draft_id):
    with office.acting() as ctx:
        return draft_of(ctx, draft_id).state


def versions(office, key=KEY):
    query = select(ProcessVersion).where(ProcessVersion.key == key)
    return office.read(lambda s: s.scalars(query.order_by(ProcessVersion.number)).all())


def trail(office, key=KEY):
    query = select(DesignEvent.kind, DesignEvent.actor).where(DesignEvent.key == key)
    return office.read(lambda s: [tuple(row) for row in s.execute(query.order_by(DesignEvent.id))])


def first_version(office, bpmn=None):
    return publish(office, bpmn or two_steps())
