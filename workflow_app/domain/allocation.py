"""Who examines what: as evenly as can be, never in a conflict, the same from the same seed."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Nobody else stands apart from everybody who would be needed.
CONFLICT = "conflict"
#: Those who stand apart from nobody have no room left.
CAPACITY = "capacity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What has to be examined; `apart`: the organisations and persons that it concerns."""

    key: str
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who examines; `relations`: what is tied to them; `capacity`: at most so many, None: any."""

    username: str
    relations: frozenset[str] = frozenset()
    capacity: int | None = None

    def is_tied_to(self, item: Item) -> bool:
        """Whether the person, or what is tied to them, stands among what the item concerns."""
        return self.username in item.apart or not self.relations.isdisjoint(item.apart)

    def has_room(self, load: int) -> bool:
        """Whether one more may be given to somebody who holds so many."""
        return self.capacity is None or load < self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """How many people an item lacks, and why; `suitable`: how many have no conflict with it."""

    key: str
    missing: int
    reason: str
    suitable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who got what, by the keys of items; how many each person holds; what lacks people."""

    people: dict[str, list[str]]
    load: dict[str, int]
    unplaced: list[Unplaced]


def allocate(
    items: Sequence[Item], people: Sequence[Person], *, each: int, seed: str
) -> Allocation:
    """Give every item `each` different people.

    As many places as possible are filled, and loads differ by as little as conflicts and
    capacities allow. The seed alone breaks ties, so neither the order of what is given nor
    anything else about an item or a person counts. Raises ValueError for keys or names twice.
    """
    _require_different(item.key for item in items)
    _require_different(person.username for person in people)
    draw = _Draw(
        sorted(items, key=lambda item: item.key), sorted(people, key=lambda one: one.username), seed
    )
    for _ in range(each):
        for number in draw.order:
            draw.place(number)
    given = draw.given()
    return Allocation(
        people={item.key: given[item.key] for item in items},
        load={p.username: len(held) for p, held in zip(draw.people, draw.held, strict=True)},
        unplaced=list(_lacking(items, people, given, each)),
    )


def _lacking(
    items: Sequence[Item], people: Sequence[Person], given: dict[str, list[str]], each: int
) -> Iterator[Unplaced]:
    for item in items:
        missing = each - len(given[item.key])
        if missing > 0:
            suitable = sum(not person.is_tied_to(item) for person in people)
            reason = CONFLICT if suitable < each else CAPACITY
            yield Unplaced(key=item.key, missing=missing, reason=reason, suitable=suitable)


@dataclass(slots=True)
class _Draw:
    """The work in hand: sets of people are the bits of a number."""

    items: Sequence[Item]
    people: Sequence[Person]
    seed: str
    order: list[int] = field(init=False)
    free: list[int] = field(init=False)
    held: list[set[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.order = sorted(range(len(self.items)), key=lambda n: self._lot(self.items[n].key))
        self.free = [
            _bits(n for n, person in enumerate(self.people) if not person.is_tied_to(item))
            for item in self.items
        ]
        self.held = [set() for _ in self.people]

    def _lot(self, *names: str) -> bytes:
        """Return what decides between equals: nobody can foresee or steer it without the seed."""
        return hashlib.sha256("\0".join([self.seed, *names]).encode()).digest()

    def place(self, item: int) -> None:
        """Give the item one more person, moving others where that is what it takes."""
        came = self._reach(item)
        open_to = [n for n in came if self.people[n].has_room(len(self.held[n]))]
        if not open_to:
            return
        least = min(len(self.held[n]) for n in open_to)
        equal = [n for n in open_to if len(self.held[n]) == least]
        direct = [n for n in equal if came[n] is None] or equal
        key = self.items[item].key
        self._hand_over(
            item, min(direct, key=lambda n: self._lot(key, self.people[n].username)), came
        )

    def _reach(self, item: int) -> dict[int, tuple[int, int] | None]:
        """Return who can take the item, or can take another from somebody who then takes it.

        Each with what they would take and from whom; None: the item itself.
        """
        came: dict[int, tuple[int, int] | None] = dict.fromkeys(_ones(self.free[item]))
        if self._is_even(came):
            return came
        ahead = deque(came)
        while ahead:
            giver = ahead.popleft()
            for other in sorted(self.held[giver]):
                for taker in _ones(self.free[other]):
                    if taker not in came:
                        came[taker] = (other, giver)
                        ahead.append(taker)
        return came

    def _is_even(self, came: Iterable[int]) -> bool:
        """Whether one of these holds as few as anybody who has room: no move would be better."""
        room = [len(h) for h, p in zip(self.held, self.people, strict=True) if p.has_room(len(h))]
        fewest = min(room, default=0)
        return any(len(self.held[n]) == fewest and self.people[n].has_room(fewest) for n in came)

    def _hand_over(self, item: int, last: int, came: dict[int, tuple[int, int] | None]) -> None:
        """Move one item a person along the way that ends at `last`."""
        taker = last
        while (step := came[taker]) is not None:
            moved, giver = step
            self.held[giver].remove(moved)
            self.free[moved] |= 1 << giver
            self._take(taker, moved)
            taker = giver
        self._take(taker, item)

    def _take(self, person: int, item: int) -> None:
        self.held[person].add(item)
        self.free[item] &= ~(1 << person)

    def given(self) -> dict[str, list[str]]:
        """Return who has each item, by name."""
        names: dict[str, list[str]] = {item.key: [] for item in self.items}
        for person, held in zip(self.people, self.held, strict=True):
            for item in held:
                names[self.items[item].key].append(person.username)
        return names


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)


def _ones(bits: int) -> Iterator[int]:
    """Yield the places of the ones of a number, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _require_different(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(name)
        seen.add(name)
