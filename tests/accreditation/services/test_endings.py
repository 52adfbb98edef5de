"""Ends by event and by term: in bulk, once, and visible at once without any job."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.models import Accreditation, Application
from accreditation.services import moves
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from accreditation.services.decisions import accredit_application
from accreditation.services.endings import end_accreditations, expire_accreditations, expire_due
from accreditation.states import AccreditationState, ApplicationState
from accreditation.validity import is_valid, valid_accreditations
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def accredited(make_application: MakeApplication, approver: User, lead: User, at: dt.datetime) -> list[Accreditation]:
    """Numbers 1 to 5: three active, one suspended, one returned by its mission."""
    people = [make_application(ApplicationState.SCHEDULED, person=draft_number(number)) for number in range(5)]
    rows = [accredit_application(application=row, by=approver, at=at) for row in people]
    suspend_accreditation(accreditation=rows[3], reason="Why", by=approver, at=at)
    return_accreditation(accreditation=rows[4], by=lead, at=at)
    return rows


def _states() -> list[str]:
    return list(Accreditation.objects.order_by("number").values_list("state", flat=True))


def test_with_the_event_of_the_law_everything_that_lives_expires_once(
    accredited: list[Accreditation], election: Election, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "CHUNK", 3)
    election.results_published_at = at
    election.save()

    assert expire_accreditations(election=election, by=None, at=at) == 4
    assert expire_accreditations(election=election, by=None, at=at) == 0

    assert _states() == ["expired", "expired", "expired", "expired", "returned"]
    assert Application.objects.filter(closed_at=at).count() == Accreditation.objects.filter(ended_at=at).count() == 5
    events = Event.objects.filter(verb="expired").order_by("pk").values_list("from_state", "to_state")
    assert list(events) == [("active", "expired")] * 3 + [("suspended", "expired")]
    assert not Event.objects.filter(verb="expired").exclude(actor=None).exists()


def test_before_the_event_nothing_expires(accredited: list[Accreditation], election: Election, at: dt.datetime) -> None:
    assert expire_due(at=at) == 0
    election.results_published_at = at
    election.save()

    assert expire_due(at=at - SECOND) == 0
    assert expire_due(at=at) == 4


@pytest.mark.parametrize("code", ["", "md-2024", "xx-1999"])
def test_where_the_law_does_not_say_when_nothing_ends_by_itself(
    accredited: list[Accreditation], election: Election, at: dt.datetime, code: str
) -> None:
    Election.objects.update(profile_code=code, results_published_at=at)

    assert expire_due(at=at + dt.timedelta(days=4000)) == 0


def test_a_term_of_months_ends_to_the_day_of_the_host(
    accredited: list[Accreditation], election: Election, at: dt.datetime
) -> None:
    """A year from 18 January 2024 ends when 18 January 2025 begins in the host's zone."""
    Election.objects.update(profile_code="kz-2023", time_zone="Asia/Almaty")
    Accreditation.objects.update(category="domestic_observer")
    ends = dt.datetime(2025, 1, 17, 19, tzinfo=dt.UTC)

    row = Accreditation.objects.select_related("election").get(number=1)
    assert [is_valid(row, at=row.valid_from - SECOND), is_valid(row, at=ends - SECOND)] == [False, True]
    assert not is_valid(row, at=ends)
    assert not is_valid(Accreditation.objects.get(number=4), at=at)  # suspended
    assert [expire_due(at=ends - SECOND), expire_due(at=ends)] == [0, 4]


def test_validity_is_told_when_it_is_read(accredited: list[Accreditation], election: Election, at: dt.datetime) -> None:
    def valid(instant: dt.datetime) -> list[int]:
        return list(valid_accreditations(election, at=instant).order_by("number").values_list("number", flat=True))

    assert (valid(at - SECOND), valid(at)) == ([], [1, 2, 3])
    election.results_published_at = at + SECOND
    election.save()
    assert (valid(at), valid(at + SECOND)) == ([1, 2, 3], [])
    assert _states()[0] == "active"  # no job has run
    row = Accreditation.objects.select_related("election").get(number=1)
    assert (is_valid(row, at=at), is_valid(row, at=at + SECOND)) == (True, False)


def test_what_ended_before_or_is_absent_is_reported(
    accredited: list[Accreditation], approver: User, at: dt.datetime
) -> None:
    keys = [accredited[4].pk, accredited[0].pk, 999_999]

    results = end_accreditations(keys, AccreditationState.REVOKED, "revoked", by=approver, at=at, reason="Why")

    assert [(result.label, result.code) for result in results] == [
        ("00005 Ebert Anna (ODIHR)", "illegal-transition"),
        ("00001 Adler Anna (ODIHR)", ""),
        ("", "not-found"),
    ]
    assert _states()[0] == "revoked"


def test_the_number_of_queries_does_not_grow_with_the_people(
    accredited: list[Accreditation],
    election: Election,
    at: dt.datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    election.results_published_at = at
    election.save()

    with django_assert_max_num_queries(9):
        assert expire_accreditations(election=election, by=None, at=at) == 4
