"""A decision explained to those who may read the case: in the timeline, and on its own page."""

from __future__ import annotations

from sqlalchemy import select

from tests.services.drawing import KEY, START, begin, diagram, source, user_task
from tests.support.answers import case_row, open_item
from workflow_app.engine import Source
from workflow_app.models.case import History
from workflow_app.services.chain import Event, append_event
from workflow_app.services.migrating import Order, move_case
from workflow_app.services.publishing import publish_version
from workflow_app.services.tasks import complete_task

COLUMNS = (
    '<input label="Amount asked for"><inputExpression><text>amount</text></inputExpression></input>'
    '<input label="Kind"><inputExpression><text>kind</text></inputExpression></input>'
    '<output name="band" label="Band"/><output name="months" label="Months"/>'
)


def table(rows, policy="FIRST"):
    """Write the model of one decision; a row is its cells, its note last."""
    rules = "".join(
        f'<rule id="r{number}"><description>{row[4]}</description>'
        + "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in row[:2])
        + "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in row[2:4])
        + "</rule>"
        for number, row in enumerate(rows, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'
        '<decision id="band" name="Band of the grant"><question>Which band?</question>'
        f'<decisionTable id="t" hitPolicy="{policy}">{COLUMNS}{rules}</decisionTable>'
        "</decision></definitions>"
    )


ROWS = [
    ("&lt; 100", "-", '"small"', "12", "Little money"),
    ("[100..500)", '"a", "b"', '"submitted"', "12 + 12", "More money [A] assumption"),
    ("-", "-", '"large"', "null", ""),
]
ASKED = (
    '<bpmn:businessRuleTask id="ask" name="Find the band"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="band" resultVariable="result"/>'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)
BLIND = '<zeebe:properties><zeebe:property name="blind" value="true"/></zeebe:properties>'


def publish(office, rows=ROWS, number=1, second="", **options):
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "ask": ASKED,
        "second": second or user_task("second"),
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    }
    drawn = source(diagram(nodes, "begin>first first>ask ask>second second>done"))
    files = {**drawn.files, f"processes/{KEY}/band.dmn": table(rows, **options)}
    with office.acting() as ctx:
        return publish_version(ctx, Source(key=KEY, files=files), number=number, by="test")


def decide(office, amount, kind="a"):
    """Start a case, let its decision be taken, and return its row."""
    case_id = begin(office, kind=kind)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {"amount": amount})
    return case_row(office, case_id)


def page_of(registrar, case):
    """Follow the newest entry of the timeline that leads to a decision."""
    return follow(registrar, registrar.get(f"/cases/{case.number}"))


def follow(registrar, page):
    link = page.soup.select('.app-timeline a[href*="/decisions/"]')[0]
    assert link.text.startswith("How this was decided")
    return registrar.get(link["href"])


def test_the_timeline_explains_a_decision_in_a_sentence(office, registrar):
    publish(office)
    case = decide(office, 250)
    page = registrar.get(f"/cases/{case.number}")
    assert (
        "“Band of the grant” was decided: Band: submitted; Months: 24. Row 2 of the table is the "
        "first that applies, because “Amount asked for” is 250 and “Kind” is a."
    ) in page.text
    assert page.soup.select("table.app-rules__table") == []


def test_the_page_shows_the_table_with_the_row_that_applies(office, registrar):
    publish(office)
    page = page_of(registrar, decide(office, 250))
    assert page.soup.h1.text == "Band of the grant"
    assert "Which band?" in page.text
    heads = [th.text for th in page.soup.select("thead th")]
    assert heads == ["Row", "Amount asked for", "Kind", "Band", "Months", "Note"]
    (applies,) = page.soup.select('tr[aria-current="true"]')
    cells = [" ".join(cell.text.split()) for cell in applies.select("th, td")]
    assert cells == [
        "Row 2 applies", "from 100 to less than 500", "a or b", "submitted", "24", "More money",
    ]  # fmt: skip
    (case_row_,) = page.soup.select("tr.app-rule--case")
    assert [cell.text for cell in case_row_.select("td")][:2] == ["250", "a"]
    rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]
    assert rows[1] == "Row 1 less than 100 any small 12 Little money"
    assert rows[3] == "Row 3 any any large nothing"


def test_rows_without_conditions_and_no_row_at_all_are_told(office, registrar):
    publish(office)
    page = page_of(registrar, decide(office, 900))
    assert "Row 3 of the table applies, since none above it does." in page.text
    publish(office, ROWS[:2], number=2, policy="UNIQUE")
    page = page_of(registrar, decide(office, 900))
    assert "No row of the table applies." in page.text
    assert page.soup.select('tr[aria-current="true"]') == []


def test_a_long_table_shows_the_rows_that_apply_first(office, registrar):
    rows = [(f"{row}", "-", f'"{row}"', "1", "") for row in range(1, 40)]
    publish(office, rows, policy="UNIQUE")
    page = page_of(registrar, decide(office, 30))
    assert [row.select_one("th").text.split()[1] for row in page.soup.select("tr.app-rule")][
        1:
    ] == ["30"]
    assert "The table has 39 rows" in page.text
    whole = page.click("Show the whole table")
    assert len(whole.soup.select("tbody tr")) == 1 + 39
    assert "Show the whole table" not in whole.text


def test_a_case_that_moved_on_shows_the_table_that_decided(office, registrar):
    """The version at the time tells, not the one that the case belongs to now."""
    old = publish(office)
    case = decide(office, 250)
    new = publish(office, [("-", "-", '"other"', "1", "New rule")], number=2)
    with office.acting("supervisor") as ctx:
        order = Order(old=old, new=new, reason="new rules", mapping={})
        move_case(ctx, case.id, order)
    page = page_of(registrar, case)
    assert "More money" in page.text
    assert "New rule" not in page.text


def test_a_decision_over_blind_answers_waits_with_them(office, registrar):
    publish(office, second=user_task("second", BLIND))
    case = decide(office, 250)
    page = registrar.get(f"/cases/{case.number}")
    assert "Hidden until everybody who was asked has answered." in page.text
    assert "How this was decided" not in page.text
    registrar.get(f"/cases/{case.number}/decisions/{event_of(office, case)}", status=404)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case.id, "second"), {"remark": "x"})
    assert "Row 2 applies" in page_of(registrar, case).text


def event_of(office, case):
    query = select(History.seq).where(History.case_id == case.id, History.kind == "decision")
    return office.read(lambda s: s.scalars(query).one())


def test_other_events_and_other_cases_have_no_such_page(office, registrar):
    publish(office)
    case = decide(office, 250)
    other = decide(office, 50)
    seq = event_of(office, case)
    registrar.get(f"/cases/{case.number}/decisions/{seq}")
    registrar.get(f"/cases/{case.number}/decisions/1", status=404)
    registrar.get(f"/cases/{case.number}/decisions/999", status=404)
    assert (
        "small" in registrar.get(f"/cases/{other.number}/decisions/{event_of(office, other)}").text
    )


def test_an_event_from_before_inputs_were_kept_still_tells(office, registrar):
    publish(office)
    case = decide(office, 250)
    old = {"decision": "band", "rules": ["r1"], "result": {"band": "small", "months": 12}}
    with office.acting("registrar") as ctx:
        append_event(ctx, case.id, Event("decision", f"{KEY}/ask", None, ctx.now, old))
    page = registrar.get(f"/cases/{case.number}")
    assert "Band: small; Months: 12. Row 1 of the table applies." in page.text
    page = follow(registrar, page)
    (applies,) = page.soup.select('tr[aria-current="true"]')
    assert "Row 1 applies" in " ".join(applies.text.split())
