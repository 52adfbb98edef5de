"""Acts of missions by the API: once per key, only on the version that was read, and only by their own lead."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from accreditation.models import Accreditation, Application, Nomination
from accreditation.services.decisions import refuse_application
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from tests.accreditation.conftest import MakeApplication
from tests.conftest import staff
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db

_S = ApplicationState
SUCCESSOR = {
    "reference": "R-77",
    "surname": "Novak",
    "given_names": "Jan",
    "sex": "m",
    "birth_date": "1979-03-02",
    "nationality": "CZE",
    "passport_issuer": "CZE",
    "passport_number": "P7777777",
    "passport_expires_on": "2031-01-01",
    "role": "sto",
    "documents_on": "2024-01-19",
}
#: What an act needs to be told at least; the others nothing.
SHORTEST: dict[str, dict[str, Any]] = {"replace": {"successor": None}}


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def client(lead: User) -> APIClient:
    return as_user(lead, TokenScope.WRITE)


def act(
    client: APIClient,
    row: Application | Accreditation,
    name: str,
    body: dict[str, Any] | None = None,
    *,
    key: str = "key-1",
    match: str | None = "",
) -> Any:
    """The answer; without `match` the ETag that reading the object gives, without a body the shortest one."""
    address = f"/api/v1/{row._meta.model_name}s/{row.pk}/"
    headers = {"Idempotency-Key": key}
    if match is not None:
        headers["If-Match"] = match or client.get(address)["ETag"]
    return client.post(f"{address}{name}/", body or SHORTEST.get(name, {}), format="json", headers=headers)


def test_a_mission_submits_withdraws_and_reads_the_new_version(
    make_application: MakeApplication, client: APIClient, mission: Mission
) -> None:
    application = make_application()

    submitted = act(client, application, "submit")
    withdrawn = act(client, application, "withdraw", {"reason": "Travel cancelled."}, key="key-2")

    assert (submitted.status_code, submitted.json()["state"], submitted["ETag"]) == (200, "submitted", '"2"')
    assert (withdrawn.status_code, withdrawn.json()["state"], withdrawn.json()["version"]) == (200, "withdrawn", 3)
    assert Event.objects.of(application).get(verb="withdrawn").reason == "Travel cancelled."
    mission.refresh_from_db()
    assert mission.places_taken == 0


def test_a_refusal_is_appealed_with_a_reason(
    make_application: MakeApplication, client: APIClient, approver: User, at: dt.datetime
) -> None:
    application = make_application(_S.SCHEDULED)
    refuse_application(application=application, ground="information_not_confirmed", text="Why", by=approver, at=at)

    without = act(client, application, "appeal", {"reason": " "})
    appealed = act(client, application, "appeal", {"reason": "The data were confirmed."})

    assert (without.status_code, without.json()["errors"][0]["field"]) == (400, "reason")
    assert (appealed.status_code, appealed.json()["state"]) == (200, "appealed")


def test_an_accreditation_is_returned(accreditation: Accreditation, client: APIClient, mission: Mission) -> None:
    answer = act(client, accreditation, "return")

    assert (answer.status_code, answer.json()["state"]) == (200, "returned")
    assert answer["ETag"] == f'"{answer.json()["version"]}"'
    mission.refresh_from_db()
    assert mission.places_taken == 0


def test_a_person_is_replaced_and_the_successor_gets_the_place(
    accreditation: Accreditation, client: APIClient, mission: Mission
) -> None:
    Mission.objects.update(ceiling=1)

    answer = act(client, accreditation, "replace", {"reason": "Ill.", "successor": SUCCESSOR})

    assert (answer.status_code, answer.json()["state"]) == (200, "replaced")
    mission.refresh_from_db()
    assert mission.places_taken == 1
    assert Nomination.objects.get(reference="R-77").category == "international_observer"


def test_nobody_is_replaced_by_a_body_that_says_nothing_of_a_successor(
    accreditation: Accreditation, client: APIClient
) -> None:
    silent = act(client, accreditation, "replace", {"reason": "Ill."})
    nobody = act(client, accreditation, "replace", {"reason": "Ill.", "successor": None})

    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (400, "successor")
    assert (nobody.status_code, nobody.json()["state"]) == (200, "replaced")


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"surname": ""}, "value_missing"), ({"birth_date": "2030-02-31"}, "invalid_date")],
)
def test_an_unsound_successor_leaves_everything_as_it_was(
    accreditation: Accreditation, client: APIClient, changes: dict[str, str], code: str
) -> None:
    answer = act(client, accreditation, "replace", {"successor": {**SUCCESSOR, **changes}})

    accreditation.refresh_from_db()
    assert (answer.status_code, accreditation.state) == (422, "active")
    assert code in {error["code"] for error in answer.json()["errors"]}


ACTS = [
    ("application", "submit"),
    ("application", "withdraw"),
    ("accreditation", "return"),
    ("accreditation", "replace"),
]


def _row(kind: str, accreditation: Accreditation) -> Application | Accreditation:
    return accreditation if kind == "accreditation" else accreditation.application


@pytest.mark.parametrize(("kind", "name"), ACTS)
@pytest.mark.parametrize(
    ("match", "status", "code"),
    [(None, 428, "precondition-required"), ('"1"', 412, "precondition-failed"), ("*", 400, "if-match")],
)
def test_without_the_latest_version_nothing_happens(
    accreditation: Accreditation,
    client: APIClient,
    kind: str,
    name: str,
    match: str | None,
    status: int,
    code: str,
) -> None:
    answer = act(client, _row(kind, accreditation), name, match=match)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    accreditation.refresh_from_db()
    assert accreditation.state == "active"


def test_the_same_key_acts_once_and_an_act_that_does_not_fit_is_a_conflict(
    accreditation: Accreditation, client: APIClient
) -> None:
    tag = client.get(f"/api/v1/accreditations/{accreditation.pk}/")["ETag"]

    first = act(client, accreditation, "return", match=tag)
    again = act(client, accreditation, "return", match=tag)
    stale = act(client, accreditation, "return", match=tag, key="key-2")
    late = act(client, accreditation, "return", key="key-3")

    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert (stale.status_code, late.status_code) == (412, 409)
    assert late.json()["type"] == "/problems/illegal-transition"
    assert Event.objects.of(accreditation).filter(verb="returned").count() == 1


def test_a_field_that_does_not_exist_is_refused(make_application: MakeApplication, client: APIClient) -> None:
    application = make_application()

    answer = act(client, application, "submit", {"state": "accredited"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_field")
    application.refresh_from_db()
    assert application.state == "draft"


@pytest.mark.parametrize(("kind", "name"), ACTS)
def test_a_foreign_object_is_absent_and_the_host_acts_elsewhere(
    accreditation: Accreditation, other_lead: User, kind: str, name: str
) -> None:
    row = _row(kind, accreditation)
    host = as_user(staff("host@ministry.example", "accreditation.review_application"), TokenScope.WRITE)
    foreign = as_user(other_lead, TokenScope.WRITE)

    hidden = act(foreign, row, name, match='"1"')
    absent = foreign.post(
        f"/api/v1/{kind}s/999999/{name}/",
        SHORTEST.get(name, {}),
        format="json",
        headers={"Idempotency-Key": "k", "If-Match": '"1"'},
    )

    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert act(host, row, name, match='"1"').status_code == 403


def test_focal_points_submit_and_do_nothing_else(make_application: MakeApplication, mission: Mission) -> None:
    user = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.FOCAL_POINT)
    client, application = as_user(user, TokenScope.WRITE), make_application()

    assert act(client, application, "submit").status_code == 200
    assert act(client, application, "withdraw", key="key-2").status_code == 403


def test_a_token_that_may_only_read_does_nothing(make_application: MakeApplication, lead: User) -> None:
    assert act(as_user(lead), make_application(), "submit").status_code == 403
