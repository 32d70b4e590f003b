"""Context functions, row by row (DMN 1.5 §10.3.4.10, table 81)."""

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        get value({key1: "value1"}, "key1") => "value1"
        get value({key1: "value1"}, "unexistent-key") => null
        get value({a: null}, "a") => null
        get value({"a b": 1}, "a b") => 1
        get value({a: {b: 1}}, "a") => {b: 1}
        get value([{a: 1}], ["a"]) => 1
        get value(m: {a: 1}, key: "a") => 1
        get value(key: "a", m: {a: 1}) => 1
        get value({a: {b: 1}}, ["a", "b"]) => null
        get value({a: 1}, 1) => null
        get value({a: 1}, null) => null
        get value(null, "a") => null
        get value("a", "a") => null
        get value({a: 1}) => null
        get value() => null
        get value({a: 1}, "a", "b") => null
        get value(context: {a: 1}, key: "a") => null
        get value(m: {a: 1}) => null

        get entries({a: 1, b: [2]}) => [{key: a, value: 1}, {key: b, value: [2]}]
        get entries({key1: "value1"})[1].key => "key1"
        get entries({}) => []
        get entries({a: null}) => [{key: a, value: null}]
        get entries(m: {a: 1}) => [{key: a, value: 1}]
        get entries([{a: 1}]) => [{key: a, value: 1}]
        context(get entries({a: 1, b: 2})) => {a: 1, b: 2}
        get entries(null) => null
        get entries(1) => null
        get entries([]) => null
        get entries() => null
        get entries({a: 1}, {b: 1}) => null
        get entries(context: {a: 1}) => null

        context([{key:"a", value:1}, {key:"b", value:2}]) => {a: 1, b: 2}
        context([{key:"a", value:1}, {key:"b", value:2, something: "else"}]) => {a: 1, b: 2}
        context([{key:"a", value:1}, {key:"b"}]) => null
        context([{key:"a", value:null}]) => {a: null}
        context([]) => {}
        context({key:"a", value:1}) => {a: 1}
        context(entries: [{key:"a", value:1}]) => {a: 1}
        context([{key:"", value:1}]) => {: 1}
        context([{value:1}]) => null
        context([{key:1, value:1}]) => null
        context([{key:null, value:1}]) => null
        context([{key:"a", value:1}, {key:"a", value:1}]) => null
        context([{key:"a", value:1}, null]) => null
        context([{key:"a", value:1}, 5]) => null
        context([{}]) => null
        context("a") => null
        context(null) => null
        context() => null
        context([], []) => null
        context(entry: []) => null
    """),
)
def test_reading_and_making(text, expected):
    assert shown(text).replace('key: "a"', "key: a").replace('key: "b"', "key: b") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        context put({x:1}, "y", 2) => {x: 1, y: 2}
        context put({x:1, y:0}, "y", 2) => {x: 1, y: 2}
        context put({x:1, y:0, z:0}, "y", 2) => {x: 1, y: 2, z: 0}
        context put({x:1}, ["y"], 2) => {x: 1, y: 2}
        context put({}, "x", null) => {x: null}
        context put({}, "", 1) => {: 1}
        context put({x:1, y: {a: 0}}, ["y", "a"], 2) => {x: 1, y: {a: 2}}
        context put({x:1, y: {a: 0}}, ["y", "b"], 2) => {x: 1, y: {a: 0, b: 2}}
        context put({a: {b: {c: 1}}}, ["a", "b", "c"], 2) => {a: {b: {c: 2}}}
        context put({a: {b: {c: 1}}}, ["a", "b"], 2) => {a: {b: 2}}
        context put([{x:1}], "y", 2) => {x: 1, y: 2}
        context put(context: {x:1}, key: "y", value: 2) => {x: 1, y: 2}
        context put(context: {x:1}, keys: ["y"], value: 2) => {x: 1, y: 2}
        context put(value: 2, keys: "y", context: {x:1}) => {x: 1, y: 2}
        # The context that a key leads to is none, so the inner call gives null.
        context put({x:1}, ["y", "a"], 2) => null
        context put({x:1}, ["x", "a"], 2) => null
        context put({x: null}, ["x", "a"], 2) => null
        context put({x:1, y: {a: 0}}, [], 2) => null
        context put({x:1}, null, 2) => null
        context put({x:1}, [1], 2) => null
        context put({x:1, y: {}}, ["y", null], 2) => null
        context put({x:1, y: {}}, ["y", 1], 2) => null
        context put({x:1}, 1, 2) => null
        context put(null, "y", 2) => null
        context put(1, "y", 2) => null
        context put({x:1}, "y") => null
        context put() => null
        context put({x:1}, "y", 2, 3) => null
        context put(context: {x:1}, name: "y", value: 2) => null
        context put(context: {x:1}, key: "y") => null
        context put(m: {x:1}, key: "y", value: 2) => null

        context merge([{x:1}, {y:2}]) => {x: 1, y: 2}
        context merge([{x:1, y:0}, {y:2}]) => {x: 1, y: 2}
        context merge([{x:1, y:0}, {y:2, z:3}, {x:4}]) => {x: 4, y: 2, z: 3}
        context merge([{x: {a: 1}}, {x: {b: 2}}]) => {x: {b: 2}}
        context merge([]) => {}
        context merge({x:1}) => {x: 1}
        context merge([{}]) => {}
        context merge(contexts: [{x:1}]) => {x: 1}
        context merge([{x:1}, null]) => null
        context merge([{x:1}, 1]) => null
        context merge([[{x:1}], {y:2}]) => null
        context merge(null) => null
        context merge("x") => null
        context merge() => null
        context merge({x:1}, {y:2}) => null
        context merge(context: [{x:1}]) => null
    """),
)
def test_putting_and_merging(text, expected):
    assert shown(text) == expected
