"""Work given to people and money to requests, as diagrams ask for it."""

from __future__ import annotations

from time import process_time

import pytest

from bench.awards import BAR, EACH, call_of, evaluate
from workflow_app.domain.errors import OperationFailed
from workflow_app.services.operations import OPERATIONS
from workflow_app.services.operations.call import Call


def run(kind, **inputs):
    return OPERATIONS[kind](None, Call(inputs=inputs, headers={}, data={}))


def allocated(items, people, each=1):
    return run("people.allocate", items=items, people=people, each=each, seed="a call")


def test_neither_capitals_nor_spaces_hide_a_conflict():
    given = allocated(
        [{"key": "one", "apart": [" Sunny Door ", None]}],
        [
            {"username": "ani", "relations": ["SUNNY DOOR"]},
            {"username": "ben", "belongs": ["sunny door"]},
            {"username": "Sunny Door"},
            {"username": "dan", "relations": [None, ""], "belongs": [None]},
        ],
    )
    assert given["allocated"] == [
        {"key": "one", "people": ["dan"], "tied": ["ani", "ben", "Sunny Door"]}
    ]
    assert given["unplaced"] == []


def test_what_lacks_people_says_why():
    people = [{"username": "ani", "capacity": 1}, {"username": "ben", "relations": ["x"]}]
    given = allocated([{"key": "a", "apart": ["x"]}, {"key": "b", "apart": ["x"]}], people)
    assert [one["reason"] for one in given["unplaced"]] == ["capacity"]
    assert given["load"] == [{"username": "ani", "count": 1}, {"username": "ben", "count": 0}]
    given = allocated([{"key": "a", "apart": ["x"]}], people, each=2)
    assert given["unplaced"] == [{"key": "a", "missing": 1, "reason": "conflict", "suitable": 1}]


@pytest.mark.parametrize(
    ("items", "people", "each"),
    [
        ([{"key": "a"}, {"key": "a"}], [], 1),
        ([], [{"username": "ani"}, {"username": "ani"}], 1),
        ([], [], "many"),
        ([], [{"username": "ani", "capacity": "NaN"}], 1),
    ],
)
def test_what_cannot_be_allocated_is_refused(items, people, each):
    with pytest.raises(OperationFailed):
        allocated(items, people, each)


def requests(*rows):
    return [{"key": key, "amount": amount, "holder": holder} for key, amount, holder in rows]


def allotted(available, *rows, per_holder=None):
    asked = requests(*rows)
    given = run("money.allot", requests=asked, available=available, per_holder=per_holder)
    return given["results"], given["left"]


def test_money_goes_down_the_ranking_to_the_cent():
    rows = ("a", 0.1, "x"), ("b", 0.2, "y"), ("c", 0.01, "z")
    assert allotted(0.3, *rows) == (["awarded", "awarded", "reserve"], 0)
    assert allotted(0.29, *rows) == (["awarded", "partial", "reserve"], 0.19)


def test_nobody_is_passed_over_for_a_smaller_request():
    rows = ("a", 60, "x"), ("b", 50, "y"), ("c", 10, "z")
    assert allotted(100, *rows) == (["awarded", "partial", "reserve"], 40)


def test_one_holder_has_no_more_awards_than_allowed():
    rows = ("a", 1, "x"), ("b", 1, "x"), ("c", 1, "y")
    assert allotted(10, *rows, per_holder=1) == (["awarded", "capped", "awarded"], 8)


def test_partners_of_an_earlier_grant_are_kept_apart():
    given = run(
        "people.allocate",
        items=[{"key": "a", "apart": ["partner"]}],
        people=[{"username": "ani", "belongs": ["college"]}, {"username": "ben"}],
        groups=[["Holder", "College", "Partner"], ["other", "ben"]],
        each=1,
        seed="a call",
    )
    assert given["allocated"] == [{"key": "a", "people": ["ben"], "tied": ["ani"]}]


def test_rules_of_a_ranking_decide_one_after_the_other():
    rows = [
        {"key": "a", "total": 80, "at": "10:00"},
        {"key": "b", "total": 90.5, "at": "12:00"},
        {"key": "c", "total": 80, "at": "09:00"},
        {"key": "d", "total": None, "at": "08:00"},
    ]
    rules = [{"field": "total", "order": "down"}, {"field": "at", "order": "up"}]
    ranked = run("list.rank", rows=rows, by=rules)["ranked"]
    assert [(row["key"], row["place"]) for row in ranked] == [
        ("b", 1),
        ("c", 2),
        ("a", 3),
        ("d", 4),
    ]


def test_a_call_of_five_hundred_applications_takes_less_than_five_seconds():
    data = call_of()
    begun = process_time()
    found = evaluate(data, "a call")
    assert process_time() - begun < BAR
    allocation, ranking = found["allocation"], found["ranking"]
    load = [one["count"] for one in allocation["load"]]
    assert allocation["unplaced"] == []
    assert max(load) - min(load) <= 1
    for one in allocation["allocated"]:
        assert len(set(one["people"]) - set(one["tied"])) == EACH
    totals = [one["total"] for one in ranking]
    assert totals == sorted(totals, reverse=True)
    awards = found["awards"]
    assert 0 < sum(one["offered"] for one in awards) <= data["call"]["total"]
    holders = [one["org_key"] for one in awards]
    assert max(holders.count(holder) for holder in holders) == data["call"]["max_awards_per_org"]
    everything = awards + found["reserves"] + found["rejections"]
    assert sorted(one["number"] for one in everything) == [
        one["number"] for one in data["applications"]
    ]


def test_the_same_seed_gives_the_same_evaluation():
    data = call_of(60)
    turned = {**data, "applications": data["applications"][::-1], "people": data["people"][::-1]}
    first, again = evaluate(data, "a call"), evaluate(turned, "a call")
    by_key = {one["key"]: one["people"] for one in again["allocation"]["allocated"]}
    assert {o["key"]: o["people"] for o in first["allocation"]["allocated"]} == by_key
    assert evaluate(data, "a call") == first
