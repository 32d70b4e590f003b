"""The first example of the standard (DMN 1.5 §11.1): a loan, from application to routing.

Decision tables behind business knowledge, invocations, boxed contexts and functions, an imported
function, and two decision services, in each version of DMN that is read.
"""

from decimal import Decimal

import pytest

from tests.support.decisions import (
    allowed,
    component,
    decision,
    given,
    imported,
    item,
    knowledge,
    model,
    needs,
    served,
    service,
    text,
)
from tests.unit.dmn.test_boxed import entry
from workflow_app.dmn import load_decisions
from workflow_app.dmn.document import VERSIONS

RISKS = '"DECLINE", "HIGH", "MEDIUM", "LOW", "VERY LOW"'
SUM = 'hitPolicy="COLLECT" aggregation="SUM"'
PAYMENT = "(amount * rate / 12) / (1 - (1 + rate / 12) ** -term)"


def table(policy, inputs, rows, values=""):
    """Write a table; a row is a line of cells with ``|`` between them, the last one its output."""
    columns = "".join(
        f"<input><inputExpression>{cell(i)}</inputExpression></input>" for i in inputs
    )
    listed = f"<outputValues>{cell(values)}</outputValues>" if values else ""
    rules = []
    for row in filter(str.strip, rows.splitlines()):
        *tests, output = (f"{cell(each.strip())}" for each in row.split("|"))
        entries = "".join(f"<inputEntry>{each}</inputEntry>" for each in tests)
        rules.append(f"<rule>{entries}<outputEntry>{output}</outputEntry></rule>")
    made = f"{columns}<output>{listed}</output>{''.join(rules)}"
    return f"<decisionTable {policy}>{made}</decisionTable>"


def cell(words):
    return f"<text>{words.replace('<', '&lt;')}</text>"


def called(name, **arguments):
    """Write a boxed invocation; an underscore of a parameter is a blank or, doubled, a dash."""
    bound = "".join(
        f'<binding><parameter name="{spaced(name)}"/>{text(words)}</binding>'
        for name, words in arguments.items()
    )
    return f"<invocation>{text(name)}{bound}</invocation>"


def spaced(name):
    return name.replace("__", "-").replace("_", " ")


def rule(name, logic, *parameters, uses=()):
    return knowledge(
        name, dict.fromkeys(map(spaced, parameters), ""), logic, needs(*uses, kind="Knowledge")
    )


def step(name, function, arguments, *, inputs=(), decisions=(), type_name=""):
    wanted = needs(*inputs, kind="Input") + needs(*decisions) + needs(function, kind="Knowledge")
    return decision(name, called(function, **arguments), wanted, type_name)


TYPES = (
    item("tRisk", "string", allowed(RISKS)),
    item(
        "tApplicant",
        inner=component("Age", "number", allowed("[18..120]"))
        + component("MaritalStatus", "string", allowed('"S", "M"'))
        + component("EmploymentStatus", "string")
        + component("ExistingCustomer", "boolean")
        + component(
            "Monthly",
            inner="".join(component(n, "number") for n in ("Income", "Repayments", "Expenses")),
        ),
    ),
    item("tBureau", inner=component("Bankrupt", "boolean") + component("CreditScore", "number")),
)  # fmt: skip
INPUTS = (
    given("Applicant data", "tApplicant"),
    given("Requested product"),
    given("Bureau data", "tBureau"),
)
RULES = (
    rule(
        "Application risk score model",
        table(SUM, ["Age", "Marital Status", "Employment Status"], """
            [18..21] | - | - | 32
            [22..25] | - | - | 35
            [26..35] | - | - | 40
            [36..49] | - | - | 43
            >= 50 | - | - | 48
            - | "S" | - | 25
            - | "M" | - | 45
            - | - | "UNEMPLOYED" | 15
            - | - | "STUDENT" | 18
            - | - | "EMPLOYED" | 45
            - | - | "SELF-EMPLOYED" | 36
        """),
        "Age", "Marital_Status", "Employment_Status",
    ),
    rule(
        "Pre-bureau risk category table",
        table('hitPolicy="UNIQUE"', ["Existing Customer", "Application Risk Score"], """
            false | < 100 | "HIGH"
            false | [100..120) | "MEDIUM"
            false | [120..130] | "LOW"
            false | > 130 | "VERY LOW"
            true | < 80 | "DECLINE"
            true | [80..90) | "HIGH"
            true | [90..110] | "MEDIUM"
            true | > 110 | "LOW"
        """),
        "Existing_Customer", "Application_Risk_Score",
    ),
    rule(
        "Post-bureau risk category table",
        table("", ["Existing Customer", "Application Risk Score", "Credit Score"], """
            true | <= 120 | < 590 | "HIGH"
            true | <= 120 | [590..610] | "MEDIUM"
            true | <= 120 | > 610 | "LOW"
            true | > 120 | < 600 | "HIGH"
            true | > 120 | [600..625] | "MEDIUM"
            true | > 120 | > 625 | "LOW"
            false | <= 100 | < 580 | "HIGH"
            false | <= 100 | [580..600] | "MEDIUM"
            false | <= 100 | > 600 | "LOW"
            false | > 100 | < 590 | "HIGH"
            false | > 100 | [590..615] | "MEDIUM"
            false | > 100 | > 615 | "LOW"
        """),
        "Existing_Customer", "Application_Risk_Score", "Credit_Score",
    ),
    rule(
        "Credit contingency factor table",
        table("", ["Risk Category"], """
            "HIGH", "DECLINE" | 0.6
            "MEDIUM" | 0.7
            "LOW", "VERY LOW" | 0.8
        """),
        "Risk_Category",
    ),
    rule(
        "Affordability calculation",
        "<context>"
        + entry("Disposable Income", text("Monthly Income - Monthly Expenses - Monthly Repayments"))
        + entry("Factor", called("Credit contingency factor table", Risk_Category="Risk Category"))
        + entry("", text(
            "if Disposable Income * Factor > Required Monthly Installment then true else false"))
        + "</context>",
        "Monthly_Income", "Monthly_Repayments", "Monthly_Expenses", "Risk_Category",
        "Required_Monthly_Installment",
        uses=("Credit contingency factor table",),
    ),
    rule(
        "Eligibility rules",
        table(
            'hitPolicy="PRIORITY"',
            ["Pre-Bureau Risk Category", "Pre-Bureau Affordability", "Age"],
            """
            "DECLINE" | - | - | "INELIGIBLE"
            - | false | - | "INELIGIBLE"
            - | - | < 18 | "INELIGIBLE"
            - | - | - | "ELIGIBLE"
            """,
            '"INELIGIBLE", "ELIGIBLE"',
        ),
        "Age", "Pre__Bureau_Risk_Category", "Pre__Bureau_Affordability",
    ),
    rule(
        "Bureau call type table",
        table("", ["Pre-Bureau Risk Category"], """
            "HIGH", "MEDIUM" | "FULL"
            "LOW" | "MINI"
            "VERY LOW", "DECLINE" | "NONE"
        """, '"FULL", "MINI", "NONE"'),
        "Pre__Bureau_Risk_Category",
    ),
    rule(
        "Routing rules",
        table(
            'hitPolicy="PRIORITY"',
            ["Post-Bureau Affordability", "Bankrupt", "Post-Bureau Risk Category", "Credit Score"],
            """
            false | - | - | - | "DECLINE"
            - | true | - | - | "DECLINE"
            - | - | "HIGH" | - | "REFER"
            - | - | - | < 580 | "REFER"
            - | - | - | - | "ACCEPT"
            """,
            '"DECLINE", "REFER", "ACCEPT"',
        ),
        "Bankrupt", "Credit_Score", "Post__Bureau_Risk_Category", "Post__Bureau_Affordability",
    ),
    rule(
        "Installment calculation",
        "<context>"
        + entry("Monthly Fee", text(
            'if Product Type = "STANDARD LOAN" then 20.00 '
            'else if Product Type = "SPECIAL LOAN" then 25.00 else null'))
        + entry("Monthly Repayment", text("Financial.PMT(Rate, Term, Amount)"))
        + entry("", text("Monthly Repayment + Monthly Fee"))
        + "</context>",
        "Product_Type", "Rate", "Term", "Amount",
        uses=("financial#PMT",),
    ),
)  # fmt: skip
AFFORDED = {
    "Monthly_Income": "Applicant data.Monthly.Income",
    "Monthly_Repayments": "Applicant data.Monthly.Repayments",
    "Monthly_Expenses": "Applicant data.Monthly.Expenses",
    "Required_Monthly_Installment": "Required monthly installment",
}
SCORED = {
    "Existing_Customer": "Applicant data.ExistingCustomer",
    "Application_Risk_Score": "Application risk score",
}
DECISIONS = (
    step("Application risk score", "Application risk score model", {
        "Age": "Applicant data.Age",
        "Marital_Status": "Applicant data.MaritalStatus",
        "Employment_Status": "Applicant data.EmploymentStatus",
    }, inputs=["Applicant data"], type_name="number"),
    step("Pre-bureau risk category", "Pre-bureau risk category table", SCORED,
         inputs=["Applicant data"], decisions=["Application risk score"], type_name="tRisk"),
    step("Post-bureau risk category", "Post-bureau risk category table",
         {**SCORED, "Credit_Score": "Bureau data.CreditScore"},
         inputs=["Applicant data", "Bureau data"], decisions=["Application risk score"],
         type_name="tRisk"),
    step("Required monthly installment", "Installment calculation", {
        "Product_Type": "Requested product.ProductType", "Rate": "Requested product.Rate",
        "Term": "Requested product.Term", "Amount": "Requested product.Amount",
    }, inputs=["Requested product"], type_name="number"),
    step("Pre-bureau affordability", "Affordability calculation",
         {**AFFORDED, "Risk_Category": "Pre-bureau risk category"}, inputs=["Applicant data"],
         decisions=["Pre-bureau risk category", "Required monthly installment"],
         type_name="boolean"),
    step("Post-bureau affordability", "Affordability calculation",
         {**AFFORDED, "Risk_Category": "Post-bureau risk category"}, inputs=["Applicant data"],
         decisions=["Post-bureau risk category", "Required monthly installment"],
         type_name="boolean"),
    step("Eligibility", "Eligibility rules", {
        "Age": "Applicant data.Age", "Pre__Bureau_Risk_Category": "Pre-bureau risk category",
        "Pre__Bureau_Affordability": "Pre-bureau affordability",
    }, inputs=["Applicant data"],
       decisions=["Pre-bureau risk category", "Pre-bureau affordability"]),
    step("Bureau call type", "Bureau call type table",
         {"Pre__Bureau_Risk_Category": "Pre-bureau risk category"},
         decisions=["Pre-bureau risk category"]),
    decision("Strategy", table("", ["Eligibility", "Bureau call type"], """
            "INELIGIBLE" | - | "DECLINE"
            "ELIGIBLE" | "FULL", "MINI" | "BUREAU"
            "ELIGIBLE" | "NONE" | "THROUGH"
        """), needs("Eligibility", "Bureau call type")),
    step("Routing", "Routing rules", {
        "Bankrupt": "Bureau data.Bankrupt", "Credit_Score": "Bureau data.CreditScore",
        "Post__Bureau_Risk_Category": "Post-bureau risk category",
        "Post__Bureau_Affordability": "Post-bureau affordability",
    }, inputs=["Bureau data"],
       decisions=["Post-bureau risk category", "Post-bureau affordability"]),
    service("Bureau Strategy Decision Service", ("Strategy", "Bureau call type"),
            inputs=("Applicant data", "Requested product")),
    service("Routing Decision Service", ("Routing",),
            inputs=("Applicant data", "Requested product", "Bureau data")),
)  # fmt: skip
ANNA = {
    "Age": 51,
    "MaritalStatus": "M",
    "EmploymentStatus": "EMPLOYED",
    "ExistingCustomer": False,
    "Monthly": {"Income": 10_000, "Repayments": 2500, "Expenses": 3000},
}
LOAN = {"ProductType": "STANDARD LOAN", "Rate": Decimal("0.0397"), "Term": 360, "Amount": 100_000}
BUREAU = {"Bankrupt": False, "CreditScore": 600}
DATA = {"Applicant data": ANNA, "Requested product": LOAN, "Bureau data": BUREAU}


def loan(version, **how):
    host = "http" if version < "2019" else "https"
    namespace = f"{host}://www.omg.org/spec/DMN/{version}/MODEL/"
    library = model(
        knowledge("PMT", {"rate": "number", "term": "number", "amount": "number"}, text(PAYMENT)),
        namespace="financial",
        version=namespace,
    )
    parts = (imported("Financial", "financial"), *TYPES, *INPUTS, *RULES, *DECISIONS)
    return load_decisions(model(*parts, version=namespace), {"financial": library}, **how)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("lenient", [True, False])
def test_the_loan_of_the_standard_is_decided_in_every_version(version, lenient):
    loaded = loan(version, lenient=lenient)
    found = {
        name: loaded.evaluate(name.replace(" ", "_"), DATA).value
        for name in (
            "Application risk score", "Pre-bureau risk category", "Post-bureau risk category",
            "Pre-bureau affordability", "Post-bureau affordability", "Eligibility",
            "Bureau call type", "Strategy", "Routing",
        )
    }  # fmt: skip
    assert found == {
        "Application risk score": 138,
        "Pre-bureau risk category": "VERY LOW",
        "Post-bureau risk category": "MEDIUM",
        "Pre-bureau affordability": True,
        "Post-bureau affordability": True,
        "Eligibility": "ELIGIBLE",
        "Bureau call type": "NONE",
        "Strategy": "THROUGH",
        "Routing": "ACCEPT",
    }
    installment = loaded.evaluate("Required_monthly_installment", DATA).value
    assert round(installment, 2) == Decimal("495.69")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "ACCEPT"),
        # Without a score there is no risk, no factor, and so nothing that can be afforded.
        ({"Bureau data": None}, "DECLINE"),
        ({"Bureau data": {"Bankrupt": None, "CreditScore": 600}}, "ACCEPT"),
        ({"Bureau data": {"Bankrupt": True, "CreditScore": 700}}, "DECLINE"),
        ({"Bureau data": {"Bankrupt": False, "CreditScore": 589}}, "REFER"),
        ({"Requested product": {**LOAN, "Amount": 1_000_000}}, "DECLINE"),
        ({"Requested product": {**LOAN, "ProductType": "GIFT"}}, "DECLINE"),
    ],
)
def test_the_service_routes_an_application(changes, expected):
    loaded = loan(VERSIONS[-1], lenient=True)
    assert served(loaded, "Routing Decision Service", **{**DATA, **changes}) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"Strategy": "THROUGH", "Bureau call type": "NONE"}),
        ({"Age": 20, "MaritalStatus": "S"}, {"Strategy": "BUREAU", "Bureau call type": "FULL"}),
        ({"ExistingCustomer": True}, {"Strategy": "BUREAU", "Bureau call type": "MINI"}),
        ({"Monthly": {"Income": 6000, "Repayments": 2500, "Expenses": 3000}},
         {"Strategy": "DECLINE", "Bureau call type": "NONE"}),
    ],
)  # fmt: skip
def test_the_other_service_gives_strategy_and_call_type(changes, expected):
    loaded = loan(VERSIONS[-1], lenient=True)
    data = {"Applicant data": {**ANNA, **changes}, "Requested product": LOAN}
    assert served(loaded, "Bureau Strategy Decision Service", **data) == expected
