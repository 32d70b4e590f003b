"""Spoilt files: whatever is changed, we say what is wrong, or run it, or stop in our own words."""

from __future__ import annotations

import os
import random

from tests.engine.walks.drawing import draw
from tests.engine.walks.mutating import play, spoilt
from tests.engine.walks.walking import ALL, grown

FIRST = int(os.environ.get("MUTATION_SEED") or random.SystemRandom().randrange(10**6))
MODELS = int(os.environ.get("MUTATIONS", "120"))


def outcome(seed: int) -> str:
    """Spoil one random model and see what becomes of it."""
    rnd = random.Random(seed)  # noqa: S311
    files = draw(grown(seed, ALL, depth=2 + seed % 2))
    path = rnd.choice([file for file in files if file.endswith(".bpmn")])
    return play({**files, path: spoilt(files[path], rnd)}, "p", rnd)


def test_spoilt_files_are_refused_or_run_or_fail_in_our_own_words():
    print(f"MUTATION_SEED={FIRST}")  # noqa: T201 - to play it again
    found = []
    for seed in range(FIRST, FIRST + MODELS):
        try:
            found.append(outcome(seed))
        except Exception as failure:
            msg = f"MUTATION_SEED={seed}: {failure!r}"
            raise AssertionError(msg) from failure
    assert {"refused", "started"} <= set(found)


def test_a_file_that_nobody_spoilt_runs():
    rnd = random.Random(1)  # noqa: S311
    assert play(draw(grown(1, ["task", "turn"], depth=2)), "p", rnd) == "started"
