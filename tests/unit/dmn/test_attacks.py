"""Models made to take for ever or to fill the memory: each is stopped by a bound, in time."""

import pytest

from tests.support.decisions import (
    component,
    decision,
    given,
    imported,
    item,
    knowledge,
    model,
    needs,
    text,
)
from tests.support.timing import within
from workflow_app.dmn import DmnError, load_decisions
from workflow_app.feel import FeelBudgetExceeded, runtime
from workflow_app.feel.bounds import MAX_SECONDS

# What is read is bounded by its length alone, and 5 MB take a while.
READING, DECIDING = 0.25, 0.1 + MAX_SECONDS


def tried(call):
    """Give what a call gives, or the error of ours that it raises."""
    try:
        return call()
    except (DmnError, FeelBudgetExceeded) as error:
        return error


def reason_of(error):
    """Give the innermost reason of an error."""
    while isinstance(error, DmnError) and "reason" in error.details:
        error = error.details["reason"]
    return error


def chain(first, following, length=38):
    """Write decisions d0 to d37, each of which makes something of the one before."""
    parts = [decision("d0", text(first))]
    for number in range(1, length):
        before = f"d{number - 1}"
        parts.append(
            decision(f"d{number}", text(following.format(before)), needs(before)),
        )
    return model(*parts), f"d{length - 1}"


def loops(count, inner):
    """Write so many boxed loops within each other."""
    for number in range(count):
        inner = (
            f'<for iteratorVariable="i{number}"><in>{text("[1..1000]")}</in>'
            f"<return>{inner}</return></for>"
        )
    return model(decision("d", inner)), "d"


def boxed(tag, variable, source, part, body, more=""):
    attribute = f' iteratorVariable="{variable}"' if variable else ""
    inner = f"<in>{text(source)}</in><{part}>{text(body)}</{part}>"
    return model(decision("d", f"{more}<{tag}{attribute}>{inner}</{tag}>")), "d"


def in_a_table(words):
    table = (
        '<decisionTable id="t"><input id="i"><inputExpression><text>1</text></inputExpression>'
        f'</input><output id="o"/><rule id="r"><inputEntry><text>{words}</text></inputEntry>'
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
    )
    return model(decision("d", table)), "d"


def calling(*parts, words="f(1)", required=("f",)):
    return model(*parts, decision("d", text(words), needs(*required, kind="Knowledge"))), "d"


RECURSIVE = knowledge("f", {"n": ""}, text("f(n + 1)"), needs("f", kind="Knowledge"))
MUTUAL = (
    knowledge("f", {"n": ""}, text("g(n + 1)"), needs("g", kind="Knowledge")),
    knowledge("g", {"n": ""}, text("f(n + 1)"), needs("f", kind="Knowledge")),
)
BRANCHING = knowledge(
    "f", {"n": ""}, text("if n > 50 then 1 else f(n + 1) + f(n + 1)"), needs("f", kind="Knowledge")
)
ENDLESS = item("tA", "tA")
LINKED = item("tNode", inner=component("next", "tNode"))
DECIDED = {
    "a text doubled by decisions": (chain('"abcdefgh"', "{0} + {0}"), "characters"),
    "a list doubled by decisions": (chain("[1, 2]", "concatenate({0}, {0})"), "items"),
    "pairs of pairs": (chain("[1, 2]", "[{0}, {0}]"), "values"),
    "contexts of contexts": (chain("{a: 1}", "{{a: {0}, b: {0}}}"), "values"),
    "pairs of pairs compared": (chain("[1, 2]", "[{0}, {0} = {0}, {0}]"), "steps time values"),
    "knowledge that calls itself": (calling(RECURSIVE), "nesting"),
    "knowledge in a circle": (calling(*MUTUAL), "nesting"),
    "knowledge that calls itself twice": (calling(BRANCHING), "steps time"),
    "a boxed loop to 10⁹": (boxed("for", "i", "[1..1000000000]", "return", "i"), "steps"),
    "boxed loops in each other": (loops(3, text("1")), "steps"),
    "boxed some of 10⁹": (boxed("some", "i", "[1..1000000000]", "satisfies", "i < 0"), "steps"),
    "boxed every of 10⁹": (boxed("every", "i", "[1..1000000000]", "satisfies", "i > 0"), "steps"),
    "a boxed filter of much": (
        boxed("filter", "", "for i in 1..1000000 return i", "match", "item > 1"),
        "steps",
    ),
    "a boxed loop of its results": (
        boxed("for", "i", "[1..40000]", "return", "partial"),
        "steps time",
    ),
    "a range within a cell": (in_a_table("some x in 1..1000000000 satisfies x &lt; 0"), "steps"),
    "a product within a cell": (
        in_a_table("count(for i in 1..9999, j in 1..9999 return i) > 1"),
        "steps",
    ),
}


@pytest.mark.parametrize("name", DECIDED)
def test_a_decision_without_end_is_stopped_in_time(name):
    (xml, wanted), bounds = DECIDED[name]
    loaded = load_decisions(xml)
    error = reason_of(within(DECIDING, lambda: tried(lambda: loaded.evaluate(wanted, {}))))
    assert isinstance(error, FeelBudgetExceeded), error
    assert error.bound in bounds.split()


HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="main">'
LAUGHS = '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{n} "{10 * ("&l" + str(n - 1) + ";")}">' for n in range(1, 12)
)
OUTSIDE = '<!ENTITY out SYSTEM "file:///etc/hostname">'


def declared(entities, words):
    return (
        f"<!DOCTYPE definitions [{entities}]>{HEAD}{decision('d', text('WORDS'))}".replace(
            "WORDS", words
        ).encode()
        + b"</definitions>"
    )


def table_of(columns, rows):
    cells = "<inputEntry><text>1</text></inputEntry>" * columns
    column = "<input><inputExpression><text>1</text></inputExpression></input>"
    rule = f"<rule>{cells}<outputEntry><text>2</text></outputEntry></rule>"
    table = f'<decisionTable id="t">{column * columns}<output/>{rule * rows}</decisionTable>'
    return model(decision("d", table))


CIRCLE = [decision(f"d{n}", text("1"), needs(f"d{(n + 1) % 40}")) for n in range(40)]
REFUSED = {
    "elements within each other": HEAD.encode() + b"<decision>" * 450_000,
    "a text of 5 MB": model(decision("d", text("1 + " * 1_200_000 + "1"))),
    "more than 5 MB": b" " * 5_000_001,
    "a billion laughs": declared(LAUGHS, "&l11;"),
    "a file from outside": declared(OUTSIDE, "&out;"),
    "a parameter from outside": declared('<!ENTITY % a SYSTEM "http://127.0.0.1:9/">%a;', "1"),
    "a decision that requires itself": model(decision("d", text("1"), needs("d"))),
    "decisions in a circle": model(*CIRCLE),
    "a type of itself": model(ENDLESS),
    "types of each other": model(*(item(f"t{n}", f"t{(n + 1) % 200}") for n in range(200))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_monstrous_model_is_refused_in_time(name):
    assert isinstance(
        within(READING, lambda: tried(lambda: load_decisions(REFUSED[name]))), DmnError
    )


# Many ways lead to the same decisions, 2 ** 40 or so.
DIAMONDS = [
    decision(f"d{n}", text("1"), needs(*(f"d{max(0, n - step)}" for step in (1, 2, 3)))) if n
    else decision("d0", text("x"))
    for n in range(39)
]  # fmt: skip
WIDE = [
    item(f"t{n}", inner=component("a", f"t{n + 1}") + component("b", f"t{n + 1}"))
    for n in range(40)
]


def test_many_ways_to_a_decision_are_gone_once():
    loaded = within(READING, lambda: load_decisions(model(*DIAMONDS)))
    assert loaded.decisions["d38"].names == {"x"}
    assert within(DECIDING, lambda: loaded.evaluate("d38", {"x": 1}).value) == 1


def test_types_that_name_each_other_again_and_again_are_read_once():
    parts = [*WIDE, item("t40", "number"), given("x", "t0")]
    xml = model(*parts, decision("d", text("x"), needs("x", kind="Input")))
    loaded = within(READING, lambda: load_decisions(xml))
    assert within(DECIDING, lambda: loaded.evaluate("d", {"x": {"a": 1}}).value) is None


def test_a_value_without_end_of_a_type_of_itself_is_refused():
    xml = model(LINKED, given("x", "tNode"), decision("d", text("x"), needs("x", kind="Input")))
    value = {}
    value["next"] = value
    loaded = load_decisions(xml)
    with pytest.raises((DmnError, FeelBudgetExceeded)):
        within(DECIDING, lambda: loaded.evaluate("d", {"x": value}))


def test_models_that_import_each_other_are_read_once():
    models = {
        f"m{n}": model(imported("next", f"m{(n + 1) % 3}"), namespace=f"m{n}") for n in range(3)
    }
    main = model(imported("first", "m0"), decision("d", text("1")))
    loaded = within(READING, lambda: load_decisions(main, models))
    assert loaded.evaluate("d", {}).value == 1


@pytest.mark.parametrize(("columns", "rows"), [(1, 10_000), (1_000, 5)])
def test_a_monstrous_table_decides_in_time(columns, rows):
    loaded = load_decisions(table_of(columns, rows))
    error = within(DECIDING, lambda: tried(lambda: loaded.evaluate("d", {})))
    # Each row says the same as the others.
    assert isinstance(error, DmnError)


def test_forty_tables_are_decided_within_the_bounds(monkeypatch):
    def table(number):
        before = f"d{number - 1}" if number else "x"
        rules = "".join(
            f"<rule><inputEntry><text>[{n}..{n + 1})</text></inputEntry>"
            f"<outputEntry><text>{before} + 1</text></outputEntry></rule>"
            for n in range(100)
        )
        column = f"<input><inputExpression><text>{before}</text></inputExpression></input>"
        logic = f'<decisionTable id="t{number}">{column}<output/>{rules}</decisionTable>'
        return decision(f"d{number}", logic, needs(before) if number else "")

    # Whoever is the first does not pay for the index of each table.
    monkeypatch.setattr(runtime, "COUNTED_PAUSE", 10)
    loaded = load_decisions(model(*map(table, range(40))))
    assert loaded.evaluate("d39", {"x": 2}).value == 42


def test_a_turn_of_a_boxed_loop_pays_for_the_scope_that_it_copies():
    xml, wanted = boxed("some", "i", "[1..2000]", "satisfies", "i < 0")
    loaded = load_decisions(xml)
    assert loaded.evaluate(wanted, {}).value is False
    error = reason_of(tried(lambda: loaded.evaluate(wanted, {f"n{n}": n for n in range(400)})))
    assert error.bound == "steps"
