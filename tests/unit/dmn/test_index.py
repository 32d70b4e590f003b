"""The index of rules finds what trying each rule finds, whatever the cells and the inputs."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.dmn.cells import FAMILIES, VALUES, cell
from workflow_app.dmn.index import WORTH_IT, LazyIndex, RuleIndex, bits
from workflow_app.feel.convert import take_in
from workflow_app.feel.expression import compile_unary_tests
from workflow_app.feel.runtime import Runtime

NONE = frozenset()
SCOPE = {"limit": take_in(3)}
INSIDE = [take_in(value) for value in VALUES]


def passes(test, value):
    return test.run(Runtime({}), SCOPE, value) is True


def compiled(rows):
    return [
        tuple((place, compile_unary_tests(text)) for place, text in enumerate(row) if text != "-")
        for row in rows
    ]


def tried(rules, values):
    return [
        place
        for place, rule in enumerate(rules)
        if all(passes(test, values[column]) for column, test in rule)
    ]


@st.composite
def tables(draw):
    """Rows of cells whose columns are mostly of one family each."""
    families = draw(st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=3))
    columns = [
        st.one_of(cell(family), cell(family), cell(draw(st.sampled_from(FAMILIES))))
        for family in families
    ]
    return draw(st.lists(st.tuples(*columns), min_size=1, max_size=14))


@settings(max_examples=50, deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_index_finds_what_trying_each_rule_finds(rows, random):
    rules = compiled(rows)
    index = RuleIndex(rules, len(rows[0]), NONE)
    for _turn in range(30):
        values = random.choices(INSIDE, k=len(rows[0]))
        assert list(index.matching(values, passes)) == tried(rules, values), values


def test_only_opaque_cells_of_candidates_are_asked():
    rules = compiled([(f"{n}", "? < limit") for n in range(50)])
    asked = []

    def ask(test, value):
        asked.append(test.text)
        return passes(test, value)

    index = RuleIndex(rules, 2, NONE)
    assert list(index.matching((take_in(7), take_in(1)), ask)) == [7]
    assert asked == ["? < limit"]


def test_whoever_wants_the_first_only_asks_no_further():
    rules = compiled([("1", "? > limit"), ("-", "? < limit"), ("-", "? = limit")])
    asked = []

    def ask(test, value):
        asked.append(test.text)
        return passes(test, value)

    matching = RuleIndex(rules, 2, NONE).matching((take_in(1), take_in(2)), ask)
    assert next(matching) == 1
    assert asked == ["? > limit", "? < limit"]


def test_an_index_is_built_once_and_only_for_many_rows():
    rules = compiled([("1",)] * WORTH_IT)
    assert LazyIndex(rules[1:], 1, NONE).get() is None
    lazy = LazyIndex(rules, 1, NONE)
    with ThreadPoolExecutor(8) as pool:
        built = list(pool.map(lambda _turn: lazy.get(), range(64)))
    assert len({id(each) for each in built}) == 1


@pytest.mark.parametrize("mask", [0, 1, 2, 0b1011, 1 << 2000])
def test_the_places_of_bits(mask):
    assert sum(1 << place for place in bits(mask)) == mask
