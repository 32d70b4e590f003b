"""Why something failed, told whole in the reader's language: reasons within reasons too."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.services.drawing import (
    KEY,
    START,
    begin,
    diagram,
    form,
    publish,
    source,
    two_steps,
    user_task,
)
from tests.services.test_rescuing import fail
from tests.support.answers import case_row
from workflow_app.dmn import DmnError
from workflow_app.dmn.hitpolicy import OVERLAP
from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import IN_TEXT, as_stored
from workflow_app.engine import Source
from workflow_app.feel import FeelError, FeelSyntaxError, compile_expression
from workflow_app.feel.runtime import TOO_LONG_A_LIST, TOO_MANY_STEPS
from workflow_app.form_builder import FormError, FormRuleError, parse_form
from workflow_app.models.case import Incident
from workflow_app.services.publishing import publish_version
from workflow_app.web.presenting import reasons

TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'
    '<decision id="band" name="Band"><decisionTable id="t" hitPolicy="UNIQUE">'
    "<input><inputExpression><text>amount</text></inputExpression></input>"
    '<output name="band"/>'
    '<rule id="a"><inputEntry><text>odd(?)</text></inputEntry>'
    "<outputEntry><text>1</text></outputEntry></rule>"
    '<rule id="b"><inputEntry><text>&gt; 2</text></inputEntry>'
    "<outputEntry><text>2</text></outputEntry></rule></decisionTable></decision></definitions>"
)
ASKED = (
    '<bpmn:businessRuleTask id="ask" name="Ask"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="band" resultVariable="result"/>'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)
ARMENIAN = {
    IN_TEXT: "%(text)s – %(reason)s",
    TOO_LONG_A_LIST: "Ցանկն ունի ավելի քան %(limit)s տարր",
    TOO_MANY_STEPS: "Հաշվարկն ունի ավելի քան %(limit)s քայլ",
    OVERLAP: "Կարող է գործել միայն մեկ կանոն, բայց գործում են %(rows)s տողերը",
    FeelSyntaxError.place: "%(reason)s (տող %(line)s, սյունակ %(column)s)",
    DmnError.place: "%(reason)s (տող %(line)s)",
}


@pytest.fixture
def armenian(monkeypatch):
    """Let the catalogue have the sentences of this file."""
    monkeypatch.setattr(reasons, "_", lambda text: ARMENIAN.get(text, text))


def page_of_stuck(office, sign_in, amount=5):
    case_id = begin(office)
    fail(office, case_id, amount=amount)
    return sign_in("supervisor").get(f"/cases/{case_row(office, case_id).number}").text


def test_an_incident_tells_a_bound_of_feel_in_armenian(office, sign_in, armenian):
    text = "=count(for i in 1..90000 return i)"
    publish(office, two_steps(between=text))
    page = page_of_stuck(office, sign_in)
    assert re.search(re.escape(text) + r" – (Ցանկն|Հաշվարկն) ունի ավելի քան \d+ ", page)
    assert "more than" not in page
    assert "longer than" not in page
    incident = office.read(lambda s: s.scalars(select(Incident)).one())
    assert incident.why == IN_TEXT
    assert incident.details["reason"]["why"] in (TOO_LONG_A_LIST, TOO_MANY_STEPS)


def test_an_incident_tells_which_rules_of_a_table_clash_in_armenian(office, sign_in, armenian):
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "ask": ASKED,
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    }
    drawn = source(diagram(nodes, "begin>first first>ask ask>done"))
    files = {**drawn.files, f"processes/{KEY}/band.dmn": TABLE}
    with office.acting() as ctx:
        publish_version(ctx, Source(key=KEY, files=files), number=1, by="test")
    page = page_of_stuck(office, sign_in)
    assert "Կարող է գործել միայն մեկ կանոն, բայց գործում են 1, 2 տողերը" in page
    assert "Only one rule" not in page


def syntax_error(text):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    return caught.value


def test_the_place_of_a_syntax_error_is_told_around_its_reason(armenian):
    error = syntax_error("1 +\n  )")
    inner = error.why % error.details
    assert reasons.said(error) == f"{inner} (տող 2, սյունակ 3)"
    stored = as_stored(error)
    assert reasons.told(stored["why"], stored["details"]) == reasons.said(error)


@pytest.mark.parametrize(
    "error",
    [
        FeelError("A %(a)s and %(b)s.", a=1, b=True),
        syntax_error("1 + * 2"),
        DmnError("Row %(row)s.", element="r", line=7, row=3),
        DmnError("Why: %(reason)s", reason=syntax_error("if")),
        DomainError("%(text)s: %(reason)s", text="x", reason=FeelError("Too long.")),
        FormRuleError("amount", "=1/x", FeelError("Too long.")),
        FormError("amount", "it needs %(what)s", what="a key"),
    ],
    ids=("feel", "syntax", "dmn with a line", "dmn around syntax", "domain", "rule", "form"),
)
def test_untranslated_a_reason_reads_as_in_the_log_raised_or_stored(error, monkeypatch):
    monkeypatch.setattr(reasons, "_", str)
    stored = as_stored(error)
    assert reasons.said(error) == str(error)
    assert reasons.told(stored["why"], stored["details"]) == str(error)


def test_a_form_file_tells_which_expression_cannot_be_read_and_where():
    number = {"type": "number", "key": "a", "label": "A", "conditional": {"hide": "=1 +"}}
    with pytest.raises(FormError) as caught:
        parse_form(form(number))
    stored = as_stored(caught.value)
    because = stored["details"]["reason"]
    assert because["why"] == "the expression “%(text)s” cannot be read: %(reason)s"
    assert because["details"]["reason"]["why"] == FeelSyntaxError.place
