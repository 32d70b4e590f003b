"""The runner of the kit itself, on models and test files of our own."""

import json
from decimal import Decimal

import pytest
from lxml import etree

from tests.conformance import tck
from tests.conformance.values import Empty, Unreadable, same, settled, value_of
from tests.support import decisions
from tests.support.decisions import imported, knowledge, needs, service

TEST_HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"{more}>'
)


def definitions(*parts, namespace="main"):
    return decisions.model(*parts, namespace=namespace).decode()


def decision(name, words, requires=""):
    return decisions.decision(name, decisions.text(words), requires)


def case(result, given="", name="d", attributes="", result_attributes=""):
    return (
        f'<testCase id="1" {attributes}>{given}<resultNode name="{name}" {result_attributes}>'
        f"{result}</resultNode></testCase>"
    )


def typed(kind, text):
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def expected(inner):
    return f"<expected>{inner}</expected>"


def given(name, inner):
    return f'<inputNode name="{name}">{inner}</inputNode>'


@pytest.fixture
def run(tmp_path):
    """Write a suite and run it; gives the outcomes."""

    def write_and_run(model, *cases, named="m.dmn", beside=(), more=""):
        folder = tmp_path / "level" / "suite"
        folder.mkdir(parents=True)
        if model is not None:
            (folder / "m.dmn").write_text(model)
        for file, text in beside:
            (folder / file).write_text(text)
        name = f"<modelName>{named}</modelName>" if named else ""
        tests = TEST_HEAD.format(more=more) + name + "".join(cases) + "</testCases>"
        (folder / "m-test-01.xml").write_text(tests)
        return list(tck.run_folder(tmp_path))

    return write_and_run


def element(inner):
    return etree.fromstring(TEST_HEAD.format(more="") + inner + "</testCases>")[0]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("1.5", typed("decimal", "1.5")),
        ("1.5", typed("double", "1.5E0")),
        ("2", typed("integer", " 2 ")),
        ("2", typed("unsignedByte", "2")),
        ("true", typed("boolean", "true")),
        ("false", typed("boolean", "0")),
        ('" a "', typed("string", " a ")),
        ('""', typed("string", "")),
        ('"x"', typed("anyURI", "x")),
        ('@"2026-11-22"', typed("date", "2026-11-22")),
        ('@"2026-11-22"', typed("date", "2026-11-22Z")),
        ('@"10:00:00Z"', typed("time", "10:00:00Z")),
        ('@"2026-11-22T10:00:00"', typed("dateTime", "2026-11-22T10:00:00")),
        ('@"P1Y2M"', typed("duration", "P1Y2M")),
        ('@"P1D"', typed("dayTimeDuration", "PT24H")),
        ('@"P1Y"', typed("yearMonthDuration", "P12M")),
        ("null", '<value xsi:nil="true"/>'),
        ("null", '<list xsi:nil="1"/>'),
        ("null", '<component xsi:nil="true"/>'),
        ("null", ""),
        ("{}", ""),
        ("12", "<value>12</value>"),
        ('"12"', "<value>12</value>"),
        ("true", "<value>true</value>"),
        ('@"2026-11-22"', "<value>2026-11-22</value>"),
        ("[]", "<list/>"),
        ("[1, null]", (f'<list><item>{typed("decimal", "1")}</item><item><value xsi:nil="true"/>'
         "</item></list>")),
        ("[[1], []]", (f'<list><item><list><item>{typed("decimal", "1")}</item></list></item>'
         "<item><list/></item></list>")),
        ("{a: 1, b: {c: 2}}", (f'<component name="a">{typed("decimal", "1")}</component>'
         f'<component name="b"><component name="c">{typed("int", "2")}</component></component>')),
        ("[{a: 1}]",
         f'<list><item><component name="a">{typed("decimal", "1")}</component></item></list>'),
        ("1 / 3", typed("decimal", "0.333333333")),
    ],
)  # fmt: skip
def test_every_kind_of_value_is_read_and_compared(run, text, inner):
    (outcome,) = run(definitions(decision("d", text)), case(expected(inner)))
    assert outcome.passed, outcome.report()


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("1.6", typed("decimal", "1.5")),
        ('"a"', typed("string", "A")),
        ('"1"', typed("decimal", "1")),
        ("1", typed("string", "1")),
        ("null", typed("boolean", "false")),
        ("false", '<value xsi:nil="true"/>'),
        ("[1]", typed("decimal", "1")),
        ("[1, 2]", (f"<list><item>{typed('decimal', '2')}</item>"
         f"<item>{typed('decimal', '1')}</item></list>")),
        ("[]", '<list xsi:nil="true"/>'),
        ("{a: 1, b: 2}", f'<component name="a">{typed("decimal", "1")}</component>'),
        ("{a: 1}", ""),
        ('@"P1D"', typed("duration", "P1M")),
        ('@"2026-11-22"', typed("date", "2026-11-23")),
        ('"abc"', "<value>12</value>"),
    ],
)  # fmt: skip
def test_another_value_fails_and_is_told(run, text, inner):
    (outcome,) = run(definitions(decision("d", text)), case(expected(inner)))
    assert not outcome.passed
    told = outcome.report()
    assert told["suite"] == "suite"
    assert told["file"] == "level/suite/m-test-01.xml"
    assert (told["case"], told["node"], told["reason"]) == ("1", "d", "another value")
    assert told["got"] != told["expected"]


def test_a_value_that_is_none_of_its_type_fails(run):
    (outcome,) = run(definitions(decision("d", "1")), case(expected(typed("decimal", "one"))))
    assert not outcome.passed
    assert "“one” is no decimal" in outcome.reason
    with pytest.raises(Unreadable):
        value_of(element(given("x", typed("date", "2026-13-01"))))


def test_inputs_come_in_with_their_values(run):
    model = definitions(
        decisions.given("x", "number")
        + decisions.given("p")
        + decision("d", "[x, p.a, p.b[2]]", needs("x", "p", kind="Input"))
    )
    listed = f"<list><item>{typed('string', 'l')}</item><item>{typed('string', 'm')}</item></list>"
    person = f'<component name="a">{typed("date", "2026-11-22")}</component>'
    inputs = given("x", "<value>7</value>") + given(
        "p", f'{person}<component name="b">{listed}</component>'
    )
    wanted = "".join(
        f"<item>{typed(kind, text)}</item>"
        for kind, text in (("decimal", "7"), ("date", "2026-11-22"), ("string", "m"))
    )
    (outcome,) = run(model, case(expected(f"<list>{wanted}</list>"), inputs))
    assert outcome.passed, outcome.report()


def test_a_text_without_a_type_stays_a_text_where_the_input_may_be_one(run):
    model = definitions(decisions.given("x") + decision("d", "x", needs("x", kind="Input")))
    (outcome,) = run(model, case(expected(typed("string", "7")), given("x", "<value>7</value>")))
    assert outcome.passed


def test_an_expected_error_is_null(run):
    error = 'errorResult="true"'
    model = definitions(decision("d", '1 + "a"') + decision("e", "1"))
    right, wrong = run(
        model,
        case(expected('<value xsi:nil="true"/>'), result_attributes=error),
        case("", name="e", result_attributes=error),
    )
    assert right.passed
    assert not wrong.passed
    assert (wrong.expected, wrong.got) == ("an error", "1")


def test_every_expected_result_counts(run):
    model = definitions(decision("d", "1") + decision("e", "2"))
    one = f'<resultNode name="d">{expected(typed("decimal", "1"))}</resultNode>'
    two = f'<resultNode name="e">{expected(typed("decimal", "3"))}</resultNode>'
    found = run(model, f'<testCase id="c">{one}{two}</testCase>', "<!--<testCase/>-->")
    assert [outcome.passed for outcome in found] == [True, False]
    assert tck.summary(found)["total"] == 2


def test_a_given_decision_is_not_made(run):
    model = definitions(
        decision("base", "1 + 1") + decision("d", "base * 10", needs("base", kind="Decision"))
    )
    five = given("base", typed("decimal", "5"))
    (over, itself) = run(
        model,
        case(expected(typed("decimal", "50")), five),
        case(expected(typed("decimal", "2")), five, name="base"),
    )
    assert over.passed
    assert itself.passed, "a decision that is asked for is made"


INPUTS = {"decisions": ("base",), "inputs": ("x",)}
SERVED = (
    decisions.given("x")
    + decision("base", "1")
    + decision("out", "base + x", needs("base", kind="Decision") + needs("x", kind="Input"))
    + decision("other", "x", needs("x", kind="Input"))
)


def test_services_are_called_with_what_the_case_gives(run):
    inputs = given("x", typed("decimal", "2")) + given("base", typed("decimal", "40"))
    wanted = expected(typed("decimal", "42"))
    called = 'type="decisionService" invocableName="s"'
    found = run(
        definitions(service("s", ("out",), **INPUTS), SERVED),
        case(wanted, inputs, name="out", attributes=called),
        case(wanted, inputs, name="s"),
    )
    assert [outcome.passed for outcome in found] == [True, True]


def test_one_of_several_outputs_of_a_service_is_compared(run):
    inputs = given("x", typed("decimal", "2")) + given("base", typed("decimal", "40"))
    called = 'type="decisionService" invocableName="s"'
    both = "".join(
        f'<component name="{name}">{typed("decimal", text)}</component>'
        for name, text in (("out", "42"), ("other", "2"))
    )
    found = run(
        definitions(service("s", ("out", "other"), **INPUTS), SERVED),
        case(expected(typed("decimal", "2")), inputs, name="other", attributes=called),
        case(expected(both), inputs, name="s", attributes=called),
    )
    assert [outcome.passed for outcome in found] == [True, True]


def test_knowledge_is_called_with_what_the_case_gives(run):
    subtract = knowledge("k", {"a": "", "b": ""}, decisions.text("a - b"))
    inputs = given("b", typed("decimal", "1")) + given("a", typed("decimal", "3"))
    bkm = 'type="bkm" invocableName="k"'
    (outcome,) = run(definitions(subtract), case(expected(typed("decimal", "2")), inputs, "k", bkm))
    assert outcome.passed, outcome.report()


def located(file):
    return imported("lib", "other", f'locationURI="{file}"')


def test_models_beside_are_imported_and_decisions_found_by_namespace(run):
    other = definitions(
        decisions.given("x") + decision("d", "x + 1", needs("x", kind="Input")), namespace="other"
    )
    stale = definitions(decision("d", "0"), namespace="other")
    main = definitions(located("right.dmn") + decision("d", "lib.d * 2", needs("other#d")))
    nested = given("lib", f'<component name="x">{typed("decimal", "4")}</component>')
    found = run(
        main,
        case(expected(typed("decimal", "10")), nested),
        case(expected(typed("decimal", "10")), given("lib.x", typed("decimal", "4"))),
        case(expected(typed("decimal", "10")), given("x", typed("decimal", "4"))),
        case(expected(typed("decimal", "5")), nested, result_attributes='namespace="other"'),
        case(expected(typed("decimal", "14")), given("lib.d", typed("decimal", "7"))),
        case(expected(typed("decimal", "5")), nested, name="lib.d"),
        beside=[("aaa.dmn", stale), ("right.dmn", other), ("broken.dmn", "<definitions")],
    )
    assert [outcome.passed for outcome in found] == [True] * 6


def test_a_model_may_lie_where_it_is_located(run, tmp_path):
    (tmp_path / "shared.dmn").write_text(definitions(decision("d", "4"), namespace="other"))
    main = definitions(located("../../shared.dmn") + decision("d", "lib.d * 2", needs("other#d")))
    (outcome,) = run(main, case(expected(typed("decimal", "8"))))
    assert outcome.passed, outcome.report()


@pytest.mark.parametrize(
    ("model", "named", "reason"),
    [
        ("<definitions", "m.dmn", "the model cannot be read"),
        (definitions("").replace("20230324", "20151101"), "m.dmn", "version of DMN"),
        (None, "m.dmn", "the model cannot be read: FileNotFoundError"),
        (definitions(decision("other", "1")), "m.dmn", "nothing of the name “d”"),
    ],
)
def test_a_model_that_cannot_be_used_fails_its_cases(run, model, named, reason):
    one = case(expected(typed("decimal", "1")))
    found = run(model, one, one, named=named)
    assert [outcome.passed for outcome in found] == [False, False]
    assert all(reason in outcome.reason for outcome in found)


@pytest.mark.parametrize("named", ["m", "", " m.dmn "])
def test_a_model_is_found_without_its_ending_or_any_name(run, named):
    one = case(expected(typed("decimal", "1")))
    (outcome,) = run(definitions(decision("d", "1")), one, named=named)
    assert outcome.passed, outcome.report()


def test_a_crash_fails_one_case_and_the_rest_runs(run, monkeypatch):
    asked = []

    def crash(self):
        asked.append(self.id)
        if len(asked) == 1:
            raise ZeroDivisionError
        return {}

    monkeypatch.setattr(tck.Case, "given", crash)
    one = case(expected(typed("decimal", "1")))
    found = run(definitions(decision("d", "1")), one, one)
    assert [outcome.passed for outcome in found] == [False, True]
    assert "crash: ZeroDivisionError" in found[0].reason


def test_a_broken_test_file_is_a_failure_of_its_own(run, tmp_path):
    (tmp_path / "broken-test-01.xml").write_text("<testCases")
    found = run(definitions(decision("d", "1")), case(expected(typed("decimal", "1"))))
    assert sorted(outcome.passed for outcome in found) == [False, True]
    (broken,) = [outcome for outcome in found if not outcome.passed]
    assert "cannot be read" in broken.reason


def test_the_command_prints_one_object(run, tmp_path, capsys):
    run(definitions(decision("d", "2")), case(expected(typed("decimal", "1"))))
    for folder in (tmp_path, tmp_path / "level", tmp_path / "level" / "suite"):
        assert tck.main([str(folder)]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["passed"], report["total"]) == (0, 1)
        (failure,) = report["failed"]
        assert failure["suite"] == "suite"
        assert (failure["expected"], failure["got"]) == ("1", "2")


def test_without_a_folder_or_test_files_the_command_refuses(tmp_path, capsys):
    for arguments in ([], [str(tmp_path)], [str(tmp_path / "gone")]):
        assert tck.main(arguments) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err


def test_what_is_empty_is_null_as_an_input():
    assert settled(value_of(element(given("x", ""))), str) is None
    assert same(Empty(), {})
    assert not same(Decimal("NaN"), Decimal(1))
