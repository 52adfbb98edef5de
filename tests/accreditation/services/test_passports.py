"""The machine-readable zone of a passport: stored encrypted, in no event, compared at once."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection

from accreditation.errors import MrzRefusedError, PapersNotTakenError, PersonSharedError
from accreditation.models import Finding, Observer
from accreditation.services.applications import open_review
from accreditation.services.nominations import nominate_observers
from accreditation.services.passports import record_mrz
from accreditation.states import ApplicationState
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication
from tests.accreditation.vetting.zones import passport_zone

pytestmark = pytest.mark.django_db

ZONE = passport_zone(surname="Meyer", given_names="Anna", number="C01X00T47", issuer="D", nationality="D")
OTHER = passport_zone(surname="Meyer", given_names="Anna", number="C01X00T48", issuer="D", nationality="D")


def codes() -> list[str]:
    return sorted(Finding.objects.values_list("code", flat=True))


def test_a_zone_is_stored_encrypted_and_in_no_event(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)

    record_mrz(application=application, text=ZONE.replace("\n", " ").lower(), by=lead, at=at)

    observer = Observer.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT mrz FROM accreditation_observer")
        stored = cursor.fetchone()[0]
    assert observer.mrz == ZONE
    assert stored.startswith("v1:")
    assert "C01X00T47" not in stored
    event = Event.objects.of(application).last()
    assert event is not None
    assert (event.verb, event.changed, event.reason, event.actor) == ("mrz_recorded", ["mrz"], "", lead)


def test_the_same_zone_again_changes_nothing(make_application: MakeApplication, lead: User, at: dt.datetime) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    record_mrz(application=application, text=ZONE, by=lead, at=at)
    before = Event.objects.count()

    record_mrz(application=application, text=ZONE.lower(), by=lead, at=at)

    assert Event.objects.count() == before


def test_a_zone_under_review_is_compared_at_once_and_another_takes_its_place(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.UNDER_REVIEW)

    record_mrz(application=application, text=OTHER, by=lead, at=at)
    assert codes() == ["mrz_number_differs"]
    record_mrz(application=application, text=ZONE, by=lead, at=at)

    assert codes() == []
    assert Observer.objects.get().mrz == ZONE


def test_faults_are_violations_without_the_value(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)

    with pytest.raises(MrzRefusedError) as refused:
        record_mrz(application=application, text=ZONE.replace("C01X00T47", "C01X00T74"), by=lead, at=at)

    assert [(row.field, row.code) for row in refused.value.violations] == [("mrz.number", "mrz_check_digit")]
    assert "C01X00T" not in f"{refused.value!r}{refused.value.violations}"
    assert Observer.objects.get().mrz is None


def test_no_zone_is_taken_after_the_recommendation(
    make_application: MakeApplication, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(PapersNotTakenError):
        record_mrz(application=make_application(ApplicationState.RECOMMENDED), text=ZONE, by=lead, at=at)


def test_the_zone_of_a_person_of_two_missions_is_the_ministrys_to_change(
    make_application: MakeApplication,
    lead: User,
    other_lead: User,
    reviewer: User,
    other_mission: Mission,
    at: dt.datetime,
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    nominate_observers(mission=other_mission, drafts=[replace(DRAFT, reference="P-1")], by=other_lead, at=at)
    record_mrz(application=application, text=ZONE, by=lead, at=at)

    with pytest.raises(PersonSharedError):
        record_mrz(application=application, text=OTHER, by=lead, at=at)
    record_mrz(application=application, text=OTHER, by=reviewer, at=at)

    assert Observer.objects.get().mrz == OTHER


def test_a_zone_that_is_read_no_more_is_a_finding(
    make_application: MakeApplication, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    Observer.objects.update(mrz="P<UTO of an older version")

    open_review(application=application, by=reviewer, at=at)

    assert codes() == ["mrz_unreadable"]
