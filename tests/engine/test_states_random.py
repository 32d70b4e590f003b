"""Random diagrams: sound ones are left alone, tangled ones judged as a naive walk judges them."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.engine.test_states import OF_STATES
from tests.engine.walks.drawing import KINDS, draw, grow
from tests.engine.walks.walking import ALL
from workflow_app.engine import Source, lint
from workflow_app.engine.library import open_library
from workflow_app.engine.lint.net import build_net
from workflow_app.engine.lint.states import explore, places_in
from workflow_app.engine.reach import loop_groups

TANGLED = {"tangled"}
#: A naive walk that meets more tokens on one flow, or more states, gives the model up.
MOST_TOKENS, MOST_STATES = 2, 3_000


def chance(seed):
    return random.Random(seed)  # noqa: S311 - the same models at every run


@pytest.mark.parametrize("seed", range(24))
def test_a_model_made_of_whole_blocks_has_nothing_to_be_told(seed):
    """Blocks begin and end as they should, so no way through them gets stuck or is done twice."""
    kinds = sorted(set(ALL) - TANGLED)
    assert len(kinds) > 20
    files = draw(grow(chance(seed), kinds, 3))
    found = {one.code for one in lint(Source("p", files)) if one.code in OF_STATES}
    assert found <= {"not-followed"}, files


def test_tangled_blocks_are_told():
    assert KINDS.keys() >= TANGLED
    told = set()
    for seed in range(10):
        files = draw(grow(chance(seed), sorted(TANGLED), 2))
        told |= {one.code for one in lint(Source("p", files))} & OF_STATES
    assert told & {"piles-up", "done-twice", "left-waiting", "deadlock"}


def tangle(rnd):
    """Notes of a diagram with gateways of random kinds and random flows."""
    gateways = [f"G{n}" for n in range(rnd.randint(2, 5))]
    kinds = {gateway: rnd.choice(["xor", "and"]) for gateway in gateways}
    short = ["start:s", "end:e", *(f"{kind}:{key}" for key, kind in kinds.items())]
    flows = [f"s>{gateways[0]}"]
    for number, gateway in enumerate(gateways):
        later = [*gateways[number + 1 :], "e"]
        targets = rnd.sample(later, min(len(later), rnd.randint(1, 2)))
        targets += rnd.sample(gateways, rnd.random() < 0.25)
        flows += [f"{gateway}>{target}" for target in dict.fromkeys(targets)]
    return " ".join(short), " ".join(flows)


def naive(graph):
    """Play every order of every move with counted tokens; None if there are too many."""
    first = frozenset(Counter({("@", "s"): 1}).items())
    seen, todo, stuck, ends = {first}, [first], set(), False
    while todo:
        state = todo.pop()
        if len(seen) > MOST_STATES or any(count > MOST_TOKENS for _, count in state):
            return None
        tokens = dict(state)
        after = [] if not tokens else list(moves(graph, tokens))
        ends |= not tokens
        if tokens and not after:
            stuck |= {target for (_, target) in tokens}
        for one in map(frozen, after):
            if one not in seen:
                seen.add(one)
                todo.append(one)
    return ends, stuck


def frozen(tokens):
    return frozenset((place, count) for place, count in tokens.items() if count)


def moves(graph, tokens):
    """Yield the tokens after each move; a place is a flow and the node it leads to."""
    for node in graph.nodes.values():
        places = [(flow.id, node.id) for flow in graph.incoming(node.id)] or [("@", node.id)]
        if node.kind == "parallelGateway" and len(places) > 1:
            groups = loop_groups(graph, node.id)
            takes = [[(flow, node.id) for flow in group] for group in groups]
        else:
            takes = [[place] for place in places]
        flows = [(flow.id, flow.target) for flow in graph.outgoing(node.id)]
        gives = [[flow] for flow in flows] if node.kind == "exclusiveGateway" else [flows]
        for taken in takes:
            if all(tokens.get(place) for place in taken):
                for given in gives:
                    after = Counter(tokens)
                    after.subtract(taken)
                    after.update(given)
                    yield after


@pytest.mark.parametrize("lane", range(4))
def test_a_tangle_is_judged_as_a_naive_walk_judges_it(bpmn, lane):
    """Fewer states are looked at, and the same joins get stuck and the same cases end."""
    judged = spared = 0
    for seed in range(lane * 1_000, lane * 1_000 + 70):
        text = bpmn.process("p", *tangle(chance(seed)))
        graph = open_library(Source("p", bpmn.files(text))).running()[0][1]
        told = naive(graph)
        net = build_net(graph, {})
        walk = explore(net)
        if told is None or not walk.whole or walk.piles:
            continue
        stuck = {net.node_at[place] for state in walk.stuck for place in places_in(state)}
        assert (walk.completes, stuck) == told, f"seed {seed}: {tangle(chance(seed))}"
        judged += 1
        spared += bool(stuck)
    assert judged > 20
    assert spared > 0
