"""Leads hear that printed badges wait, from the morning after the first holder's arrival until they are collected."""

import datetime as dt

import pytest

from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState, CollectionProof
from accreditation.models import Accreditation
from accreditation.services.stays import StayPlan, note_arrival, plan_stay
from accreditation.states import AccreditationState
from missions.models import User
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role

pytestmark = pytest.mark.django_db

ARRIVAL = dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC)  # 18:00 in Baku
MORNING = dt.datetime(2024, 2, 5, 4, tzinfo=dt.UTC)
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
badge_not_collected = rule_source("badge_not_collected")


@pytest.fixture
def badge(accreditation: Accreditation, lead: User, at: dt.datetime) -> Badge:
    """A printed badge of somebody who means to arrive on 4 February."""
    nomination = accreditation.application.nomination
    plan_stay(nomination=nomination, plan=StayPlan(arrives_at=ARRIVAL), by=lead, at=at)
    return Badge.objects.create(
        election=accreditation.election,
        accreditation=accreditation,
        mission=nomination.mission,
        number=12,
        issue=1,
        code_id="0" * 16,
        state=BadgeState.PRINTED,
        content={},
        valid_from=at,
        valid_until=at + 30 * DAY,
        intended_at=at,
        intended_by=lead,
        key_id="k",
        token=b"t",
        signed_at=at,
        printed_at=at,
    )


@pytest.mark.usefixtures("badge", "other_lead")
def test_leads_are_told_of_waiting_badges_on_the_morning_after_the_arrival(lead: User) -> None:
    (draft,) = badge_not_collected.due(at=MORNING)

    assert (draft.to_address, draft.subject) == (lead.email, "1 badge waits for your people")
    assert draft.body.endswith("Nobody may observe without one:\n\nB-000012")
    assert list(badge_not_collected.due(at=MORNING - SECOND)) == []


@pytest.mark.usefixtures("badge")
def test_the_arrival_as_it_came_about_counts_more_than_the_plan(
    accreditation: Accreditation, lead: User, reviewer: User
) -> None:
    note_arrival(nomination=accreditation.application.nomination, arrived_at=ARRIVAL - DAY, by=reviewer, at=ARRIVAL)

    assert [draft.slot for draft in badge_not_collected.due(at=MORNING - DAY)] == [dt.date(2024, 2, 4)]


@pytest.mark.usefixtures("badge")
def test_a_day_later_protocol_is_told_as_well(lead: User) -> None:
    in_role("protocol")
    nine = MORNING + DAY + dt.timedelta(hours=1)

    told = sorted(draft.to_address for draft in badge_not_collected.due(at=nine))

    assert told == [lead.email, "protocol@desk.example"]


def test_it_is_over_when_the_badge_is_collected_or_good_for_nothing(badge: Badge, lead: User) -> None:
    (draft,) = badge_not_collected.due(at=MORNING)
    message = message_of(draft)

    held = badge_not_collected.still_due(message, at=MORNING)
    Accreditation.objects.update(state=AccreditationState.SUSPENDED, reason="x")
    suspended = badge_not_collected.still_due(message, at=MORNING)
    Accreditation.objects.update(state=AccreditationState.ACTIVE)
    Badge.objects.filter(pk=badge.pk).update(
        state=BadgeState.HANDED_OVER,
        handed_over_at=ARRIVAL,
        handed_over_by=lead,
        collected_by="Anna Meyer",
        collection_proof=CollectionProof.SIGNATURE,
    )
    collected = badge_not_collected.still_due(message, at=MORNING)

    assert (held, suspended, collected) == (True, False, False)


@pytest.mark.usefixtures("badge")
def test_it_is_over_with_election_day() -> None:
    assert list(badge_not_collected.due(at=dt.datetime(2024, 2, 7, 20, tzinfo=dt.UTC))) == []
