"""Election day moves while people work: two who move it, and a mission that hands in. Real connections."""

import datetime as dt
from functools import partial

import pytest

from accreditation.models import Application
from accreditation.services.applications import submit_application
from accreditation.services.redating import decision_times
from accreditation.states import ApplicationState
from missions.kernel.models import Event
from missions.models import Election, User
from missions.timeline.moving.errors import MoveOutdatedError
from missions.timeline.moving.services import move_election_day, preview_election_move
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.conftest import staff
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.date(2024, 1, 25)
OTHER = dt.date(2024, 2, 14)


@pytest.fixture
def mover() -> User:
    return staff("mover@ministry.example", "missions.move_election")


def test_of_two_movers_one_is_told_to_look_again(election: Election, mover: User, at: dt.datetime) -> None:
    acts = []
    for day in (DAY, OTHER):
        digest = preview_election_move(election=election, new_day=day, by=mover, at=at).digest
        acts.append(
            partial(move_election_day, election=election, new_day=day, reason="Decree", digest=digest, by=mover, at=at)
        )

    results = race(acts)

    assert errors_of(results) == [MoveOutdatedError]
    moved = Event.objects.get(verb="election_moved")
    assert Election.objects.get().e_day.isoformat() == moved.to_state


@pytest.mark.parametrize("number", range(ROUNDS))
def test_who_hands_in_meanwhile_is_judged_by_the_one_day_or_the_other_and_never_by_half(
    election: Election, make_application: MakeApplication, lead: User, mover: User, at: dt.datetime, number: int
) -> None:
    """The law bounds the decision by election day: whoever comes first, the time fits the day that is."""
    Election.objects.update(profile_code="ge-standing")
    applications = [make_application(person=draft_number(one)) for one in range(4)]
    digest = preview_election_move(election=election, new_day=DAY, by=mover, at=at).digest
    moving = partial(move_election_day, election=election, new_day=DAY, reason="Decree", digest=digest, by=mover, at=at)

    results = race([moving, *(partial(submit_application, application=row, by=lead, at=at) for row in applications)])

    assert errors_of(results) == []
    election.refresh_from_db()
    submitted = Application.objects.filter(state=ApplicationState.SUBMITTED)
    assert (election.e_day, submitted.count()) == (DAY, 4)
    assert decision_times(election, e_day=DAY, among=submitted) == {}


def test_a_day_that_moves_without_the_locks_leaves_times_of_the_former_day(
    election: Election, make_application: MakeApplication, at: dt.datetime
) -> None:
    """The control: what the locks and the redating guard against does happen without them."""
    Election.objects.update(profile_code="ge-standing")
    application = make_application(ApplicationState.SUBMITTED)

    Election.objects.update(e_day=DAY)

    election.refresh_from_db()
    assert list(decision_times(election, e_day=DAY, among=Application.objects.all())) == [application.pk]
