"""Characters that nobody sees."""

import pytest

from workflow_app.domain.unseen import straight, visible


@pytest.mark.parametrize(
    "mark",
    ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"],
)
def test_what_turns_a_line_round_is_taken_out(mark):
    assert straight(f"a{mark}b") == visible(f"a{mark}b") == "ab"


@pytest.mark.parametrize(
    "text", ["\u200f\u05e2\u05d1\u05e8\u200e", "Հայերեն", "e\u0301 😀", "a\tb\r\nc"]
)
def test_marks_of_a_script_and_lines_stay(text):
    assert straight(text) == visible(text) == text


def test_control_characters_are_seen_by_nobody():
    assert visible("a\x00b\x07c\x1bd\x7fe\x85f") == "abcdef"
