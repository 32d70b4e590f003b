"""A diagram in words: travelled and changed without a mouse and without JavaScript."""

from __future__ import annotations

import pytest

from workflow_app.engine.reader import read_diagram

LARGEST = "accreditation_surveillance"
SMALL = "hear_party"


class Outline:
    """A designer's browser on the page of one draft in words."""

    def __init__(self, browser, key):
        opened = browser.get("/studio").send(form=f'form[action="/studio/processes/{key}/draft"]')
        self.browser, self.id = browser, int(opened.path.rsplit("/", 1)[-1])
        self.path = f"processes/{key}/{key}.bpmn"

    def page(self, step="", **more):
        query = "&".join(f"{name}={value}" for name, value in {"step": step, **more}.items())
        return self.browser.get(f"/studio/drafts/{self.id}/outline?{query}")

    def body(self):
        return self.browser.client.get(f"/studio/drafts/{self.id}/files/{self.path}").json["body"]

    def save(self, body):
        """Save the diagram as its editor's script does."""
        address = f"/studio/drafts/{self.id}/files/{self.path}"
        revision = self.browser.client.get(address).json["revision"]
        token = self.page().soup.select('input[name="csrf_token"]')[0]["value"]
        sent = {"body": body, "revision": revision}
        self.browser.client.put(address, json=sent, headers={"X-CSRFToken": token})

    def nodes(self):
        graph = read_diagram(self.path, self.body()).processes[0]
        return {node.id: (around, node) for around, node in graph.walk()}


@pytest.fixture
def draft(designer):
    return Outline(designer, SMALL)


def entry(page, step):
    return page.one(f"#step-{step}").get_text(" ", strip=True)


def test_a_task_with_a_form_is_added_to_the_largest_diagram(designer):
    draft = Outline(designer, LARGEST)
    before = next(k for k, (_, node) in draft.nodes().items() if node.name == "Send number and key")
    page = draft.page(before).send({"kind": "user"}, form="form#do-add")
    page = page.send(
        {"name": "Call the provider", "form": "annual_report_check", "documentation": "By phone."},
        form="form#do-begun",
    )
    told = entry(page, "call_the_provider")
    assert "“Call the provider” was added after “Send number and key”." in told
    assert "Task for a person" in told
    assert "annual_report_check" in told
    assert page.address.endswith("step=call_the_provider")
    graph, node = draft.nodes()["call_the_provider"]
    assert node.extensions.form == "annual_report_check"
    assert node.lane == "registrar"
    [flow] = graph.outgoing(node.id)
    assert graph.nodes[flow.target].name == "The certificate is in force"
    assert 'bpmnElement="call_the_provider"' in draft.body()


def test_a_wrong_condition_is_told_at_its_field_and_nothing_typed_is_lost(draft):
    flow = "flow_has_statement_to_weigh_statement"
    page = draft.page("has_statement")
    before = draft.body()
    page = page.send(
        {"condition": '=effect = "changed', "words": "Given at last"},
        form=f"form#do-way-{flow}",
        status=422,
    )
    assert page.one(f"#way-{flow}-condition")["value"] == '=effect = "changed'
    assert page.one(f"#way-{flow}-condition-error").text.strip()
    assert page.one(f"#way-{flow}-words")["value"] == "Given at last"
    assert page.problems
    assert draft.body() == before
    page = page.send({"condition": "misspelled_thing = 1"}, form=f"form#do-way-{flow}")
    assert "misspelled_thing" in page.one("#step-has_statement .app-findings").text


def test_a_lost_race_is_a_page_on_which_it_can_be_sent_again(draft):
    step = "weigh_statement"
    page, late = draft.page(step), draft.page(step)
    page.send({"name": "Sum up what was seen"}, form="form#do-change")
    late = late.send({"documentation": "In one page."}, form="form#do-change", status=409)
    assert "Somebody else saved a newer version of this file." in late.text
    assert late.one("#change-documentation").text.strip() == "In one page."
    late.send(form="form#do-change")
    assert draft.nodes()[step][1].documentation == "In one page."


def test_commands_are_taken_back_one_by_one(draft):
    step = "weigh_statement"
    before = draft.body()
    page = draft.page(step)
    page = page.send({"name": "First"}, form="form#do-change")
    once = draft.body()
    page = page.send({"name": "Second"}, form="form#do-change")
    page = page.send(form="form#undo-here")
    assert draft.body() == once
    page = page.send(form="form#undo-here")
    assert draft.body() == before
    assert not page.soup.select("form#undo-here, form#undo-top")


def test_commands_are_taken_back_behind_what_an_editor_saved(draft):
    before = draft.body()
    page = draft.page("weigh_statement").send({"name": "First"}, form="form#do-change")
    once = draft.body()
    for name in ("Drawn once", "Drawn twice"):
        draft.save(draft.body().replace("First", name).replace("Drawn once", name))
    page = draft.page()
    assert "The file was changed in its editor." in page.one("form#undo-top").text
    page = page.send(form="form#undo-top")
    assert draft.body() == once
    assert "was changed" in page.one("form#undo-top").text
    page.send(form="form#undo-top")
    assert draft.body() == before


def test_lanes_and_roles_are_chosen_in_words(draft):
    page = draft.page()
    page = page.send({"lane_name": "reviewer"}, form="form#do-lane-new")
    step = "begin"
    page = draft.page(step)
    page = page.send({"lane": "lane_reviewer"}, form="form#do-change")
    assert draft.nodes()[step][1].lane == "reviewer"
    assert "Reviewer" in entry(page, step)


def test_an_operation_asks_for_what_it_takes(draft):
    step = "begin"
    page = draft.page(step).send({"kind": "operation"}, form="form#do-add")
    page = page.send({"operation": "notify"}, form="form#do-operation")
    page = page.send({"name": "Tell the holder"}, form="form#do-begun", status=422)
    assert any("mail" in one for one in page.problems)
    fields = {
        "take.mail": "hearing_reminder",
        "take.to": "key_holder",
        "inputs": "who = days",
    }
    page = page.send(fields, form="form#do-begun")
    held = draft.nodes()["tell_the_holder"][1].extensions
    assert held.operation == "notify"
    assert held.headers == {"mail": "hearing_reminder", "to": "key_holder"}
    assert [(one.target, one.source) for one in held.inputs] == [("who", "=days")]


def test_any_step_is_gone_to_without_passing_the_others(draft):
    page = draft.page().send({"step": "weigh_statement"}, form="form#do-go")
    assert page.soup.select("#step-weigh_statement form#do-change")
