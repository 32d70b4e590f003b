"""Who examines what: laws that hold for any items and people, and a call of 500 applications."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.domain.allocation import (
    CAPACITY,
    CONFLICT,
    Allocation,
    Item,
    Person,
    allocate,
)

if TYPE_CHECKING:
    from random import Random

ORGANISATIONS = ["ash", "birch", "cedar", "dogwood"]
ties = st.frozensets(st.sampled_from(ORGANISATIONS), max_size=2)
items_of = st.integers(1, 4).flatmap(
    lambda count: st.tuples(
        *(st.builds(Item, key=st.just(f"item{n}"), apart=ties) for n in range(count))
    )
)
people_of = st.integers(0, 4).flatmap(
    lambda count: st.tuples(
        *(
            st.builds(
                Person,
                username=st.just(f"person{n}"),
                relations=ties,
                capacity=st.none() | st.integers(0, 3),
            )
            for n in range(count)
        )
    )
)
cases = settings(max_examples=80, deadline=None)


def _suitable(item: Item, people: tuple[Person, ...]) -> list[Person]:
    return [p for p in people if not (p.relations | {p.username}) & item.apart]


def _squares(load: Counter[str]) -> int:
    return sum(count * count for count in load.values())


def _best(items: tuple[Item, ...], people: tuple[Person, ...], each: int) -> tuple[int, int]:
    """Return most places filled, and the least sum of squared loads, by trying everything."""
    names = [[p.username for p in _suitable(item, people)] for item in items]
    ways = [
        [way for size in range(each + 1) for way in combinations(found, size)] for found in names
    ]
    room = {p.username: p.capacity for p in people}
    best = (0, 0)
    for choice in product(*ways):
        load = Counter(name for way in choice for name in way)
        if all(room[n] is None or count <= room[n] for n, count in load.items()):
            best = min(best, (-sum(load.values()), _squares(load)))
    return -best[0], best[1]


def _check_rules(
    found: Allocation, items: tuple[Item, ...], people: tuple[Person, ...], each: int
) -> None:
    assert list(found.people) == [item.key for item in items]
    for item in items:
        got = found.people[item.key]
        assert len(set(got)) == len(got) <= each
        assert set(got) <= {p.username for p in _suitable(item, people)}
    load = Counter(name for got in found.people.values() for name in got)
    assert found.load == {p.username: load[p.username] for p in people}
    assert all(p.capacity is None or load[p.username] <= p.capacity for p in people)


@cases
@given(items_of, people_of, st.integers(1, 3), st.text(max_size=5))
def test_nobody_in_a_conflict_or_beyond_capacity(
    items: tuple[Item, ...], people: tuple[Person, ...], each: int, seed: str
) -> None:
    found = allocate(items, people, each=each, seed=seed)
    _check_rules(found, items, people, each)
    lacking = {one.key: one for one in found.unplaced}
    for item in items:
        missing = each - len(found.people[item.key])
        assert (item.key in lacking) == (missing > 0)
        if missing:
            suitable = len(_suitable(item, people))
            assert lacking[item.key].missing == missing
            assert lacking[item.key].suitable == suitable
            assert lacking[item.key].reason == (CONFLICT if suitable < each else CAPACITY)


@settings(max_examples=60, deadline=None)
@given(
    items_of,
    people_of.filter(lambda people: len(people) < 4),
    st.integers(1, 2),
    st.text(max_size=3),
)
def test_as_full_and_as_even_as_can_be(
    items: tuple[Item, ...], people: tuple[Person, ...], each: int, seed: str
) -> None:
    found = allocate(items, people, each=each, seed=seed)
    filled, squares = _best(items, people, each)
    assert sum(found.load.values()) == filled
    assert _squares(Counter(found.load)) == squares


@cases
@given(items_of, people_of, st.integers(1, 3), st.text(max_size=5), st.randoms())
def test_order_of_what_is_given_counts_for_nothing(
    items: tuple[Item, ...],
    people: tuple[Person, ...],
    each: int,
    seed: str,
    shuffler: Random,
) -> None:
    found = allocate(items, people, each=each, seed=seed)
    assert allocate(items, people, each=each, seed=seed) == found
    mixed, others = list(items), list(people)
    shuffler.shuffle(mixed)
    shuffler.shuffle(others)
    turned = allocate(mixed, others, each=each, seed=seed)
    assert turned.people == found.people
    assert turned.load == found.load


def test_without_conflicts_loads_differ_by_one_at_most() -> None:
    items = [Item(key=f"item{n}") for n in range(101)]
    people = [Person(username=f"person{n}") for n in range(7)]
    load = allocate(items, people, each=3, seed="a call").load.values()
    assert (min(load), max(load), sum(load)) == (43, 44, 303)


def test_another_seed_gives_another_draw() -> None:
    items = [Item(key=f"item{n}") for n in range(20)]
    people = [Person(username=f"person{n}") for n in range(6)]
    one, other = (allocate(items, people, each=3, seed=seed).people for seed in ("one", "other"))
    assert one != other


def test_somebody_is_moved_to_make_room() -> None:
    items = [Item(key="open"), Item(key="narrow", apart=frozenset({"birch"}))]
    people = [
        Person(username="ann", capacity=1),
        Person(username="ben", relations=frozenset({"birch"}), capacity=1),
    ]
    for seed in "abcdefgh":
        found = allocate(items, people, each=1, seed=seed)
        assert found.people == {"open": ["ben"], "narrow": ["ann"]}


def test_a_key_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same"):
        allocate([Item(key="same"), Item(key="same")], [], each=1, seed="s")


def test_five_hundred_applications_with_many_conflicts() -> None:
    items = [
        Item(key=f"item{n}", apart=frozenset({f"o{n % 60}", f"p{n % 37}"})) for n in range(500)
    ]
    people = [
        Person(
            username=f"person{n}",
            relations=frozenset(f"o{m}" for m in range(n, n + 25)),
            capacity=None if n % 3 else 20,
        )
        for n in range(30)
    ]
    begun = process_time()
    found = allocate(items, people, each=3, seed="a call")
    assert process_time() - begun < 2
    assert not found.unplaced
    limited = [found.load[p.username] for p in people if p.capacity == 20]
    others = [found.load[p.username] for p in people if p.capacity is None]
    assert set(limited) == {20}
    assert max(others) - min(others) <= 1
