"""What is kept: chains that show tampering, versions of registers, documents, drafts, messages."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import delete, func, select, update

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.errors import NotFound, WrongKey
from workflow_app.models.case import Case, Document, Draft, History, HistoryPayload
from workflow_app.models.register import PublishedPage, RegisterEntry
from workflow_app.models.work import InboundMessage
from workflow_app.services.auditing import verify_all
from workflow_app.services.documents import open_document, store_upload
from workflow_app.services.drafts import find_draft, save_draft
from workflow_app.services.following import key_holder_actor, open_with_key
from workflow_app.services.messages import send_message
from workflow_app.services.scenarios.answering import PDF
from workflow_app.services.tasks import complete_task

MESSAGE = (
    '<bpmn:message id="m" name="news"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case.key"/></bpmn:extensionElements></bpmn:message>'
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="wait" name="News">'
    '<bpmn:messageEventDefinition id="md" messageRef="m"/></bpmn:intermediateCatchEvent>'
)


@pytest.fixture
def applied(office):
    return office.play("accreditation/straight", until="check_documents").case_id


TAMPERED = {
    "a row that says another": lambda: update(History).where(History.seq == 2).values(kind="other"),
    "another person's name": lambda: update(History).where(History.seq == 3).values(actor="me"),
    "a row that is gone": lambda: delete(History).where(History.seq == 2),
    "a payload that says another": lambda: (
        update(HistoryPayload).where(HistoryPayload.seq > 1).values(payload='{"a":1}')
    ),
    "a head that was moved": lambda: update(Case).values(history_head="0" * 64),
    "a shorter history": lambda: update(Case).values(history_seq=Case.history_seq + 1),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_found_and_the_case_named(office, applied, tamper):
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])
    with office.acting() as ctx:
        ctx.session.execute(tamper())
    with office.acting() as ctx:
        checked, broken = verify_all(ctx)
    assert checked == 1
    assert [number for number, _seq in broken] == [case_row(office, applied).number]


def test_payloads_may_be_erased_and_the_chain_holds(office, applied):
    with office.acting() as ctx:
        ctx.session.execute(delete(HistoryPayload))
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


def documents(office):
    return office.read(lambda s: s.scalars(select(Document).order_by(Document.id)).all())


def may_open(office, who, document):
    try:
        with office.acting(who) as ctx:
            stored = open_document(ctx, document.id)
            with stored.stream as stream:
                return stream.read(4) == b"%PDF" or document.media_type != "application/pdf"
    except NotFound:
        return False


def test_documents_are_for_those_who_may_see_the_case(office, applied):
    charter = next(d for d in documents(office) if d.name == "charter.pdf")
    readers = {"registrar": True, "supervisor": True, "reviewer1": True, "monitor": False}
    readers |= {"applicant": False, "procurement_officer": False}
    found = {who: may_open(office, who, charter) for who in readers}
    assert found == readers
    assert may_open(office, key_holder_actor(applied), charter)
    assert not may_open(office, key_holder_actor(applied + 1), charter)
    assert not may_open(office, PUBLIC, charter)


def test_an_upload_is_its_owners_alone_until_it_is_sent(office):
    with office.acting(PUBLIC) as ctx:
        facts = store_upload(ctx, BytesIO(PDF), "../../etc/charter.pdf", owner="link:1")
    assert facts["name"] == "charter.pdf"
    with office.acting(PUBLIC) as ctx:
        with pytest.raises(NotFound):
            open_document(ctx, facts["document"], owner="link:2")
        open_document(ctx, facts["document"], owner="link:1").stream.close()


def test_number_and_key_open_one_case_only(office, applied):
    case = case_row(office, applied)
    with office.acting(PUBLIC) as ctx:
        assert open_with_key(ctx, case.number.lower(), case.secret.lower()).id == applied
        for number, key in ((case.number, "AAAA-BBBB-CCCC"), ("ACC-0", case.secret), ("", "")):
            with pytest.raises(WrongKey):
                open_with_key(ctx, number, key)


def test_drafts_belong_to_one_person_and_one_form(office):
    with office.acting("registrar") as ctx:
        save_draft(ctx, "user:registrar", "task:1", {"remark": ["One"]})
        save_draft(ctx, "user:registrar", "task:1", {"remark": ["Two"]})
    with office.acting("registrar") as ctx:
        assert find_draft(ctx, "user:registrar", "task:1").raw == {"remark": ["Two"]}
        assert find_draft(ctx, "user:registrar", "task:2") is None
        assert find_draft(ctx, "user:secretary", "task:1") is None
    assert office.read(lambda s: s.query(Draft).count()) == 1


@pytest.fixture
def listening(office):
    """Return a case whose second element waits for a message that its key correlates."""
    nodes = {"begin": START, "first": user_task("first"), "wait": CATCH}
    nodes["second"] = user_task("second")
    flows = "begin>first first>wait wait>second"
    publish(office, diagram(nodes, flows, head=MESSAGE))
    return begin(office)


def test_a_message_that_comes_early_waits_and_is_delivered_once(office, listening):
    key = case_row(office, listening).secret
    with office.acting() as ctx:
        assert send_message(ctx, "news", key, {"remark": "early"}) is None
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, listening, "first"), {})
    office.settle()
    assert open_item(office, listening, "second")
    assert office.read(lambda s: s.scalars(select(InboundMessage)).all()) == []


def test_a_message_for_another_case_stays_where_it_is(office, listening):
    other = begin(office)
    with office.acting() as ctx:
        send_message(ctx, "news", case_row(office, other).secret, {})
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, listening, "first"), {})
    office.settle()
    with pytest.raises(AssertionError, match="not open"):
        open_item(office, listening, "second")


def test_a_message_that_is_awaited_goes_straight_in(office, listening):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, listening, "first"), {})
    with office.acting() as ctx:
        assert send_message(ctx, "news", case_row(office, listening).secret, {}) is not None
    assert open_item(office, listening, "second")
    assert office.read(lambda s: s.query(InboundMessage).count()) == 0


@pytest.fixture
def certified(office):
    """Return the case of an organisation that got its certificate."""
    return office.play("accreditation/renewal").case_id


def test_a_register_keeps_every_version_of_an_entry(office, certified):
    rows = office.read(
        lambda s: s.scalars(
            select(RegisterEntry).where(RegisterEntry.register == "accredited_providers")
        ).all()
    )
    assert {row.version for row in rows} >= {1}
    current = {}
    for row in rows:
        if row.superseded_at is None:
            assert row.key not in current, "two versions of one entry are in force"
            current[row.key] = row
    assert len(current) >= 2
    for row in rows:
        newest = current.get(row.key)
        assert newest is not None
        assert newest.version >= row.version


def test_a_decision_is_published_with_its_documents_and_nothing_else(office, certified):
    page = office.read(lambda s: s.scalars(select(PublishedPage)).one())
    public = {d.id for d in documents(office) if d.is_public}
    assert set(page.documents) <= public
    assert not [d.name for d in documents(office) if d.is_public and d.letter is None]


def test_a_whole_case_holds_its_chain(office, certified):
    cases = office.read(lambda s: s.scalar(select(func.count()).select_from(Case)))
    assert cases > 1, "a certificate begins further cases"
    with office.acting() as ctx:
        assert verify_all(ctx) == (cases, [])
    assert case_row(office, certified).phase == "finished"
