"""Votes: one per item and carried out person by person, whoever stands in the way of one of them."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from accreditation.errors import (
    AgendaItemDecidedError,
    DecidedAsListError,
    NothingToDecideError,
    ReasonMissingError,
    RefusalNotGroundedError,
    SessionNotHeldYetError,
    VotesMissingError,
)
from accreditation.models import Accreditation, AgendaItem, Application, CommissionSession, Decision, Finding
from accreditation.services import moves
from accreditation.services.agenda import return_to_review, schedule_list
from accreditation.services.applications import close_finding, withdraw_application
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.services.verdicts import RowResult, Verdict, Votes
from accreditation.services.voting import ACCREDIT, carry_out_item, decide_item, decide_session
from accreditation.states import AgendaOutcome, ApplicationState, Severity
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

_S = ApplicationState
GROUND = "information_not_confirmed"
REFUSE = Verdict(AgendaOutcome.REFUSED, GROUND, "Not confirmed.")
DEFER = Verdict(AgendaOutcome.DEFERRED, text="Papers are awaited.")
VOTES = Votes(16, 1, 1)
MakeList = Callable[[int], AgendaItem]


@pytest.fixture
def make_list(
    make_application: MakeApplication, session: CommissionSession, reviewer: User, at: dt.datetime
) -> MakeList:
    """Makes an item with a list of so many new people."""

    def make(count: int) -> AgendaItem:
        first = Application.objects.count()
        people = [
            make_application(_S.RECOMMENDED, person=draft_number(number)) for number in range(first, first + count)
        ]
        keys = [row.pk for row in people]
        schedule_list(session=session, title=f"List of {count}", application_ids=keys, by=reviewer, at=at)
        return AgendaItem.objects.latest("pk")

    return make


def _people(item: AgendaItem) -> list[Application]:
    return list(item.applications.order_by("pk"))


def _states() -> list[str]:
    return list(Application.objects.order_by("pk").values_list("state", flat=True))


def _codes(results: Sequence[RowResult]) -> list[str]:
    return [result.code for result in results]


def _block(application: Application, at: dt.datetime) -> Finding:
    return Finding.objects.create(
        application=application, code="late_fact", severity=Severity.BLOCK, sentence="A fact.", found_at=at
    )


def test_the_vote_on_a_list_accredits_everybody_on_it(
    make_list: MakeList, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    item = make_list(3)

    results = decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    names = ["Adler Anna (ODIHR)", "Brandt Anna (ODIHR)", "Claus Anna (ODIHR)"]
    assert results == [RowResult(row.pk, name) for row, name in zip(_people(item), names, strict=True)]
    item.refresh_from_db()
    assert (item.outcome, item.votes_for, item.votes_against, item.votes_abstained) == ("accredited", 16, 1, 1)
    assert (item.decided_by, item.decided_at) == (approver, at)
    assert list(Accreditation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]
    decisions = set(Decision.objects.values_list("outcome", "session", "agenda_item", "decided_by"))
    assert decisions == {("accredited", session.pk, item.pk, approver.pk)}
    assert Event.objects.of(item).get(verb="agenda_item_decided").to_state == "accredited"
    verbs = list(Event.objects.of(_people(item)[0]).values_list("verb", "to_state"))
    assert verbs[-2:] == [("scheduled", "scheduled"), ("accredited", "accredited")]


def test_numbers_have_no_gaps_over_lists_single_people_and_refusals(
    make_list: MakeList, make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    first, second = make_list(3), make_list(2)
    single = make_application(_S.SCHEDULED, person=draft_number(20))

    refused = {_people(first)[1].pk: REFUSE}
    decide_item(item=first, verdict=ACCREDIT, votes=VOTES, exceptions=refused, by=approver, at=at)
    accredit_application(application=single, by=approver, at=at)
    decide_item(item=second, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    assert list(Accreditation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_exceptions_are_decided_as_was_said_and_the_others_as_the_list(
    make_list: MakeList, approver: User, at: dt.datetime
) -> None:
    item = make_list(4)
    _one, two, three, _four = _people(item)

    results = decide_item(
        item=item, verdict=ACCREDIT, votes=VOTES, exceptions={two.pk: REFUSE, three.pk: DEFER}, by=approver, at=at
    )

    assert _codes(results) == ["", "", "", ""]
    assert _states() == ["accredited", "refused", "under_review", "accredited"]
    decision = Decision.objects.get(application=two)
    assert (decision.ground, decision.text, decision.agenda_item) == (GROUND, "Not confirmed.", item)
    three.refresh_from_db()
    assert (three.session, three.agenda_item) == (None, None)
    assert Event.objects.of(three).get(verb="deferred").reason == "Papers are awaited."
    assert Event.objects.of(item).get(verb="people_deferred").reason == "Claus Anna (ODIHR)\nPapers are awaited."


def test_a_whole_list_is_refused_or_deferred(make_list: MakeList, approver: User, at: dt.datetime) -> None:
    refused, deferred = make_list(2), make_list(2)

    decide_item(item=refused, verdict=REFUSE, votes=VOTES, by=approver, at=at)
    decide_item(item=deferred, verdict=DEFER, votes=VOTES, by=approver, at=at)

    assert _states() == ["refused", "refused", "under_review", "under_review"]
    outcomes = list(AgendaItem.objects.values_list("outcome", "ground", "text"))
    assert outcomes == [("refused", GROUND, "Not confirmed."), ("deferred", "", "Papers are awaited.")]


def test_whoever_cannot_be_accredited_stops_nobody_and_is_taken_up_later(
    make_list: MakeList, lead: User, reviewer: User, approver: User, at: dt.datetime
) -> None:
    item = make_list(4)
    one, two, three, _four = _people(item)
    finding = _block(one, at)
    Application.objects.filter(pk=two.pk).update(reviewed_by=approver)
    withdraw_application(application=three, by=lead, at=at)

    results = decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    assert _codes(results) == ["blocking-findings-open", "same-person-decides", ""]
    assert _states() == ["scheduled", "scheduled", "withdrawn", "accredited"]
    close_finding(finding=finding, note="Seen.", by=reviewer, at=at)
    item.refresh_from_db()
    assert _codes(carry_out_item(item=item, by=approver, at=at)) == ["", "same-person-decides"]
    assert _states() == ["accredited", "scheduled", "withdrawn", "accredited"]
    assert list(Accreditation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_an_exception_that_cannot_be_carried_out_never_falls_under_the_outcome_of_the_list(
    make_list: MakeList, approver: User, at: dt.datetime
) -> None:
    item = make_list(2)
    meant_to_be_refused, _other = _people(item)
    Application.objects.filter(pk=meant_to_be_refused.pk).update(reviewed_by=approver)

    results = decide_item(
        item=item, verdict=ACCREDIT, votes=VOTES, exceptions={meant_to_be_refused.pk: REFUSE}, by=approver, at=at
    )

    assert _codes(results) == ["same-person-decides", ""]
    assert _states() == ["under_review", "accredited"]
    assert "may not decide" in Event.objects.of(meant_to_be_refused).get(verb="deferred").reason


def test_an_exception_about_somebody_else_is_reported(make_list: MakeList, approver: User, at: dt.datetime) -> None:
    item, other = make_list(1), make_list(1)
    stranger = _people(other)[0]

    results = decide_item(
        item=item, verdict=ACCREDIT, votes=VOTES, exceptions={stranger.pk: REFUSE}, by=approver, at=at
    )

    assert _codes(results) == ["not-on-agenda", ""]
    assert _states() == ["accredited", "scheduled"]


def test_what_the_database_refuses_stops_the_others_of_the_chunk_no_more_than_a_rule(
    make_list: MakeList, make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    accredited = make_application(_S.SCHEDULED, person=draft_number(20))
    accredit_application(application=accredited, by=approver, at=at)
    Application.objects.update(state=_S.WITHDRAWN, closed_at=at)
    item = make_list(3)
    Application.objects.filter(pk=_people(item)[1].pk).update(observer=accredited.observer)

    results = decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    assert _codes(results) == ["", "already-accredited", ""]
    assert _states() == ["withdrawn", "accredited", "scheduled", "accredited"]
    assert list(Accreditation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("verdict", "votes", "error"),
    [
        (ACCREDIT, None, VotesMissingError),
        (ACCREDIT, Votes(0, 0, 3), VotesMissingError),
        (Verdict(AgendaOutcome.REFUSED, "invented", "Why"), VOTES, RefusalNotGroundedError),
        (Verdict(AgendaOutcome.REFUSED, GROUND, " "), VOTES, RefusalNotGroundedError),
        (Verdict(AgendaOutcome.DEFERRED), VOTES, ReasonMissingError),
    ],
)
def test_an_unsound_vote_changes_nothing(
    make_list: MakeList,
    approver: User,
    at: dt.datetime,
    verdict: Verdict,
    votes: Votes | None,
    error: type[DomainError],
) -> None:
    item = make_list(2)
    key = _people(item)[0].pk

    with pytest.raises(error):
        decide_item(item=item, verdict=verdict, votes=votes, by=approver, at=at)
    if votes is VOTES:
        with pytest.raises(error):
            decide_item(item=item, verdict=ACCREDIT, votes=VOTES, exceptions={key: verdict}, by=approver, at=at)

    item.refresh_from_db()
    assert (item.outcome, _states()) == ("", ["scheduled", "scheduled"])


def test_votes_may_be_unknown_where_the_law_does_not_say_how_is_decided(
    make_list: MakeList, approver: User, at: dt.datetime
) -> None:
    item = make_list(1)
    Election.objects.update(profile_code="ke-2022")

    assert _codes(decide_item(item=item, verdict=ACCREDIT, votes=None, by=approver, at=at)) == [""]


def test_no_session_decides_before_its_hour(
    make_list: MakeList, make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    item = make_list(1)
    single = make_application(_S.SCHEDULED, person=draft_number(5))
    early = at - dt.timedelta(seconds=1)

    acts: list[Callable[[], object]] = [
        lambda: decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=early),
        lambda: accredit_application(application=single, by=approver, at=early),
        lambda: refuse_application(application=single, ground=GROUND, text="Why", by=approver, at=early),
    ]
    for decide in acts:
        with pytest.raises(SessionNotHeldYetError):
            decide()

    assert _states() == ["scheduled", "scheduled"]


def test_an_item_is_voted_on_once(make_list: MakeList, approver: User, at: dt.datetime) -> None:
    item = make_list(1)
    decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    with pytest.raises(AgendaItemDecidedError):
        decide_item(item=item, verdict=REFUSE, votes=VOTES, by=approver, at=at)

    item.refresh_from_db()
    assert item.outcome == "accredited"


def test_an_item_on_which_nobody_waits_is_not_voted_on(
    make_list: MakeList, session: CommissionSession, lead: User, approver: User, at: dt.datetime
) -> None:
    item = make_list(1)
    withdraw_application(application=_people(item)[0], by=lead, at=at)

    acts: list[Callable[[], object]] = [
        lambda: decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at),
        lambda: decide_session(session=session, votes=VOTES, by=approver, at=at),
        lambda: carry_out_item(item=item, by=approver, at=at),
    ]
    for decide in acts:
        with pytest.raises(NothingToDecideError):
            decide()


def test_a_person_decided_alone_decides_the_own_item(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    accredited, refused = (make_application(_S.SCHEDULED, person=draft_number(number)) for number in (1, 2))

    accredit_application(application=accredited, by=approver, at=at, votes=VOTES)
    refuse_application(application=refused, ground=GROUND, text="Why", by=approver, at=at, votes=Votes(2, 16))

    items = AgendaItem.objects.values_list("outcome", "ground", "votes_for", "votes_against")
    assert list(items) == [("accredited", "", 16, 1), ("refused", GROUND, 2, 16)]


def test_nobody_on_a_list_is_decided_alone(make_list: MakeList, approver: User, at: dt.datetime) -> None:
    item = make_list(2)
    one, _two = _people(item)

    with pytest.raises(DecidedAsListError):
        accredit_application(application=one, by=approver, at=at)

    _block(one, at)
    decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)
    assert _states() == ["scheduled", "accredited"]
    with pytest.raises(AgendaItemDecidedError):
        refuse_application(application=one, ground=GROUND, text="Why", by=approver, at=at)


def test_who_was_left_over_by_a_vote_may_go_back_into_review(
    make_list: MakeList, reviewer: User, approver: User, at: dt.datetime
) -> None:
    item = make_list(1)
    _block(_people(item)[0], at)
    decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    return_to_review(application=Application.objects.get(), reason="The fact stands.", by=reviewer, at=at)

    assert _states() == ["under_review"]
    assert AgendaItem.objects.get().outcome == "accredited"  # what was voted stays in the protocol


def test_a_session_decides_all_that_is_left_and_each_exception(
    make_list: MakeList,
    make_application: MakeApplication,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    decided, item = make_list(1), make_list(2)
    decide_item(item=decided, verdict=REFUSE, votes=VOTES, by=approver, at=at)
    alone, refused = (make_application(_S.SCHEDULED, person=draft_number(number)) for number in (20, 21))
    exceptions = {refused.pk: REFUSE, _people(item)[0].pk: DEFER}

    results = decide_session(session=session, votes=VOTES, exceptions=exceptions, by=approver, at=at)

    assert _codes(results) == ["", "", "", ""]
    assert _states() == ["refused", "under_review", "accredited", "accredited", "refused"]
    outcomes = AgendaItem.objects.order_by("position").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused", "accredited", "accredited", "refused"]
    alone.refresh_from_db()
    assert alone.accreditation.number == 2


def test_a_vote_takes_the_same_queries_for_two_people_as_for_one(
    make_list: MakeList,
    approver: User,
    at: dt.datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for item in (make_list(1), make_list(3)):
        with django_assert_max_num_queries(20):
            decide_item(item=item, verdict=ACCREDIT, votes=VOTES, by=approver, at=at)


def test_a_long_list_is_carried_out_in_chunks(
    make_list: MakeList, approver: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "CHUNK", 2)

    results = decide_item(item=make_list(5), verdict=ACCREDIT, votes=VOTES, by=approver, at=at)

    assert _codes(results) == [""] * 5
    assert list(Accreditation.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_the_database_refuses_a_vote_without_person_and_a_refusal_without_reasons(
    make_list: MakeList, approver: User
) -> None:
    make_list(1)
    for columns, name in (
        ("outcome = 'accredited'", "agenda_outcome_has_person_and_instant"),
        (
            f"outcome = 'refused', decided_at = '2024-01-18 12:00:00+00:00', decided_by_id = {approver.pk}",
            "agenda_refusal_has_ground_and_text",
        ),
        (
            f"outcome = 'perhaps', decided_at = '2024-01-18 12:00:00+00:00', decided_by_id = {approver.pk}",
            "agenda_outcome_known",
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE accreditation_agendaitem SET {columns}")  # noqa: S608  # our own text
