"""Tests of decision tables beside the scenarios: what passes, what fails, and how it is told."""

from __future__ import annotations

import os
import re
import shutil

import msgspec
import pytest
from sqlalchemy import select

from tests.services.drawing import KEY, source, two_steps
from tests.support.installation import ROOT
from workflow_app.config import Settings
from workflow_app.engine import Source
from workflow_app.models.register import RegisterEntry
from workflow_app.services.checking import check_files
from workflow_app.services.closure import Seeds
from workflow_app.services.scenarios import run_all
from workflow_app.services.scenarios.script import TableTest, read_script
from workflow_app.services.scenarios.tables import TableRun, model_of
from workflow_app.services.scenarios.world import make_world

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="M"
  namespace="n">
  <decision id="fee_band" name="Fee">
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i" label="Age"><inputExpression typeRef="number"><text>age</text></inputExpression>
        <inputValues><text>[0..150], null</text></inputValues></input>
      <output id="o1" label="Fee" name="fee" typeRef="number"/>
      <output id="o2" label="Free" name="free" typeRef="boolean"/>
      <rule id="young">
        <inputEntry id="a"><text>&lt; setting("body.min_gender_share")</text></inputEntry>
        <outputEntry id="b"><text>0</text></outputEntry>
        <outputEntry id="c"><text>true</text></outputEntry></rule>
      <rule id="others"><inputEntry id="d"><text>-</text></inputEntry>
        <outputEntry id="e">
          <text>if by_key = true
            then (if lookup("register:service_types", kind) = null then 0 else 1)
            else count(lookup("register:service_types")[value = kind])</text></outputEntry>
        <outputEntry id="f"><text>false</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
GOOD = {
    "table": "fee_band",
    "title": "What a visitor pays",
    "clock": "2026-11-23T09:00:00+04:00",
    "settings": {"body.min_gender_share": 18},
    "cases": [
        {"inputs": {"age": 17}, "expect": {"fee": 0, "free": True}, "rows": [1]},
        {"inputs": {"age": 18}, "expect": {"fee": 0, "free": False}, "rows": [2]},
        {"inputs": {"age": 151}, "refused": "Age"},
    ],
    "gap": {"inputs": {"age": None}, "expect": {"fee": 0, "free": False}, "rows": [2]},
}


def case(number, **changes):
    """Return the good file's cases with one of them changed."""
    cases = [dict(one) for one in GOOD["cases"]]
    cases[number - 1] |= changes
    return {"cases": cases}


@pytest.fixture
def seeds():
    return Seeds({"processes/fees/fee_band.dmn": TABLE})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return a world with settings, registers and people, and no process."""
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings.from_environ({**os.environ, "WORKFLOW_APP_INSTANCE": str(folder)})
    with make_world(settings, Seeds({})) as made:
        yield made


@pytest.fixture
def problems(world, seeds):
    """Return a function that tests the table with a changed file and gives what is wrong."""

    def run(**changes):
        test = msgspec.convert(GOOD | changes, TableTest)
        played = TableRun(world, test, model_of(seeds, "fees", test.table))
        played.run()
        return played.problems

    return run


def test_a_table_that_does_as_its_file_says_has_no_problems(problems):
    assert problems() == []


WRONG = {
    "another value": (
        case(1, expect={"fee": 5, "free": True}),
        ["case 1: fee: should give 5, gives 0"],
    ),
    "only the first of two values": (
        case(1, expect={"fee": 5, "free": False}),
        ["case 1: fee: should give 5, gives 0"],
    ),
    "a one is not true": (
        case(1, expect={"fee": 0, "free": 1}),
        ["case 1: free: should give 1, gives True"],
    ),
    "a value left out": (
        case(1, expect={"fee": 0}),
        ["case 1: should give {'fee': 0}, gives {'fee': 0, 'free': True}"],
    ),
    "other rows": (case(2, rows=[1]), ["case 2: rows should be [1], are [2]"]),
    "a title": (
        case(2, rows=[1], title="of age"),
        ["case 2 (of age): rows should be [1], are [2]"],
    ),
    "no refusal": (
        {"cases": [*GOOD["cases"], {"inputs": {"age": 3}, "refused": "Age"}]},
        ["case 4: should be refused with “Age”, gives {'fee': 0, 'free': True}"],
    ),
    "a row that no case hits": (
        {"cases": GOOD["cases"][1:]},
        ["row 1 (young) is hit by no case"],
    ),
    "a gap where a row speaks": (
        {"gap": GOOD["cases"][0]},
        ["gap: row 1 matches, so it is none"],
    ),
    "a name that the table does not read": (
        case(1, inputs={"age": 17, "aeg": 3}),
        ["case 1: the decision reads no aeg"],
    ),
    "no such decision": (
        {"table": "fees"},
        ["there is no decision fees in this folder"],
    ),
}


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_what_differs_is_told_with_its_case(problems, changes, told):
    assert problems(**changes) == told


def test_a_column_that_came_out_null_by_an_error_is_told_beside_what_differs(world):
    broken = Seeds({"processes/fees/fee_band.dmn": TABLE.replace(">age<", ">age / 0<")})
    test = msgspec.convert(GOOD | {"cases": GOOD["cases"][:1]}, TableTest)
    played = TableRun(world, test, model_of(broken, "fees", test.table))
    played.run()
    assert "case 1: Age is null: “0” is 0, and nothing can be divided by it." in played.problems


def test_another_refusal_than_expected_is_told(problems):
    [told] = problems(**case(3, refused="Height"))
    assert told.startswith("case 3: should be refused with “Height”, is refused: ")
    assert "Age" in told


def test_a_refusal_that_nobody_expects_is_told(problems):
    [told] = problems(**case(2, inputs={"age": 200}, rows=None))[:1]
    assert told.startswith("case 2: should give {'fee': 0, 'free': False}, is refused: ")


def test_settings_entries_and_options_of_the_file_are_there(problems):
    row = [{"code": "cheese", "name": "Cheese", "standard": "S"}]
    one = {"inputs": {"age": 20, "kind": "cheese"}, "expect": {"fee": 1, "free": False}}
    assert problems(cases=[*GOOD["cases"], one], register={"service_types": row}) == []
    options = {"register:service_types": [{"value": "cheese"}]}
    assert problems(cases=[*GOOD["cases"], one], lookups=options) == []
    for kind, fee in (("cheese", 1), ("bread", 0)):
        other = {"by_key": True, "age": 20, "kind": kind}
        asked = {"inputs": other, "expect": {"fee": fee, "free": False}}
        assert problems(cases=[*GOOD["cases"], asked], lookups=options) == []
    assert problems(cases=[*GOOD["cases"], one]) == ["case 4: fee: should give 1, gives 0"]


def test_nothing_of_a_test_stays(world, problems):
    row = [{"code": "cheese", "name": "Cheese", "standard": "S"}]
    problems(register={"service_types": row})
    with world.acting() as ctx:
        keys = ctx.session.scalars(select(RegisterEntry.key)).all()
    assert "day_older" in keys
    assert "cheese" not in keys


@pytest.mark.parametrize(
    ("changes", "piece"),
    [
        ({"settings": {"no.such": 1}}, "no.such"),
        ({"register": {"no_such": [{"code": 1}]}}, "before the first case"),
        ({"register": {"service_types": [{"code": "day_older"}]}}, "before the first case"),
        ({"register": {"service_types": [{"name": "x"}]}}, "“service_types” has no “code”"),
        ({"settings": {"body.min_gender_share": float("nan")}}, "before the first case"),
    ],
)
def test_what_cannot_be_prepared_is_told(problems, changes, piece):
    [told] = problems(**changes)
    assert piece in told


@pytest.mark.parametrize(
    "changes", [{"inputs": {"age": float("nan")}}, {"expect": {"fee": float("inf"), "free": True}}]
)
def test_values_that_are_no_data_fail_their_case_only(problems, changes):
    told, *rest = problems(**case(1, **changes))
    assert told.startswith("case 1: should give")
    assert rest == ["row 1 (young) is hit by no case"]


# The whole command, over folders without any diagram.


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "processes"
    for name in ("roles.toml", "settings.toml"):
        target.mkdir(exist_ok=True)
        shutil.copy(ROOT / "processes" / name, target)
    for name in ("registers", "demo"):
        shutil.copytree(ROOT / "processes" / name, target / name)
    (target / "fees" / "scenarios").mkdir(parents=True)
    (target / "fees" / "fee_band.dmn").write_text(TABLE)
    (tmp_path / "forms").mkdir()
    return target


@pytest.fixture
def little(folder):
    return Settings(
        database_url="sqlite://",
        secret_key="table-tests-only",
        instance=folder.parent,
        files_url="memory://",
        processes=folder,
        forms=folder.parent / "forms",
    )


def write(folder, name, content):
    text = content if isinstance(content, str) else msgspec.yaml.encode(content).decode()
    path = folder / "fees" / "scenarios" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_counts_tables_and_cases(folder, little):
    write(folder, "fees", GOOD)
    assert run_all(little).lines == [
        "ok     fees/fees (3 cases)",
        "0 scenarios, 0 steps, 1 tables, 3 cases, 0 failed",
    ]


def test_the_command_fails_where_a_file_does(folder, little):
    write(folder, "fees", GOOD | case(1, rows=[2]))
    write(folder, "later", GOOD)
    report = run_all(little)
    assert report.failed == 1
    assert report.lines[:3] == [
        "FAILED fees/fees: What a visitor pays",
        "    case 1: rows should be [2], are [1]",
        "ok     fees/later (3 cases)",
    ]


def test_a_table_without_a_test_is_named(folder, little):
    report = run_all(little)
    assert "without a test: fees/fee_band" in report.lines
    assert "without a test: fees/fee_band" not in run_all(little, frozenset({"other"})).lines


def test_a_table_that_cannot_be_read_fails_its_test_only(folder, little):
    write(folder, "fees", GOOD)
    (folder / "fees" / "fee_band.dmn").write_text(TABLE.replace("FIRST", "BEST"))
    report = run_all(little)
    assert report.failed == 1
    assert any("BEST" in line for line in report.lines)


UNREADABLE = {
    "an unknown word": (GOOD | case(2, row=[2]), "case 2"),
    "neither a value nor a refusal": (
        GOOD | {"cases": [GOOD["cases"][0], {"inputs": {"age": 3}}]},
        "case 2",
    ),
    "a refusal without a word": (GOOD | {"cases": [{"refused": " "}]}, "piece of the sentence"),
    "a value and a refusal": (GOOD | case(1, refused="Age"), "case 1"),
    "rows of a refusal": (GOOD | case(3, rows=[1]), "case 3"),
    "rows that are no numbers": (GOOD | case(2, rows=["two"]), "case 2"),
    "a clock without an offset": (GOOD | {"clock": "2026-11-23T09:00:00"}, "+04:00"),
    "a clock that is none": (GOOD | {"clock": "noon"}, "noon"),
    "no gap": ({k: v for k, v in GOOD.items() if k != "gap"}, "gap"),
    "no YAML": ("table: [", "fees.yaml"),
    "a list": ("- a", "fees.yaml"),
}


@pytest.mark.parametrize(("content", "piece"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_named_with_its_row(folder, little, content, piece):
    write(folder, "fees", content)
    report = run_all(little)
    assert report.failed == 1
    assert report.lines[0] == "FAILED fees/fees: it cannot be read"
    assert "fees.yaml" in report.lines[1]
    assert piece in report.lines[1]


def test_a_file_with_a_table_is_a_test_of_it(folder):
    assert isinstance(read_script(write(folder, "fees", GOOD)), TableTest)


def test_the_handbook_shows_a_file_that_can_be_read(folder):
    text = (ROOT / "docs" / "processes.md").read_text(encoding="utf-8")
    [example] = [one for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "gap:" in one]
    test = read_script(write(folder, "fees", example))
    assert [case.refused for case in test.cases] == [None, "Form of care"]


# A folder of tables in which no process is drawn yet.


def test_a_folder_of_tables_is_no_process(folder):
    seeds = Seeds.from_folders(folder, folder.parent / "forms")
    assert seeds.keys == []
    assert seeds.shelves == ["fees"]


def test_a_folder_of_tables_is_checked_like_a_process(seeds):
    shelf = seeds.source("fees")
    known = {"settings": frozenset({"body.min_gender_share"}), "shelf": True}
    assert [f.code for f in check_files(shelf, frozenset(), **known) if f.severity == "error"] == []
    codes = {f.code for f in check_files(shelf, frozenset(), settings=frozenset(), shelf=True)}
    assert "unknown-setting" in codes
    last = TABLE.replace("<text>-</text>", "<text>&gt;= 20</text>")
    open_end = Source("fees", {"processes/fees/fee_band.dmn": last})
    told = {one.code for one in check_files(open_end, frozenset(), shelf=True)}
    assert "table-without-catch-all" in told
    broken = Source("fees", {"processes/fees/fee_band.dmn": TABLE.replace("FIRST", "BEST")})
    [found] = [f for f in check_files(broken, frozenset(), shelf=True) if f.severity == "error"]
    assert (found.file, found.element) == ("processes/fees/fee_band.dmn", "t")


def test_a_diagram_takes_the_table_of_a_folder_that_has_none():
    asks = '<zeebe:calledDecision decisionId="fee_band" resultVariable="fee"/>'
    drawn = source(two_steps())
    path = f"processes/{KEY}/{KEY}.bpmn"
    files = {**drawn.files, path: drawn.files[path] + f"<!-- {asks} -->"}
    seeds = Seeds({**files, "processes/fees/fee_band.dmn": TABLE})
    assert "processes/fees/fee_band.dmn" in seeds.source(KEY).files
    assert seeds.shelves == ["fees"]


def test_the_check_of_all_files_counts_the_folders_of_tables(app):
    answer = app.test_cli_runner().invoke(args=["processes", "check", "--no-warnings"])
    assert answer.exit_code == 0, answer.output
    assert "folders of tables checked, 0 errors" in answer.output
