"""Agendas: one item a person or a list, one agenda a person, and nobody on an item that is gone."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.errors import AgendaItemDecidedError, SessionOfAnotherElectionError, TitleMissingError
from accreditation.models import AgendaItem, Application, CommissionSession
from accreditation.services import agenda, moves
from accreditation.services.agenda import return_to_review, schedule_application, schedule_list
from accreditation.services.verdicts import RowResult, Votes
from accreditation.services.voting import ACCREDIT, decide_item
from accreditation.states import ApplicationState
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

_S = ApplicationState


@pytest.fixture
def people(make_application: MakeApplication) -> list[Application]:
    """Three recommended people, and one who is still under review."""
    states = (_S.RECOMMENDED, _S.RECOMMENDED, _S.RECOMMENDED, _S.UNDER_REVIEW)
    return [make_application(state, person=draft_number(number)) for number, state in enumerate(states)]


def test_a_person_is_an_item_under_the_own_name_and_the_next_number(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    rows = [schedule_application(application=row, session=session, by=reviewer, at=at) for row in people[:2]]

    items = list(AgendaItem.objects.values_list("position", "title", "outcome"))
    assert items == [(1, "Adler Anna (ODIHR)", ""), (2, "Brandt Anna (ODIHR)", "")]
    assert [row.agenda_item.position for row in rows if row.agenda_item] == [1, 2]
    assert [event.verb for event in Event.objects.of(AgendaItem.objects.all()[0])] == ["agenda_item_added"]


def test_a_list_is_one_item_and_tells_who_could_not_be_put_on_it(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    keys = [people[3].pk, *(row.pk for row in people[:3]), people[0].pk, 999_999]

    results = schedule_list(session=session, title=" All of them ", application_ids=keys, by=reviewer, at=at)

    detail = "“under review” cannot become “scheduled”."
    assert results == [
        RowResult(people[3].pk, "Dietz Anna (ODIHR)", "illegal-transition", detail),
        RowResult(people[0].pk, "Adler Anna (ODIHR)"),
        RowResult(people[1].pk, "Brandt Anna (ODIHR)"),
        RowResult(people[2].pk, "Claus Anna (ODIHR)"),
        RowResult(999_999, "", "not-found", "Not found"),
    ]
    item = AgendaItem.objects.get()
    assert (item.title, item.applications.count()) == ("All of them", 3)
    scheduled = Application.objects.filter(state=_S.SCHEDULED, session=session, agenda_item=item)
    assert scheduled.count() == Event.objects.filter(verb="scheduled").count() == 3


def test_a_long_list_is_written_in_chunks_of_a_few_queries_each(
    people: list[Application],
    session: CommissionSession,
    reviewer: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(moves, "CHUNK", 2)
    keys = [row.pk for row in people]

    with django_assert_max_num_queries(7 + 4 + 2 * 2):
        results = schedule_list(session=session, title="Many", application_ids=keys, by=reviewer, at=at)

    assert [result.code for result in results] == ["", "", "", "illegal-transition"]
    assert AgendaItem.objects.get().applications.count() == 3


def test_a_list_on_which_nobody_can_stand_is_no_item(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    results = schedule_list(session=session, title="Nobody", application_ids=[people[3].pk], by=reviewer, at=at)

    assert [result.code for result in results] == ["illegal-transition"]
    assert not AgendaItem.objects.exists()


def test_a_list_has_a_title_and_its_session_exists(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    with pytest.raises(TitleMissingError):
        schedule_list(session=session, title=" ", application_ids=[people[0].pk], by=reviewer, at=at)
    session.pk = 2**40
    with pytest.raises(MissingError):
        schedule_list(session=session, title="A", application_ids=[people[0].pk], by=reviewer, at=at)


def test_people_of_another_election_are_reported(
    people: list[Application], session: CommissionSession, election: Election, reviewer: User, at: dt.datetime
) -> None:
    election.pk, election.code = None, "other"
    election.save()
    CommissionSession.objects.update(election=election)

    results = schedule_list(session=session, title="A", application_ids=[people[0].pk], by=reviewer, at=at)

    assert [result.code for result in results] == [SessionOfAnotherElectionError.code]


def test_a_list_that_is_voted_on_takes_nobody_more(
    people: list[Application],
    session: CommissionSession,
    reviewer: User,
    approver: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The vote falls between two chunks: what is on the list was voted on, the others stay recommended."""

    def vote_between(keys: Sequence[int]) -> Iterator[list[int]]:
        yield [keys[0]]
        decide_item(item=AgendaItem.objects.get(), verdict=ACCREDIT, votes=Votes(1), by=approver, at=at)
        yield list(keys[1:])

    monkeypatch.setattr(agenda, "chunks", vote_between)

    with pytest.raises(AgendaItemDecidedError):
        schedule_list(session=session, title="A", application_ids=[row.pk for row in people], by=reviewer, at=at)

    assert list(Application.objects.order_by("pk").values_list("state", flat=True)) == [
        "accredited",
        "recommended",
        "recommended",
        "under_review",
    ]


def test_nobody_stands_on_two_agendas(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    schedule_application(application=people[0], session=session, by=reviewer, at=at)
    session.pk, session.number = None, "8/24"
    session.save()

    with pytest.raises(IllegalTransitionError):
        schedule_application(application=people[0], session=session, by=reviewer, at=at)
    results = schedule_list(session=session, title="A", application_ids=[people[0].pk], by=reviewer, at=at)

    assert [result.code for result in results] == ["illegal-transition"]
    assert AgendaItem.objects.count() == 1


def test_who_is_taken_off_leaves_a_list_behind_but_no_empty_item(
    people: list[Application], session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    keys = [row.pk for row in people[:2]]
    schedule_list(session=session, title="Two", application_ids=keys, by=reviewer, at=at)

    first = return_to_review(application=people[0], reason="New facts.", by=reviewer, at=at)

    assert (first.state, first.session, first.agenda_item) == ("under_review", None, None)
    assert AgendaItem.objects.get().applications.count() == 1
    return_to_review(application=people[1], reason="New facts.", by=reviewer, at=at)
    assert not AgendaItem.objects.exists()
    removed = Event.objects.of(session).get(verb="agenda_item_removed")
    assert removed.reason == "1. Two"
