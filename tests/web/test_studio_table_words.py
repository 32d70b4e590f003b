"""Decision tables in words, without a script: rows and columns changed, moved and taken back."""

from __future__ import annotations

import pytest

from tests.support.drafting import DraftFile
from workflow_app.dmn import load_decisions
from workflow_app.dmn.drawn import drawn_tables

NAME = "hearing_needed"
PATH = f"processes/hear_party/{NAME}.dmn"


class Draft(DraftFile):
    """A table of a draft, looked at through its page in words."""

    def __init__(self, office, browser):
        super().__init__(office, browser, "hear_party", PATH)

    def page(self, at="", name=NAME):
        address = f"/studio/drafts/{self.id}/tables/{name}/words"
        return self.browser.get(f"{address}?at={at}" if at else address)

    def table(self):
        body = self.body().encode()
        load_decisions(body)
        return drawn_tables(body)[NAME]


@pytest.fixture
def draft(office, designer):
    return Draft(office, designer)


def cells(table):
    return [(row.tests, row.outputs) for row in table.rows]


def test_a_row_is_added_after_another_and_nothing_else_changes(draft):
    before = draft.body().splitlines()
    old = cells(draft.table())
    page = draft.page("1.r1").send(form="form#do-add-r")
    fields = {"i1": "", "i2": "true", "i3": "", "o1": "true", "note": "Asked for by the party."}
    page = page.send(fields, form="form#do-begun")
    assert "Row 2 was added" in page.one("#undo-here").text
    found = draft.table()
    assert cells(found) == [old[0], (("", "true", ""), ("true",)), *old[1:]]
    assert found.rows[1].notes == ("Asked for by the party.",)
    after = draft.body().splitlines()
    assert any(after[:n] + after[n + 7 :] == before for n in range(len(before)))
    page = page.send(form="form#undo-here")
    assert draft.body().splitlines() == before


def test_what_cannot_be_read_is_told_at_its_cell_and_kept(draft):
    before = draft.body()
    page = draft.page("1.r1").send({"i1": ">= ", "o1": "1 +"}, form="form#do-change", status=422)
    assert page.one("#change-i1-error")
    assert page.one("#change-o1-error")
    assert page.one("#change-i1")["value"] == ">= "
    assert draft.body() == before


def test_a_cell_is_changed_and_only_that(draft):
    before = draft.body()
    draft.page("1.r1").send({"o1": "true"}, form="form#do-change")
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), draft.body().splitlines(), strict=True)
        if old != new
    ]
    assert len(changed) == 1
    assert "<text>true</text>" in changed[0][1]


def test_rows_move_and_go(draft):
    old = cells(draft.table())
    draft.page("1.r1").send(form="form#do-down")
    assert cells(draft.table()) == [old[1], old[0], old[2]]
    page = draft.page("1.r3").send(form="form#do-up")
    assert cells(draft.table()) == [old[1], old[2], old[0]]
    assert page.one("#part-1\\.r2 form#do-change")
    page.send(form="form#do-remove")
    assert cells(draft.table()) == [old[1], old[0]]


def test_columns_are_added_changed_and_removed_with_their_cells(draft):
    old = draft.table()
    page = draft.page("1.i1").send(form="form#do-add-i")
    page = page.send({"label": "Days", "source": "days +"}, form="form#do-begun", status=422)
    fields = {"label": "Days", "source": "days", "type": "number"}
    page = page.send(fields, form="form#do-begun")
    page = draft.page("1").send({"kind": "o"}, form="form#do-add-last-1")
    page = page.send({"label": "Why", "source": "two words"}, form="form#do-begun", status=422)
    page = page.send({"label": "Why", "source": "why", "type": "string"}, form="form#do-begun")
    found = draft.table()
    assert [one.source for one in found.inputs][1] == "days"
    assert [one.source for one in found.outputs] == [old.outputs[0].source, "why"]
    assert [len(row.tests) for row in found.rows] == [4, 4, 4]
    assert {row.outputs[1] for row in found.rows} == {"null"}
    draft.page("1.i2").send(form="form#do-remove")
    draft.page("1.o2").send(form="form#do-remove")
    assert draft.table() == old
    refused = draft.page("1.o1").send(form="form#do-remove", status=422)
    assert "at least one" in refused.one(".govuk-error-summary").text


def test_a_new_table_is_filled_and_its_title_and_policy_changed(draft):
    draft.browser.get(f"/studio/drafts/{draft.id}/tables").send(
        {"name": "grade", "title": "Grade"}, form='form[action$="/tables"]'
    )
    page = draft.page("1", "grade").send({"title": "The grade"}, form="form#do-change")
    page = page.send({"title": "The grade", "policy": "UNIQUE"}, form="form#do-change")
    assert "Only one row may apply" in page.text
    page = draft.page("1.r1", "grade").send({"i1": '"a"', "o1": '"high"'}, form="form#do-change")
    bench = draft.browser.get(f"/studio/drafts/{draft.id}/tables/grade")
    told = bench.send({"in-answer": "a"}, form="[data-bench-form]", button=("_ask", "1"))
    assert "high" in told.one(".app-decided").text


def test_a_lost_race_and_a_broken_file_are_pages(draft):
    page = draft.page("1.r1")
    draft.store(draft.body().replace("Hearing needed", "Heard"))
    page.send({"o1": "true"}, form="form#do-change", status=409)
    assert "Heard" in draft.body()
    draft.store("<definitions")
    assert draft.page().all("main p")
