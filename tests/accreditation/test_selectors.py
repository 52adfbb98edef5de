"""Figures, states and queues, with data that could leak or be counted twice."""

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from accreditation.models import Accreditation, Application, CommissionSession
from accreditation.selectors import (
    Figures,
    applications_by_state,
    applications_due_soon,
    figures,
    figures_as_of,
    overdue_applications,
)
from accreditation.services.accreditations import (
    reinstate_accreditation,
    return_accreditation,
    revoke_accreditation,
    suspend_accreditation,
)
from accreditation.services.agenda import schedule_application
from accreditation.services.applications import (
    open_review,
    recommend_application,
    submit_application,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import ApplicationState
from missions.models import Election, Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def accredited(
    make_application: MakeApplication,
    other_mission: Mission,
    session: CommissionSession,
    lead: User,
    reviewer: User,
    approver: User,
    at: dt.datetime,
) -> list[Accreditation]:
    """Three people of two nationalities of one mission on three days, one more of another mission on the fourth."""
    applications = [
        make_application(ApplicationState.SCHEDULED, person=draft_number(number, nationality=nationality))
        for number, nationality in enumerate(("DEU", "FRA", "DEU"))
    ]
    person = replace(draft_number(9), nationality="FRA", passport_issuer="FRA")
    nominate_observers(mission=other_mission, drafts=[person], by=lead, at=at)
    row = Application.objects.get(nomination__mission=other_mission)
    row = submit_application(application=row, by=lead, at=at)
    row = open_review(application=row, by=reviewer, at=at)
    row = recommend_application(application=row, by=reviewer, at=at)
    applications.append(schedule_application(application=row, session=session, by=reviewer, at=at))
    make_application(ApplicationState.SCHEDULED, person=draft_number(5, nationality="ITA"))
    return [
        accredit_application(application=application, by=approver, at=at + day * DAY)
        for day, application in enumerate(applications)
    ]


def test_the_figure_counts_people_organizations_and_nationalities_once(
    election: Election, accredited: list[Accreditation], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        counted = figures(election)

    assert counted == Figures(observers=4, organizations=2, nationalities=2)


def test_only_live_accreditations_count(
    election: Election, accredited: list[Accreditation], approver: User, lead: User, at: dt.datetime
) -> None:
    suspend_accreditation(accreditation=accredited[0], reason="A question.", by=approver, at=at)
    revoke_accreditation(accreditation=accredited[1], reason="A breach.", by=approver, at=at)
    return_accreditation(accreditation=accredited[3], by=lead, at=at)

    assert figures(election) == Figures(observers=2, organizations=1, nationalities=1)


def test_an_election_without_accreditations_counts_nothing(election: Election) -> None:
    assert figures(election) == Figures(0, 0, 0)


def test_the_figure_as_of_an_instant_is_told_from_the_history(
    election: Election,
    accredited: list[Accreditation],
    approver: User,
    at: dt.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    suspend_accreditation(accreditation=accredited[0], reason="A question.", by=approver, at=at + 4 * DAY)
    revoke_accreditation(accreditation=accredited[0], reason="A breach.", by=approver, at=at + 5 * DAY)
    suspend_accreditation(accreditation=accredited[1], reason="A question.", by=approver, at=at + 6 * DAY)
    reinstate_accreditation(accreditation=accredited[1], reason="Settled.", by=approver, at=at + 7 * DAY)

    with django_assert_num_queries(1):
        early = figures_as_of(election, at=at - dt.timedelta(seconds=1))

    assert early == Figures(0, 0, 0)
    series = [figures_as_of(election, at=at + day * DAY).observers for day in range(8)]
    assert series == [1, 2, 3, 4, 4, 3, 3, 3]
    assert figures_as_of(election, at=at + 2 * DAY) == Figures(observers=3, organizations=1, nationalities=2)
    assert figures_as_of(election, at=at + 8 * DAY) == figures(election)


def test_states_are_counted_within_the_viewers_scope(
    election: Election,
    accredited: list[Accreditation],
    lead: User,
    other_lead: User,
    reviewer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        host = applications_by_state(election, user=reviewer)

    assert {state: count for state, count in host.items() if count} == {"accredited": 4, "scheduled": 1}
    assert set(host) == set(ApplicationState)
    own = applications_by_state(election, user=lead)
    assert (own[ApplicationState.ACCREDITED], own[ApplicationState.SCHEDULED]) == (3, 1)
    foreign = applications_by_state(election, user=other_lead)
    assert (foreign[ApplicationState.ACCREDITED], foreign[ApplicationState.SCHEDULED]) == (1, 0)
    assert sum(applications_by_state(election, user=AnonymousUser()).values()) == 0


def test_overdue_and_due_soon_part_at_the_instant(
    election: Election, make_application: MakeApplication, reviewer: User, other_lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    make_application(ApplicationState.DRAFT, person=draft_number(2))
    due = application.decide_by
    assert due is not None
    second = dt.timedelta(seconds=1)

    def soon(instant: dt.datetime) -> list[Application]:
        return list(applications_due_soon(election, at=instant, user=reviewer))

    def overdue(instant: dt.datetime) -> list[Application]:
        return list(overdue_applications(election, at=instant, user=reviewer))

    assert (soon(due - DAY - second), overdue(due - DAY - second)) == ([], [])
    assert (soon(due - DAY), overdue(due - DAY)) == ([application], [])
    assert (soon(due - second), overdue(due - second)) == ([application], [])
    assert (soon(due), overdue(due)) == ([], [application])
    assert list(overdue_applications(election, at=due, user=other_lead)) == []


def test_what_is_decided_or_waits_for_papers_is_in_no_queue(
    election: Election, make_application: MakeApplication, reviewer: User, approver: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED)
    accredit_application(application=application, by=approver, at=at)

    assert list(overdue_applications(election, at=at + 100 * DAY, user=reviewer)) == []
