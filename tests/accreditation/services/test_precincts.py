"""One person of a sender at a precinct commission (R25), where the law says so."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.errors import NominationsRefusedError
from accreditation.models import Application
from accreditation.services.applications import withdraw_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.states import Category, Initiative, Role
from missions.models import Constituency, Election, Mission, User
from tests.accreditation.conftest import draft_number

pytestmark = pytest.mark.django_db
DOMESTIC = Category.DOMESTIC_OBSERVER


def _citizen(number: int, precinct: str = "001/07", **changes: object) -> NominationDraft:
    person = draft_number(number, nationality="AZE", passport_issuer="AZE", precinct_code=precinct, **changes)
    return replace(person, role=Role.CITIZEN_OBSERVER, initiative=person.initiative or Initiative.PARTY)


def _nominate(mission: Mission, *people: NominationDraft, by: User, at: dt.datetime) -> None:
    nominate_observers(mission=mission, drafts=people, category=DOMESTIC, by=by, at=at)


def _refused(mission: Mission, *people: NominationDraft, by: User, at: dt.datetime) -> list[tuple[str, str]]:
    with pytest.raises(NominationsRefusedError) as refused:
        _nominate(mission, *people, by=by, at=at)
    return [(row.field, row.code) for row in refused.value.violations]


def test_a_second_person_of_a_sender_at_a_precinct_is_named(mission: Mission, lead: User, at: dt.datetime) -> None:
    _nominate(mission, _citizen(1), by=lead, at=at)

    assert Application.objects.get().exclusive_key == f"{mission.organization_id}:001/07"
    assert _refused(mission, _citizen(2), _citizen(3, "001/08"), by=lead, at=at) == [("R-2", "one_per_commission")]
    assert Application.objects.count() == 1


def test_two_in_one_request_are_both_named(mission: Mission, lead: User, at: dt.datetime) -> None:
    people = [_citizen(1), _citizen(2), _citizen(3, "001/08")]

    assert _refused(mission, *people, by=lead, at=at) == [("R-1", "one_per_commission"), ("R-2", "one_per_commission")]
    assert not Application.objects.exists()


def test_another_sender_another_precinct_and_own_initiative_are_free(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    _nominate(mission, _citizen(1), _citizen(2, "001/08"), _citizen(3, initiative=Initiative.SELF), by=lead, at=at)
    _nominate(mission, _citizen(4, initiative=Initiative.SELF), by=lead, at=at)
    _nominate(other_mission, _citizen(5), by=lead, at=at)

    assert Application.objects.count() == 5


def test_a_withdrawn_person_leaves_the_precinct_to_another(mission: Mission, lead: User, at: dt.datetime) -> None:
    _nominate(mission, _citizen(1), by=lead, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)

    _nominate(mission, _citizen(2), by=lead, at=at)

    assert _refused(mission, _citizen(1), by=lead, at=at) == [("R-1", "one_per_commission")]


def test_a_law_that_does_not_say_so_binds_nobody(
    election: Election, mission: Mission, lead: User, at: dt.datetime
) -> None:
    Election.objects.filter(pk=election.pk).update(profile_code="ge-standing")

    _nominate(Mission.objects.get(pk=mission.pk), _citizen(1), _citizen(2), by=lead, at=at)

    assert set(Application.objects.values_list("exclusive_key", flat=True)) == {""}


def test_the_precinct_and_constituency_are_kept(
    mission: Mission, constituency: Constituency, lead: User, at: dt.datetime
) -> None:
    _nominate(mission, _citizen(1, constituency=1), by=lead, at=at)

    application = Application.objects.get()
    assert (application.constituency, application.precinct_code) == (constituency, "001/07")


def test_another_precinct_than_the_application_has_is_named(mission: Mission, lead: User, at: dt.datetime) -> None:
    _nominate(mission, _citizen(1), by=lead, at=at)

    assert _refused(mission, _citizen(1, "001/08"), by=lead, at=at) == [("R-1", "other_place")]
    _nominate(mission, _citizen(1, ""), by=lead, at=at)
    assert Application.objects.get().precinct_code == "001/07"
