"""Parameters refuse nonsense and survive their text."""

from dataclasses import replace

import pytest

from stations.deployment.optimizer.params import (
    AreaParams,
    LanguageParams,
    OverseasParams,
    Params,
    ParamsError,
    RouteParams,
    TeamParams,
    params_from_json,
    params_to_json,
)

PARAMS = Params(languages=LanguageParams(working=7, local=8))


def test_defaults_are_valid_and_the_day_lasts_eleven_hours_and_a_quarter() -> None:
    PARAMS.validate()

    assert PARAMS.routes.horizon == 40_500


@pytest.mark.parametrize(
    ("params", "code", "field"),
    [
        (replace(PARAMS, languages=LanguageParams(working=-1, local=0)), "params-range", "LanguageParams.working"),
        (replace(PARAMS, languages=LanguageParams(working=1 << 63, local=0)), "params-range", "LanguageParams.working"),
        (replace(PARAMS, teams=TeamParams(pooled=0)), "params-range", "teams.in_mission"),
        (replace(PARAMS, teams=TeamParams(in_mission=1, pooled=2)), "params-range", "teams.in_mission"),
        (replace(PARAMS, teams=TeamParams(chunk=1)), "params-range", "teams.chunk"),
        (replace(PARAMS, overseas=OverseasParams(near=-1)), "params-range", "OverseasParams.near"),
        (replace(PARAMS, areas=AreaParams(revisit_permille=())), "params-revisit", "areas.revisit_permille"),
        (replace(PARAMS, areas=AreaParams(revisit_permille=(1, 2))), "params-revisit", "areas.revisit_permille"),
        (replace(PARAMS, areas=AreaParams(revisit_permille=(1, -2))), "params-range", "AreaParams.revisit_permille"),
        (replace(PARAMS, routes=RouteParams(max_stops=0)), "params-range", "routes.max_stops"),
        (replace(PARAMS, routes=RouteParams(service=0)), "params-range", "routes.service"),
        (replace(PARAMS, routes=RouteParams(window_end=28_000)), "params-window", "routes.window_end"),
    ],
)
def test_validate_names_the_parameter(params: Params, code: str, field: str) -> None:
    with pytest.raises(ParamsError) as caught:
        params.validate()

    assert (caught.value.code, caught.value.field) == (code, field)


def test_text_comes_back_equal() -> None:
    params = replace(PARAMS, areas=AreaParams(revisit_permille=(900, 100), abroad_pairs=True))

    assert params_from_json(params_to_json(params)) == params


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"languages": {"working": 1}}'])
def test_unreadable_text_is_refused(text: str) -> None:
    with pytest.raises(ParamsError, match="params-unreadable"):
        params_from_json(text)
