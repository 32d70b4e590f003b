"""The functions of FEEL are those of DMN 1.5 §10.3.4, with its names of parameters, and no more.

The table is written out from the standard: ``?`` is an optional parameter, ``…`` one that may be
given any number of times, where ``n1…`` stands for n1, n2, n3 and so on.
"""

import re

import pytest

from workflow_app import feel
from workflow_app.feel.builtins import registry
from workflow_app.feel.builtins.catalogue import CHAPTERS

STANDARD = """
    10.3.4.1
        date(from)  date(year, month, day)  date and time(date, time)  date and time(from)
        time(from)  time(hour, minute, second, offset?)
        number(from, grouping separator, decimal separator)  string(from)  duration(from)
        years and months duration(from, to)  range(from)
    10.3.4.2
        not(negand)
    10.3.4.3
        substring(string, start position, length?)  string length(string)  upper case(string)
        lower case(string)  substring before(string, match)  substring after(string, match)
        replace(input, pattern, replacement, flags?)  contains(string, match)
        starts with(string, match)  ends with(string, match)  matches(input, pattern, flags?)
        split(string, delimiter)  string join(list, delimiter?)
    10.3.4.4
        list contains(list, element)  count(list)  min(list)  min(c1…)  max(list)  max(c1…)
        sum(list)  sum(n1…)  mean(list)  mean(n1…)  all(list)  all(b1…)  any(list)  any(b1…)
        sublist(list, start position, length?)  append(list, item…)  concatenate(list…)
        insert before(list, position, newItem)  remove(list, position)
        list replace(list, position, newItem)  list replace(list, match, newItem)  reverse(list)
        index of(list, match)  union(list…)  distinct values(list)  flatten(list)
        product(list)  product(n1…)  median(list)  median(n1…)  stddev(list)  stddev(n1…)
        mode(list)  mode(n1…)
    10.3.4.5
        decimal(n, scale)  floor(n)  floor(n, scale)  ceiling(n)  ceiling(n, scale)
        round up(n, scale)  round down(n, scale)  round half up(n, scale)
        round half down(n, scale)  abs(n)  modulo(dividend, divisor)  sqrt(number)  log(number)
        exp(number)  odd(number)  even(number)
    10.3.4.6
        is(value1, value2)
    10.3.4.7
        before(point1, point2)  before(point, range)  before(range, point)  before(range1, range2)
        after(point1, point2)  after(point, range)  after(range, point)  after(range1, range2)
        meets(range1, range2)  met by(range1, range2)  overlaps(range1, range2)
        overlaps before(range1, range2)  overlaps after(range1, range2)
        finishes(point, range)  finishes(range1, range2)
        finished by(range, point)  finished by(range1, range2)
        includes(range, point)  includes(range1, range2)
        during(point, range)  during(range1, range2)
        starts(point, range)  starts(range1, range2)
        started by(range, point)  started by(range1, range2)
        coincides(point1, point2)  coincides(range1, range2)
    10.3.4.8
        day of year(date)  day of week(date)  month of year(date)  week of year(date)
    10.3.4.9
        sort(list, precedes)
    10.3.4.10
        get value(m, key)  get entries(m)  context(entries)  context put(context, key, value)
        context put(context, keys, value)  context merge(contexts)
    10.3.4.11
        now()  today()
"""
# The one way to call a standard function that the standard does not have.
WIDER = {("10.3.4.1", "number(from)")}
TYPES = re.compile(
    r"Any|Null|number|string|boolean|date|time|date and time|days and time duration"
    r"|years and months duration|context|(list|range)<(Any|number|string|boolean|context)>"
    r"|function<Any, Any>->boolean"
)


def _standard():
    chapter, forms = "", set()
    for line in STANDARD.split("\n"):
        if re.fullmatch(r"\s*[0-9.]+", line):
            chapter = line.strip()
        forms |= {(chapter, form) for form in re.findall(r"\w[\w ]*\([^)]*\)", line)}
    return forms


def _registered():
    return {
        (entry.chapter, f"{entry.name}({', '.join(map(_parameter, form.parameters))})")
        for entry in feel.catalogue()
        for form in entry.forms
    }


def _parameter(parameter):
    return parameter.name + "?" * parameter.optional + "…" * parameter.variadic


def test_every_function_of_the_standard_is_there_and_no_other():
    assert _registered() == _standard() | WIDER


def test_no_name_is_registered_but_the_catalogues():
    catalogued = {entry.name for entry in feel.catalogue()}
    # What “@” before a text stands for cannot be called.
    assert {function.name for function in registry.functions()} - catalogued == {"@"}


@pytest.mark.parametrize("entry", feel.catalogue(), ids=lambda entry: entry.name)
def test_each_function_says_what_it_takes_gives_and_does(entry):
    assert entry.heading == CHAPTERS[entry.chapter]
    for form in entry.forms:
        assert re.fullmatch(r"[A-Z].*\.", form.about)
        types = [*form.gives, *(each for taken in form.parameters for each in taken.types)]
        assert all(TYPES.fullmatch(each) for each in types), types


def test_the_chapters_come_in_the_order_of_the_standard():
    chapters = [entry.chapter for entry in feel.catalogue()]
    assert list(dict.fromkeys(chapters)) == list(CHAPTERS)
    assert chapters == sorted(chapters, key=list(CHAPTERS).index)
