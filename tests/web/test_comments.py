"""Comments on a case: who sees them, who is told, until when they can be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.models.case import History, HistoryPayload
from workflow_app.models.case_desk import CaseComment
from workflow_app.services.auditing import verify_all
from workflow_app.services.case_store import load_case
from workflow_app.services.comments import comments_seen
from workflow_app.services.drafts import find_draft
from workflow_app.services.following import key_holder_actor
from workflow_app.web.presenting.comments import SHOWN

SECRET = "The plan looks too small to me"
BOX = "form#comment-form"


@pytest.fixture
def case(office):
    nodes = {"begin": START, "first": user_task("first"), "second": user_task("second")}
    nodes["done"] = '<bpmn:endEvent id="done" name="Done"/>'
    publish(office, diagram(nodes, "begin>first first>second second>done"))
    return begin(office)


@pytest.fixture
def shown_to(office, case, sign_in):
    """Return a function from a username to the page of the case."""
    return lambda who: sign_in(who).get(f"/cases/{case_row(office, case).number}")


def say(shown, text=SECRET, to="officials", person=""):
    return shown.send({"_comment": text, "_comment_to": to, "_comment_person": person}, form=BOX)


def stored(office):
    return office.read(lambda s: s.scalars(select(CaseComment).order_by(CaseComment.id)).all())


def test_a_comment_for_all_officials_is_not_for_the_applicant(shown_to, office, case):
    after = say(shown_to("registrar"))
    assert SECRET in after.text
    assert SECRET in shown_to("reviewer3").text
    with office.acting(key_holder_actor(case)) as ctx:
        loaded = load_case(ctx, case)
        assert comments_seen(ctx, loaded, None, 10) == ([], None)
    say(shown_to("registrar"), "For everybody", "all")
    with office.acting(key_holder_actor(case)) as ctx:
        rows, _more = comments_seen(ctx, load_case(ctx, case), None, 10)
        assert [row.text for row in rows] == ["For everybody"]


def test_a_comment_for_ones_own_unit_is_seen_by_colleagues_only(shown_to):
    say(shown_to("reviewer3"), to="role:reviewer")
    assert SECRET in shown_to("reviewer4").text
    assert SECRET not in shown_to("registrar").text
    assert SECRET not in shown_to("supervisor").text


def test_nobody_writes_to_a_unit_of_others(shown_to, office):
    shown = shown_to("registrar")
    sent = {**shown.form(BOX), "_comment": SECRET, "_comment_to": "role:reviewer"}
    answer = shown.browser.client.post(shown.path + "/comments", data=sent)
    assert answer.status_code == 422
    assert stored(office) == []


def test_who_is_mentioned_is_told_by_mail_unless_they_may_not_see_it(shown_to, office, mailer):
    after = say(shown_to("registrar"), "@reviewer3 and @resident, please look")
    assert "Resident" in " ".join(
        after.all(".moj-banner, .govuk-notification-banner, .app-messages")
    )
    office.settle()
    told = [m for m in mailer.sent if "mentioned you" in m.text]
    assert [m.to for m in told] == [m.to for m in told if "reviewer3" in m.to]
    assert len(told) == 1
    assert SECRET not in told[0].text
    assert stored(office)[0].mentions == ["reviewer3"]


def test_somebody_is_mentioned_without_typing_their_name(shown_to, office):
    say(shown_to("registrar"), person="reviewer4")
    assert stored(office)[0].mentions == ["reviewer4"]


def test_a_comment_can_be_changed_for_ten_minutes(shown_to, office, clock):
    shown = say(shown_to("registrar"))
    changed = shown.browser.get(str(shown.one(".app-comments__foot a")["href"]))
    after = changed.send({"_comment": "It is large enough"}, form="main form[action*=comments]")
    assert "It is large enough" in after.text
    assert SECRET not in after.text
    clock.moment += timedelta(minutes=11)
    late = shown_to("registrar")
    assert not late.soup.select("a[href*='/comments/']")
    number = stored(office)[0].id
    answer = late.browser.client.get(f"{late.path}/comments/{number}")
    assert answer.status_code == 409


def test_a_deleted_comment_leaves_a_mark_and_no_text(shown_to, office):
    shown = say(shown_to("registrar"))
    after = shown.send({}, form="form[action$='/delete']")
    assert "This comment was deleted" in after.text
    assert SECRET not in after.text
    assert stored(office)[0].text == ""


def test_only_the_author_changes_and_deletes(shown_to, office):
    say(shown_to("registrar"))
    other = shown_to("reviewer3")
    one = f"{other.path}/comments/{stored(office)[0].id}"
    token = other.form(BOX)["csrf_token"]
    assert other.browser.client.get(one).status_code == 404
    assert other.browser.client.post(f"{one}/delete", data={"csrf_token": token}).status_code == 404


def test_the_history_holds_a_digest_and_no_text(shown_to, office, case):
    say(shown_to("registrar"))
    kinds = office.read(
        lambda s: s.scalars(select(History.kind).where(History.case_id == case)).all()
    )
    assert "commented" in kinds
    bodies = office.read(lambda s: s.scalars(select(HistoryPayload.payload)).all())
    assert not any(SECRET in body for body in bodies)
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


def test_a_comment_from_the_task_page_keeps_what_was_typed(sign_in, office, case):
    item = open_item(office, case, "first")
    shown = sign_in("registrar").get(f"/tasks/{item}")
    fields = {**shown.form("form#main-form"), "amount": "12", "_comment": SECRET}
    fields |= {"_comment_to": "officials", "_comment_person": "", "_save": "1"}
    answer = shown.browser.client.post(f"/tasks/{item}/comment", data=fields)
    assert answer.headers["Location"].endswith(f"/tasks/{item}#file-comments")
    again = shown.browser.get(f"/tasks/{item}")
    assert again.value("amount") == "12"
    assert SECRET in again.text
    with office.acting("registrar") as ctx:
        assert find_draft(ctx, "user:registrar", f"task:{item}").raw == {"amount": ["12"]}


@pytest.mark.parametrize(("text", "why"), [("  ", "Write the comment"), ("x" * 4001, "too long")])
def test_what_cannot_be_a_comment_is_refused_with_a_sentence(shown_to, text, why):
    shown = shown_to("registrar")
    after = shown.send({"_comment": text}, form=BOX, status=422)
    assert why in after.problems[0]
    assert after.one("#comment-text").get_text().strip() == text.strip()


def test_comments_stand_on_pages(shown_to, office):
    shown = shown_to("registrar")
    for number in range(SHOWN + 2):
        shown = say(shown, f"Comment {number:02}")
    assert len(shown.soup.select(".app-comments__one")) == SHOWN
    rest = shown.click("Show earlier comments")
    assert "Comment 01" in rest.text
    assert len(rest.soup.select(".app-comments__one")) == 2
