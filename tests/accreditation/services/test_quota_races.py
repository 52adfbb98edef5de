"""The last place of a category, and a nomination that moves, on real connections at once. On both databases."""

import datetime as dt
from functools import partial

import pytest

from accreditation.errors import CeilingReachedError, NotMovableError, OnePerCommissionError, RegisterChangedError
from accreditation.models import Application, CategoryQuota, Nomination
from accreditation.services.applications import withdraw_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.quotas import set_quota
from accreditation.services.transfers import move_nomination
from accreditation.states import Category, Initiative
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number
from tests.racing import errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 8


def test_the_last_place_of_a_category_goes_to_one(mission: Mission, lead: User, at: dt.datetime) -> None:
    set_quota(mission=mission, category=Category.INTERPRETER, ceiling=1, by=lead, at=at)

    results = race(
        [
            partial(
                nominate_observers,
                mission=mission,
                drafts=[draft_number(number)],
                category=Category.INTERPRETER,
                by=lead,
                at=at,
            )
            for number in range(RACERS)
        ]
    )

    assert errors_of(results) == [CeilingReachedError] * (RACERS - 1)
    assert (CategoryQuota.objects.get().taken, Nomination.objects.count()) == (1, 1)


def test_one_person_of_a_sender_comes_to_a_precinct(mission: Mission, lead: User, at: dt.datetime) -> None:
    """The mission's lock lets the second see the first; the constraint is what a door without it would meet."""
    results = race(
        [
            partial(
                nominate_observers,
                mission=mission,
                drafts=[draft_number(number, precinct_code="001/07", initiative=Initiative.PARTY)],
                category=Category.DOMESTIC_OBSERVER,
                by=lead,
                at=at,
            )
            for number in range(RACERS)
        ]
    )

    assert {error.__name__ for error in errors_of(results)} <= {
        "NominationsRefusedError",
        OnePerCommissionError.__name__,
    }
    assert len(errors_of(results)) == RACERS - 1
    assert Application.objects.exclude(exclusive_key="").count() == 1


def test_a_nomination_moves_or_is_withdrawn_and_its_place_is_counted_once(
    mission: Mission, other_mission: Mission, lead: User, reviewer: User, at: dt.datetime
) -> None:
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=1)
    nominate_observers(mission=mission, drafts=[draft_number(1)], by=lead, at=at)
    nomination = Nomination.objects.get()
    application = Application.objects.select_related("nomination").get()

    def move() -> object:
        return move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined.", by=reviewer, at=at)

    def withdraw() -> object:
        return withdraw_application(application=application, by=lead, at=at)

    results = race([move, withdraw] * (RACERS // 2))

    assert set(errors_of(results)) <= {NotMovableError, RegisterChangedError, IllegalTransitionError}
    nomination.refresh_from_db()
    places = {row.pk: row.places_taken for row in Mission.objects.all()}
    holding = {
        row.pk: Nomination.objects.filter(mission=row, holds_place=True).count() for row in Mission.objects.all()
    }
    assert places == holding
    assert sum(places.values()) == (0 if Application.objects.get().state == "withdrawn" else 1)
    assert Event.objects.filter(verb="withdrawn").count() <= 1
    assert Event.objects.filter(verb="nomination_moved_here").count() <= 1
