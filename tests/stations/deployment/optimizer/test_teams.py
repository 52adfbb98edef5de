"""Team formation: rules kept, exact on tiny cases, near the exact matching on larger ones."""

from dataclasses import replace

import numpy as np
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.pairs import different_groups, may_pair, traits_of, value_matrix
from stations.deployment.optimizer.params import TeamParams
from stations.deployment.optimizer.problem import Flags, Ints, Problem
from stations.deployment.optimizer.score import score_teams
from stations.deployment.optimizer.teams import form_teams
from tests.benchmarks.optimizer_instance import PARAMS, TINY, Shape, make_instance, shuffled

MIDDLE = replace(TINY, observers=120, missions=9, countries=25, dual_share=0.1)


def everybody(problem: Problem) -> Flags:
    return np.ones(len(problem.observers), np.bool_)


def teams_of(problem: Problem, seed: int = 0) -> Ints:
    return form_teams(problem, PARAMS, everybody(problem), seed=seed, deadline=Deadline())


def exact_points(problem: Problem) -> int:
    value = np.triu(value_matrix(traits_of(problem.observers, PARAMS), PARAMS))
    graph: rustworkx.PyGraph[None, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * len(value))
    first, second = np.nonzero(value)
    graph.add_edges_from(list(zip(first.tolist(), second.tolist(), value[first, second].tolist(), strict=True)))
    matching = rustworkx.max_weight_matching(graph, weight_fn=int)
    return sum(int(value[min(pair), max(pair)]) for pair in matching)


@given(st.integers(0, 500), st.integers(0, 40), st.integers(1, 6))
def test_every_pair_is_allowed_and_nobody_is_used_twice(seed: int, observers: int, missions: int) -> None:
    problem = make_instance(replace(TINY, observers=observers, missions=missions), seed)

    pairs = teams_of(problem)

    traits = traits_of(problem.observers, PARAMS)
    assert may_pair(traits, pairs[:, 0], pairs[:, 1]).all()
    assert len(np.unique(pairs)) == pairs.size
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert score_teams(problem, PARAMS, pairs).objective <= exact_points(problem)


@pytest.mark.parametrize("seed", range(8))
def test_points_are_within_a_fifth_of_a_percent_of_the_exact_matching(seed: int) -> None:
    problem = make_instance(MIDDLE, seed)
    exact = exact_points(problem)

    reached = score_teams(problem, PARAMS, teams_of(problem)).objective

    assert exact - reached <= exact * 0.002


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_same_input_gives_same_teams_and_another_order_the_same_points(seed: int) -> None:
    problem = make_instance(MIDDLE, seed)
    other = shuffled(problem, seed)

    pairs = teams_of(problem)

    assert teams_of(problem).tolist() == pairs.tolist()
    assert score_teams(other, PARAMS, teams_of(other)).objective == score_teams(problem, PARAMS, pairs).objective


def test_those_who_are_not_available_stay_out() -> None:
    problem = make_instance(MIDDLE)
    available = np.arange(len(problem.observers)) % 3 != 0

    pairs = form_teams(problem, PARAMS, available, seed=0, deadline=Deadline())

    assert len(pairs) > 0
    assert available[pairs].all()


def test_a_single_nationality_forms_no_team() -> None:
    problem = make_instance(MIDDLE)
    nationality = np.full_like(problem.observers.nationality, -1)
    nationality[:, 0] = 4

    pairs = teams_of(replace(problem, observers=replace(problem.observers, nationality=nationality)))

    assert pairs.shape == (0, 2)


@pytest.mark.parametrize(("deadline_s", "share"), [(None, 0.97), (0.0, 0.9)])
def test_large_missions_are_matched_in_chunks(deadline_s: float | None, share: float) -> None:
    problem = make_instance(Shape(observers=500, missions=3, areas=4, stations=8, overseas=37), 5)
    params = replace(PARAMS, teams=TeamParams(chunk_above=60, chunk=40))
    exact = exact_points(problem)

    pairs = form_teams(problem, params, everybody(problem), seed=3, deadline=Deadline.after(deadline_s))

    reached = score_teams(problem, params, pairs).objective
    assert may_pair(traits_of(problem.observers, params), pairs[:, 0], pairs[:, 1]).all()
    assert len(np.unique(pairs)) == pairs.size
    assert exact * share <= reached <= exact


def test_groups_are_mixed_as_far_as_the_rules_and_what_is_worth_more_allow() -> None:
    """All pairs are still allowed and as many as before, and more of them are of two groups."""
    problem = make_instance(replace(MIDDLE, groups=4), 2)
    mixing = replace(PARAMS, teams=TeamParams(mixed_group=30))

    with_groups = form_teams(problem, mixing, everybody(problem), seed=0, deadline=Deadline())
    without = teams_of(problem)

    traits = traits_of(problem.observers, PARAMS)
    assert may_pair(traits, with_groups[:, 0], with_groups[:, 1]).all()
    assert len(with_groups) == len(without)
    mixed = [int(different_groups(problem.observers.group, *pairs.T).sum()) for pairs in (with_groups, without)]
    assert mixed[0] > mixed[1]
    assert score_teams(problem, PARAMS, with_groups).objective <= score_teams(problem, PARAMS, without).objective


def test_a_pair_of_one_group_stands_where_the_other_partner_may_not() -> None:
    """Two of one country and one group each: whoever is of another group is a compatriot, so groups stay together."""
    problem = make_instance(replace(TINY, observers=4, missions=1, dual_share=0.0))
    people = replace(
        problem.observers,
        nationality=np.array([[1, -1], [2, -1], [1, -1], [2, -1]]),
        language=np.array([1, 1, 2, 2]),
        group=np.array([0, 0, 1, 1]),
    )
    params = replace(PARAMS, teams=TeamParams(mixed_group=10_000))

    pairs = form_teams(replace(problem, observers=people), params, np.ones(4, np.bool_), seed=0, deadline=Deadline())

    assert pairs.tolist() == [[0, 1], [2, 3]]
