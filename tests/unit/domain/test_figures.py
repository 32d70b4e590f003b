"""What may be told of small groups, and that sums give nothing away."""

from hypothesis import given
from hypothesis import strategies as st

from workflow_app.domain.figures import Lasted, figures_of, kept_back

LEAST = 5


def test_numbers_below_the_least_are_kept_back_and_zero_is_not():
    assert kept_back([0, 1, 4, 5, 60], LEAST) == {1, 2}


def test_a_single_one_takes_the_next_smallest_with_it():
    assert kept_back([3, 60, 7, 9], LEAST) == {0, 2}
    assert kept_back([3], LEAST) == {0}


@given(st.lists(st.integers(0, 30), max_size=14))
def test_no_sum_gives_a_number_away(counts):
    hidden = kept_back(counts, LEAST)
    assert {n for n, one in enumerate(counts) if 0 < one < LEAST} <= hidden
    rest = [one for one in counts if one >= LEAST]
    assert len(hidden) != 1 or not rest


def test_the_share_in_time_counts_cases_with_a_term():
    cases = [Lasted(days=n, in_time=n < 4) for n in range(5)] + [Lasted(days=9, in_time=None)]
    (told,) = figures_of([6], [cases], LEAST)
    assert (told.begun, told.finished, told.in_time, told.median_days) == (6, 6, 80, 2.5)


def test_few_cases_with_a_term_have_no_share():
    cases = [Lasted(days=1, in_time=None)] * 4 + [Lasted(days=3, in_time=True)]
    (told,) = figures_of([5], [cases], LEAST)
    assert (told.finished, told.in_time, told.median_days) == (5, None, 1)
