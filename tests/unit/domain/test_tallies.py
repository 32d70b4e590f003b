"""Counting what many answered."""

from __future__ import annotations

from workflow_app.domain.tallies import Counted, tally

SECTION = Counted(path=("section",), choices=("goals", "money"))
SCORE = Counted(path=("score",))
LISTED = Counted(path=("scores",), columns=(SCORE,), named=("code",))


def test_choices_that_nobody_took_are_counted_as_none():
    told = tally([SECTION], [{"section": "goals"}, {"section": "other"}, {"section": None}, {}])
    assert told["section"]["values"] == {"goals": 1, "money": 0, "other": 1}
    assert (told["section"]["count"], told["section"]["mean"]) == (2, None)


def test_numbers_have_mean_and_spread_also_as_text():
    told = tally([SCORE], [{"score": 2}, {"score": "4"}, {"score": 3.0}])["score"]
    assert (told["mean"], told["spread"]) == (3, 1)
    assert tally([SCORE], [{"score": 2}])["score"]["spread"] is None


def test_each_of_several_ticks_counts_and_yes_is_no_number():
    ticked = Counted(path=("methods",), choices=("visit", "call"))
    told = tally([ticked, SCORE], [{"methods": ["visit", "call"], "score": True}])
    assert told["methods"]["values"] == {"visit": 1, "call": 1}
    assert told["methods"]["count"] == 1
    assert (told["score"]["values"], told["score"]["mean"]) == ({"true": 1}, None)


def test_rows_count_by_their_code_else_by_their_place():
    rows = [
        {"scores": [{"code": "N1", "score": 1}, {"code": "N2", "score": 5}]},
        {"scores": [{"code": "N2", "score": 3}, {"score": 4}]},
        {"scores": None},
    ]
    told = tally([LISTED], rows)["scores"]
    assert [(row["row"], row["score"]["count"], row["score"]["mean"]) for row in told] == [
        ("N1", 1, 1),
        ("N2", 2, 4),
        ("2", 1, 4),
    ]
