"""Acts in numbers: each row by itself, once per key, and told again only to who still sees them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.models import Accreditation, Application, Nomination, Stay
from accreditation.states import ApplicationState
from missions.api.bulk import MOST_ROWS
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db

_S = ApplicationState
WITHDRAW = "/api/v1/applications/bulk-withdraw/"
STAYS = "/api/v1/nominations/bulk-stays/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


def _post(user: User, path: str, rows: list[Any], key: str = "one") -> Any:
    client = as_user(user, TokenScope.WRITE)
    return client.post(path, {"rows": rows}, format="json", headers={"Idempotency-Key": key})


def _told(response: Any) -> list[tuple[Any, ...]]:
    rows = response.json()["results"]
    return [(row["number"], row["status"], row["problem"] and row["problem"]["type"]) for row in rows]


def _row(application: Application, **more: object) -> dict[str, object]:
    return {"id": application.pk, "version": application.version, **more}


def _made(make: MakeApplication, number: int, state: str = _S.SUBMITTED) -> Application:
    return make(state, person=draft_number(number))


def test_each_row_is_carried_out_or_refused_by_itself(
    make_application: MakeApplication, other_mission: Mission, lead: User
) -> None:
    states = (_S.SUBMITTED, _S.SUBMITTED, _S.SUBMITTED, _S.SUBMITTED)
    first, stale, decided, foreign = (_made(make_application, number, state) for number, state in enumerate(states))
    Application.objects.filter(pk=decided.pk).update(state=_S.REFUSED)
    Nomination.objects.filter(pk=foreign.nomination_id).update(mission=other_mission)

    response = _post(
        lead,
        WITHDRAW,
        [
            _row(first, reason="ill"),
            {"id": stale.pk, "version": 99},
            _row(decided),
            _row(foreign),
            {"id": 10**9, "version": 1},
            {"id": first.pk},
            "nonsense",
            _row(stale, colour="red"),
        ],
    )

    problem = "/problems/{}".format
    assert response.status_code == 200
    assert _told(response) == [
        (1, 200, None),
        (2, 412, problem("precondition-failed")),
        (3, 409, problem("illegal-transition")),
        (4, 404, problem("not-found")),
        (5, 404, problem("not-found")),
        (6, 400, problem("invalid-request")),
        (7, 400, problem("invalid-request")),
        (8, 400, problem("invalid-request")),
    ]
    results = response.json()["results"]
    assert (results[0]["version"], results[6]["id"]) == (first.version + 1, None)
    assert results[7]["problem"]["errors"][0] == {
        "field": "colour",
        "code": "unknown_field",
        "detail": "There is no such field.",
    }
    assert results[3]["problem"] == results[4]["problem"]
    found = Application.objects.order_by("pk").values_list("state", flat=True)
    assert list(found) == [_S.WITHDRAWN, _S.SUBMITTED, _S.REFUSED, _S.SUBMITTED]
    assert Event.objects.filter(verb="withdrawn").count() == 1


def test_a_retry_gets_the_same_results_and_changes_nothing(make_application: MakeApplication, lead: User) -> None:
    rows = [_row(_made(make_application, number)) for number in range(3)]

    first, again = (_post(lead, WITHDRAW, rows) for _turn in range(2))

    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    assert Event.objects.filter(verb="withdrawn").count() == 3
    assert [status for _number, status, _type in _told(_post(lead, WITHDRAW, rows, "two"))] == [412] * 3


def test_who_left_the_mission_is_told_nothing_again(make_application: MakeApplication, lead: User) -> None:
    rows = [_row(make_application(_S.SUBMITTED))]
    _post(lead, WITHDRAW, rows)
    Membership.objects.filter(user=lead).delete()

    assert _post(lead, WITHDRAW, rows).status_code == 404


def test_a_focal_point_withdraws_nobody_and_submits(
    make_application: MakeApplication, mission: Mission, at: dt.datetime
) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    application = make_application(_S.DRAFT)

    assert _told(_post(focal, WITHDRAW, [_row(application)]))[0][1:] == (403, "/problems/refused")
    submitted = _post(focal, "/api/v1/applications/bulk-submit/", [_row(application)], "two")
    application.refresh_from_db()
    assert (_told(submitted)[0][1], application.state != _S.DRAFT) == (200, True)
    assert submitted.json()["results"][0]["version"] == application.version


def test_accreditations_are_returned_in_numbers(accreditation: Accreditation, lead: User) -> None:
    row = {"id": accreditation.pk, "version": accreditation.application.version, "reason": "goes home"}

    response = _post(lead, "/api/v1/accreditations/bulk-return/", [row, row])

    accreditation.refresh_from_db()
    assert (accreditation.state, [told[1] for told in _told(response)]) == ("returned", [200, 412])


def test_stays_are_planned_by_nomination(make_application: MakeApplication, lead: User) -> None:
    first, second = (_made(make_application, number).nomination_id for number in range(2))
    plan = {"version": 0, "arrives_at": "2024-02-03T14:20:00+04:00", "arrival_flight": "J2 8004"}
    late = {**plan, "departs_at": "2024-02-01T14:20:00+04:00"}

    response = _post(lead, STAYS, [{"id": first, **plan}, {"id": second, **late}, {"id": first, **plan}])

    assert [status for _number, status, _type in _told(response)] == [200, 422, 412]
    assert list(Stay.objects.values_list("nomination", "arrival_flight", "version")) == [(first, "J2 8004", 1)]


@pytest.mark.parametrize("rows", [[], "x", [{"id": 1, "version": 1}] * (MOST_ROWS + 1)])
def test_a_request_without_rows_or_with_too_many_is_refused_whole(lead: User, rows: Any) -> None:
    response = _post(lead, WITHDRAW, rows)

    assert (response.status_code, response.json()["errors"][0]["field"].split(".")[0]) == (400, "rows")


def test_rows_that_are_refused_cost_little(make_application: MakeApplication, lead: User) -> None:
    application = make_application(_S.SUBMITTED)
    stale = {"id": application.pk, "version": 99}
    _post(lead, WITHDRAW, [stale], "warm")

    counts = []
    for number in (1, 11):
        with CaptureQueriesContext(connection) as queries:
            _post(lead, WITHDRAW, [stale] * number, f"rows-{number}")
        counts.append(len(queries))

    assert counts[1] - counts[0] <= 10 * 8
