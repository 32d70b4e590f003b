from dataclasses import replace

import pytest

from workflow_app.domain.audit import GENESIS, ChainRow, first_break, link, payload_digest

STEPS = ((1, 2), (3,), (4, 5, 6))


def rows_of(numbers):
    return [
        ChainRow(1, seq, "completed", f"p/e{seq}", "ani", f"2026-01-0{seq}", None, f"f{seq}")
        for seq in numbers
    ]


def chain(steps=STEPS):
    """Return (row, hash) of some steps; only a step's last row carries the hash."""
    found, head = [], GENESIS
    for numbers in steps:
        rows = rows_of(numbers)
        head = link(head, rows)
        found += [(row, None) for row in rows[:-1]] + [(rows[-1], head)]
    return found


def test_an_untouched_chain_has_no_break():
    assert first_break(chain()) is None
    assert first_break([]) is None


@pytest.mark.parametrize("field", ["kind", "element", "actor", "at", "payload_digest", "flows"])
def test_a_changed_fact_breaks_the_chain_at_its_step(field):
    rows = chain()
    row, own = rows[4]
    rows[4] = (replace(row, **{field: "changed"}), own)
    assert first_break(rows) == 4


def test_a_removed_row_breaks_the_chain_where_it_was():
    rows = chain()
    del rows[4]
    assert first_break(rows) == 5


def test_a_step_rewritten_with_a_fitting_hash_breaks_the_next_one():
    rows = chain()
    head, (row, _) = rows[1][1], rows[2]
    forged = replace(row, actor="somebody else")
    rows[2] = (forged, link(head, [forged]))
    assert first_break(rows) == 4


def test_rows_whose_link_is_missing_are_a_break():
    rows = chain()
    rows[-1] = (rows[-1][0], None)
    assert first_break(rows) == 4


def test_where_a_step_ends_is_part_of_the_chain():
    rows = chain()
    (first, _), (second, head) = rows[:2]
    rows[:2] = [(first, link(GENESIS, [first])), (second, head)]
    assert first_break(rows) == 2


def test_a_link_a_row_as_in_older_histories_holds_too():
    assert first_break(chain(tuple((number,) for number in range(1, 7)))) is None


def test_a_payload_digest_needs_the_salt():
    assert payload_digest("yes", "a") != payload_digest("yes", "b")
    assert payload_digest("yes", "a") == payload_digest("yes", "a")
