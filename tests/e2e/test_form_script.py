"""The form's script in a real browser: rows, conditions, computed values, autosave, double sending.

The page is served by a small application of the test, so that a failure points at the script.
"""

import json
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, request, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from playwright.sync_api import expect
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.serving import make_server

from workflow_app.form_builder import TaskForm, apply_row_action, parse_form

# The warning is about the base_url fixture of the browser plugin, which we do not use.
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures:pytest.PytestRemovedIn10Warning"),
]

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules/.bin/esbuild"

COMPONENTS = [
    {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}},
    {"type": "select", "key": "care", "label": "Care",
     "values": [{"value": "home"}, {"value": "day"}]},
    {"type": "textfield", "key": "address", "label": "Address",
     "conditional": {"hide": '=care = "home"'}},
    {"type": "dynamiclist", "path": "funding", "label": "Funding",
     "properties": {"minRows": "1", "maxRows": "3", "rowLabel": "=source"},
     "components": [
         {"type": "textfield", "key": "source", "label": "Source"},
         {"type": "number", "key": "share", "label": "Share"},
         {"type": "textfield", "key": "why", "label": "Why",
          "conditional": {"hide": "=share <= limit"}},
         {"type": "expression", "key": "double", "label": "Double", "expression": "=share * 2"}]},
    {"type": "expression", "key": "total", "label": "Total", "expression": "=sum(funding.share)"},
    {"type": "filepicker", "key": "charter", "label": "Charter"},
]  # fmt: skip

BUDGET = [
    {"type": "dynamiclist", "path": "budget", "label": "Budget", "defaultRepetitions": 2,
     "components": [
         {"type": "number", "key": "units", "label": "Units"},
         {"type": "number", "key": "cost", "label": "Cost", "properties": {"kind": "money"}},
         {"type": "expression", "key": "total", "label": "Total", "expression": "=units * cost",
          "properties": {"kind": "money"}}]},
    {"type": "expression", "key": "whole", "label": "Sum", "properties": {"kind": "money"},
     "expression": "=sum(for row in budget return if row.total = null then 0 else row.total)"},
]  # fmt: skip

PAGE = """<!DOCTYPE html><html lang="en"><title>Form</title>
{% from "form/macros.html" import task_form %}
<body class="js-enabled">
<form method="post" action="/" enctype="multipart/form-data" novalidate>
{{ task_form(form, draft_url="/draft") }}<button>Send</button></form>
<script type="module" src="/bundle/form.js"></script></body></html>"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    if not ESBUILD.exists():
        pytest.skip("esbuild is not installed: run make setup")
    folder = tmp_path_factory.mktemp("bundle")
    entry = ROOT / "assets/js/form.js"
    options = ["--bundle", "--splitting", "--format=esm", f"--outdir={folder}", "--log-level=error"]
    subprocess.run(  # noqa: S603 - our own bundler and our own file
        [ESBUILD, entry, *options], check=True, cwd=ROOT
    )
    return folder


class Host:
    """The server side of the page: what it was sent, and whether it is out of order."""

    def __init__(self, bundle, components):
        self.drafts, self.sent, self.broken, self.words = [], [], False, None
        self.schema = parse_form(json.dumps({"components": components}))
        self.app = Flask("form_page")
        govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
        folder = FileSystemLoader(ROOT / "workflow_app/templates")
        self.app.jinja_loader = ChoiceLoader([folder, govuk])
        self.app.jinja_env.globals["_"] = lambda message: message
        self.app.add_url_rule("/", view_func=self.page, methods=["GET", "POST"])
        self.app.add_url_rule("/draft", view_func=self.draft, methods=["POST"])
        self.app.add_url_rule(
            "/bundle/<path:name>", "bundle", lambda name: send_from_directory(bundle, name)
        )
        self.app.after_request(_with_policy)

    def bind(self, posted):
        return TaskForm(
            self.schema, values={}, scope={"limit": 50, "key": "SECRET"}, functions={},
            posted=posted, translate=str, locale="en", now=datetime(2026, 11, 21, tzinfo=UTC),
        )  # fmt: skip

    def posted(self):
        return CombinedMultiDict([request.form, request.files])

    def page(self):
        posted = self.posted() if request.method == "POST" else None
        if posted is not None:
            self.sent.append(posted.to_dict(flat=False))
            posted = apply_row_action(self.schema, posted) or posted
        form = self.bind(posted)
        if posted is not None:
            form.validate()
        return self.app.jinja_env.from_string(PAGE).render(form=form)

    def draft(self):
        if self.broken:
            return "", 503
        assert not request.files
        self.drafts.append(self.bind(request.form).raw())
        return {"saved": self.words} if self.words else ("", 204)


def _with_policy(response):
    response.headers["Content-Security-Policy"] = "default-src 'self'"
    return response


@pytest.fixture
def components(request):
    """Return what the page asks; a test says otherwise by its parameter."""
    return getattr(request, "param", COMPONENTS)


@pytest.fixture
def host(bundle, components):
    host = Host(bundle, components)
    server = make_server("127.0.0.1", 0, host.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}/"
    yield host
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def form_page(page, host):
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(host.address)
    # Computed values get their first text from the script once it has loaded.
    expect(page.locator("#f-care, #f-whole")).to_be_visible()
    yield page
    assert failures == []


def add_row(page):
    page.get_by_role("button", name="Add a row to").click()


def test_a_question_hides_and_comes_back_as_the_answers_change(form_page):
    address = form_page.get_by_label("Address")
    expect(address).to_be_visible()
    form_page.get_by_label("Care").select_option("home")
    expect(address).to_be_hidden()
    form_page.get_by_label("Care").select_option("day")
    expect(address).to_be_visible()


def test_computed_values_follow_the_typing_row_by_row(form_page):
    form_page.locator("#f-funding-0-share").fill("40")
    add_row(form_page)
    form_page.locator("#f-funding-1-share").fill("50.5")
    expect(form_page.locator("#f-funding-1-double")).to_have_text("101")
    expect(form_page.locator("#f-total")).to_have_text("90.5")


@pytest.mark.parametrize("components", [BUDGET], indirect=True)
def test_a_budget_is_added_up_to_the_cent_as_the_server_does(form_page, host):
    lines = [("0.5", "2.01", "1.01"), ("12.5", "333.33", "4166.63")]
    for number, (units, cost, total) in enumerate(lines):
        form_page.locator(f"#f-budget-{number}-units").fill(units)
        form_page.locator(f"#f-budget-{number}-cost").fill(cost)
        expect(form_page.locator(f"#f-budget-{number}-total")).to_have_text(total)
    expect(form_page.locator("#f-whole")).to_have_text("4167.64")
    form_page.get_by_role("button", name="Send").click()
    expect(form_page.locator("#f-whole")).to_have_text("4167.64")
    bound = host.bind(MultiDict([(n, v) for n, vs in host.sent[0].items() for v in vs]))
    assert bound.validate()
    assert (bound.answers()["whole"], bound.answers()["budget"][0]["total"]) == (4167.64, 1.01)


def test_a_row_hides_its_own_question_by_data_of_the_case(form_page):
    add_row(form_page)
    form_page.locator("#f-funding-0-share").fill("60")
    form_page.locator("#f-funding-1-share").fill("10")
    expect(form_page.locator("#f-funding-0-why")).to_be_visible()
    expect(form_page.locator("#f-funding-1-why")).to_be_hidden()


def test_a_new_row_gets_the_focus_and_is_announced(form_page):
    add_row(form_page)
    expect(form_page.locator("#f-funding-1-source")).to_be_focused()
    expect(form_page.locator("[data-row-status]")).to_have_text("Row 2 was added")
    add_row(form_page)
    expect(form_page.get_by_role("button", name="Add a row to")).to_be_hidden()


def test_removing_a_row_renumbers_the_rest_and_keeps_what_was_typed(form_page, host):
    form_page.locator("#f-funding-0-source").fill("State")
    add_row(form_page)
    form_page.locator("#f-funding-1-source").fill("Gifts")
    form_page.get_by_role("button", name="Remove row 1 from “Funding”").click()
    expect(form_page.locator("#f-funding-0-source")).to_have_value("Gifts")
    expect(form_page.locator("#f-funding-0-source")).to_be_focused()
    expect(form_page.locator("[data-row-remove]")).to_be_hidden()
    ids = form_page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    form_page.get_by_role("button", name="Send").click()
    expect(form_page.get_by_role("alert")).to_be_visible()
    assert host.sent[0]["funding-0-source"] == ["Gifts"]


def test_what_is_typed_is_saved_by_itself(form_page, host):
    form_page.get_by_label("Name").fill("Ann")
    status = form_page.locator("[data-draft-status]")
    expect(status).to_contain_text("Saved")
    assert host.drafts[-1]["name"] == ["Ann"]


def test_the_servers_own_words_tell_when_it_was_saved(form_page, host):
    host.words = "Saved 23:59"
    form_page.get_by_label("Name").fill("Ann")
    expect(form_page.locator("[data-draft-status]")).to_have_text("Saved 23:59")


def test_a_failed_saving_says_so_and_is_tried_again(form_page, host):
    host.broken = True
    form_page.get_by_label("Name").fill("Ann")
    status = form_page.locator("[data-draft-status]")
    expect(status).to_contain_text("could not be saved")
    assert host.drafts == []
    host.broken = False
    expect(status).to_contain_text("Saved", timeout=15_000)
    assert host.drafts[-1]["name"] == ["Ann"]


def test_leaving_the_page_saves_at_once(form_page, host):
    form_page.get_by_label("Name").fill("Bagrat")
    with form_page.expect_request("**/draft"):
        form_page.evaluate("window.dispatchEvent(new Event('pagehide'))")


def test_a_form_is_sent_once_however_often_it_is_clicked(form_page, host):
    click_twice = "(send) => { send.click(); send.click(); }"
    form_page.get_by_role("button", name="Send").evaluate(click_twice)
    expect(form_page.get_by_role("alert")).to_be_visible()
    assert len(host.sent) == 1


def test_enter_sends_the_form_and_touches_no_row(form_page, host):
    form_page.get_by_label("Name").press("Enter")
    expect(form_page.get_by_role("alert")).to_be_visible()
    assert "_row" not in host.sent[0]


def test_the_page_does_not_hold_data_that_no_condition_reads(form_page):
    assert "SECRET" not in form_page.content()
