"""Relations of points and ranges, by the formulas of the standard (DMN 1.5 §10.3.4.7, table 78)."""

from itertools import product

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table
from workflow_app.feel import Range, compile_expression

POINTS = (1, 2, 3)
ENDS = [(True, True), (True, False), (False, True), (False, False)]
RANGES = [
    Range(start, end, *included)
    for start, end in product(POINTS, repeat=2)
    for included in ENDS
    if start <= end
]


# What table 78 says of each, r being a range and s another, p and q points.
def before_ranges(r, s):
    open_there = not r.end_included or not s.start_included
    return r.end < s.start or (open_there and r.end == s.start)


def overlaps_before(r, s):
    starts_earlier = r.start < s.start or (
        r.start == s.start and r.start_included and not s.start_included
    )
    reaches = r.end > s.start or (r.end == s.start and r.end_included and s.start_included)
    ends_within = r.end < s.end or (r.end == s.end and (not r.end_included or s.end_included))
    return starts_earlier and reaches and ends_within


def overlaps(r, s):
    reaches = r.end > s.start or (r.end == s.start and r.end_included and s.start_included)
    begins = r.start < s.end or (r.start == s.end and r.start_included and s.end_included)
    return reaches and begins


def finishes(r, s):
    same = r.end_included == s.end_included and r.end == s.end
    later = r.start > s.start
    return same and (later or (r.start == s.start and (not r.start_included or s.start_included)))


def starts(r, s):
    same = r.start_included == s.start_included and r.start == s.start
    return same and (r.end < s.end or (r.end == s.end and (not r.end_included or s.end_included)))


def includes(r, s):
    first = r.start < s.start or (r.start == s.start and (r.start_included or not s.start_included))
    last = r.end > s.end or (r.end == s.end and (r.end_included or not s.end_included))
    return first and last


def includes_point(r, p):
    return (
        (r.start < p < r.end)
        or (r.start == p and r.start_included)
        or (r.end == p and r.end_included)
    )


def meets(r, s):
    return r.end_included and s.start_included and r.end == s.start


def coincides(r, s):
    return r == s


OF_RANGES = {
    "before": before_ranges,
    "after": lambda r, s: before_ranges(s, r),
    "meets": meets,
    "met by": lambda r, s: meets(s, r),
    "overlaps": overlaps,
    "overlaps before": overlaps_before,
    "overlaps after": lambda r, s: overlaps_before(s, r),
    "finishes": finishes,
    "finished by": lambda r, s: finishes(s, r),
    "includes": includes,
    "during": lambda r, s: includes(s, r),
    "starts": starts,
    "started by": lambda r, s: starts(s, r),
    "coincides": coincides,
}
OF_POINT_AND_RANGE = {
    "before": lambda p, r: p < r.start or (p == r.start and not r.start_included),
    "after": lambda p, r: p > r.end or (p == r.end and not r.end_included),
    "finishes": lambda p, r: r.end_included and r.end == p,
    "during": lambda p, r: includes_point(r, p),
    "starts": lambda p, r: r.start == p and r.start_included,
}
OF_RANGE_AND_POINT = {
    "before": lambda r, p: r.end < p or (r.end == p and not r.end_included),
    "after": lambda r, p: r.start > p or (r.start == p and not r.start_included),
    "finished by": lambda r, p: r.end_included and r.end == p,
    "includes": includes_point,
    "started by": lambda r, p: r.start == p and r.start_included,
}
OF_POINTS = {
    "before": lambda p, q: p < q,
    "after": lambda p, q: p > q,
    "coincides": lambda p, q: p == q,
}


@pytest.mark.parametrize("name", OF_RANGES)
def test_two_ranges_with_any_ends(name):
    related = compile_expression(f"{name}(a, b)")
    for first, second in product(RANGES, repeat=2):
        made = related.evaluate({"a": first, "b": second})
        assert made is OF_RANGES[name](first, second), (first, second)


@pytest.mark.parametrize("name", OF_POINT_AND_RANGE)
def test_a_point_and_a_range_with_any_ends(name):
    related = compile_expression(f"{name}(a, b)")
    for point, interval in product((0, 1, 1.5, 2, 3, 4), RANGES):
        made = related.evaluate({"a": point, "b": interval})
        assert made is OF_POINT_AND_RANGE[name](point, interval), (point, interval)


@pytest.mark.parametrize("name", OF_RANGE_AND_POINT)
def test_a_range_with_any_ends_and_a_point(name):
    related = compile_expression(f"{name}(a, b)")
    for interval, point in product(RANGES, (0, 1, 1.5, 2, 3, 4)):
        made = related.evaluate({"a": interval, "b": point})
        assert made is OF_RANGE_AND_POINT[name](interval, point), (interval, point)


@pytest.mark.parametrize("name", OF_POINTS)
def test_two_points(name):
    related = compile_expression(f"{name}(a, b)")
    for first, second in product(POINTS, repeat=2):
        assert related.evaluate({"a": first, "b": second}) is OF_POINTS[name](first, second)


@pytest.mark.parametrize("name", OF_RANGES)
@pytest.mark.parametrize(
    ("kinds", "table_of"),
    [
        (("1", "1"), OF_POINTS),
        (("1", "[1..2]"), OF_POINT_AND_RANGE),
        (("[1..2]", "1"), OF_RANGE_AND_POINT),
    ],
)
def test_a_pair_without_a_row_in_the_table_is_null(name, kinds, table_of):
    assert (shown(f"{name}({', '.join(kinds)})") == "null") is (name not in table_of)


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        before(@"2012-01-01", @"2012-01-02") => true
        before("a", "b") => true
        after(@"P2D", @"P1D") => true
        before(@"10:00:00Z", @"10:00:00+01:00") => false
        after(@"2012-01-02T00:00:00", [@"2012-01-01T00:00:00"..@"2012-01-01T23:59:59"]) => true
        includes([@"2012-01-01"..@"2012-12-31"], @"2012-06-01") => true
        during(@"P6M", [@"P1M"..@"P1Y"]) => true
        overlaps(["a".."d"], ["c".."f"]) => true
        coincides(@"P1D", @"PT24H") => true
        before(point1: 1, point2: 2) => true
        before(point: 1, range: [2..3]) => true
        before(range: [2..3], point: 4) => true
        before(range1: [1..2], range2: [3..4]) => true
        after(range2: [1..2], range1: [3..4]) => true
        includes(point: 1, range: [1..2]) => true
        finishes(range: [1..10], point: 10) => true
        finished by(point: 10, range: [1..10]) => true
        starts(range1: [1..2], range2: [1..3]) => true
        meets(range1: [1..2], range2: [2..3]) => true
        before([1], [2]) => true
        before([[1..2]], [3]) => true
        # A side without an end lies beyond every point.
        includes((> 5), 6) => true
        includes((> 5), 5) => false
        includes((<= 5), 5) => true
        before((< 5), 5) => true
        before((> 5), 1000) => false
        before(1, (> 1)) => true
        after(1, (< 1)) => true
        overlaps((> 5), (< 7)) => true
        overlaps((> 5), (<= 5)) => false
        during([1..5], (< 6)) => true
        includes((< 6), [1..5]) => true
        includes([1..5], (< 6)) => false
        coincides((> 5), (> 5)) => true
        coincides((> 5), (>= 5)) => false
        starts((>= 5), (>= 5)) => true
        finishes((> 7), (> 5)) => true
        overlaps before((< 5), [1..6]) => true
        overlaps after((> 5), [1..6]) => true
        meets((<= 5), (>= 5)) => true
        met by((>= 5), (<= 5)) => true
        meets((> 5), (> 5)) => false
        # What has no order has no relation.
        before(1, "a") => null
        before([1..2], "a") => null
        before([1..2], ["a".."b"]) => null
        before(@"2012-01-01", @"10:00:00") => null
        before(@"P1D", @"P1M") => null
        before(@"10:00:00", @"10:00:01Z") => true
        before(@"10:00:00", @"10:00:00Z") => false
        before(true, false) => null
        before(1, null) => null
        before(null, [1..2]) => null
        before([1..2], null) => null
        before([1, 2], 3) => null
        before({a: 1}, 3) => null
        before(1) => null
        before() => null
        before(1, 2, 3) => null
        before(point1: 1, point: 2) => null
        before(range1: [1..2], point: 2) => null
        before(range: [1..2], range: [3..4]) => null
        coincides(1, [1..1]) => null
        meets(1, 2) => null
        overlaps([1..2], 2) => null
        includes(2, [1..2]) => null
        during([1..2], 2) => null
    """),
)
def test_other_points_open_sides_and_what_does_not_fit(text, expected):
    assert shown(text) == expected
