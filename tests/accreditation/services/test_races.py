"""Real connections at the same moment: places, numbers, and two acts on one application. On both databases."""

import datetime as dt
import threading
from dataclasses import replace
from functools import partial

import pytest
from django.db import transaction
from django.db.models import F

from accreditation.errors import CeilingReachedError, RegisterChangedError
from accreditation.models import Accreditation, Application, Decision, Nomination, Observer
from accreditation.services.applications import receive_document, submit_application, withdraw_application
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.racing import errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 8


@pytest.fixture
def full_but_three(mission: Mission) -> Mission:
    """A mission with three places left of ten."""
    Mission.objects.filter(pk=mission.pk).update(places_taken=7)
    return mission


def test_racers_for_the_last_places_get_exactly_those(full_but_three: Mission, lead: User, at: dt.datetime) -> None:
    results = race(
        [
            partial(nominate_observers, mission=full_but_three, drafts=[draft_number(number)], by=lead, at=at)
            for number in range(RACERS)
        ]
    )

    assert errors_of(results) == [CeilingReachedError] * (RACERS - 3)
    full_but_three.refresh_from_db()
    assert (full_but_three.places_taken, Nomination.objects.count(), Observer.objects.count()) == (10, 3, 3)
    assert (Application.objects.count(), Event.objects.filter(verb="nominated").count()) == (3, 3)


def test_reading_before_writing_without_the_guard_oversells(full_but_three: Mission) -> None:
    """The control: what the service guards against does happen when lock and counting update are taken away."""
    row = Mission.objects.filter(pk=full_but_three.pk)
    everybody_has_read = threading.Barrier(RACERS)

    def take_unguarded() -> bool:
        taken = row.values_list("places_taken", flat=True).get()
        everybody_has_read.wait(timeout=30)
        return taken < 10 and row.update(places_taken=taken + 1) == 1

    assert race([take_unguarded] * RACERS) == [True] * RACERS  # eight people for three places
    full_but_three.refresh_from_db()
    assert full_but_three.places_taken == 8  # and seven of them were not counted


def test_even_without_the_lock_the_database_keeps_the_ceiling(full_but_three: Mission) -> None:
    results = []
    for _ in range(RACERS):
        try:
            with transaction.atomic():
                Mission.objects.filter(pk=full_but_three.pk).update(places_taken=F("places_taken") + 1)
        except Exception as error:
            results.append(type(error).__name__)

    assert results == ["IntegrityError"] * (RACERS - 3)


def test_racers_with_the_same_file_take_its_places_once(mission: Mission, lead: User, at: dt.datetime) -> None:
    drafts = [draft_number(number) for number in range(4)]

    results = race([lambda: nominate_observers(mission=mission, drafts=drafts, by=lead, at=at)] * RACERS)

    assert errors_of(results) == []
    assert sorted(result.added for result in results) == [0] * (RACERS - 1) + [4]  # type: ignore[attr-defined]
    mission.refresh_from_db()
    assert (mission.places_taken, Observer.objects.count(), Application.objects.count()) == (4, 4, 4)


def test_missions_that_nominate_one_person_at_once_make_one_observer_and_one_application(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    missions = [mission]
    for number in range(1, RACERS):
        missions.append(Mission.objects.get(pk=mission.pk))
        missions[-1].pk, missions[-1].code = None, f"M-{number}"
        missions[-1].kind, missions[-1].organization = "joint", None
        missions[-1].save()

    results = race([partial(nominate_observers, mission=own, drafts=[DRAFT], by=lead, at=at) for own in missions])

    assert set(errors_of(results)) <= {RegisterChangedError}  # who came too late may send it again
    assert (Observer.objects.count(), Application.objects.count()) == (1, 1)
    nominated = RACERS - len(errors_of(results))
    assert Nomination.objects.count() == nominated >= 1
    assert sum(Mission.objects.values_list("places_taken", flat=True)) == nominated


def test_racing_accreditations_get_numbers_without_gaps_or_doubles(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    applications = [
        make_application(ApplicationState.SCHEDULED, person=draft_number(number)) for number in range(RACERS)
    ]

    results = race([partial(accredit_application, application=row, by=approver, at=at) for row in applications])

    assert errors_of(results) == []
    assert sorted(Accreditation.objects.values_list("number", flat=True)) == list(range(1, RACERS + 1))


def test_one_application_is_decided_once_whoever_clicks(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED)

    results = race([lambda: accredit_application(application=application, by=approver, at=at)] * RACERS)

    assert errors_of(results) == [IllegalTransitionError] * (RACERS - 1)
    assert (Decision.objects.count(), Accreditation.objects.count()) == (1, 1)


def test_of_decision_and_withdrawal_exactly_one_wins(
    make_application: MakeApplication, mission: Mission, approver: User, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED)

    def accredit() -> object:
        return accredit_application(application=application, by=approver, at=at)

    def withdraw() -> object:
        return withdraw_application(application=application, by=lead, at=at)

    results = race([accredit, withdraw] * (RACERS // 2))

    assert errors_of(results) == [IllegalTransitionError] * (RACERS - 1)
    application.refresh_from_db()
    mission.refresh_from_db()
    accredited = Accreditation.objects.count()
    outcome = (application.state, mission.places_taken, Decision.objects.count())
    assert outcome == (("accredited", 1, 1) if accredited else ("withdrawn", 0, 0))
    assert Event.objects.filter(verb__in=("accredited", "withdrawn")).count() == 1


def test_one_paper_that_arrives_many_times_at_once_arrives_once(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application(person=replace(DRAFT, documents=frozenset({DocumentKind.FORM})))
    submit_application(application=application, by=lead, at=at)

    results = race(
        [lambda: receive_document(application=application, kind=DocumentKind.PHOTO, by=lead, at=at)] * RACERS
    )

    assert errors_of(results) == []
    application.refresh_from_db()
    assert application.state == "submitted"
    assert Event.objects.of(application).filter(verb="document_received").count() == 1
    assert Event.objects.of(application).filter(verb="completed").count() == 1
