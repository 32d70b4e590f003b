"""Processor time as a machine at ease would count it, for the tests of attacks."""

from __future__ import annotations

import time

import pytest

TURNS = 8
# A busy machine, on which a loop takes longer, is given more time.
LOOP, LOOP_SECONDS = 200_000, 0.004


def seconds_of(call):
    begun = time.thread_time()
    outcome = call()
    return outcome, time.thread_time() - begun


def loop():
    for _turn in range(LOOP):
        pass


def within(seconds, call):
    """Give the outcome of a call that is done in time, as a machine at ease counts it."""
    best = float("inf")
    for _turn in range(TURNS):
        outcome, taken = seconds_of(call)
        best = min(best, taken / max(1.0, seconds_of(loop)[1] / LOOP_SECONDS))
        if best < seconds:
            return outcome
    pytest.fail(f"It took {best:.3f} seconds, not {seconds:.3f}.")
