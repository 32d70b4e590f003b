from dataclasses import replace

import pytest

from workflow_app.domain.audit import GENESIS, ChainRow, first_break, link, payload_digest


def chain(length=4):
    rows, previous = [], GENESIS
    for seq in range(1, length + 1):
        row = ChainRow(1, seq, "completed", f"p/e{seq}", "ani", f"2026-01-0{seq}", None)
        rows.append((row, previous, link(previous, row)))
        previous = rows[-1][2]
    return rows


def test_an_untouched_chain_has_no_break():
    assert first_break(chain()) is None
    assert first_break([]) is None


@pytest.mark.parametrize("field", ["kind", "element", "actor", "at", "payload_digest"])
def test_a_changed_fact_breaks_the_chain_at_its_row(field):
    rows = chain()
    row, previous, own = rows[1]
    rows[1] = (replace(row, **{field: "changed"}), previous, own)
    assert first_break(rows) == 2


def test_a_removed_row_breaks_the_chain_where_it_was():
    rows = chain()
    del rows[2]
    assert first_break(rows) == 3


def test_a_row_rewritten_with_a_fitting_hash_breaks_the_next_one():
    rows = chain()
    row, previous, _ = rows[1]
    forged = replace(row, actor="somebody else")
    rows[1] = (forged, previous, link(previous, forged))
    assert first_break(rows) == 3


def test_a_payload_digest_needs_the_salt():
    assert payload_digest("yes", "a") != payload_digest("yes", "b")
    assert payload_digest("yes", "a") == payload_digest("yes", "a")
