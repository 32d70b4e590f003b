"""Random models and random choices, two cases in lockstep: nothing may differ (engine.md §3).

`WALK_STEPS` is how many steps are walked in all, `WALK_SEED` the first seed; a failure prints the
seed and the smallest model that fails.
"""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn.parser import BpmnParser

from tests.engine.walks.nine import MODELS
from tests.engine.walks.walking import (
    ALL,
    STOCK,
    Differ,
    LivingWalk,
    StockWalk,
    budget,
    shrunk,
    walk_on,
    walked,
)
from workflow_app.engine import codec

STEPS = budget("WALK_STEPS", 2_000)
SEED = budget("WALK_SEED", 0)
LANES = 4


@pytest.mark.parametrize("lane", range(LANES))
def test_a_case_stored_at_every_step_never_differs_from_one_that_lives(lane, record_property):
    share = STEPS // 2 // LANES
    steps, models = walk_on(LivingWalk, ALL, SEED + lane * 1_000_000, share)
    assert steps >= share
    record_property("told", f"stored against living: {steps} steps, {models} models, seed {SEED}")


@pytest.mark.parametrize("lane", range(LANES))
def test_stock_spiffworkflow_walks_random_models_the_same_way(lane, record_property):
    share = STEPS // 4 // LANES
    steps, models = walk_on(StockWalk, STOCK, SEED + lane * 1_000_000, share)
    assert steps >= share
    record_property("told", f"against stock: {steps} steps, {models} models, seed {SEED}")


@pytest.mark.parametrize("name", MODELS)
def test_both_ways_the_models_of_the_prototypes_are_walked_the_same(name, record_property):
    steps, seed = 0, SEED
    while steps < STEPS // 4 // len(MODELS):
        steps += walked(StockWalk, MODELS[name], seed)
        steps += walked(LivingWalk, MODELS[name], seed)
        seed += 1
    record_property("told", f"model {name}: {steps} steps, seed {SEED}")


class EarlyWalk(StockWalk):
    """Stock joins, which fire early on the second turn of a loop."""

    parser = BpmnParser


class Forgetful:
    """A codec that forgets what tokens remember."""

    load, prune = codec.load, codec.prune

    @staticmethod
    def dump(case):
        for workflow in case.workflows():
            for token in workflow.live.values():
                token.internal_data = {}
        return codec.dump(case)


class ForgetfulWalk(LivingWalk):
    codec = Forgetful


@pytest.mark.parametrize(("walk", "name"), [(EarlyWalk, "parx"), (ForgetfulWalk, "parx")])
def test_a_fault_is_found_and_cut_down(walk, name):
    failure, seed = None, -1
    while failure is None:
        seed += 1
        assert seed < 20
        try:
            walk(MODELS[name], seed).run()
        except (Differ, KeyError) as found:
            failure = found
    least, why = shrunk(walk, MODELS[name], seed, failure)
    assert type(why) is type(failure)
    assert least.size() <= MODELS[name].size()


def test_a_failing_seed_is_told_with_the_smallest_model():
    with pytest.raises(AssertionError, match=r"WALK_SEED=\d+") as told:
        walk_on(EarlyWalk, ["both"], 0, 2_000)
    assert "smallest turn" in str(told.value)
    assert "<bpmn:parallelGateway" in str(told.value)
