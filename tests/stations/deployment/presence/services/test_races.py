"""Real connections at the same moment: one nonce, one open roll call, and an answer against the closing."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError

from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User
from stations.deployment.presence.errors import RollCallClosedError, RollCallOpenError
from stations.deployment.presence.models import PresenceReport, RollCall, RollCallAnswer
from stations.deployment.presence.services.reports import report_presence
from stations.deployment.presence.services.roll_calls import AnswerDraft, answer_roll_call, call_roll, close_roll_call
from stations.deployment.presence.states import PresenceKind, Reply
from tests.racing import errors_of, race
from tests.stations.deployment.builders import deployed
from tests.stations.deployment.presence.conftest import OnTheDay, hour

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20


def test_racers_with_one_nonce_store_one_report(day: OnTheDay, lead: User) -> None:
    draft = day.draft(PresenceKind.ARRIVED, hour(4), nonce="once", station=0)

    results = race([lambda: report_presence(draft=draft, device_now=hour(5), by=lead, at=hour(5))] * RACERS)

    assert errors_of(results) == []
    stored = PresenceReport.objects.get()
    assert [result.report for result in results] == [stored] * RACERS  # type: ignore[attr-defined]  # Taken


def test_looking_before_storing_without_the_constraint_would_store_more(day: OnTheDay, lead: User) -> None:
    """The control: all racers find nothing, and all of them store; it is the constraint that refuses all but one."""
    everybody_has_looked = threading.Barrier(RACERS)

    def store_unguarded() -> str:
        is_known = PresenceReport.objects.filter(team_key=day.first.key, nonce="once").exists()
        everybody_has_looked.wait(timeout=60)
        row = PresenceReport(team=day.first, team_key=day.first.key, kind=PresenceKind.IN_AREA, nonce="once", by=lead)
        row.client_time, row.happened_at, row.received_at, row.skew_seconds = hour(4), hour(4), hour(5), 0
        try:
            row.save()
        except IntegrityError as error:
            return broken_constraint(error, PresenceReport)
        return "known" if is_known else "stored"

    results = race([store_unguarded] * RACERS)

    assert sorted(map(str, results)) == ["presence_report_once"] * (RACERS - 1) + ["stored"]


def test_racers_who_call_the_roll_open_one(mission: Mission) -> None:
    deployed(mission, "FRA")
    call = partial(
        call_roll, election=mission.election, mission=mission, reason="Drill", answer_by=hour(9), by=None, at=hour(8)
    )

    results = race([call] * RACERS)

    assert errors_of(results) == [RollCallOpenError] * (RACERS - 1)
    assert RollCall.objects.get().asked.count() == 1


def test_an_answer_comes_before_the_closing_or_not_at_all(mission: Mission) -> None:
    deployed(mission, "FRA")
    roll_call = call_roll(
        election=mission.election, mission=mission, reason="Drill", answer_by=hour(9), by=None, at=hour(8)
    )
    asked = roll_call.asked.get()

    def answer(number: int) -> object:
        draft = AnswerDraft(Reply.SAFE, str(number), hour(8, 1))
        return answer_roll_call(
            roll_call=roll_call, asked=asked, draft=draft, device_now=hour(8, 2), by=None, at=hour(8, 2)
        )

    closing = partial(close_roll_call, roll_call=roll_call, by=None, at=hour(8, 3))
    results = race([closing, *(partial(answer, number) for number in range(RACERS - 1))])

    refused = errors_of(results)
    assert set(refused) <= {RollCallClosedError}
    assert RollCallAnswer.objects.count() == RACERS - 1 - len(refused)
