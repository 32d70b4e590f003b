"""Who sees and holds what: a role counts in its territory, a key in its case, a draft for one."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import insert, select, update

from tests.services.drawing import begin, publish, script, two_steps
from tests.support.answers import case_row, open_item
from workflow_app.domain.actors import PUBLIC, Actor, Grant, Permission
from workflow_app.domain.errors import NotAllowed, NotFound, WrongKey
from workflow_app.domain.ids import is_provisional
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.queries.case_file import documents
from workflow_app.queries.inbox import Tab, inbox_page
from workflow_app.services.context import Posted
from workflow_app.services.documents import attach, finder, open_document, store_upload
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import key_holder_actor, open_with_key
from workflow_app.services.holding import claim_task
from workflow_app.services.offers import offer_again
from workflow_app.services.reading import readable_case
from workflow_app.services.tasks import complete_task, open_task, save_task_draft
from workflow_app.web.public import safe_next

WORKS = frozenset({Permission.WORK})


def somebody(*grants, username="stranger"):
    return Actor(username=username, title=username, user_id=99, grants=grants)


@pytest.fixture
def applied(office):
    return office.play("accreditation/straight", until="check_documents").case_id


@pytest.fixture
def item(office, applied):
    return open_item(office, applied, "check_documents")


def opening(ctx, item):
    return open_task(ctx, item)


def claiming(ctx, item):
    return claim_task(ctx, item)


def completing(ctx, item):
    return complete_task(ctx, item, {})


def drafting(ctx, item):
    return save_task_draft(ctx, item, Posted())


@pytest.mark.parametrize("act", [opening, claiming, completing, drafting])
def test_the_same_role_elsewhere_may_do_nothing_with_a_task(office, item, act):
    role = office.read(lambda s: s.get_one(WorkItem, item).role)
    abroad = somebody(Grant(role, "GE", permissions=WORKS))
    with pytest.raises((NotAllowed, NotFound)), office.acting(abroad) as ctx:
        act(ctx, item)


@pytest.mark.parametrize("act", [claiming, completing, drafting])
def test_another_role_in_the_territory_may_not_work_on_a_task(office, item, act):
    colleague = somebody(Grant("clerk", "AM", permissions=WORKS))
    with pytest.raises(NotAllowed), office.acting(colleague) as ctx:
        act(ctx, item)


def test_a_role_that_permits_nothing_opens_no_case_of_its_territory(office, applied):
    number = case_row(office, applied).number
    neighbour = somebody(Grant("guest", "AM", permissions=frozenset()))
    with pytest.raises(NotFound), office.acting(neighbour) as ctx:
        readable_case(ctx, number)


def test_work_in_one_territory_opens_no_case_of_another(office, applied):
    number = case_row(office, applied).number
    mixed = somebody(
        Grant("clerk", "GE", permissions=WORKS), Grant("guest", "AM", permissions=frozenset())
    )
    with pytest.raises(NotFound), office.acting(mixed) as ctx:
        readable_case(ctx, number)


def test_visitors_took_part_in_no_case_though_they_share_a_name(office, applied):
    number = case_row(office, applied).number
    for nobody in (PUBLIC, key_holder_actor(applied + 1)):
        with pytest.raises(NotFound), office.acting(nobody) as ctx:
            readable_case(ctx, number)


def upload(ctx, owner):
    return store_upload(ctx, BytesIO(b"%PDF-1.4\n%%EOF\n"), "note.pdf", owner=owner)


def test_a_file_of_a_draft_is_its_owners_alone(office, applied):
    with office.acting("registrar") as ctx:
        mine = upload(ctx, owner_of(ctx.actor))["document"]
        assert mine not in [d.id for d in documents(ctx.session, applied)]
        open_document(ctx, mine, owner=owner_of(ctx.actor)).stream.close()
    for other in (office.person("secretary"), key_holder_actor(applied)):
        with office.acting(other) as ctx:
            assert finder(ctx, owner_of(other), applied)(mine) is None
            with pytest.raises(NotFound):
                open_document(ctx, mine, owner=owner_of(other))


def test_what_the_office_attaches_is_not_for_the_key_holder(office, applied):
    with office.acting("registrar") as ctx:
        owner = owner_of(ctx.actor)
        mine = upload(ctx, owner)
        attach(ctx, applied, {"files": [mine]}, owner=owner, for_key_holder=False)
    with office.acting(office.person("secretary")) as ctx:
        open_document(ctx, mine["document"]).stream.close()
    with office.acting(key_holder_actor(applied)) as ctx:
        assert finder(ctx, owner_of(ctx.actor), applied)(mine["document"]) is None
        with pytest.raises(NotFound):
            open_document(ctx, mine["document"], owner=owner_of(ctx.actor))


def test_a_document_opens_to_whoever_took_part_wherever_they_work(office, applied):
    item = open_item(office, applied, "check_documents")
    with office.acting() as ctx:
        holder = update(table_of(WorkItem)).where(table_of(WorkItem).c.id == item)
        ctx.session.execute(holder.values(assignee="stranger"))
    document = office.read(
        lambda s: s.scalar(select(Document.id).where(Document.case_id == applied))
    )
    office.settle()
    with office.acting(somebody(Grant("clerk", "GE", permissions=WORKS))) as ctx:
        open_document(ctx, document).stream.close()


def test_a_group_named_beside_the_lane_sees_the_task_in_its_territory_only(office, item):
    with office.acting() as ctx:
        offered = {"work_item_id": item, "kind": "group", "name": "helper"}
        ctx.session.execute(insert(table_of(WorkItemCandidate)).values(**offered))
        same = update(table_of(WorkItem)).where(table_of(WorkItem).c.id == item)
        ctx.session.execute(same.values(has_candidates=True))
        offer_again(ctx.session.connection(), item)

    def seen(path):
        actor = somebody(Grant("helper", path, permissions=WORKS))
        page = office.read(lambda s: inbox_page(s, actor, Tab.GROUPS, None))
        return [row.id for row in page.rows]

    assert seen("AM") == [item]
    assert seen("GE") == []


@pytest.mark.parametrize(
    "address", ["/\\evil.example", "//evil.example", "https://evil.example/", "evil", "/\\\\e", ""]
)
def test_no_address_of_another_site_is_gone_back_to(app, address):
    with app.test_request_context():
        assert safe_next(address) == "/"
        assert safe_next("/inbox?tab=done") == "/inbox?tab=done"


def test_who_took_a_task_and_then_lost_the_role_completes_it_no_more(office, item, clock):
    role = office.read(lambda s: s.get_one(WorkItem, item).role)
    clock.advance(timedelta(hours=1))
    clerk = somebody(Grant(role, "AM", permissions=WORKS))
    with office.acting(clerk) as ctx:
        claim_task(ctx, item)
    without = somebody(Grant("clerk", "AM", permissions=WORKS))
    with pytest.raises(NotAllowed), office.acting(without) as ctx:
        complete_task(ctx, item, {})


def test_a_key_in_any_script_is_wrong_and_no_error(office, applied):
    number = case_row(office, applied).number
    with pytest.raises(WrongKey), office.acting(PUBLIC) as ctx:
        open_with_key(ctx, number, "բանալի")


def test_a_case_without_a_number_is_not_called_by_its_key_and_gets_one_later(office):
    between = (
        '<bpmn:serviceTask id="work"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="case.number"/></bpmn:extensionElements></bpmn:serviceTask>'
    )
    publish(office, two_steps(between="=1").replace(script("work", "=1"), between))
    case = case_row(office, begin(office))
    assert case.secret not in case.number
    assert is_provisional(case.number)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case.id, "first"), {})
    assert case_row(office, case.id).number == "TWO-AM-2026-0001"
