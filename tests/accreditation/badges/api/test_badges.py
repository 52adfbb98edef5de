"""Badges by API: what a mission reads of its own, never what could make another card, and the report of a loss."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from tests.accreditation.badges.made import badge_in
from tests.conftest import staff
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def badge(accreditation: Accreditation, issuer: User, at: dt.datetime) -> Badge:
    return badge_in(BadgeState.HANDED_OVER, accreditation, by=issuer, at=at)


def report(user: User, badge: Badge, body: dict[str, Any] | None = None, **headers: str) -> Any:
    sent = {"Idempotency-Key": "key-1", "If-Match": '"1"', **headers}
    client: APIClient = as_user(user, TokenScope.WRITE)
    return client.post(f"/api/v1/badges/{badge.pk}/report-lost/", body or {}, format="json", headers=sent)


def test_a_badge_tells_where_it_stands_and_nothing_to_copy_it_by(badge: Badge, lead: User) -> None:
    response = as_user(lead).get(f"/api/v1/badges/{badge.pk}/")

    assert response.json() == {
        "id": badge.pk,
        "election": badge.election_id,
        "mission": badge.mission_id,
        "accreditation": badge.accreditation_id,
        "number": "B-000001",
        "issue": 1,
        "name": "MEYER ANNA",
        "state": "handed_over",
        "valid_from": "2024-01-18T12:00:00Z",
        "valid_until": "2024-02-07T12:00:00Z",
        "printed_at": "2024-01-18T12:00:00Z",
        "handed_over_at": "2024-01-18T12:00:00Z",
        "collected_by": "Somebody",
        "ended_at": None,
        "void_reason": "",
        "version": 1,
    }
    assert response["ETag"] == '"1"'
    assert (badge.code_id in response.content.decode(), "pdf" in response.content.decode()) == (False, False)


@pytest.mark.parametrize(("asked", "count"), [("state=handed_over", 1), ("state=lost", 0), ("mission={}", 1)])
def test_badges_are_filtered_by_state_and_mission(asked: str, count: int, badge: Badge, lead: User) -> None:
    response = as_user(lead).get(f"/api/v1/badges/?{asked.format(badge.mission_id)}")

    assert len(response.json()["results"]) == count


def test_the_lead_reports_a_loss_once_for_each_key(badge: Badge, lead: User, at: dt.datetime) -> None:
    answer = report(lead, badge, {"note": "In a taxi."})
    again = report(lead, badge, {"note": "In a taxi."})

    assert (answer.status_code, answer["ETag"], answer.json()["state"]) == (200, '"2"', "lost")
    assert (again.json(), again["Idempotency-Replayed"]) == (answer.json(), "true")
    told = Event.objects.of(badge).values_list("verb", "actor", "reason")
    assert list(told) == [("badge_lost", lead.pk, "In a taxi.")]


def test_the_desk_reports_a_loss_too(badge: Badge) -> None:
    assert report(staff("desk@ministry.example", "badges.hand_over_badge"), badge).status_code == 200


def test_nobody_else_reports_it(badge: Badge, mission: Mission, other_lead: User) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)

    answers = [report(user, badge).status_code for user in (other_lead, focal, staff("x@ministry.example"))]

    assert answers == [404, 403, 403]
    badge.refresh_from_db()
    assert (badge.state, Event.objects.of(badge).count()) == ("handed_over", 0)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"If-Match": '"2"'}, {}, 412),
        ({"If-Match": "*"}, {}, 400),
        ({"Idempotency-Key": ""}, {}, 400),
        ({}, {"where": "taxi"}, 400),
        ({}, {"note": "x" * 2001}, 400),
    ],
)
def test_a_report_that_is_not_sound_changes_nothing(
    headers: dict[str, str], body: dict[str, Any], status: int, badge: Badge, lead: User
) -> None:
    assert report(lead, badge, body, **headers).status_code == status
    badge.refresh_from_db()
    assert badge.state == "handed_over"


def test_what_nobody_has_taken_cannot_be_lost_by_its_holder(
    accreditation: Accreditation, issuer: User, lead: User, at: dt.datetime
) -> None:
    printed = badge_in(BadgeState.PRINTED, accreditation, by=issuer, at=at)

    answer = report(lead, printed)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-transition")
