"""Calling the roll, answering and closing: who is asked stays asked, and the latest that happened counts."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.models import Accreditation, Stay
from accreditation.states import AccreditationState, Role
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.presence.errors import (
    CalledInPoolError,
    NobodyToAskError,
    NonceReusedError,
    NotAskedError,
    RollCallClosedError,
    RollCallOpenError,
    RollCallTermsError,
)
from stations.deployment.presence.models import AskedObserver, RollCall, RollCallAnswer
from stations.deployment.presence.selectors import RollCount, roll_counts, with_reply
from stations.deployment.presence.services.roll_calls import AnswerDraft, answer_roll_call, call_roll, close_roll_call
from stations.deployment.presence.states import Reply
from tests.stations.deployment.builders import accredit, deployed, nominate, observer, pool_mission
from tests.stations.deployment.presence.conftest import hour

pytestmark = pytest.mark.django_db

NINE, TEN_PAST = hour(9), hour(9, 10)
SAFE = AnswerDraft(Reply.SAFE, "n", hour(9, 5))
HELP = AnswerDraft(Reply.NEEDS_HELP, "h", hour(9, 6), note=" The car burns ")


def _call(mission: Mission | None, election: Election, by: User | None = None, at: dt.datetime = NINE) -> RollCall:
    return call_roll(
        election=election, mission=mission, reason=" Explosion ", answer_by=at + dt.timedelta(hours=1), by=by, at=at
    )


def _answer(asked: AskedObserver, draft: AnswerDraft, at: dt.datetime = TEN_PAST) -> RollCallAnswer:
    return answer_roll_call(roll_call=asked.roll_call, asked=asked, draft=draft, device_now=at, by=None, at=at)


def test_everybody_is_asked_who_is_accredited_and_has_not_left(mission: Mission, lead: User) -> None:
    there = [
        deployed(mission, "FRA"),
        deployed(mission, "DEU", Role.LTO),
        deployed(mission, "ITA", Role.CORE_TEAM_MEMBER),
    ]
    suspended, revoked, gone, leaving = (deployed(mission, code) for code in ("ESP", "POL", "SWE", "NOR"))
    Accreditation.objects.filter(observer=suspended).update(state=AccreditationState.SUSPENDED, reason="Asked for")
    Accreditation.objects.filter(observer=revoked).update(
        state=AccreditationState.REVOKED, reason="A breach", ended_at=hour(1)
    )
    for person, left_at in ((gone, hour(8)), (leaving, hour(20))):
        Stay.objects.create(nomination=person.nominations.get(), left_at=left_at)
    nominate(mission, observer(mission, "FIN"))
    deployed(pool_mission(mission.election, "OTHER"), "AUT")

    roll_call = _call(mission, mission.election, lead)

    assert set(roll_call.asked.values_list("observer", flat=True)) == {
        person.pk for person in (*there, suspended, leaving)
    }
    assert (roll_call.number, roll_call.reason, roll_call.called_by) == (1, "Explosion", lead)
    event = Event.objects.get(verb="roll_called")
    assert (event.is_private, event.scope_id, event.reason) == (True, mission.pk, "Explosion")


def test_the_pool_is_asked_as_one_and_its_history_is_the_hosts(election: Election, mission: Mission) -> None:
    first, second = (deployed(pool_mission(election, code), "FRA") for code in ("A", "B"))
    deployed(mission, "DEU")

    roll_call = _call(None, election)

    assert set(roll_call.asked.values_list("observer", flat=True)) == {first.pk, second.pk}
    assert not Event.objects.get(verb="roll_called").is_private
    assert [str(each) for each in (roll_call, roll_call.asked.first())] == ["Pool #1", first.full_name]


def test_a_roll_call_needs_a_reason_time_people_and_its_own_mission(
    election: Election, mission: Mission, other_mission: Mission
) -> None:
    with pytest.raises(NobodyToAskError):
        _call(mission, election)
    with pytest.raises(CalledInPoolError):
        _call(other_mission, election)
    with pytest.raises(RollCallTermsError) as refused:
        call_roll(election=election, mission=mission, reason=" ", answer_by=hour(9), by=None, at=hour(9))
    assert [fault.code for fault in refused.value.violations] == ["reason-missing", "answer-by-past"]
    with pytest.raises(RollCallTermsError) as late:
        call_roll(
            election=election,
            mission=mission,
            reason="Drill",
            answer_by=hour(9) + dt.timedelta(days=1, seconds=1),
            by=None,
            at=hour(9),
        )
    assert [(fault.field, fault.code) for fault in late.value.violations] == [("answer_by", "answer-by-too-far")]
    assert RollCall.objects.count() == Event.objects.count() == 0


def test_one_is_open_for_each_owner_and_numbers_go_on(election: Election, mission: Mission) -> None:
    deployed(mission, "FRA")
    deployed(pool_mission(election, "POOL"), "DEU")
    first, _of_pool = _call(mission, election), _call(None, election)
    for owner in (mission, None):
        with pytest.raises(RollCallOpenError):
            _call(owner, election, at=hour(10))

    close_roll_call(roll_call=first, by=None, at=hour(11))

    assert _call(mission, election, at=hour(12)).number == 2


def test_the_latest_that_happened_counts_whatever_came_last(mission: Mission) -> None:
    for code in ("FRA", "DEU", "ITA"):
        deployed(mission, code)
    roll_call = _call(mission, mission.election)
    worse, better, silent = roll_call.asked.order_by("pk")

    _answer(worse, HELP, at=hour(9, 10))
    _answer(worse, replace(SAFE, client_time=hour(9, 1)), at=hour(9, 20))  # was kept while there was no connection
    _answer(better, HELP)
    _answer(better, replace(SAFE, client_time=hour(9, 8)))

    rows = with_reply(AskedObserver.objects.filter(roll_call=roll_call))
    assert [(row, row.reply, row.note, row.answered_at) for row in rows] == [  # type: ignore[attr-defined]  # annotated
        (worse, "needs_help", "The car burns", hour(9, 6)),
        (silent, None, None, None),
        (better, "safe", "", hour(9, 8)),
    ]
    assert list(AskedObserver.objects.without_answer()) == [silent]


def test_counts_are_of_people_in_sight(mission: Mission, lead: User, other_lead: User, other_mission: Mission) -> None:
    election = mission.election
    for code in ("FRA", "DEU"):
        deployed(mission, code)
    own = deployed(other_mission, "ITA")
    deployed(pool_mission(election, "POOL"), "ESP")
    of_mission, of_pool = _call(mission, election), _call(None, election)
    _answer(of_mission.asked.order_by("pk")[0], SAFE)
    _answer(of_pool.asked.get(observer=own), HELP)

    def counts(reader: User) -> list[RollCount]:
        found = roll_counts([of_mission, of_pool], reader)
        return [found[of_mission.pk], found[of_pool.pk]]

    nothing = RollCount(asked=0, needs_help=0, unanswered=0, safe=0)
    assert counts(lead) == [RollCount(asked=2, needs_help=0, unanswered=1, safe=1), nothing]
    assert counts(other_lead) == [nothing, RollCount(asked=1, needs_help=1, unanswered=0, safe=0)]


def test_the_same_nonce_again_is_the_first_answer_and_another_content_a_conflict(mission: Mission) -> None:
    deployed(mission, "FRA")
    asked = _call(mission, mission.election).asked.get()
    first = _answer(asked, SAFE)

    assert _answer(asked, SAFE, at=hour(12)) == first
    for other in (replace(SAFE, reply=Reply.NEEDS_HELP), replace(SAFE, note="x"), replace(SAFE, client_time=hour(8))):
        with pytest.raises(NonceReusedError):
            _answer(asked, other)
    assert RollCallAnswer.objects.count() == 1


def test_the_clock_of_a_device_is_put_right(mission: Mission) -> None:
    deployed(mission, "FRA")
    asked = _call(mission, mission.election).asked.get()

    answer = answer_roll_call(
        roll_call=asked.roll_call, asked=asked, draft=SAFE, device_now=hour(9, 10), by=None, at=hour(10, 10)
    )

    assert (answer.happened_at, answer.skew_seconds, answer.received_at) == (hour(10, 5), -3600, hour(10, 10))


def test_a_closed_one_takes_no_answer_but_knows_those_that_it_had(mission: Mission, lead: User) -> None:
    deployed(mission, "FRA")
    roll_call = _call(mission, mission.election)
    asked = roll_call.asked.get()
    first = _answer(asked, SAFE)

    closed = close_roll_call(roll_call=roll_call, reason="All found", by=lead, at=hour(11))

    assert (closed.closed_at, closed.closed_by, closed.version) == (hour(11), lead, 2)
    assert Event.objects.get(verb="roll_call_closed").reason == "All found"
    assert _answer(asked, SAFE, at=hour(12)) == first
    with pytest.raises(RollCallClosedError):
        _answer(asked, HELP)
    with pytest.raises(RollCallClosedError):
        close_roll_call(roll_call=roll_call, by=lead, at=hour(12))


def test_an_answer_belongs_to_the_roll_call_that_asks(mission: Mission) -> None:
    deployed(mission, "FRA")
    first = _call(mission, mission.election)
    close_roll_call(roll_call=first, by=None, at=hour(10))
    second = _call(mission, mission.election, at=hour(11))

    with pytest.raises(NotAskedError):
        answer_roll_call(
            roll_call=second, asked=first.asked.get(), draft=SAFE, device_now=hour(11), by=None, at=hour(11)
        )


def test_somebody_with_two_nominations_is_asked_once_for_the_deciding_one(mission: Mission) -> None:
    person = observer(mission, "FRA")
    accredit(nominate(mission, person))
    nominate(pool_mission(mission.election, "OTHER"), person)

    assert list(_call(mission, mission.election).asked.values_list("observer", "nomination__mission")) == [
        (person.pk, mission.pk)
    ]
    with pytest.raises(NobodyToAskError):
        _call(None, mission.election)
