"""What binds a plan, from the optimizer's indexes to the sentence that people read."""

from dataclasses import replace

import pytest

from missions.models import Constituency, Election, Mission
from stations.deployment.bindings import binding_lines, bindings_of
from stations.deployment.loaded_problem import LoadedProblem
from stations.deployment.models import DeploymentPlan
from stations.deployment.optimizer.pipeline import solve
from stations.deployment.optimizer.solution import MIXED, Binding, Limit
from stations.deployment.problem_loading import load_problem
from stations.deployment.records import LONG_TERM, SHORT_TERM, bindings_from_json, bindings_to_json
from tests.stations.deployment.builders import constituency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "crew")]


@pytest.fixture
def loaded(election: Election, mission: Mission) -> LoadedProblem:
    return load_problem(election, mission)


def _told(loaded: LoadedProblem, *bindings: Binding, term: str = SHORT_TERM) -> list[str]:
    part = loaded.long_term if term == LONG_TERM else loaded.short_term
    solution = replace(solve(part.problem, part.params), bindings=bindings)
    records = tuple(bindings_of(term, loaded, solution))
    kept = bindings_to_json(records)
    assert bindings_from_json(kept) == records
    return binding_lines(DeploymentPlan(bindings=kept))


@pytest.mark.parametrize(
    ("binding", "told"),
    [
        (Binding(Limit.ZONE_LANGUAGE, 3, zone=0), "3 teams short of Azerbaijani speakers in North"),
        (Binding(Limit.ZONE_SHARE, 1, zone=1, mission=0), "1 team of ODIHR in South beyond its fair share"),
        (
            Binding(Limit.ZONE_BARRED, 2, zone=1, country=0),
            "2 teams with nationals of Germany would do more in South, where none are sent",
        ),
        (Binding(Limit.AREA_EMPTY, 1, area=2), "1 team short for Constituency 3"),
        (
            Binding(Limit.AREA_FULL, 2, area=0),
            "2 teams would do more in Constituency 1, where there is no station left for them",
        ),
        (Binding(Limit.NO_ROAD, 2, area=0), "2 stations in Constituency 1 that no road leads to"),
        (Binding(Limit.TARGET, 3, stratum=0), "3 visits short of the target for stations in the country"),
        (Binding(Limit.TARGET, 1, stratum=2), "1 visit short of the target for stations with a web camera"),
        (Binding(Limit.PARTNER, 1, mission=0), "1 person of ODIHR without a partner: the number is odd"),
        (
            Binding(Limit.PARTNER_LANGUAGE, 2, mission=MIXED),
            "2 people of two missions together without a partner who shares a language",
        ),
    ],
)
def test_a_reason_is_one_sentence_with_names(loaded: LoadedProblem, binding: Binding, told: str) -> None:
    if binding.limit is Limit.ZONE_LANGUAGE:
        binding = replace(binding, language=1 << loaded.index.languages.index("az"))

    assert _told(loaded, binding) == [told]


def test_languages_are_told_as_a_choice(loaded: LoadedProblem) -> None:
    both = sum(1 << loaded.index.languages.index(code) for code in ("az", "ru"))

    (line,) = _told(loaded, Binding(Limit.ZONE_LANGUAGE, 1, zone=1, language=both))

    assert line in {
        "1 team short of Azerbaijani or Russian speakers in South",
        "1 team short of Russian or Azerbaijani speakers in South",
    }


def test_a_country_is_named(loaded: LoadedProblem) -> None:
    usa = loaded.index.countries.index("USA")

    assert _told(loaded, Binding(Limit.COUNTRY_EMPTY, 2, country=usa)) == ["2 stations in United States without a team"]


def test_constituencies_of_one_reason_stand_in_one_sentence(loaded: LoadedProblem) -> None:
    bindings = [Binding(Limit.AREA_EMPTY, 1, points=points, area=area) for area, points in ((0, 5), (2, 9))]

    assert _told(loaded, *bindings, Binding(Limit.PARTNER, 1, points=50, mission=0)) == [
        "1 person of ODIHR without a partner: the number is odd",
        "2 teams short for Constituency 1, Constituency 3",
    ]


def test_in_the_long_term_solve_areas_are_regions(loaded: LoadedProblem) -> None:
    assert _told(loaded, Binding(Limit.AREA_EMPTY, 1, area=1), term=LONG_TERM) == ["1 team short for South"]


def test_many_constituencies_are_counted(election: Election) -> None:
    for number in range(4, 11):
        constituency(election, number, "South")
    places = list(Constituency.objects.order_by("number").values_list("pk", flat=True))
    record = {"term": SHORT_TERM, "limit": "area-without-team", "count": 10, "languages": [], "places": places}

    assert binding_lines(DeploymentPlan(bindings=[record])) == [
        f"10 teams short for {', '.join(f'Constituency {number}' for number in range(1, 9))} and 2 more"
    ]
