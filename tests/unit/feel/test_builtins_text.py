"""String functions but for patterns, row by row (DMN 1.5 §10.3.4.3, table 74)."""

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        substring("foobar",3) => "obar"
        substring("foobar",3,3) => "oba"
        substring("foobar", -2, 1) => "a"
        substring("\U01F40Eab", 2) => "ab"
        substring("\U01F40Eab", 1, 1) => "🐎"
        substring("\U01F40Eab", -3) => "🐎ab"
        substring("foobar", 6) => "r"
        substring("foobar", -6) => "foobar"
        substring("foobar", 3, null) => "obar"
        substring("foobar", 3, 4) => "obar"
        substring("foobar", -2, 2) => "ar"
        substring("foobar", 3, 3.8) => "oba"
        substring("foobar", 1.0) => "foobar"
        substring(["foobar"], [3], [1]) => "o"
        substring(string: "foobar", start position: 3) => "obar"
        substring(string: "foobar", start position: 3, length: 2) => "ob"
        substring(length: 2, string: "foobar", start position: 3) => "ob"
        substring("Բարև", 2, 2) => "ար"
        # Outside of the domain: a position of [-L..L] but 0, a length of [1..E].
        substring("foobar", 0) => null
        substring("foobar", 7) => null
        substring("foobar", -7) => null
        substring("foobar", 1.5) => null
        substring("", 1) => null
        substring("foobar", 3, 0) => null
        substring("foobar", 3, -1) => null
        substring("foobar", 3, 0.9) => null
        substring("foobar", 3, 5) => null
        substring("foobar", 3, 4.1) => null
        substring("foobar", -2, 3) => null
        substring("foobar", "3") => null
        substring("foobar", 3, "3") => null
        substring(123456, 3) => null
        substring("foobar", null) => null
        substring(null, 3) => null
        substring("foobar") => null
        substring("foobar", 1, 2, 3) => null
        substring() => null
        substring(string: "foobar", length: 2) => null
        substring(string: "foobar", start: 2) => null

        string length("foo") => 3
        string length("\U01F40Eab") => 3
        string length("") => 0
        string length("e\u0301") => 2
        string length("Հայաստան") => 8
        string length("a\nb") => 3
        string length(["foo"]) => 3
        string length(string: "foo") => 3
        string length(123) => null
        string length(null) => null
        string length([]) => null
        string length(["a", "b"]) => null
        string length("a", "b") => null
        string length() => null
        string length(text: "foo") => null

        upper case("aBc4") => "ABC4"
        upper case("") => ""
        upper case("straße") => "STRASSE"
        upper case("բարև") => "ԲԱՐԵՒ"
        upper case("\U010428") => "𐐀"
        upper case(string: "abc") => "ABC"
        upper case(["abc"]) => "ABC"
        upper case(1) => null
        upper case(null) => null
        upper case() => null
        upper case("a", "b") => null
        upper case(text: "abc") => null

        lower case("aBc4") => "abc4"
        lower case("ԲԱՐԵՎ") => "բարեվ"
        lower case("ΟΔΟΣ") => "οδος"
        lower case(string: "ABC") => "abc"
        lower case(["ABC"]) => "abc"
        lower case(null) => null
        lower case(true) => null
        lower case() => null
        lower case("A", "B") => null
        lower case(text: "ABC") => null
    """),
)
def test_pieces_and_case(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        substring before("foobar","bar") => "foo"
        substring before("foobar","xyz") => ""
        substring before("foobar", "o") => "f"
        substring before("foobar", "f") => ""
        substring before("foobar", "") => ""
        substring before("", "") => ""
        substring before("a\U01F40Eb", "b") => "a🐎"
        substring before(string: "foobar", match: "bar") => "foo"
        substring before(["foobar"], ["bar"]) => "foo"
        substring before("foobar", 1) => null
        substring before(1, "1") => null
        substring before("foobar", null) => null
        substring before(null, "a") => null
        substring before("foobar") => null
        substring before("foobar", "bar", "x") => null
        substring before(string: "foobar", macth: "bar") => null
        substring before(string: "foobar") => null

        substring after("foobar", "ob") => "ar"
        substring after("", "a") => ""
        substring after("foobar", "o") => "obar"
        substring after("foobar", "xyz") => ""
        substring after("foobar", "") => "foobar"
        substring after("", "") => ""
        substring after("foobar", "bar") => ""
        substring after(match: "ob", string: "foobar") => "ar"
        substring after("foobar", null) => null
        substring after(null, "ob") => null
        substring after("foobar", 1) => null
        substring after("foobar") => null
        substring after("foobar", "ob", "x") => null

        contains("foobar", "of") => false
        contains("foobar", "ob") => true
        contains("foobar", "") => true
        contains("", "") => true
        contains("Foobar", "foo") => false
        contains(string: "foobar", match: "ob") => true
        contains("foobar", null) => null
        contains(null, "foo") => null
        contains("1", 1) => null
        contains("foobar") => null
        contains("a", "b", "c") => null
        contains(string: "foobar", sub: "ob") => null

        starts with("foobar", "fo") => true
        starts with("foobar", "ob") => false
        starts with("foobar", "") => true
        starts with("fo", "foo") => false
        starts with(string: "foobar", match: "fo") => true
        starts with("foobar", null) => null
        starts with(null, "f") => null
        starts with(1, "1") => null
        starts with("foobar") => null

        ends with("foobar", "r") => true
        ends with("foobar", "o") => false
        ends with("foobar", "") => true
        ends with("r", "bar") => false
        ends with(string: "foobar", match: "bar") => true
        ends with("foobar", null) => null
        ends with(null, "r") => null
        ends with("foobar", 1) => null
        ends with("foobar", "a", "r") => null
    """),
)
def test_searching(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        string join(["a","b","c"], "_and_") => "a_and_b_and_c"
        string join(["a","b","c"], "") => "abc"
        string join(["a","b","c"], null) => "abc"
        string join(["a"], "X") => "a"
        string join(["a",null,"c"], "X") => "aXc"
        string join([], "X") => ""
        string join(["a","b","c"]) => "abc"
        string join(["a",null,"c"]) => "ac"
        string join([]) => ""
        string join([null, null], "X") => ""
        string join(["", "", ""], "-") => "--"
        string join("a", "X") => "a"
        string join(["a", "b"], ["-"]) => "a-b"
        string join(list: ["a", "b"], delimiter: "-") => "a-b"
        string join(delimiter: "-", list: ["a", "b"]) => "a-b"
        string join(list: ["a", "b"]) => "ab"
        string join(["a", 1], "X") => null
        string join([["a"], "b"], "X") => null
        string join([true]) => null
        string join(["a", "b"], 1) => null
        string join(null, "X") => null
        string join(null) => null
        string join(1) => null
        string join() => null
        string join(["a"], "X", "Y") => null
        string join(lst: ["a"]) => null
        string join(list: ["a"], separator: "X") => null
        string join(delimiter: "X") => null
    """),
)
def test_joining(text, expected):
    assert shown(text) == expected
