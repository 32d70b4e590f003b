"""List functions and sort, row by row (DMN 1.5 §10.3.4.4 and §10.3.4.9, table 75)."""

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        list contains([1,2,3], 2) => true
        list contains([1,2,3], 4) => false
        list contains([1,null], null) => true
        list contains([1], null) => false
        list contains([], null) => false
        list contains([1, "1"], "1") => true
        list contains([1], "1") => false
        list contains([1.0], 1) => true
        list contains([[1, 2]], [1, 2]) => true
        list contains([{a: 1}], {a: 1}) => true
        list contains([@"10:00:00Z"], @"11:00:00+01:00") => true
        list contains(1, 1) => true
        list contains(list: [1], element: 1) => true
        list contains(null, 1) => null
        list contains([1]) => null
        list contains([1], 1, 1) => null
        list contains(list: [1], item: 1) => null

        count([1,2,3]) => 3
        count([]) => 0
        count([1,[2,3]]) => 2
        count([null]) => 1
        count("abc") => 1
        count(list: [1]) => 1
        count(null) => null
        count(1, 2) => null
        count() => null
        count(items: [1]) => null

        min([1,2,3]) => 1
        max(1,2,3) => 3
        min(1) => 1
        min([1]) => 1
        max([]) => null
        min([]) => null
        min(3, 1.5, -2) => -2
        max(["a", "c", "b"]) => "c"
        min("b", "B", "a") => "B"
        max([@"2012-01-01", @"2013-01-01"]) => 2013-01-01
        min(@"P1D", @"PT25H") => P1D
        max(@"P1Y", @"P13M") => P1Y1M
        min([@"10:00:00Z", @"10:00:00+01:00"]) => 10:00:00+01:00
        min(list: [2, 1]) => 1
        max(c1: 1, c2: 3, c3: 2) => 3
        max(c2: 1, c1: 3) => 3
        min([1, null]) => null
        min([1, "a"]) => null
        min(1, null) => null
        max([@"P1D", @"P1M"]) => null
        max([true, false]) => null
        max([true]) => null
        min([[1], [2]]) => null
        min([[1, 2]]) => null
        max([@"10:00:00", @"10:00:01Z"]) => 10:00:01Z
        min(null) => null
        min([null]) => null
        min() => null
        min(items: [1]) => null
        max(c1: 1, c3: 2) => null
        max(c2: 1) => null
        max(list: null) => null
    """),
)
def test_looking_into_lists(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        sum([1,2,3]) => 6
        sum(1,2,3) => 6
        sum(1) => 1
        sum([]) => null
        sum([0.1, 0.2]) => 0.3
        sum(list: [1, 2]) => 3
        sum(n1: 1, n2: 2) => 3
        sum([1, null]) => null
        sum([1, "2"]) => null
        sum([[1, 2], 3]) => null
        sum(1, [2]) => 3
        sum(1, [2, 3]) => null
        sum([@"P1D", @"P1D"]) => null
        sum([9e6144, 9e6144]) => null
        sum(null) => null
        sum() => null
        sum(l: [1]) => null

        mean([1,2,3]) => 2
        mean(1,2,3) => 2
        mean(1) => 1
        mean([]) => null
        mean([1, 2]) => 1.5
        mean([1, 1, 2]) => 1.333333333333333333333333333333333
        mean(list: [1, 3]) => 2
        mean([1, null]) => null
        mean([1, "2"]) => null
        mean(null) => null
        mean() => null

        product([2, 3, 4]) => 24
        product([]) => null
        product(2, 3, 4) => 24
        product([0.5, 2]) => 1.0
        product(list: [2]) => 2
        product([2, null]) => null
        product(["2"]) => null
        product([1e4000, 1e4000]) => null
        product() => null

        median(8, 2, 5, 3, 4) => 4
        median([6, 1, 2, 3]) => 2.5
        median([]) => null
        median(4) => 4
        median([1, 1]) => 1
        median(list: [3, 1, 2]) => 2
        median([1, null]) => null
        median(["a"]) => null
        median(null) => null
        median() => null

        stddev(2, 4, 7, 5) => 2.081665999466132735282297706979931
        stddev([47]) => null
        stddev(47) => null
        stddev([]) => null
        stddev([1, 1, 1]) => 0
        stddev([1, 3]) => 1.414213562373095048801688724209698
        stddev(list: [2, 4, 7, 5]) => 2.081665999466132735282297706979931
        stddev([1, null]) => null
        stddev([1, "3"]) => null
        stddev(null) => null
        stddev() => null

        mode(6, 3, 9, 6, 6) => [6]
        mode([6, 1, 9, 6, 1]) => [1, 6]
        mode([]) => []
        mode([3, 1, 2]) => [1, 2, 3]
        mode([1, 1.0, 2]) => [1]
        mode(list: [1]) => [1]
        mode(1) => [1]
        mode([1, null]) => null
        mode([1, "a"]) => null
        mode(null) => null
        mode() => null
    """),
)
def test_statistics(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        all([false,null,true]) => false
        all(true) => true
        all([true]) => true
        all([]) => true
        all(0) => null
        all([true, null]) => null
        all([true, 0]) => null
        all([false, 0]) => false
        all(true, true) => true
        all(true, false, null) => false
        all(true, null) => null
        all([true], [false]) => false
        any(null, true) => true
        all(list: [true]) => true
        all(b1: true, b2: false) => false
        all([[true]]) => null
        all("true") => null
        all(null) => null
        all(list: null) => null
        all() => null
        all(l: [true]) => null

        any([false,null,true]) => true
        any(false) => false
        any([]) => false
        any(0) => null
        any([false, null]) => null
        any([true, 0]) => true
        any([false, 0]) => null
        any(false, true) => true
        any(false, null) => null
        any(list: [false]) => false
        any(b1: false, b2: true) => true
        any(null) => null
        any() => null
    """),
)
def test_truth(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        sublist([4,5,6], 1, 2) => [4, 5]
        sublist([4,5,6], 2) => [5, 6]
        sublist([4,5,6], -2) => [5, 6]
        sublist([4,5,6], -2, 1) => [5]
        sublist([4,5,6], 3) => [6]
        sublist([4,5,6], -3, 3) => [4, 5, 6]
        sublist([4,5,6], 2, null) => [5, 6]
        sublist([4,5,6], 1, 2.9) => [4, 5]
        sublist(4, 1) => [4]
        sublist(list: [4,5,6], start position: 2) => [5, 6]
        sublist(list: [4,5,6], start position: 2, length: 1) => [5]
        sublist([4,5,6], 0) => null
        sublist([4,5,6], 4) => null
        sublist([4,5,6], -4) => null
        sublist([4,5,6], 1.5) => null
        sublist([], 1) => null
        sublist([4,5,6], 1, 0) => null
        sublist([4,5,6], 1, -1) => null
        sublist([4,5,6], 2, 3) => null
        sublist([4,5,6], -1, 2) => null
        sublist([4,5,6], "1") => null
        sublist(null, 1) => null
        sublist([4,5,6], null) => null
        sublist([4,5,6]) => null
        sublist([4,5,6], 1, 1, 1) => null
        sublist(list: [4,5,6], length: 1) => null

        append([1], 2, 3) => [1, 2, 3]
        append([1], [2]) => [1, [2]]
        append([], null) => [null]
        append(1, 2) => [1, 2]
        append(list: [1], item: 2) => [1, 2]
        append([1]) => null
        append(null, 1) => null
        append() => null
        append(list: [1], element: 2) => null

        concatenate([1,2],[3]) => [1, 2, 3]
        concatenate([1]) => [1]
        concatenate([], [], [1]) => [1]
        concatenate([1], 2) => [1, 2]
        concatenate([[1]], [2]) => [[1], 2]
        concatenate(list: [1]) => [1]
        concatenate([1], null) => null
        concatenate() => null

        insert before([1,3], 1, 2) => [2, 1, 3]
        insert before([1,3], 2, 2) => [1, 2, 3]
        insert before([1,3], -1, 2) => [1, 2, 3]
        insert before([1,3], -2, 2) => [2, 1, 3]
        insert before([1,3], 1, null) => [null, 1, 3]
        insert before([1,3], 1, [2]) => [[2], 1, 3]
        insert before(1, 1, 2) => [2, 1]
        insert before(list: [1], position: 1, newItem: 2) => [2, 1]
        insert before([1,3], 3, 2) => null
        insert before([1,3], 0, 2) => null
        insert before([1,3], -3, 2) => null
        insert before([1,3], 1.5, 2) => null
        insert before([], 1, 2) => null
        insert before(null, 1, 2) => null
        insert before([1], null, 2) => null
        insert before([1], "1", 2) => null
        insert before([1], 1) => null
        insert before(list: [1], position: 1, item: 2) => null

        remove([1,2,3], 2) => [1, 3]
        remove([1,2,3], -1) => [1, 2]
        remove([1], 1) => []
        remove(1, 1) => []
        remove(list: [1,2], position: 1) => [2]
        remove([1,2,3], 0) => null
        remove([1,2,3], 4) => null
        remove([1,2,3], -4) => null
        remove([1,2,3], 1.5) => null
        remove([], 1) => null
        remove([1], null) => null
        remove(null, 1) => null
        remove([1]) => null
    """),
)
def test_changing_lists(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        list replace([2, 4, 7, 8], 3, 6) => [2, 4, 6, 8]
        list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) => [5, 5, 7, 8]
        list replace([2, 4], -1, 6) => [2, 6]
        list replace([2, 4], 1, null) => [null, 4]
        list replace([2, 4], 1, [6]) => [[6], 4]
        list replace(2, 1, 6) => [6]
        list replace([2, 4], function(a, b) false, 6) => [2, 4]
        list replace([2, null], function(a, b) a = null, 6) => [2, 6]
        list replace([], function(a, b) true, 6) => []
        list replace(list: [2, 4], position: 2, newItem: 6) => [2, 6]
        list replace(list: [2, 4], match: function(a, b) a = 2, newItem: 6) => [6, 4]
        list replace([2, 4], 0, 6) => null
        list replace([2, 4], 3, 6) => null
        list replace([2, 4], -3, 6) => null
        list replace([2, 4], 1.5, 6) => null
        list replace([], 1, 6) => null
        list replace([2, 4], function(a, b) "yes", 6) => null
        list replace([2, 4], function(a, b) null, 6) => [2, 4]
        list replace([2, null], function(a, b) a < 3, 6) => [6, null]
        list replace([2, 4], function(a, b, c) true, 6) => null
        list replace([2, 4], function(a) true, 6) => null
        list replace([2, 4], null, 6) => null
        list replace([2, 4], "1", 6) => null
        list replace(null, 1, 6) => null
        list replace([2, 4], 1) => null
        list replace(list: [2], item: 1, newItem: 6) => null

        reverse([1,2,3]) => [3, 2, 1]
        reverse([]) => []
        reverse(1) => [1]
        reverse([[1, 2], 3]) => [3, [1, 2]]
        reverse(list: [1, 2]) => [2, 1]
        reverse(null) => null
        reverse(1, 2) => null
        reverse() => null

        index of([1,2,3,2],2) => [2, 4]
        index of([1,2], 3) => []
        index of([1,null,null], null) => [2, 3]
        index of([1, "1"], "1") => [2]
        index of([[1], 1], [1]) => [1]
        index of([], 1) => []
        index of(1, 1) => [1]
        index of(list: [1], match: 1) => [1]
        index of(null, 1) => null
        index of([1]) => null
        index of(list: [1], element: 1) => null

        union([1,2],[2,3]) => [1, 2, 3]
        union([1, 1]) => [1]
        union([1], 2, [1]) => [1, 2]
        union([null], [null]) => [null]
        union([1], null) => null
        union() => null

        distinct values([1,2,3,2,1]) => [1, 2, 3]
        distinct values([1, 1.0, "1", true, null, null]) => [1, "1", true, null]
        distinct values([[1], [1], {a: 1}, {a: 1.0}]) => [[1], {a: 1}]
        distinct values([@"P1D", @"PT24H"]) => [P1D]
        distinct values([]) => []
        distinct values(1) => [1]
        distinct values(list: [1, 1]) => [1]
        distinct values(null) => null
        distinct values([1], [1]) => null

        flatten([[1,2],[[3]], 4]) => [1, 2, 3, 4]
        flatten([[], [[]]]) => []
        flatten([null, [null]]) => [null, null]
        flatten([{a: [1]}]) => [{a: [1]}]
        flatten(1) => [1]
        flatten(list: [[1]]) => [1]
        flatten(null) => null
        flatten([1], [2]) => null
    """),
)
def test_making_lists_of_lists(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        sort(list: [3,1,4,5,2], precedes: function(x,y) x < y) => [1, 2, 3, 4, 5]
        sort([3,1,2], function(x,y) x > y) => [3, 2, 1]
        sort(["b","a"], function(x,y) x < y) => ["a", "b"]
        sort([{k: 2}, {k: 1}], function(x,y) x.k < y.k).k => [1, 2]
        sort([{k: 1, n: 1}, {k: 0, n: 2}, {k: 1, n: 3}], function(x,y) x.k < y.k).n => [2, 1, 3]
        sort([1,2,3], function(x,y) false) => [1, 2, 3]
        sort([], function(x,y) x < y) => []
        sort(1, function(x,y) x < y) => [1]
        sort(precedes: function(a, b) a < b, list: [2, 1]) => [1, 2]
        sort([3,1,2]) => null
        sort([3,1,2], null) => null
        sort([3,1,2], "<") => null
        sort(null, function(x,y) x < y) => null
        sort([3,1,2], function(x) true) => null
        sort([3,1,2], before) => [1, 2, 3]
        sort() => null
        sort([3,1], function(x,y) x < y, 1) => null
        sort(list: [3,1], by: function(x,y) x < y) => null
    """),
)
def test_sort(text, expected):
    assert shown(text) == expected
