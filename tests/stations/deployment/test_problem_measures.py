"""Measured ways and the locked sample in the problem that a planning run solves."""

import datetime as dt

import numpy as np
import pytest

from missions.models import Constituency, Election, Mission
from stations.deployment.bindings import binding_lines, travel_not_used
from stations.deployment.models import DeploymentPlan
from stations.deployment.parameters import PlanParameters, StationWeights
from stations.deployment.problem_loading import load_problem
from stations.deployment.records import bindings_to_json
from stations.deployment.samples.services.draws import SampleWish, draw_sample
from stations.deployment.samples.services.locks import lock_sample
from stations.deployment.samples.states import FramePart
from stations.models import PollingStation
from stations.travel.services import store_matrix
from tests.stations.deployment.builders import deployed

pytestmark = pytest.mark.django_db

NO_DRAW = PlanParameters(weights=StationWeights(station_draw=0, constituency_draw=0))


@pytest.fixture
def people(mission: Mission, register: list[PollingStation]) -> None:
    for nationality in ("FRA", "DEU"):
        deployed(mission, nationality)


@pytest.mark.usefixtures("people")
def test_measured_ways_stand_in_the_order_of_the_stations(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    assert len(load_problem(election, mission).short_term.problem.travel) == 0
    place = Constituency.objects.get(number=2)
    codes = list(PollingStation.objects.filter(constituency=place).order_by("-code").values_list("code", flat=True))
    ways = [(a, b) for a in ("base", *codes) for b in ("base", *codes) if a != b]
    rows = [f"{a},{b},{_seconds(a, b)},{10 * _seconds(a, b)}" for a, b in ways]
    data = "\n".join(["from,to,seconds,metres", *rows]).encode()
    store_matrix(data=data, file_name="t.csv", constituency=place, mission=mission, by=None, at=at)

    loaded = load_problem(election, mission)

    problem, travel = loaded.short_term.problem, loaded.short_term.problem.travel
    area = loaded.index.constituencies.tolist().index(place.pk)
    in_area = loaded.index.stations[problem.stations.area == area].tolist()
    code_of = dict(PollingStation.objects.values_list("pk", "code"))
    names = ["base", *(code_of[station] for station in in_area)]
    expected = [[0 if a == b else _seconds(a, b) for b in names] for a in names]
    assert np.unique(travel.area).tolist() == [area]
    assert travel.seconds.reshape(6, 6).tolist() == expected
    assert np.array_equal(travel.metres, 10 * travel.seconds)
    assert travel.first_wrong_area(np.bincount(problem.stations.area)) is None
    assert len(load_problem(election, None).short_term.problem.travel) == 0  # it is the mission's own


@pytest.mark.usefixtures("people")
def test_ways_that_lack_a_new_station_are_not_used_and_the_plan_says_so(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    first, second = Constituency.objects.filter(number__lt=3).order_by("number")
    for place in (first, second):
        codes = list(PollingStation.objects.filter(constituency=place).values_list("code", flat=True))
        rows = [f"{a},{b},60,1000" for a in ("base", *codes) for b in ("base", *codes) if a != b]
        data = "\n".join(["from,to,seconds,metres", *rows]).encode()
        store_matrix(data=data, file_name="t.csv", constituency=place, mission=mission, by=None, at=at)
    assert load_problem(election, mission).outdated_travel == ()
    new = PollingStation.objects.filter(constituency=second).latest("pk")
    new.pk, new.code = None, "00299"
    new.save()

    loaded = load_problem(election, mission)

    used = set(loaded.short_term.problem.travel.area.tolist())
    numbers = loaded.index.constituencies.tolist()
    assert (used, loaded.outdated_travel) == ({numbers.index(first.pk)}, (second.pk,))
    plan = DeploymentPlan(bindings=bindings_to_json(travel_not_used(loaded)))
    assert binding_lines(plan) == [
        "The measured travel times of Constituency 2 lack a station by now; distances were estimated there"
    ]


def _seconds(start: str, end: str) -> int:
    """A number that tells from where and to where."""
    return 100 * (0 if start == "base" else int(start[-2:])) + (0 if end == "base" else int(end[-2:]))


@pytest.mark.usefixtures("people")
def test_sampled_stations_come_before_all_others(election: Election, mission: Mission, at: dt.datetime) -> None:
    before = load_problem(election, mission, parameters=NO_DRAW).short_term.problem.stations.weight
    wish = SampleWish(part=FramePart.HOME, size=4, minimum=0, seed="x")
    sample = draw_sample(election=election, mission=mission, wish=wish, by=None, at=at)
    assert np.array_equal(
        load_problem(election, mission, parameters=NO_DRAW).short_term.problem.stations.weight, before
    )

    lock_sample(sample=sample, by=None, at=at)

    loaded = load_problem(election, mission, parameters=NO_DRAW)
    drawn = set(sample.stations.in_sample().values_list("station", flat=True))
    chosen = np.array([station in drawn for station in loaded.index.stations.tolist()])
    assert chosen.sum() == 4
    assert np.array_equal(loaded.short_term.problem.stations.weight, before + 1_000 * chosen)
