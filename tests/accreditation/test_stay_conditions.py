"""Who is asked when accredited people come, and whether those have come who should have."""

import datetime as dt

import pytest

from accreditation.models import Accreditation
from accreditation.services.stays import StayPlan, note_arrival, plan_stay
from accreditation.states import AccreditationState, Category
from missions.models import User
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role

pytestmark = pytest.mark.django_db

ARRIVAL = dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC)  # 18:00 in Baku
EVENING = dt.datetime(2024, 2, 4, 16, tzinfo=dt.UTC)
WEEK_BEFORE = dt.datetime(2024, 1, 31, 4, tzinfo=dt.UTC)
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
arrival_unknown = rule_source("arrival_unknown")
arrival_not_confirmed = rule_source("arrival_not_confirmed")


def _plan(accreditation: Accreditation, by: User, at: dt.datetime, arrives_at: dt.datetime | None = ARRIVAL) -> None:
    plan_stay(nomination=accreditation.application.nomination, plan=StayPlan(arrives_at=arrives_at), by=by, at=at)


@pytest.mark.usefixtures("other_lead")
def test_leads_are_asked_a_week_before_when_their_people_come(
    accreditation: Accreditation, lead: User, at: dt.datetime
) -> None:
    (draft,) = arrival_unknown.due(at=WEEK_BEFORE)

    assert (draft.to_address, draft.subject) == (lead.email, "When does 1 accredited observer arrive?")
    assert draft.body.endswith("Please enter day, hour and flight:\n\nR-1")
    assert list(arrival_unknown.due(at=WEEK_BEFORE - SECOND)) == []
    _plan(accreditation, lead, at, arrives_at=None)
    assert arrival_unknown.still_due(message_of(draft), at=WEEK_BEFORE)
    _plan(accreditation, lead, at)
    assert not arrival_unknown.still_due(message_of(draft), at=WEEK_BEFORE)


def test_protocol_is_told_three_days_before_of_whom_it_is_still_unknown(accreditation: Accreditation) -> None:
    in_role("protocol")
    nine = dt.datetime(2024, 2, 4, 5, tzinfo=dt.UTC)

    told = {draft.to_address for draft in arrival_unknown.due(at=nine)}

    assert told == {"lead@odihr.example", "protocol@desk.example"}
    assert "protocol@desk.example" not in {draft.to_address for draft in arrival_unknown.due(at=nine - SECOND)}


@pytest.mark.usefixtures("other_lead")
def test_leads_are_asked_in_the_evening_whether_people_have_come(
    accreditation: Accreditation, lead: User, reviewer: User, at: dt.datetime
) -> None:
    _plan(accreditation, lead, at)

    (draft,) = arrival_not_confirmed.due(at=EVENING)

    assert (draft.to_address, draft.subject) == (lead.email, "1 arrival is not confirmed")
    assert list(arrival_not_confirmed.due(at=EVENING - SECOND)) == []
    note_arrival(nomination=accreditation.application.nomination, arrived_at=ARRIVAL, by=reviewer, at=EVENING)
    assert not arrival_not_confirmed.still_due(message_of(draft), at=EVENING)
    assert list(arrival_not_confirmed.due(at=EVENING)) == []


@pytest.mark.parametrize(
    "changes",
    [{"state": AccreditationState.SUSPENDED, "reason": "x"}, {"category": Category.FOREIGN_MEDIA}],
    ids=["suspended", "not an observer"],
)
def test_of_others_nobody_is_asked(
    accreditation: Accreditation, lead: User, at: dt.datetime, changes: dict[str, str]
) -> None:
    _plan(accreditation, lead, at)
    Accreditation.objects.update(**changes)

    assert list(arrival_not_confirmed.due(at=EVENING)) == []
    assert list(arrival_unknown.due(at=WEEK_BEFORE)) == []
