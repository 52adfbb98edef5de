"""What a station is worth, and the day that the solver is given."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from stations.deployment.optimizer.params import LanguageParams
from stations.deployment.parameters import (
    DEFAULTS,
    StationWeights,
    long_term_params,
    short_term_params,
)


@pytest.mark.parametrize(
    ("voters", "camera", "urban", "newly_covered", "weight"),
    [
        (0, False, True, False, 80),
        (74, False, True, False, 80),
        (75, False, True, False, 81),
        (1_500, False, True, False, 100),
        (9_000, False, True, False, 100),
        (0, False, False, False, 90),
        (1_500, True, True, False, 60),
        (1_500, True, False, False, 70),
        (10, True, True, True, 1_000),
    ],
)
def test_a_weight_grows_with_size_and_falls_with_a_camera(
    voters: int, camera: bool, urban: bool, newly_covered: bool, weight: int
) -> None:
    found = StationWeights().of(np.array([voters]), np.array([camera]), np.array([urban]), np.array([newly_covered]))

    assert found.tolist() == [weight]


def test_the_solvers_day_runs_from_opening_to_closing() -> None:
    params = short_term_params(DEFAULTS, LanguageParams(1, 1), dt.time(8), dt.time(19))

    routes = params.routes
    assert (routes.window_start, routes.window_end, routes.service, routes.max_stops) == (28_800, 68_400, 1_800, 12)
    params.validate()


def test_long_term_parameters_make_sense() -> None:
    params = long_term_params(DEFAULTS, LanguageParams(1, 1))

    assert (params.areas.concentration, params.areas.revisit_permille, params.routes.max_stops) == (0, (1000,), 1)
    params.validate()


@pytest.mark.parametrize(("mixed", "points"), [(False, 0), (True, 30)])
def test_groups_give_points_only_where_the_rules_ask_for_mixed_teams(mixed: bool, points: int) -> None:
    parameters = replace(DEFAULTS, mixed_groups=mixed)

    short = short_term_params(parameters, LanguageParams(1, 1), dt.time(8), dt.time(19))
    assert (short.teams.mixed_group, long_term_params(parameters, LanguageParams(1, 1)).teams.mixed_group) == (
        points,
        points,
    )


def test_the_draw_is_bounded_repeatable_and_leaves_new_territory_alone() -> None:
    weights = StationWeights(station_draw=5, constituency_draw=7)
    constituency = np.repeat(np.arange(40), 50)
    new = np.arange(2_000) == 7

    drawn = weights.drawn(constituency, new, (1, 2))

    assert (drawn.min(), drawn.max(), drawn[7]) == (0, 12, 0)
    assert drawn.tolist() == weights.drawn(constituency, new, (1, 2)).tolist()
    assert drawn.tolist() != weights.drawn(constituency, new, (1, 3)).tolist()
    assert weights.drawn(constituency[:0], new[:0], (1,)).tolist() == []
