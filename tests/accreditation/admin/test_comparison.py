"""Whom a finding about others means: named with their missions, and nobody where no finding speaks of others."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.admin.comparison import people_to_compare
from accreditation.models import Observer
from accreditation.services.applications import open_review
from accreditation.services.nominations import nominate_observers
from accreditation.states import ApplicationState
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number

pytestmark = pytest.mark.django_db

_S = ApplicationState


def test_nobody_is_named_where_no_finding_speaks_of_others(
    make_application: MakeApplication, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    application = make_application(_S.UNDER_REVIEW)
    nominate_observers(mission=other_mission, drafts=[DRAFT], by=lead, at=at)

    assert people_to_compare(application) == []


def test_the_same_person_comes_first_and_then_whoever_is_like_it(
    make_application: MakeApplication,
    other_mission: Mission,
    lead: User,
    reviewer: User,
    at: dt.datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    application = make_application(_S.SUBMITTED)
    namesake = draft_number(3, surname=DRAFT.surname, birth_date=DRAFT.birth_date)
    nominate_observers(mission=other_mission, drafts=[namesake, DRAFT, draft_number(4)], by=lead, at=at)
    open_review(application=application, by=reviewer, at=at)

    with django_assert_max_num_queries(4):
        found = people_to_compare(application)

    other = Observer.objects.get(nominations__reference=namesake.reference)
    assert [(person.url.split("/")[-3], person.missions, person.is_same) for person in found] == [
        (str(application.observer_id), other_mission.code, True),
        (str(other.pk), other_mission.code, False),
    ]
