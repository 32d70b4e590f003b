"""Numeric and Boolean functions, row by row (DMN 1.5 §10.3.4.2 and §10.3.4.5, table 76)."""

from decimal import Decimal

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table
from workflow_app.feel import compile_expression

# What each makes of these numbers at scale 0, as java.math.RoundingMode tabulates them.
NUMBERS = ["5.5", "2.5", "1.6", "1.1", "1.0", "-1.0", "-1.1", "-1.6", "-2.5", "-5.5"]
ROUNDED = {
    "round up": "6 3 2 2 1 -1 -2 -2 -3 -6",
    "round down": "5 2 1 1 1 -1 -1 -1 -2 -5",
    "ceiling": "6 3 2 2 1 -1 -1 -1 -2 -5",
    "floor": "5 2 1 1 1 -1 -2 -2 -3 -6",
    "round half up": "6 3 2 1 1 -1 -1 -2 -3 -6",
    "round half down": "5 2 2 1 1 -1 -1 -2 -2 -5",
    "decimal": "6 2 2 1 1 -1 -1 -2 -2 -6",
}
SCALED = tuple(ROUNDED)


@pytest.mark.parametrize("name", SCALED)
def test_each_way_of_rounding(name):
    made = [shown(f"{name}({number}, 0)") for number in NUMBERS]
    assert made == ROUNDED[name].split()


@pytest.mark.parametrize("name", SCALED)
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("12.5, 1", "12.5"),
        ("12, 2", "12.00"),
        ("0, 2", "0"),
        ("1, 6176", "1.000000000000000000000000000000000"),
        ("0, -6111", "0"),
        ("1, 6177", "null"),
        ("1, -6112", "null"),
        ("1, 1e9", "null"),
        ("null, 1", "null"),
        ("1, null", "null"),
        ('"1", 1', "null"),
        ('1, "1"', "null"),
        ("true, 1", "null"),
        ("1, 1, 1", "null"),
        ("[12.5], [1]", "12.5"),
        ("n: 12.5, scale: 1", "12.5"),
        ("scale: 1, n: 12.5", "12.5"),
        ("n: 12.5, scal: 1", "null"),
        ("n: 12.5, scale: null", "null"),
        ("number: 12.5, scale: 1", "null"),
        ("scale: 1", "null"),
        ('@"P1D", 1', "null"),
    ],
)
def test_scales_and_their_limits(name, arguments, expected):
    assert shown(f"{name}({arguments})") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        decimal(1/3, 2) => 0.33
        decimal(1.5, 0) => 2
        decimal(2.5, 0) => 2
        decimal(0.505, 2) => 0.50
        decimal(0.515, 2) => 0.52
        decimal(1, 2) => 1.00
        decimal(1/3, 2.5) => 0.33
        decimal(12345, -2) => 12300
        decimal(12350, -2) => 12400
        decimal(12450, -2) => 12400
        decimal(n: 15/7, scale: 3) => 2.143
        decimal(1) => null
        decimal() => null
        floor(1.5) => 1
        floor(-1.5) => -2
        floor(-1.56, 1) => -1.6
        floor(1.56, 1) => 1.5
        floor(15, -1) => 10
        floor(n: 1.5) => 1
        floor() => null
        floor(null) => null
        floor("1.5") => null
        ceiling(1.5) => 2
        ceiling(-1.5) => -1
        ceiling(-0.5) => 0
        ceiling(-1.56, 1) => -1.5
        ceiling(11, -1) => 20
        ceiling(n: 1.5) => 2
        ceiling() => null
        round up(5.5, 0) => 6
        round up(-5.5, 0) => -6
        round up(1.121, 2) => 1.13
        round up(-1.126, 2) => -1.13
        round up(0.001, 0) => 1
        round down(5.5, 0) => 5
        round down(-5.5, 0) => -5
        round down(1.121, 2) => 1.12
        round down(-1.126, 2) => -1.12
        round half up(5.5, 0) => 6
        round half up(-5.5, 0) => -6
        round half up(1.121, 2) => 1.12
        round half up(-1.126, 2) => -1.13
        round half down(5.5, 0) => 5
        round half down(-5.5, 0) => -5
        round half down(1.121, 2) => 1.12
        round half down(-1.126, 2) => -1.13
        round up(5.5) => null
        round half up(5.5) => null
    """),
)
def test_rounding(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        abs(10) => 10
        abs(-10) => 10
        abs(0) => 0
        abs(-0.50) => 0.50
        abs(@"PT5H") => PT5H
        abs(@"-PT5H") => PT5H
        abs(@"-P1Y2M") => P1Y2M
        abs(@"P0M") => P0M
        abs(n: -1) => 1
        abs([-1]) => 1
        abs("-1") => null
        abs(@"2012-01-01") => null
        abs(null) => null
        abs() => null
        abs(1, 2) => null
        abs(number: -1) => null

        modulo(12, 5) => 2
        modulo(-12,5) => 3
        modulo(12,-5) => -3
        modulo(-12,-5) => -2
        modulo(10.1, 4.5) => 1.1
        modulo(-10.1, 4.5) => 3.4
        modulo(10.1, -4.5) => -3.4
        modulo(-10.1, -4.5) => -1.1
        modulo(10, 5) => 0
        modulo(-10, 5) => 0
        modulo(0, 5) => 0
        modulo(3, 5) => 3
        modulo(-3, 5) => 2
        modulo(1, 0.3) => 0.1
        modulo(1e30, 7) => 1
        modulo(dividend: 12, divisor: 5) => 2
        modulo(12, 0) => null
        modulo(12, 0.0) => null
        modulo("12", 5) => null
        modulo(12, null) => null
        modulo(null, 5) => null
        modulo(12) => null
        modulo(12, 5, 1) => null
        modulo(@"P12D", @"P5D") => null
        modulo(dividend: 12, by: 5) => null

        sqrt(16) => 4
        sqrt(2) => 1.414213562373095048801688724209698
        sqrt(0) => 0
        sqrt(0.25) => 0.5
        sqrt(number: 16) => 4
        sqrt(-1) => null
        sqrt("16") => null
        sqrt(null) => null
        sqrt() => null
        sqrt(n: 16) => null
        sqrt(16, 2) => null

        log(10) => 2.302585092994045684017991454684364
        log(1) => 0
        log(number: 1) => 0
        log(0) => null
        log(-1) => null
        log("10") => null
        log(null) => null
        log() => null
        log(n: 10) => null

        exp(5) => 148.4131591025766034211155800405523
        exp(0) => 1
        exp(-1) => 0.3678794411714423215955237701614609
        exp(number: 0) => 1
        exp(1e6) => null
        exp("5") => null
        exp(null) => null
        exp() => null
        exp(log(2)) => 2.000000000000000000000000000000000

        odd(5) => true
        odd(2) => false
        odd(-5) => true
        odd(0) => false
        odd(5.0) => true
        odd(1e40) => false
        odd(number: 5) => true
        odd(5.5) => null
        odd("5") => null
        odd(null) => null
        odd() => null
        odd(n: 5) => null
        odd(5, 5) => null
        even(5) => false
        even(2) => true
        even(-2) => true
        even(0) => true
        even(2.0) => true
        even(number: 2) => true
        even(2.5) => null
        even("2") => null
        even(null) => null
        even() => null
        even(n: 2) => null

        not(true) => false
        not(false) => true
        not(null) => null
        not(negand: true) => false
        not([true]) => false
        not("true") => null
        not(0) => null
        not(negated: true) => null
    """),
)
def test_numbers_and_truth(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize("dividend", ["12", "-12", "10.1", "-10.1", "0.7", "-0.7", "1e10", "-3"])
@pytest.mark.parametrize("divisor", ["5", "-5", "4.5", "-4.5", "0.3", "-0.3", "7"])
def test_modulo_is_what_the_formula_gives(dividend, divisor):
    formula = f"{dividend} - ({divisor}) * floor(({dividend}) / ({divisor}))"
    by_formula = compile_expression(formula).evaluate({})
    made = compile_expression(f"modulo({dividend}, {divisor})").evaluate({})
    assert made == by_formula
    assert made == 0 or made.is_signed() == Decimal(divisor).is_signed()
