"""Quotas of the categories that no invitation speaks of, and who may be nominated under them."""

import datetime as dt

import pytest

from accreditation.errors import CeilingReachedError, NominationsRefusedError, QuotaByInvitationError
from accreditation.models import CategoryQuota, Nomination
from accreditation.services.applications import withdraw_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.quotas import free_place, free_places, set_quota, take_place
from accreditation.states import Category
from missions.errors import CeilingBelowNominationsError
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number

pytestmark = pytest.mark.django_db
INTERPRETER = Category.INTERPRETER


def _nominate(mission: Mission, number: int, *, by: User, at: dt.datetime, category: Category = INTERPRETER) -> None:
    nominate_observers(mission=mission, drafts=[draft_number(number)], category=category, by=by, at=at)


def test_interpreters_have_places_of_their_own(mission: Mission, lead: User, at: dt.datetime) -> None:
    set_quota(mission=mission, category=INTERPRETER, ceiling=1, by=lead, at=at)
    _nominate(mission, 1, by=lead, at=at)

    with pytest.raises(CeilingReachedError):
        _nominate(mission, 2, by=lead, at=at)

    _nominate(mission, 2, by=lead, at=at, category=Category.INTERNATIONAL_OBSERVER)
    mission.refresh_from_db()
    assert mission.places_taken == 1
    assert CategoryQuota.objects.values_list("category", "ceiling", "taken").get() == ("interpreter", 1, 1)
    assert set(Nomination.objects.values_list("reference", "category", "holds_place")) == {
        ("R-1", "interpreter", True),
        ("R-2", "international_observer", True),
    }


def test_without_a_quota_nothing_limits_a_category_and_its_places_are_counted(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    assert free_places(mission, INTERPRETER) is None

    for number in range(12):
        _nominate(mission, number, by=lead, at=at)

    assert CategoryQuota.objects.values_list("ceiling", "taken").get() == (None, 12)
    assert free_places(mission, INTERPRETER) is None


def test_free_places_of_both_kinds(mission: Mission, lead: User, at: dt.datetime) -> None:
    set_quota(mission=mission, category=INTERPRETER, ceiling=3, by=lead, at=at)
    _nominate(mission, 1, by=lead, at=at)
    _nominate(mission, 2, by=lead, at=at, category=Category.INTERNATIONAL_OBSERVER)
    mission.refresh_from_db()

    assert free_places(mission, INTERPRETER) == 2
    assert free_places(mission, Category.INTERNATIONAL_OBSERVER) == 9


def test_a_quota_is_set_once_and_recorded_once(mission: Mission, reviewer: User, at: dt.datetime) -> None:
    for _ in range(2):
        set_quota(mission=mission, category=INTERPRETER, ceiling=4, by=reviewer, at=at)
    quota = set_quota(mission=mission, category=INTERPRETER, ceiling=None, by=reviewer, at=at)

    assert quota.ceiling is None
    events = Event.objects.filter(verb="quota_set")
    assert list(events.values_list("actor", "scope_id", "changed")) == [(reviewer.pk, mission.pk, ["ceiling"])] * 2


def test_a_quota_below_the_people_nominated_is_refused(mission: Mission, lead: User, at: dt.datetime) -> None:
    for number in (1, 2):
        _nominate(mission, number, by=lead, at=at)

    with pytest.raises(CeilingBelowNominationsError, match="ODIHR has taken 2 places already"):
        set_quota(mission=mission, category=INTERPRETER, ceiling=1, by=lead, at=at)

    assert CategoryQuota.objects.get().ceiling is None
    assert not Event.objects.filter(verb="quota_set").exists()


def test_places_of_international_observers_are_not_the_desks_to_grant(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(QuotaByInvitationError):
        set_quota(mission=mission, category=Category.INTERNATIONAL_OBSERVER, ceiling=4, by=lead, at=at)


def test_an_absent_mission_is_missing(election: object, lead: User, at: dt.datetime) -> None:
    with pytest.raises(MissingError):
        set_quota(mission=Mission(pk=2**40), category=INTERPRETER, ceiling=4, by=lead, at=at)


def test_a_place_is_taken_and_freed_once(mission: Mission, lead: User, at: dt.datetime) -> None:
    _nominate(mission, 1, by=lead, at=at)
    stale, nomination = Nomination.objects.get(), Nomination.objects.get()

    for row in (nomination, stale, nomination):
        free_place(row)
    assert (CategoryQuota.objects.get().taken, Nomination.objects.get().holds_place) == (0, False)

    for row in (nomination, stale, nomination):
        take_place(row)
    assert (CategoryQuota.objects.get().taken, Nomination.objects.get().holds_place) == (1, True)


def test_nobody_is_nominated_in_two_categories_at_once(mission: Mission, lead: User, at: dt.datetime) -> None:
    _nominate(mission, 1, by=lead, at=at)

    with pytest.raises(NominationsRefusedError) as refused:
        _nominate(mission, 1, by=lead, at=at, category=Category.INTERNATIONAL_OBSERVER)

    assert [(row.field, row.code) for row in refused.value.violations] == [("R-1", "other_category")]


def test_after_a_withdrawal_the_person_may_come_in_another_category(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    _nominate(mission, 1, by=lead, at=at)
    nomination = Nomination.objects.get()
    withdraw_application(application=nomination.applications.get(), by=lead, at=at)

    _nominate(mission, 1, by=lead, at=at, category=Category.INTERNATIONAL_OBSERVER)

    mission.refresh_from_db()
    assert (mission.places_taken, CategoryQuota.objects.get().taken) == (1, 0)
    assert list(nomination.applications.order_by("pk").values_list("category", "state")) == [
        ("interpreter", "withdrawn"),
        ("international_observer", "draft"),
    ]
