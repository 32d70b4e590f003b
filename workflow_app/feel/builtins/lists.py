"""List functions (DMN 1.5 §10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import TYPE_CHECKING

from workflow_app.feel import operators
from workflow_app.feel.builtins.registry import Chapter
from workflow_app.feel.runtime import DECIMAL, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.values import FeelFunction

builtin = Chapter("10.3.4.4")
sorting = Chapter("10.3.4.9")
Items = list[object]


def _given(items: tuple[object, ...]) -> Items:
    """Give the one list among the arguments, or the arguments themselves."""
    if len(items) == 1 and isinstance(items[0], list):
        return items[0]
    return list(items)


def _list_or_many(
    name: str, items: str, *, gives: str
) -> Callable[[Callable[[Items], object]], Callable[[Items], object]]:
    """Register a function that takes one list or its items one by one."""
    of_items = items.partition(": ")[2].removesuffix(" | Null")

    def register(function: Callable[[Items], object]) -> Callable[[Items], object]:
        def apply_to_many(*many: object) -> object:
            return function(_given(many))

        apply_to_many.__doc__ = function.__doc__
        builtin(name, f"list: list<{of_items}>", gives=gives)(function)
        builtin(name, f"*{items}", gives=gives)(apply_to_many)
        return function

    return register


@builtin("list contains", "list: list<Any>", "element: Any", gives="boolean", runtime=True)
def list_contains(runtime: Runtime, items: Items, element: object) -> bool:
    """Tell whether a list has an item equal to the element."""
    return any(operators.equal(item, element, runtime) is True for item in items)


@builtin("count", "list: list<Any>", gives="number")
def count(items: Items) -> Decimal:
    """Count the items."""
    return Decimal(len(items))


def _best(items: Items, wanted: int) -> object:
    if not items:
        return None
    best = items[0]
    for item in items:
        position = operators.order(item, best)
        if position is None:
            return None
        if position == wanted:
            best = item
    return best


@_list_or_many("min", "c1: Any", gives="Any")
def minimum(items: Items) -> object:
    """Give the smallest item; null for none, or for items without an order."""
    return _best(items, -1)


@_list_or_many("max", "c1: Any", gives="Any")
def maximum(items: Items) -> object:
    """Give the greatest item; null for none, or for items without an order."""
    return _best(items, 1)


def _numbers(items: Items) -> list[Decimal] | None:
    numbers = [item for item in items if isinstance(item, Decimal)]
    return numbers if numbers and len(numbers) == len(items) else None


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = DECIMAL.add(total, number)
    return total


@_list_or_many("sum", "n1: number", gives="number")
def total(items: Items) -> object:
    """Add up numbers; null for none, or when an item is no number."""
    numbers = _numbers(items)
    return None if numbers is None else operators.finite(_total(numbers))


@_list_or_many("mean", "n1: number", gives="number")
def mean(items: Items) -> object:
    """Give the arithmetic mean of numbers."""
    numbers = _numbers(items)
    return None if numbers is None else _mean(numbers)


def _mean(numbers: list[Decimal]) -> Decimal | None:
    return operators.finite(DECIMAL.divide(_total(numbers), Decimal(len(numbers))))


@_list_or_many("product", "n1: number", gives="number")
def product(items: Items) -> object:
    """Multiply numbers."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result = DECIMAL.multiply(result, number)
    return operators.finite(result)


@_list_or_many("median", "n1: number", gives="number")
def median(items: Items) -> object:
    """Give the middle number, or the mean of the two in the middle."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    numbers.sort()
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else _mean(numbers[middle - 1 : middle + 1])


@_list_or_many("stddev", "n1: number", gives="number")
def standard_deviation(items: Items) -> object:
    """Give the standard deviation of a sample; null for fewer than two numbers."""
    numbers = _numbers(items)
    if numbers is None or len(numbers) < 2:
        return None
    middle = _mean(numbers)
    if middle is None:
        return None
    squares = [DECIMAL.power(DECIMAL.subtract(each, middle), 2) for each in numbers]
    variance = DECIMAL.divide(_total(squares), Decimal(len(numbers) - 1))
    return operators.finite(DECIMAL.sqrt(variance))


@_list_or_many("mode", "n1: number", gives="list<number>")
def mode(items: Items) -> object:
    """Give the most frequent numbers in ascending order."""
    if not items:
        return []
    numbers = _numbers(items)
    if numbers is None:
        return None
    tally: dict[Decimal, int] = {}
    for number in numbers:
        tally[number] = tally.get(number, 0) + 1
    most = max(tally.values())
    return sorted(number for number, times in tally.items() if times == most)


@_list_or_many("all", "b1: boolean | Null", gives="boolean")
def every_true(items: Items) -> bool | None:
    """Conjunction of the items in three-valued logic; true for none."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@_list_or_many("any", "b1: boolean | Null", gives="boolean")
def any_true(items: Items) -> bool | None:
    """Disjunction of the items in three-valued logic; false for none."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin(
    "sublist", "list: list<Any>", "start position: number", "length?: number", gives="list<Any>"
)
def sublist(items: Items, start: Decimal, length: Decimal | None = None) -> Items | None:
    """Give items from a position on, counted from one, or from the end when negative.

    All of them without a length; null for a length that is below one or more than there are.
    """
    first = _position(start, len(items))
    if first is None or length is None:
        return None if first is None else items[first:]
    return items[first : first + int(length)] if 1 <= length <= len(items) - first else None


def _position(position: Decimal, length: int) -> int | None:
    """Turn a FEEL position into an index; nothing when it is outside of the list."""
    place = whole(position)
    if not place or abs(place) > length:
        return None
    return place - 1 if place > 0 else length + place


@builtin("append", "list: list<Any>", "*item: Any", gives="list<Any>", runtime=True)
def append(runtime: Runtime, items: Items, *more: object) -> Items:
    """Give a list with items added at the end."""
    return _sized(runtime, [*items, *more])


@builtin("concatenate", "*list: list<Any>", gives="list<Any>", runtime=True)
def concatenate(runtime: Runtime, *lists: Items) -> Items:
    """Join lists, one after another."""
    runtime.room_for_items(sum(len(items) for items in lists))
    return [item for items in lists for item in items]


def _sized(runtime: Runtime, items: Items) -> Items:
    runtime.room_for_items(len(items))
    return items


@builtin(
    "insert before",
    "list: list<Any>",
    "position: number",
    "newItem: Any",
    gives="list<Any>",
    runtime=True,
)
def insert_before(runtime: Runtime, items: Items, position: Decimal, item: object) -> Items | None:
    """Give a list with an item put before a position."""
    index = _position(position, len(items))
    if index is None:
        return None
    return _sized(runtime, [*items[:index], item, *items[index:]])


@builtin("remove", "list: list<Any>", "position: number", gives="list<Any>", runtime=True)
def remove(runtime: Runtime, items: Items, position: Decimal) -> Items | None:
    """Give a list without the item at a position."""
    index = _position(position, len(items))
    if index is None:
        return None
    return _sized(runtime, [*items[:index], *items[index + 1 :]])


@builtin(
    "list replace",
    "list: list<Any>",
    "position: number",
    "newItem: Any",
    gives="list<Any>",
    runtime=True,
)
def replace_at(runtime: Runtime, items: Items, position: Decimal, item: object) -> Items | None:
    """Give a list with another item at a position."""
    index = _position(position, len(items))
    if index is None:
        return None
    return _sized(runtime, [*items[:index], item, *items[index + 1 :]])


@builtin(
    "list replace",
    "list: list<Any>",
    "match: function<Any, Any>->boolean",
    "newItem: Any",
    gives="list<Any>",
    runtime=True,
)
def replace_matching(
    runtime: Runtime, items: Items, match: FeelFunction, item: object
) -> Items | None:
    """Give a list with another item wherever match(item, newItem) is true."""
    if not _compares(match):
        return None
    answers = [match.call(runtime, [old, item]) for old in items]
    if not all(answer is None or isinstance(answer, bool) for answer in answers):
        return None
    return [item if hit else old for old, hit in zip(items, answers, strict=True)]


def _compares(function: FeelFunction) -> bool:
    """Tell whether a function is one of two arguments, as the standard asks of some."""
    return len(function.parameters) == 2


@builtin("reverse", "list: list<Any>", gives="list<Any>", runtime=True)
def reverse(runtime: Runtime, items: Items) -> Items:
    """Give the items from last to first."""
    return _sized(runtime, items[::-1])


@builtin("index of", "list: list<Any>", "match: Any", gives="list<number>", runtime=True)
def index_of(runtime: Runtime, items: Items, match: object) -> Items:
    """Give the positions of all items equal to the match."""
    runtime.room_for_items(len(items))
    return [
        Decimal(place)
        for place, item in enumerate(items, 1)
        if operators.equal(item, match, runtime) is True
    ]


@builtin("union", "*list: list<Any>", gives="list<Any>", runtime=True)
def union(runtime: Runtime, *lists: Items) -> Items:
    """Join lists and leave out what came before."""
    return distinct_values(runtime, concatenate(runtime, *lists))


@builtin("distinct values", "list: list<Any>", gives="list<Any>", runtime=True)
def distinct_values(runtime: Runtime, items: Items) -> Items:
    """Give the items without those that came before."""
    kept: Items = []
    seen: set[object] = set()
    for item in items:
        if isinstance(item, str | Decimal | bool):
            mark = (type(item), item)
            if mark not in seen:
                seen.add(mark)
                kept.append(item)
            continue
        runtime.spend(len(kept))
        if not list_contains(runtime, kept, item):
            kept.append(item)
    return kept


@builtin("flatten", "list: list<Any>", gives="list<Any>", runtime=True)
def flatten(runtime: Runtime, items: Items) -> Items:
    """Give the items of all nested lists in one."""
    flat: Items = []
    for item in items:
        runtime.spend()
        if isinstance(item, list):
            flat.extend(flatten(runtime, item))
        else:
            flat.append(item)
    return flat


@sorting(
    "sort",
    "list: list<Any>",
    "precedes: function<Any, Any>->boolean",
    gives="list<Any>",
    runtime=True,
)
def sort_by(runtime: Runtime, items: Items, precedes: FeelFunction) -> Items | None:
    """Sort by a function that tells whether its first argument comes before its second."""
    if not _compares(precedes):
        return None

    def compare(left: object, right: object) -> int:
        # Python's sort asks only whether the result is below nought.
        return -1 if precedes.call(runtime, [left, right]) is True else 1

    return sorted(items, key=cmp_to_key(compare))
