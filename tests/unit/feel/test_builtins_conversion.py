"""Conversion functions, row by row (DMN 1.5 §10.3.4.1, table 72)."""

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        # Texts in the lexical space of XML Schema's date; an offset is left out.
        date("2012-12-25") - date("2012-12-24") = duration("P1D") => true
        date("2012-12-25") => 2012-12-25
        date("0001-01-01") => 0001-01-01
        date("-2017-12-31") => -2017-12-31
        date("99999-12-31") => 99999-12-31
        date("-999999999-01-01") => -999999999-01-01
        date("999999999-12-31") => 999999999-12-31
        date("2016-02-29") => 2016-02-29
        date("2012-12-25Z") => 2012-12-25
        date("2012-12-25+14:00") => 2012-12-25
        date("2012-12-25-05:30") => 2012-12-25
        date(from: "2012-12-25") => 2012-12-25
        date("2012-12-25+14:01") => null
        date("2012-12-25@Europe/Paris") => null
        date("1000000000-01-01") => null
        date("2017-02-29") => null
        date("1900-02-29") => null
        date("2017-13-10") => null
        date("2017-00-10") => null
        date("2017-12-32") => null
        date("2017-12-00") => null
        date("017-12-25") => null
        date("02017-12-25") => null
        date("+2017-12-25") => null
        date("2017-1-25") => null
        date("20171225") => null
        date("2017-12") => null
        date("2017-W01-1") => null
        date("2012-12-25T") => null
        date("2012-12-25T10:00:00") => null
        date(" 2012-12-25") => null
        date("2012-12-25\n") => null
        date("२०१२-१२-२५") => null
        date("") => null
        # A date and time gives its date in its own zone; a date counts as its midnight.
        date(date and time("2012-12-25T11:00:00Z")) => 2012-12-25
        date(date and time("2012-12-25T23:59:59-05:00")) => 2012-12-25
        date(date and time("2012-12-25T00:30:00@Asia/Yerevan")) => 2012-12-25
        date(date("2012-12-25")) => 2012-12-25
        date([date("2012-12-25")]) => null
        date(from: date and time("2012-12-25T11:00:00Z")) => 2012-12-25
        date(time("10:00:00")) => null
        date(2012) => null
        date(null) => null
        date() => null
        date(true) => null
        # Parts.
        date(2012, 12, 25) => 2012-12-25
        date(-1, 1, 1) => -0001-01-01
        date(0, 1, 1) => 0000-01-01
        date(999999999, 12, 31) => 999999999-12-31
        date(year: 2012, month: 12, day: 25) => 2012-12-25
        date(day: 25, year: 2012, month: 12) => 2012-12-25
        date(2012.0, 12, 25) => 2012-12-25
        date([2012], [12], [25]) => 2012-12-25
        date(2012.5, 12, 25) => null
        date(1000000000, 1, 1) => null
        date(2012, 13, 25) => null
        date(2012, 0, 25) => null
        date(2012, -1, 25) => null
        date(2012, 2, 30) => null
        date(2100, 2, 29) => null
        date(2000, 2, 29) => 2000-02-29
        date(2012, 12) => null
        date(2012, 12, 25, 1) => null
        date(2012, 12, null) => null
        date("2012", "12", "25") => null
        date(year: 2012, month: 12) => null
        date(year: 2012, month: 12, dag: 25) => null
    """),
)
def test_date(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        # A date, optionally T and a time.
        date and time("2012-12-24T23:59:00") + duration("PT1M") => 2012-12-25T00:00:00
        date and time("2012-12-24") => 2012-12-24T00:00:00
        date and time("2012-12-24Z") => 2012-12-24T00:00:00Z
        date and time("2012-12-24+04:00") => 2012-12-24T00:00:00+04:00
        date and time("2012-12-24T23:59:00.1234567891") => 2012-12-24T23:59:00.123456789
        date and time("2012-12-24T23:59:00z") => 2012-12-24T23:59:00Z
        date and time("2012-12-24T23:59:00-00:00") => 2012-12-24T23:59:00Z
        date and time("2012-12-24T23:59:00+14:00") => 2012-12-24T23:59:00+14:00
        date and time("2012-12-24T23:59:00@Asia/Yerevan") => 2012-12-24T23:59:00@Asia/Yerevan
        date and time("2012-12-24T24:00:00") => 2012-12-25T00:00:00
        date and time("2012-12-31T24:00:00Z") => 2013-01-01T00:00:00Z
        date and time(from: "2012-12-24T23:59:00") => 2012-12-24T23:59:00
        date and time("999999999-12-31T24:00:00") => null
        date and time("2012-12-24T23:59:00+14:01") => null
        date and time("2012-12-24T24:00:00.1") => null
        date and time("2012-12-24T23:60:00") => null
        date and time("2012-12-24T23:59:60") => null
        date and time("2012-12-24T23:59") => null
        date and time("2012-12-24t23:59:00") => null
        date and time("2012-12-24 23:59:00") => null
        date and time("2012-12-24T") => null
        date and time("2012-12-24T23:59:00.") => null
        date and time("2012-12-24T23:59:00@") => null
        date and time("2012-12-24T23:59:00@Nowhere/City") => null
        date and time("2012-12-24T23:59:00@../../etc/passwd") => null
        date and time("2012-12-24T23:59:00+02:00@Europe/Paris") => null
        date and time("23:59:00") => null
        date and time("2012-02-30T10:00:00") => null
        # The date of the first, the time and zone of the second.
        date and time(date("2012-12-24"), time("23:59:00")) => 2012-12-24T23:59:00
        date and time(date("2012-12-24"), time("23:59:00+01:00")) => 2012-12-24T23:59:00+01:00
        date and time(@"2012-12-24T01:02:03Z", time("23:59:00")) => 2012-12-24T23:59:00
        date and time(@"2012-12-24T01:02:03Z", @"23:59:00@Etc/UTC") => 2012-12-24T23:59:00@Etc/UTC
        date and time(date: @"2012-12-24", time: @"23:59:00") => 2012-12-24T23:59:00
        date and time([@"2012-12-24"], [@"23:59:00"]) => 2012-12-24T23:59:00
        date and time(date("2012-12-24"), null) => null
        date and time(null, time("23:59:00")) => null
        date and time("2012-12-24", "23:59:00") => null
        date and time(time("23:59:00"), date("2012-12-24")) => null
        date and time(date: @"2012-12-24") => null
        date and time(date: @"2012-12-24", tim: @"23:59:00") => null
        date and time(@"2012-12-24", @"23:59:00", 1) => null
        # Not in the standard: a date stands for its midnight in Greenwich, as it does everywhere.
        date and time(date("2012-12-24")) => 2012-12-24T00:00:00Z
        date and time(date and time("2012-12-24T10:00:00+04:00")) => 2012-12-24T10:00:00+04:00
        date and time(time("10:00:00")) => null
        date and time(2012) => null
        date and time(null) => null
        date and time() => null
    """),
)
def test_date_and_time(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC") => true
        time("23:59:00") => 23:59:00
        time("00:00:00.5") => 00:00:00.5
        time("24:00:00") => 00:00:00
        time("24:00:00Z") => 00:00:00Z
        time("23:59:00+05:30") => 23:59:00+05:30
        time("23:59:00-14:00") => 23:59:00-14:00
        time("23:59:00@Asia/Tbilisi") => 23:59:00@Asia/Tbilisi
        time(from: "23:59:00") => 23:59:00
        time("23:59:00+15:00") => null
        time("23:59:00-14:01") => null
        time("23:59:00+05:60") => null
        time("T23:59:00") => null
        time("23:59") => null
        time("3:59:00") => null
        time("23:59:00 ") => null
        time("23:59:00+5") => null
        time("-01:00:00") => null
        time("") => null
        # Of a date and time, dates left out.
        time(date and time("2012-12-25T11:00:00Z")) = time("11:00:00Z") => true
        time(date and time("2012-12-25T11:00:00@Asia/Tbilisi")) => 11:00:00@Asia/Tbilisi
        time(time("11:00:00+01:00")) => 11:00:00+01:00
        time(date("2012-12-25")) => 00:00:00Z
        time(from: @"2012-12-25T11:00:00") => 11:00:00
        # Parts, and the offset, which may be null or left out.
        time("23:59:00z") = time(23, 59, 0, duration("PT0H")) => true
        time(23, 59, 0) => 23:59:00
        time(23, 59, 0, null) => 23:59:00
        time(23, 59, 1.25) => 23:59:01.25
        time(23, 59, 59.9999999999) => 23:59:59.999999999
        time(0, 0, 0, duration("-PT5H30M")) => 00:00:00-05:30
        time(0, 0, 0, duration("PT14H")) => 00:00:00+14:00
        time(11, 59, 45, duration("PT2H45M55S")) => 11:59:45+02:45:55
        time(hour: 23, minute: 59, second: 0) => 23:59:00
        time(offset: @"PT1H", second: 0, minute: 59, hour: 23) => 23:59:00+01:00
        time(0, 0, 0, duration("PT14H1M")) => null
        time(0, 0, 0, duration("-P1D")) => null
        time(0, 0, 0, duration("PT0.5S")) => null
        time(0, 0, 0, duration("P1M")) => null
        time(0, 0, 0, "PT1H") => null
        time(24, 0, 0) => null
        time(-1, 0, 0) => null
        time(1.5, 0, 0) => null
        time(1, 1.5, 0) => null
        time(23, 60, 0) => null
        time(23, 59, 60) => null
        time(23, 59, -1) => null
        time(23, 59) => null
        time(23, 59, null) => null
        time("23", "59", "0") => null
        time(hour: 23, minute: 59) => null
        time(23) => null
        time(null) => null
        time() => null
    """),
)
def test_time(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        number("1 000,0", " ", ",") = number("1,000.0", ",", ".") => true
        number("1.000.000,01", ".", ",") => 1000000.01
        number("1,000,000.00", ",", null) => 1000000.00
        number("1000000.01", null, ".") => 1000000.01
        number("-1,5", null, ",") => -1.5
        number(".5", null, null) => 0.5
        number("1e3", null, null) => 1000
        number("1.5E-2", null, null) => 0.015
        number("1e+2", null, null) => 100
        number("00012", null, null) => 12
        number("1,,0,0", ",", ".") => 100
        number("12345678901234567890123456789012.5", " ", ".") => 12345678901234567890123456789012.5
        number(from: "1 000,5", grouping separator: " ", decimal separator: ",") => 1000.5
        number(decimal separator: ",", grouping separator: ".", from: "1.000,5") => 1000.5
        number(["1"], [" "], ["."]) => 1
        # Named arguments that are left out are null.
        number(from: "1.5") => 1.5
        number(from: "1,5", decimal separator: ",") => 1.5
        number(from: "1,500", grouping separator: ",") => 1500
        # Not in the standard: neither separator.
        number("1.5") => 1.5
        number("1.", null, null) => null
        number("+1", null, null) => null
        number("", null, null) => null
        number("-", null, null) => null
        number("1 ", null, null) => null
        number(" 1", " ", null) => 1
        number("1e", null, null) => null
        number("0x10", null, null) => null
        number("INF", null, null) => null
        number("NaN", null, null) => null
        number("١٢", null, null) => null
        number("1e99999", null, null) => null
        number("1.000.5", null, ".") => null
        number("1,5,5", null, ",") => null
        number("1.5", ".", ".") => null
        number("1,5", ",", ",") => null
        number("1 5", " ", " ") => null
        number("1:5", ":", ".") => null
        number("15", "", ".") => null
        number("1'5", "'", ".") => null
        number("1 5", null, " ") => null
        number("15", 1, ".") => null
        number("15", ",", 1) => null
        number(15, ",", ".") => null
        number(null, ",", ".") => null
        number("1,000", ",") => null
        number("15", ",", ".", null) => null
        number(form: "15") => null
        number(grouping separator: ",", decimal separator: ".") => null
        number(true) => null
        number(15) => null
        number(null) => null
        number() => null
    """),
)
def test_number(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        string(1.1) => "1.1"
        string(null) => null
        string() => null
        string(1, 2) => null
        string(from: 1) => "1"
        string(form: 1) => null
        string("abc") => "abc"
        string("a\"b") => "a"b"
        string("") => ""
        string(true) => "true"
        string(false) => "false"
        string(-0.50) => "-0.50"
        string(1e3) => "1000"
        string(1/3) => "0.3333333333333333333333333333333333"
        string(123456789012345678901234567890123456) => "123456789012345678901234567890123500"
        string(date("2012-12-25")) => "2012-12-25"
        string(date("-0001-12-25")) => "-0001-12-25"
        string(time("23:59:00.5z")) => "23:59:00.5Z"
        string(time("23:59:00+04:00")) => "23:59:00+04:00"
        string(time("23:59:00@Asia/Yerevan")) => "23:59:00@Asia/Yerevan"
        string(date and time("2012-12-25T10:00:00-05:00")) => "2012-12-25T10:00:00-05:00"
        string(date and time("2012-12-25")) => "2012-12-25T00:00:00"
        string(duration("P0DT25H")) => "P1DT1H"
        string(duration("PT1.500S")) => "PT1.5S"
        string(duration("-PT90M")) => "-PT1H30M"
        string(duration("PT0S")) => "PT0S"
        string(duration("P0Y13M")) => "P1Y1M"
        string(duration("-P24M")) => "-P2Y"
        string(duration("P0M")) => "P0M"
        string([]) => "[]"
        string([1]) => "[1]"
        string([1, "a", null, true]) => "[1, "a", null, true]"
        string([[1, [2]], []]) => "[[1, [2]], []]"
        string(["a\"b", "c\\d"]) => "["a\"b", "c\\d"]"
        string({}) => "{}"
        string({a: 1, b c: [2]}) => "{a: 1, b c: [2]}"
        string({"1a": 1, "a-b": 2, "": 3}) => "{"1a": 1, "a-b": 2, "": 3}"
        string({a: {b: date("2012-12-25")}}) => "{a: {b: 2012-12-25}}"
        string({Անուն: "Աննա"}) => "{Անուն: "Աննա"}"
        string([1..10)) => "[1..10)"
        string((> 5)) => "(5..)"
        string(["a".."b"]) => "["a".."b"]"
        string(function(x) x) => "function"
        number(string(12.50), null, null) => 12.50
        duration(string(@"P1DT2H3M4.5S")) = @"P1DT2H3M4.5S" => true
        range(string([1..10))) = [1..10) => true
    """),
)
def test_string(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        @"2012-12-24T23:59:00" - @"2012-12-22T03:45:00" = duration("P2DT20H14M") => true
        duration("P2Y2M") = duration("P26M") => true
        duration("P1D") => P1D
        duration("P1DT2H3M4.5S") => P1DT2H3M4.5S
        duration("PT36H") => P1DT12H
        duration("PT3600S") => PT1H
        duration("-P1Y") => -P1Y
        duration("-PT0S") => PT0S
        duration("P0Y0M") => P0M
        duration("PT0.123456789S") => PT0.123456789S
        duration(from: "P1D") => P1D
        duration(["P1D"]) => P1D
        duration("P1Y2D") => null
        duration("P1YT1H") => null
        duration("P1W") => null
        duration("P") => null
        duration("PT") => null
        duration("P1DT") => null
        duration("P1M1Y") => null
        duration("PT1M1H") => null
        duration("P-1D") => null
        duration("+P1D") => null
        duration("P1.5D") => null
        duration("PT.5S") => null
        duration("PT5.S") => null
        duration("1D") => null
        duration("p1d") => null
        duration("P1D ") => null
        duration("") => null
        duration("P999999999999Y") => null
        duration(1) => null
        duration(duration("P1D")) => null
        duration(null) => null
        duration() => null
        duration("P1D", "P1D") => null
        duration(form: "P1D") => null
    """),
)
def test_duration(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        years and months duration(date("2011-12-22"), date("2013-08-24")) => P1Y8M
        years and months duration(@"2013-08-24", @"2011-12-22") => -P1Y8M
        years and months duration(@"2020-01-31", @"2020-02-29") => P0M
        years and months duration(@"2020-01-31", @"2020-03-01") => P1M
        years and months duration(@"2020-03-31", @"2020-02-29") => -P1M
        years and months duration(@"2020-03-01", @"2020-01-31") => -P1M
        years and months duration(@"2020-02-29", @"2021-02-28") => P11M
        years and months duration(@"2020-01-01", @"2020-01-01") => P0M
        years and months duration(@"2016-09-30T23:25:00", @"2017-12-28T12:12:12") => P1Y2M
        years and months duration(@"2016-09-30", @"2017-12-30T12:12:12") => P1Y3M
        years and months duration(from: @"2011-12-22", to: @"2013-08-24") => P1Y8M
        years and months duration(to: @"2011-12-22", from: @"2013-08-24") => -P1Y8M
        years and months duration([@"2011-12-22"], [@"2013-08-24"]) => P1Y8M
        years and months duration(@"-999999999-12-31", @"999999999-12-31") => P1999999998Y
        years and months duration(@"-999999999-01-01", @"999999999-12-31") => P1999999998Y11M
        @"-999999999-01-01" + @"P1999999998Y11M" => 999999999-12-01
        years and months duration(@"2011-12-22") => null
        years and months duration(@"2011-12-22", null) => null
        years and months duration(null, @"2011-12-22") => null
        years and months duration("2011-12-22", "2013-08-24") => null
        years and months duration(@"10:00:00", @"11:00:00") => null
        years and months duration(from: @"2011-12-22", too: @"2013-08-24") => null
        years and months duration() => null
    """),
)
def test_years_and_months_duration(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        range("[18..21)") => [18..21)
        range("[2..)") = (>= 2) => true
        range("(..2)") = (< 2) => true
        range("(..2]") = (<= 2) => true
        range("(2..)") = (> 2) => true
        range("") => null
        range("[..]") => null
        range("(..)") => null
        range("[..2)") => null
        range("(2..]") => null
        range("]1..5[") => (1..5)
        range("[1..5[") => [1..5)
        range(" [ 1 .. 5 ] ") => [1..5]
        range("[-5..-1.5]") => [-5..-1.5]
        range("[.1...2]") => [0.1..0.2]
        range("[1e2..1e3]") => [100..1000]
        range("[\"a\"..\"c\"]") => ["a".."c"]
        range("[\"a..b\"..\"c\"]") => ["a..b".."c"]
        range("[@\"2012-01-01\"..@\"2012-12-31\"]") => [2012-01-01..2012-12-31]
        range("[date(\"2012-01-01\")..date(\"2012-12-31\")]") => [2012-01-01..2012-12-31]
        range("[duration(\"P1D\")..duration(\"P2D\")]") => [P1D..P2D]
        range("[@\"08:00:00\"..@\"17:00:00\"]") => [08:00:00..17:00:00]
        range(from: "[1..2]") => [1..2]
        range(["[1..2]"]) => [1..2]
        5 in range("[1..10]") => true
        range("[1..5") => null
        range("1..5") => null
        range("[1.5]") => null
        range("[1,5]") => null
        range("[5..1]") => null
        range("[a..b]") => null
        range("[1+1..5]") => null
        range("[1..\"5\"]") => null
        range("[true..false]") => null
        range("[null..5]") => null
        range("[date(2012, 1, 1)..date(2012, 2, 1)]") => null
        range("[date(\"nonsense\")..date(\"2012-12-31\")]") => null
        range("[1..2] ") => [1..2]
        range("[1..2]..3]") => null
        range(1) => null
        range([1..2]) => null
        range(null) => null
        range() => null
        range(form: "[1..2]") => null
    """),
)
def test_range(text, expected):
    assert shown(text) == expected
