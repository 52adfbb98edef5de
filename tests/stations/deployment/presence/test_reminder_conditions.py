"""Who is told of a roll call: whoever acts for a mission of the pool, at once, and again when the time has passed."""

import datetime as dt

import pytest

from missions.models import Election, Mission, User
from missions.reminders.sources import ReminderDraft
from stations.deployment.presence.models import RollCall
from stations.deployment.presence.services.roll_calls import AnswerDraft, answer_roll_call, call_roll, close_roll_call
from stations.deployment.presence.states import Reply
from tests.reminder_rules import rule_source
from tests.staff import in_role
from tests.stations.deployment.builders import deployed
from tests.stations.deployment.presence.conftest import hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def roll_call(election: Election, other_mission: Mission, other_lead: User) -> RollCall:
    """The pool asks two people of one mission until ten o'clock UTC."""
    for code in ("FRA", "DEU"):
        deployed(other_mission, code)
    return _call(election, None)


def _call(election: Election, mission: Mission | None) -> RollCall:
    return call_roll(election=election, mission=mission, reason="Canary alarm", answer_by=hour(10), by=None, at=hour(9))


def _answer(roll_call: RollCall, count: int) -> None:
    for asked in list(roll_call.asked.order_by("pk"))[:count]:
        draft = AnswerDraft(Reply.SAFE, "n", hour(9))
        answer_roll_call(roll_call=roll_call, asked=asked, draft=draft, device_now=hour(9), by=None, at=hour(9, 5))


def _due(rule: str, at: dt.datetime) -> list[ReminderDraft]:
    return list(rule_source(rule).due(at=at))


def test_leads_of_the_pool_hear_of_it_at_once_without_a_name(roll_call: RollCall, other_lead: User) -> None:
    (mail,) = _due("roll_call_open", hour(9))

    assert (mail.to_address, mail.subject_id, mail.slot) == (other_lead.email, roll_call.pk, dt.date(2024, 2, 7))
    assert mail.subject == "Are your people safe? Please answer by 7 February 2024, 14:00 (Asia/Baku)"
    assert "2 people of your mission are safe" in mail.body
    assert not any(asked.observer.surname in mail.body for asked in roll_call.asked.all())
    assert "Canary" not in mail.subject + mail.body


def test_after_the_time_to_answer_whoever_is_silent_is_asked_again_and_planners_hear_it(
    roll_call: RollCall, other_lead: User
) -> None:
    planner = in_role("planner")
    _answer(roll_call, 1)

    assert _due("roll_call_unanswered", hour(9, 59)) == []
    mails = {mail.to_address: mail.subject for mail in _due("roll_call_unanswered", hour(10))}

    assert mails == {
        other_lead.email: "No answer yet: 1 person of your mission",
        planner.email: "PABSEC delegation: 1 person has not answered the roll call",
    }


def test_nobody_is_told_once_all_have_answered_or_it_is_closed_or_a_day_old(roll_call: RollCall) -> None:
    assert _due("roll_call_open", hour(9) + dt.timedelta(days=1)) == []
    _answer(roll_call, 2)
    assert (_due("roll_call_open", hour(9, 10)), _due("roll_call_unanswered", hour(11))) == ([], [])

    close_roll_call(roll_call=roll_call, by=None, at=hour(12))
    again = call_roll(
        election=roll_call.election, mission=None, reason="Drill", answer_by=hour(14), by=None, at=hour(13)
    )
    assert len(_due("roll_call_open", hour(13))) == 1
    close_roll_call(roll_call=again, by=None, at=hour(13, 1))
    assert _due("roll_call_open", hour(13, 2)) == []


def test_of_a_self_directed_missions_roll_call_no_mail_tells(mission: Mission, lead: User) -> None:
    deployed(mission, "FRA")
    _call(mission.election, mission)

    assert (_due("roll_call_open", hour(9)), _due("roll_call_unanswered", hour(11))) == ([], [])
