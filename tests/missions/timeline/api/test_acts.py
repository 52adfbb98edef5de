"""Changes of a timeline over the API: whose, of which version, once."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Membership, TokenScope, User
from missions.states import MembershipRole
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline
from tests.missions.api.world import AT, World, as_user

pytestmark = pytest.mark.django_db
PLACE = {"day": "2024-02-03", "local_time": "20:30", "time_zone": "Asia/Baku", "reason": "The flight is earlier."}


@pytest.fixture
def arrival(world: World) -> Milestone:
    Milestone.objects.all().delete()
    lay_timeline(mission=world.other_mission, by=None, at=AT)
    clock.set_to(AT)
    return Milestone.objects.get(code="arrival")


def _lead(world: World) -> APIClient:
    return as_user(world.people.other_lead, TokenScope.WRITE)


def _post(client: APIClient, path: str, body: object = None, *, match: str | None = '"1"', key: str = "k") -> Any:
    headers = {"Idempotency-Key": key} | ({"If-Match": match} if match else {})
    return client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def test_a_lead_changes_a_milestone_and_the_same_request_again_changes_nothing(
    world: World, arrival: Milestone
) -> None:
    client = _lead(world)

    answer = _post(client, f"milestones/{arrival.pk}/change/", PLACE)
    again = _post(client, f"milestones/{arrival.pk}/change/", PLACE)

    body = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert (body["planned_at"], body["offset_days"], body["is_own"], body["sequence"], body["reason"]) == (
        "2024-02-03T16:30:00Z",
        -4,
        True,
        1,
        "The flight is earlier.",
    )
    assert (again.json(), again["Idempotency-Replayed"]) == (body, "true")
    assert body == client.get(f"/api/v1/milestones/{arrival.pk}/").json()
    arrival.refresh_from_db()
    assert arrival.version == 2


def test_disorder_is_refused_with_its_sentence_until_it_is_wanted(world: World, arrival: Milestone) -> None:
    late = {**PLACE, "day": "2024-02-05"}

    refused = _post(_lead(world), f"milestones/{arrival.pk}/change/", late)
    made = _post(_lead(world), f"milestones/{arrival.pk}/change/", {**late, "despite": True}, key="k2")

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/timeline-out-of-order")
    assert [(row["field"], row["code"]) for row in refused.json()["errors"]] == [
        ("despite", "out_of_order"),
        ("despite", "out_of_order"),
    ]
    assert made.status_code == 200
    meeting = _lead(world).get("/api/v1/milestones/?code=ministry_meeting").json()["results"][0]
    assert [row["other"] for row in meeting["violations"]] == ["arrival"]


def test_a_lead_adds_cancels_restores_resets_marks_and_unmarks(world: World, arrival: Milestone) -> None:
    client = _lead(world)
    path = f"milestones/{arrival.pk}"

    added = _post(client, f"missions/{world.other_mission.pk}/milestones/", {**PLACE, "title": "Tea"}, match=None)
    cancelled = _post(client, f"{path}/cancel/", {"reason": "Nobody"}, key="1")
    restored = _post(client, f"{path}/restore/", {"reason": "Somebody"}, match='"2"', key="2")
    reset = _post(client, f"{path}/reset/", match='"3"', key="3")
    marked = _post(client, f"{path}/mark/", {"happened_at": "2024-01-18T15:00:00+04:00"}, match='"4"', key="4")
    unmarked = _post(client, f"{path}/unmark/", match='"5"', key="5")

    assert (added.status_code, added.json()["code"], added.json()["title"]) == (201, "own_1", "Tea")
    assert (cancelled.json()["standing"], restored.json()["standing"]) == ("cancelled", "coming")
    assert (reset.json()["is_own"], reset.json()["reason"]) == (False, "")
    assert (marked.json()["actual_at"], marked.json()["proof"]) == ("2024-01-18T11:00:00Z", "noted by hand")
    assert (unmarked.json()["actual_at"], unmarked.json()["version"]) == (None, 6)


@pytest.mark.parametrize(("match", "status"), [(None, 428), ('"2"', 412), ("1", 400)])
def test_every_act_names_the_version_that_was_read(
    world: World, arrival: Milestone, match: str | None, status: int
) -> None:
    answer = _post(_lead(world), f"milestones/{arrival.pk}/cancel/", {"reason": "Why"}, match=match)

    assert answer.status_code == status
    arrival.refresh_from_db()
    assert arrival.cancelled_at is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**PLACE, "offset_days": 1}, 400, "unknown_field"),
        ({**PLACE, "day": "soon"}, 400, "invalid"),
        ({**PLACE, "reason": ""}, 400, "blank"),
        ({**PLACE, "after": ["opening"]}, 422, None),
        ({**PLACE, "time_zone": "Mars/North"}, 422, None),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    world: World, arrival: Milestone, body: dict[str, object], status: int, code: str | None
) -> None:
    answer = _post(_lead(world), f"milestones/{arrival.pk}/change/", body)

    assert answer.status_code == status
    if code:
        assert [row["code"] for row in answer.json()["errors"]] == [code]


def test_who_may_change_a_timeline(world: World, arrival: Milestone) -> None:
    focal = User.objects.create_user("focal@two.example")
    Membership.objects.create(user=focal, mission=world.other_mission, role=MembershipRole.FOCAL_POINT)

    def status(user: User, scope: TokenScope = TokenScope.WRITE) -> int:
        return int(_post(as_user(user, scope), f"milestones/{arrival.pk}/cancel/", {"reason": "Why"}).status_code)

    def may_add(user: User) -> int:
        path = f"missions/{world.other_mission.pk}/milestones/"
        return int(_post(as_user(user, TokenScope.WRITE), path, {**PLACE, "title": "Tea"}).status_code)

    people = world.people
    assert (status(focal), status(people.host), status(people.lead)) == (403, 403, 404)
    assert (may_add(focal), may_add(people.host), may_add(people.lead)) == (403, 403, 404)
    assert status(people.other_lead, TokenScope.READ) == 403
    assert status(people.other_lead) == 200
    assert Milestone.objects.filter(title="Tea").count() == 0


def test_what_is_not_yet_has_not_happened(world: World, arrival: Milestone) -> None:
    tomorrow = (AT + dt.timedelta(days=1)).isoformat()

    answer = _post(_lead(world), f"milestones/{arrival.pk}/mark/", {"happened_at": tomorrow})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/milestone-in-future")
