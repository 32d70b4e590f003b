"""The studio's decision tables without a script: rows with findings, the bench, kept tests."""

from __future__ import annotations

import time

import msgspec
import pytest

from workflow_app.services.designing.drafts import open_draft, read_file, write_file
from workflow_app.services.designing.kept_cases import with_case
from workflow_app.services.scenarios.script import TableTest

NAME = "hearing_needed"
BENCH = "[data-bench-form]"
HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m"'
    ' namespace="n"><decision id="tried" name="Tried"><decisionTable id="t" hitPolicy="{policy}">'
    '<input id="i" label="Age"><inputExpression id="e" typeRef="number"><text>age</text>'
    '</inputExpression></input><output id="o" name="tried" typeRef="string" />'
)
RULE = (
    '<rule id="r{row}"><inputEntry id="i{row}"><text>{test}</text></inputEntry>'
    '<outputEntry id="o{row}"><text>"{gives}"</text></outputEntry></rule>'
)


def table(rows, policy="UNIQUE"):
    """Return a file with one table of rows (test, what it gives)."""
    rules = (RULE.format(row=n, test=test, gives=gives) for n, (test, gives) in enumerate(rows, 1))
    return f"{HEAD.format(policy=policy)}{''.join(rules)}</decisionTable></decision></definitions>"


@pytest.fixture
def draft(office):
    """Return the id of a draft of a published process."""
    with office.acting("designer") as ctx:
        return open_draft(ctx, "hear_party").id


@pytest.fixture
def stored(office, draft):
    """Return a function that stores a new file of decisions and gives its page's address."""

    def store(body, name="tried"):
        with office.acting("designer") as ctx:
            write_file(ctx, draft, f"processes/hear_party/{name}.dmn", body, revision=0)
        return f"/studio/drafts/{draft}/tables/{name}"

    return store


def act(page, action, fields=None, status=200):
    """Send the form of a page whose address ends so."""
    return page.send(fields, form=f'form[action$="/{action}"]', status=status)


def ask(page, fields, button="_ask"):
    """Press a button of the bench."""
    return page.send(fields, form=BENCH, button=(button, "1"))


def test_the_list_says_which_steps_ask_a_decision(designer, draft):
    rows = designer.get(f"/studio/drafts/{draft}/tables").all("tbody tr")
    row = next(row for row in rows if NAME in row)
    assert "no step yet" not in row


def test_gaps_and_overlaps_are_listed_and_marked_in_their_rows(designer, stored):
    page = designer.get(stored(table([("&lt; 18", "young"), ("[10..30]", "other")])))
    found = " ".join(page.all("[data-found] li"))
    assert "1, 2" in found
    marked = [row for row in page.soup.select("[data-drawn] tbody tr") if row.select(".govuk-tag")]
    assert [row.th.get_text(" ", strip=True).split()[1] for row in marked] == ["1", "2"]
    assert any("31" in words or "> 30" in words for words in page.all("[data-found] li"))


def test_the_bench_tells_the_row_the_result_and_why(designer, stored):
    address = stored(table([("&lt; 18", "young"), (">= 18", "grown")]))
    page = designer.get(address)
    page = ask(page, {"in-age": "20"})
    assert "grown" in page.one(".app-decided").text
    assert "“Age” is 20" in page.one(".app-decided").text
    assert page.all("#bench .app-rule--applies th") == ["Row 2 applies"]
    assert "Row 1" in page.one("#bench details").text
    page = ask(page, {"in-age": "twenty"})
    assert "must be a number" in page.one("#bench-0-error").text
    assert page.one("#bench-0")["value"] == "twenty"


def test_what_the_bench_shows_is_kept_as_a_test_that_holds(office, designer, stored, draft):
    address = stored(table([("&lt; 18", "young"), (">= 18", "grown")]))
    page = ask(designer.get(address), {"in-age": "20"})
    page = ask(page, {"_title": "a grown person"}, "_keep")
    page = ask(ask(page, {"in-age": "3"}), {"_title": "a child"}, "_keep")
    assert "2 tests are kept" in page.text
    with office.acting("designer") as ctx:
        path = "processes/hear_party/scenarios/table_tried.yaml"
        text = read_file(ctx, draft, path).body
    test = msgspec.convert(msgspec.yaml.decode(text), TableTest)
    assert [(case.inputs, case.expect, case.rows) for case in test.cases] == [
        ({"age": 20}, "grown", [2]),
        ({"age": 3}, "young", [1]),
    ]
    assert test.gap.rows == []


def test_a_case_is_added_to_a_file_written_by_hand_and_nothing_else_changes():
    text = "table: t\n# a remark\ncases:\n    - {inputs: {a: 1}, expect: 2}   # why\n\ngap: {}\n"
    longer = with_case(text, {"inputs": {"a": "no"}, "expect": None})
    assert longer.replace('    - {"inputs": {"a": "no"}, "expect": null}\n', "") == text
    assert len(msgspec.yaml.decode(longer)["cases"]) == 2


def test_ten_thousand_rules_are_answered_within_two_seconds(designer, stored, draft):
    address = stored(table([(f"[{n}..{n + 1})", "x") for n in range(10_000)]))
    designer.client.get(f"/studio/drafts/{draft}")
    before = time.process_time()
    page = designer.client.get(address).text
    assert time.process_time() - before < 2
    assert "too large to be tried" in page
    assert page.count("10000") > page.count("10000..")


def test_a_file_that_is_no_xml_is_told_and_mended_as_text(designer, stored):
    address = stored("<definitions", name="broken")
    page = designer.get(address)
    assert page.all("[data-found] li")
    page = act(page, "text", {"text": table([("-", "all")])})
    assert "The table is saved." in page.text


def test_a_new_table_decides_at_once_and_one_in_use_stays(designer, draft):
    address = f"/studio/drafts/{draft}/tables"
    new = {"name": "grade", "title": 'Grade & "more"'}
    page = ask(act(designer.get(address), "tables", new), {"in-answer": "x"})
    assert "result" in page.one(".app-decided").text
    again = act(designer.get(address), "tables", new, status=422)
    assert again.one("#new-title")["value"] == new["title"]
    act(designer.get(f"{address}/{NAME}"), "delete", status=422)
    page = act(designer.get(f"{address}/grade"), "delete")
    assert "grade" not in [row.split()[0] for row in page.all("tbody tr")]
