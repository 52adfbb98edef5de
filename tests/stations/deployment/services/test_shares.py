"""Choosing shares of visits: upon what was seen, within their range, told in the history, and used by the optimizer."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.errors import MissionPlannedInPoolError, RulesChangedError, SharesNotChosenError
from stations.deployment.models import VisitShares
from stations.deployment.parameters import StratumShares
from stations.deployment.profile_choice import parameters_of_owner
from stations.deployment.services.shares import choose_shares
from stations.deployment.wanted_shares import Shares
from tests.racing import errors_of, race

pytestmark = pytest.mark.django_db

CHOICE = Shares(rural=120, urban=80, camera=0, newly_covered=100)


def test_the_optimizer_plans_with_what_was_chosen_and_with_the_usual_shares_before(
    election: Election, mission: Mission, lead: User, at: dt.datetime
) -> None:
    before = parameters_of_owner(election, mission).strata

    choose_shares(election=election, mission=mission, shares=CHOICE, seen=0, by=lead, at=at)

    assert before == StratumShares()
    assert parameters_of_owner(election, mission).strata == StratumShares(
        rural=1_200, urban=800, camera=0, newly_covered=1_000
    )
    assert parameters_of_owner(election, None).strata == StratumShares()


def test_the_history_tells_what_changed_and_an_equal_choice_does_nothing(
    election: Election, mission: Mission, lead: User, at: dt.datetime
) -> None:
    choose = partial(choose_shares, election=election, mission=mission, by=lead, at=at)

    choose(shares=CHOICE, seen=0)
    again = choose(shares=CHOICE, seen=1)
    later = choose(shares=Shares(rural=120, urban=90, camera=10, newly_covered=100), seen=1)

    assert (again.version, later.version) == (1, 2)
    assert [(event.verb, event.changed, event.is_private) for event in Event.objects.order_by("pk")] == [
        ("visit_shares_chosen", ["rural", "urban", "camera", "newly_covered"], True),
        ("visit_shares_chosen", ["urban", "camera"], True),
    ]


def test_a_choice_upon_an_old_version_out_of_range_or_for_a_mission_of_the_pool_is_refused(
    election: Election, mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    choose = partial(choose_shares, election=election, by=lead, at=at)

    with pytest.raises(SharesNotChosenError) as wrong:
        choose(mission=mission, shares=Shares(rural=201, camera=-1), seen=0)
    with pytest.raises(MissionPlannedInPoolError):
        choose(mission=other_mission, shares=CHOICE, seen=0)
    choose(mission=mission, shares=CHOICE, seen=0)
    with pytest.raises(RulesChangedError):
        choose(mission=mission, shares=Shares(), seen=0)

    assert [violation.field for violation in wrong.value.violations] == ["rural", "camera"]
    assert VisitShares.objects.get().rural == 120


@pytest.mark.django_db(transaction=True)
def test_of_racing_first_choices_one_stands(election: Election, mission: Mission, at: dt.datetime) -> None:
    acts = [
        partial(choose_shares, election=election, mission=mission, shares=Shares(rural=n), seen=0, by=None, at=at)
        for n in range(6)
    ]

    results = race(acts)

    assert errors_of(results) == [RulesChangedError] * 5
    assert (VisitShares.objects.get().version, Event.objects.count()) == (1, 1)


@pytest.mark.parametrize("owned", [True, False])
def test_the_database_keeps_one_choice_of_each_owner(election: Election, mission: Mission, owned: bool) -> None:
    facts = {"election": election, "mission": mission if owned else None, "rural": 1, "urban": 1, "camera": 1}
    VisitShares.objects.create(**facts, newly_covered=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitShares.objects.create(**facts, newly_covered=2)
