"""docs/bpmn.md says what the tests prove, about every element of BPMN."""

from __future__ import annotations

import subprocess
import sys

from tests.support.bpmn_elements import ELEMENTS, EVENTS


def test_no_element_is_named_twice():
    assert len(set(ELEMENTS)) == len(ELEMENTS)
    assert len(EVENTS) == 63


def test_the_table_is_up_to_date_and_every_element_is_proved(root):
    command = [sys.executable, "-m", "tools.bpmn_table", "--check"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
