"""Requests and bookings over the API: what leads may do, and that nothing of others shows."""

from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from missions.timeline.programme.models import MeetingRequest, Programme, SharedResource
from missions.timeline.programme.services.requests import pin_request
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.api.world import as_user
from tests.missions.timeline.programme.conftest import Ask, MakeProgramme, local
from tests.staff import in_role

pytestmark = pytest.mark.django_db
PATH = "/api/v1/meeting-requests/"


@pytest.fixture(autouse=True)
def _no_throttle_of_earlier_tests() -> None:
    cache.clear()


@pytest.fixture
def body(shared: dict[str, SharedResource], mission: Mission) -> dict[str, Any]:
    return {
        "mission": mission.pk,
        "kind": "minister",
        "persons": 5,
        "language": "ru",
        "not_before": "2024-02-05T09:00:00+04:00",
        "ends_by": "2024-02-06T18:00:00+04:00",
        "note": "With the deputy head",
    }


def client_of(user: User) -> APIClient:
    return as_user(user, TokenScope.WRITE)


def send(user: User, body: dict[str, Any], key: str = "one") -> Any:
    return client_of(user).post(PATH, body, format="json", HTTP_IDEMPOTENCY_KEY=key)


def withdraw(user: User, row: MeetingRequest, version: int, key: str = "two", **body: object) -> Any:
    return client_of(user).post(
        f"{PATH}{row.pk}/withdraw/", body, format="json", HTTP_IDEMPOTENCY_KEY=key, HTTP_IF_MATCH=f'"{version}"'
    )


def test_a_lead_asks_and_the_same_key_asks_once(body: dict[str, Any], lead: User) -> None:
    first, again = send(lead, body), send(lead, body)

    row = MeetingRequest.objects.get()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first["Location"] == f"{PATH}{row.pk}/"
    assert first["ETag"] == '"1"'
    assert first.json() == again.json() == client_of(lead).get(f"{PATH}{row.pk}/").json()
    assert first.json() == {
        "id": row.pk,
        "mission": row.mission_id,
        "kind": "minister",
        "part": 1,
        "persons": 5,
        "language": "ru",
        "head": None,
        "not_before": "2024-02-05T05:00:00Z",
        "ends_by": "2024-02-06T14:00:00Z",
        "is_must": False,
        "note": "With the deputy head",
        "state": "asked",
        "asked_at": first.json()["asked_at"],
        "version": 1,
    }
    assert row.asked_by == lead
    assert send(lead, body, key="other").json()["type"] == "/problems/request-there"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends_by": "2024-02-05T09:10:00+04:00"}, 422, "window_too_short"),
        ({"ends_by": "2024-02-05T08:00:00+04:00"}, 422, "window_empty"),
        ({"not_before": "2014-02-05T08:00:00+04:00"}, 422, "window_too_far"),
        ({"language": "ka"}, 422, "language_unknown"),
        ({"persons": 0}, 400, "min_value"),
        ({"not_before": "2024-02-05T09:00:00"}, 400, "timezone_required"),
        ({"kind": "dinner"}, 400, "invalid_choice"),
        ({"is_must": True}, 400, "unknown_field"),
        ({"mission": "1"}, 400, "incorrect_type"),
        ({"mission": True}, 400, "incorrect_type"),
        ({"head": 999_999}, 422, "head_unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_code(
    body: dict[str, Any], lead: User, change: dict[str, object], status: int, code: str
) -> None:
    response = send(lead, {**body, **change})

    assert response.status_code == status, response.json()
    assert [(row["code"], row["field"]) for row in response.json()["errors"]] == [(code, *change)]
    assert not MeetingRequest.objects.exists()


def test_for_a_foreign_mission_nobody_asks_and_a_focal_point_for_none(
    body: dict[str, Any], lead: User, other_lead: User, mission: Mission
) -> None:
    absent = send(other_lead, {**body, "mission": 987_654})
    foreign = send(other_lead, body, key="two")

    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "does_not_exist")
    assert foreign.json()["errors"][0]["detail"].replace(str(mission.pk), "") == absent.json()["errors"][0][
        "detail"
    ].replace("987654", "")
    Membership.objects.filter(user=lead).update(role=MembershipRole.FOCAL_POINT)
    assert send(lead, body, key="three").status_code == 403
    assert not MeetingRequest.objects.exists()


def test_protocol_asks_for_any_mission_and_other_staff_for_none(body: dict[str, Any]) -> None:
    assert send(in_role("auditor"), body).status_code == 403
    assert send(in_role("protocol"), body, key="two").status_code == 201


def test_a_lead_takes_back_what_is_as_it_was_read(ask: Ask, mission: Mission, lead: User, other_lead: User) -> None:
    row = ask(mission)

    assert withdraw(other_lead, row, 1).status_code == 404
    assert withdraw(lead, row, 7).status_code == 412
    done = withdraw(lead, row, 1, key="three", reason="No time")

    assert (done.status_code, done.json()["state"], done["ETag"]) == (200, "withdrawn", '"2"')
    assert withdraw(lead, row, 2, key="four").json()["type"] == "/problems/illegal-transition"


def patch(user: User, row: MeetingRequest, version: int | None, **body: object) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client_of(user).patch(f"{PATH}{row.pk}/", body, format="json", headers=headers)


def test_a_lead_changes_what_has_no_place_yet(ask: Ask, mission: Mission, lead: User, other_lead: User) -> None:
    row = ask(mission)
    before = client_of(lead).get(f"{PATH}{row.pk}/").json()

    assert patch(other_lead, row, 1, persons=3).status_code == 404
    assert (patch(lead, row, None, persons=3).status_code, patch(lead, row, 7, persons=3).status_code) == (428, 412)
    done = patch(lead, row, 1, persons=3, language="ru", ends_by="2024-02-06T17:00:00+04:00")

    new = {"persons": 3, "language": "ru", "ends_by": "2024-02-06T13:00:00Z", "version": 2}
    assert (done.status_code, done["ETag"], done.json()) == (200, '"2"', before | new)
    assert patch(lead, row, 2, persons=3).json()["version"] == 2
    (event,) = Event.objects.of(row).filter(verb="meeting_changed")
    assert (event.actor, sorted(event.changed)) == (lead, ["language", "latest_at", "size"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends_by": "2024-02-01T09:00:00+04:00"}, 422, "window_empty"),
        ({"language": "ka"}, 422, "language_unknown"),
        ({"head": 999_999}, 422, "head_unknown"),
        ({"persons": 0}, 400, "min_value"),
        ({"kind": "chair"}, 400, "unknown_field"),
        ({"is_must": True}, 400, "unknown_field"),
        ({"mission": 1}, 400, "unknown_field"),
    ],
)
def test_what_cannot_be_asked_cannot_be_made_of_a_request(
    ask: Ask, mission: Mission, lead: User, change: dict[str, object], status: int, code: str
) -> None:
    answer = patch(lead, ask(mission), 1, **change)

    assert (answer.status_code, [row["code"] for row in answer.json()["errors"]]) == (status, [code])
    assert MeetingRequest.objects.get().version == 1


def test_what_was_promised_a_time_is_not_changed_any_more(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, lead: User
) -> None:
    row = ask(mission)
    draft = make_programme((row, "minister", local(5, 10), 20))
    assert patch(lead, row, 1, persons=3).status_code == 200
    Programme.objects.filter(pk=draft.pk).update(state=ProgrammeState.RELEASED, released_at=local(1, 9))

    late = patch(lead, row, 2, persons=4)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/request-booked")
    withdraw(lead, row, 2)
    assert patch(lead, row, 3, persons=4).json()["errors"][0]["code"] == "request_withdrawn"


def test_a_time_that_the_ministry_fixed_stays_in_the_window(ask: Ask, mission: Mission, lead: User) -> None:
    row = pin_request(request=ask(mission), starts_at=local(5, 10), by=None, at=local(1, 9))

    answer = patch(lead, row, 2, not_before="2024-02-05T11:00:00+04:00")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "pin_outside_window")


def test_a_focal_point_reads_a_request_and_does_not_change_it(ask: Ask, mission: Mission, lead: User) -> None:
    Membership.objects.filter(user=lead).update(role=MembershipRole.FOCAL_POINT)

    assert patch(lead, ask(mission), 1, persons=3).status_code == 403


def test_a_lead_reads_own_released_places_and_nothing_else(
    ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission, lead: User, other_lead: User
) -> None:
    own, foreign = ask(mission, language="ru"), ask(other_mission)
    released = make_programme(
        (own, "minister", local(5, 10), 20),
        (foreign, "minister", local(5, 10, 25), 20),
        state=ProgrammeState.RELEASED,
    )
    make_programme((own, "minister", local(6, 10, 20), 20), base=released)

    (row,) = client_of(lead).get("/api/v1/bookings/").json()["results"]

    booking = released.bookings.get(request=own)
    assert row == {
        "id": booking.pk,
        "request": own.pk,
        "mission": mission.pk,
        "kind": "minister",
        "starts_at": "2024-02-05T06:00:00Z",
        "ends_at": "2024-02-05T06:20:00Z",
        "time_zone": "Asia/Baku",
        "place": "Minister of Foreign Affairs, Ministry, reception room",
        "programme_version": 1,
    }
    assert client_of(other_lead).get(f"/api/v1/bookings/{booking.pk}/").status_code == 404
    assert len(client_of(in_role("protocol")).get("/api/v1/bookings/").json()["results"]) == 3


@pytest.mark.parametrize(
    ("query", "found"), [("kind=chair", 1), ("kind=press", 0), ("state=asked", 2), ("state=withdrawn", 0)]
)
def test_requests_are_found_by_kind_and_state(ask: Ask, mission: Mission, lead: User, query: str, found: int) -> None:
    ask(mission)
    ask(mission, RequestKind.CHAIR)

    assert len(client_of(lead).get(f"{PATH}?{query}").json()["results"]) == found
