"""Remarks in a diagram's file mean nothing, wherever they stand."""

from __future__ import annotations

import re

from tests.support.foreign import FOREIGN
from workflow_app.engine import Source, lint

PATH = "processes/p/p.bpmn"


def found_in(text):
    """Return what is found, without lines."""
    source = Source(key="p", files={PATH: text})
    return [(one.code, one.element, sorted(one.params.items())) for one in lint(source)]


def test_remarks_everywhere_change_no_finding():
    bare = re.sub(r"<!--.*?-->", "", FOREIGN)
    remarked = re.sub(r"(?<=>)(?=\s*<(?!!))", "<!-- a remark -->", bare.partition("?>")[2])
    assert remarked.count("<!--") > 50
    assert found_in(remarked) == found_in(bare)
