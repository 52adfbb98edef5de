"""A new plan gives the interpreters on the owner's list to the teams that speak no language of their place."""

import datetime as dt

import pytest

from missions.models import Constituency, Election, Mission
from stations.deployment.models import DeploymentPlan, DeploymentSettings, Interpreter, Team
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.plans import make_plan
from tests.stations.deployment.builders import deployed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "in_process")]


@pytest.fixture
def people(mission: Mission) -> None:
    """Three pairs; nobody speaks Azerbaijani, everybody English and Russian, which is spoken in constituency 3."""
    for nationality in ("FRA", "DEU", "ITA", "ESP", "POL", "SWE"):
        deployed(mission, nationality, languages=("en", "ru"))


def listed(election: Election, mission: Mission | None, **languages: tuple[str, ...]) -> dict[str, Interpreter]:
    settings = DeploymentSettings.objects.create(election=election, mission=mission, profile="odihr-like")
    return {
        name: Interpreter.objects.create(settings=settings, name=name, languages=list(codes))
        for name, codes in languages.items()
    }


def make(mission: Mission, at: dt.datetime, base: DeploymentPlan | None = None) -> DeploymentPlan:
    return make_plan(election=mission.election, mission=mission, base=base, seed=7, by=None, at=at)


def interpreted(plan: DeploymentPlan) -> dict[int, str | None]:
    """The name of the interpreter by the number of the constituency."""
    teams = Team.objects.filter(plan=plan).order_by("constituency__number")
    return dict(teams.values_list("constituency__number", "interpreter__name"))


@pytest.mark.usefixtures("people")
def test_teams_that_need_one_have_one_and_keep_it(election: Election, mission: Mission, at: dt.datetime) -> None:
    listed(election, mission, Leyla=("az", "en"), Murad=("az", "ru"), Nobody=("az", "fr"))

    first = make(mission, at)
    second = make(mission, at, first)

    given_to = interpreted(first)
    assert {given_to[1], given_to[2]} == {"Leyla", "Murad"}
    assert given_to[3] is None
    assert interpreted(second) == given_to
    assert interpreted(copy_plan(plan=first, by=None, at=at)) == given_to


@pytest.mark.usefixtures("people")
def test_the_list_of_another_owner_is_not_used(election: Election, mission: Mission, at: dt.datetime) -> None:
    listed(election, None, Leyla=("az", "en"))

    assert set(interpreted(make(mission, at)).values()) == {None}


@pytest.mark.usefixtures("people")
def test_where_no_language_is_known_nobody_is_needed(election: Election, mission: Mission, at: dt.datetime) -> None:
    listed(election, mission, Leyla=("az", "en"))
    Constituency.objects.update(languages=[])

    assert set(interpreted(make(mission, at)).values()) == {None}
