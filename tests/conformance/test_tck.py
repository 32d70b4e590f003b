"""The public cases of the DMN Technology Compatibility Kit, from the folders that DMN_TCK names."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.conformance import tck

FOLDERS = [Path(each) for each in os.environ.get("DMN_TCK", "").split(os.pathsep) if each]
# How many of the half that we have passed when this was last raised. Suites whose functions are
# written in Java, which are refused on purpose (docs/feel.md), with the number that may fail.
FLOOR, CASES = 1377, 1391
REFUSED = {"0076-feel-external-java": 14}


@pytest.mark.skipif(not FOLDERS, reason="DMN_TCK names no folder: THE COMPATIBILITY KIT IS NOT RUN")
def test_the_compatibility_kit_passes_but_for_java():
    outcomes = [outcome for folder in FOLDERS for outcome in tck.run_folder(folder)]
    failed = [outcome for outcome in outcomes if not outcome.passed]
    passed = len(outcomes) - len(failed)
    print(f"DMN TCK: {passed} of {len(outcomes)} passed")  # noqa: T201
    assert [each.report() for each in failed if each.suite not in REFUSED] == []
    refused = Counter(each.suite for each in failed)
    assert all(count <= REFUSED[suite] for suite, count in refused.items())
    assert passed >= min(FLOOR, len(outcomes) - (CASES - FLOOR))
