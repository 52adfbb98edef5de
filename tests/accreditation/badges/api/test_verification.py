"""The addresses of the verification: for everybody, for devices, and for nobody else."""

import datetime as dt
import logging
import random
import uuid
from typing import Any

import pytest
from django.core.cache import cache as remembered
from django.urls import reverse
from rest_framework.test import APIClient

from accreditation.badges.api.urls import urlpatterns
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.token import code_text
from accreditation.badges.models import Badge, CheckDevice, Scan
from accreditation.badges.services.devices import add_device, revoke_device
from accreditation.badges.services.issuing import issue_badge
from accreditation.models import Accreditation
from accreditation.services.accreditations import suspend_accreditation
from missions.kernel import clock
from missions.models import Constituency, Election, TokenScope, User
from tests.accreditation.badges.doors import badge_row, device_with_token
from tests.description import SCHEMA
from tests.missions.api.world import new_token
from tests.stations.deployment.builders import home_stations

BASE = "/api/v1/verification"
OPEN = (f"{BASE}/verify/", f"{BASE}/devices/enrol/")
OF_DEVICES = {f"{BASE}/device/": "get", f"{BASE}/pack/": "get", f"{BASE}/scans/": "post"}


@pytest.fixture(autouse=True)
def _nobody_was_here_before() -> None:
    remembered.clear()


@pytest.fixture
def door(election: Election, reviewer: User) -> tuple[CheckDevice, APIClient]:
    """An enrolled device, and its client."""
    device, token = device_with_token(election, "00012", reviewer)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return device, client


@pytest.fixture
def code(trust: KeyList, accreditation: Accreditation, issuer: User, at: dt.datetime) -> str:
    """The code of a good badge, on the day of its issue."""
    clock.set_to(at + dt.timedelta(hours=1))
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    return code_text(bytes(badge.token or b""), url="https://verify.example/b")


def verify(code: object, **headers: str) -> Any:
    return APIClient().post(OPEN[0], {"code": code}, headers=headers)


def scan(**changes: object) -> dict[str, object]:
    """One scan of something that is no badge."""
    return {"nonce": str(uuid.uuid4()), "result": "invalid", "device_time": "2024-02-07T05:00:00Z", **changes}


def batch(*scans: object) -> dict[str, object]:
    return {"device_now": clock.now().isoformat(), "scans": list(scans)}


def test_every_address_is_tested_here() -> None:
    addresses = {reverse(f"api:{entry.name}") for entry in urlpatterns}

    assert addresses == {*OPEN, *OF_DEVICES}


@pytest.mark.django_db
def test_everybody_may_ask_and_gets_one_shape(code: str) -> None:
    good, forged = verify(code).json(), verify(f"{code[:-4]}AAAA").json()

    assert (good["result"], good["reason"], good["colour"]) == ("compare", "no_photo", "amber")
    assert (forged["result"], forged["reason"], forged["colour"]) == ("forged", "signature", "red")
    assert set(good) == set(forged)
    assert forged["badge"] is None
    assert {name: good["badge"][name] for name in ("number", "issue", "name", "role", "areas")} == {
        "number": "B-000001",
        "issue": 1,
        "name": "MEYER ANNA",
        "role": "sto",
        "areas": [],
    }
    assert set(good["badge"]) - {"number", "issue", "name", "role", "areas"} == {
        "organization",
        "valid_from",
        "valid_until",
    }


@pytest.mark.django_db
def test_what_was_revoked_is_red_in_the_next_answer(code: str, accreditation: Accreditation, reviewer: User) -> None:
    before = verify(code).json()["result"]
    suspend_accreditation(accreditation=accreditation, reason="A complaint.", by=reviewer, at=clock.now())

    assert (before, verify(code).json()["result"]) == ("compare", "revoked")


@pytest.mark.django_db
@pytest.mark.usefixtures("trust")
def test_who_guesses_hits_nothing_and_is_soon_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"verify": "10/minute"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)
    guesses = random.Random(11)

    answers = [verify(guesses.randbytes(40).hex()) for _guess in range(13)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 3
    assert {answer.json()["badge"] for answer in answers[:10]} == {None}
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/throttled"
    assert 0 < int(refused["Retry-After"]) <= 60


@pytest.mark.django_db
@pytest.mark.usefixtures("trust")
@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        (["198.51.100.7", "198.51.100.8"], [200, 200]),
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::2"], [200, 429]),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], [200, 200]),
    ],
)
def test_an_address_counts_alone_and_a_network_of_ipv6_as_one(
    addresses: list[str], statuses: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = {"verify": "1/minute"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)

    told = [APIClient(REMOTE_ADDR=address).post(OPEN[0], {"code": "x"}).status_code for address in addresses]

    assert told == statuses


@pytest.mark.django_db
@pytest.mark.usefixtures("trust")
def test_a_claimed_address_helps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = {"verify": "1/minute"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)

    told = [verify("x", **{"X-Forwarded-For": f"198.51.100.{number}"}).status_code for number in range(3)]

    assert told == [200, 429, 429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": None}, {"code": ["x"]}, {"code": "x" * 4001}, {"code": "x", "place": "1"}, []]
)
def test_what_is_no_question_is_refused(body: object) -> None:
    answer = APIClient().post(OPEN[0], body)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-request")


@pytest.mark.django_db
def test_codes_and_tokens_stand_in_no_log(
    code: str, door: tuple[CheckDevice, APIClient], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    verify(code)
    verify(code[:-1])
    door[1].post(f"{BASE}/scans/", batch(scan(code=code, result="compare")))
    APIClient().get(f"{BASE}/device/", headers={"Authorization": "Bearer odv_wrong"})

    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert [secret for secret in (code[-40:], "odv_") if secret in told] == []


@pytest.mark.django_db
def test_a_device_enrols_with_its_code_once(election: Election, reviewer: User) -> None:
    added = add_device(election=election, name="Door 1", place_code="00012", by=reviewer, at=clock.now())

    first, second = (APIClient().post(OPEN[1], {"code": added.code}) for _time in range(2))

    assert (first.status_code, set(first.json()), first["Cache-Control"]) == (200, {"token"}, "no-store, private")
    assert (second.status_code, second.json()["type"]) == (422, "/problems/enrolment-refused")
    own = APIClient().get(f"{BASE}/device/", headers={"Authorization": f"Bearer {first.json()['token']}"})
    assert {name: own.json()[name] for name in ("name", "place_code", "places", "election", "warnings")} == {
        "name": "Door 1",
        "place_code": "00012",
        "places": ["00012"],
        "election": "az-2024",
        "warnings": [],
    }


@pytest.mark.django_db
def test_a_device_is_told_every_code_of_where_it_stands(
    election: Election, constituency: Constituency, reviewer: User
) -> None:
    home_stations(constituency, 1, latitude=40, longitude=48)
    _device, token = device_with_token(election, "001-01", reviewer)

    own = APIClient().get(f"{BASE}/device/", headers={"Authorization": f"Bearer {token}"}).json()

    assert (own["place_code"], own["places"]) == ("001-01", ["00101", "CONEC1"])


@pytest.mark.django_db
def test_guessing_enrolment_codes_ends_after_ten() -> None:
    statuses = [APIClient().post(OPEN[1], {"code": f"AAAA-{number}"}).status_code for number in range(12)]

    assert statuses == [422] * 10 + [429] * 2


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "method"), sorted(OF_DEVICES.items()))
def test_only_devices_get_in_and_a_revoked_one_is_out_at_once(
    door: tuple[CheckDevice, APIClient], reviewer: User, path: str, method: str
) -> None:
    device, client = door
    person = new_token(reviewer, TokenScope.WRITE)
    body = batch(scan()) if method == "post" else None
    before = getattr(client, method)(path, body).status_code
    revoke_device(device=device, by=reviewer, at=clock.now())
    headers = ("", f"Bearer {person}", "Bearer odv_", "Bearer odv_unknown", "Token x", "Bearer odv_a b")
    refused = [getattr(APIClient(), method)(path, body, headers={"Authorization": value}) for value in headers]

    refused.append(getattr(client, method)(path, body))

    assert before == 200
    assert {(answer.status_code, answer["WWW-Authenticate"]) for answer in refused} == {(401, "Bearer")}
    assert {answer["Content-Type"] for answer in refused} == {"application/problem+json"}


@pytest.mark.django_db
def test_the_token_of_a_device_opens_nothing_of_people(door: tuple[CheckDevice, APIClient]) -> None:
    assert [door[1].get(f"/api/v1/{path}/").status_code for path in ("me", "accreditations", "missions")] == [401] * 3


@pytest.mark.django_db
def test_each_scan_of_a_batch_has_its_own_result(
    door: tuple[CheckDevice, APIClient], accreditation: Accreditation, reviewer: User
) -> None:
    badge = badge_row(accreditation, reviewer)
    good = scan(result="compare", code_id=badge.code_id, photo="shown", list_number=2**40)
    bad = [
        (scan(nonce="x"), "invalid"),
        (scan(result="splendid"), "invalid_choice"),
        (scan(result="valid"), "required"),
        (scan(code_id="XYZ"), "invalid"),
        (scan(device_time="2024-02-07T05:00:00"), "timezone_required"),
        (scan(device_time="1871-01-01T00:00:00Z"), "out_of_range"),
        (scan(device_time="yesterday"), "invalid"),
        (scan(photo="nice"), "invalid_choice"),
        (scan(list_number=-1), "min_value"),
        (scan(list_number=10**30), "max_value"),
        (scan(place_code="00099"), "unknown_field"),
        (scan(badge=badge.pk), "unknown_field"),
        ({}, "required"),
        (["x"], "required"),
        (7, "required"),
        (None, "required"),
    ]

    answer = door[1].post(f"{BASE}/scans/", batch(good, *(item for item, _code in bad), scan(), good))

    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [row["status"] for row in results] == ["stored"] + ["refused"] * len(bad) + ["stored", "repeated"]
    assert [row["code"] for row in results] == [""] + [code for _item, code in bad] + ["", ""]
    assert [row["nonce"] for row in (results[0], results[1], results[-1])] == [good["nonce"], "x", good["nonce"]]
    assert Scan.objects.get(badge=badge).list_number == 2**40
    assert Scan.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("scans", [[], [{}] * 501, "x", None, {"nonce": "x"}])
def test_a_batch_that_is_none_is_refused_as_a_whole(door: tuple[CheckDevice, APIClient], scans: object) -> None:
    answer = door[1].post(f"{BASE}/scans/", {"device_now": clock.now().isoformat(), "scans": scans})

    assert (answer.status_code, Scan.objects.count()) == (400, 0)


@pytest.mark.django_db
def test_a_whole_code_is_read_at_the_server(code: str, door: tuple[CheckDevice, APIClient]) -> None:
    door[1].post(f"{BASE}/scans/", batch(scan(result="compare", code=code), scan(result="forged", code=f"{code}A")))

    badge = Badge.objects.get()
    rows = Scan.objects.order_by("pk").values_list("badge", "code_id")
    assert list(rows) == [(badge.pk, badge.code_id), (None, "")]


@pytest.mark.django_db
def test_the_answer_to_a_batch_warns_of_what_is_open(
    door: tuple[CheckDevice, APIClient], accreditation: Accreditation, reviewer: User
) -> None:
    badge = badge_row(accreditation, reviewer)
    seen = scan(result="compare", code_id=badge.code_id, photo="differs", device_time=clock.now().isoformat())

    told = [door[1].post(f"{BASE}/scans/", batch(seen)).json()["warnings"] for _time in range(2)]
    told.append(door[1].get(f"{BASE}/device/").json()["warnings"])

    (warning,) = told[0]
    assert told == [[warning]] * 3
    assert (warning["kind"], warning["nonce"], warning["badge"]) == ("photo_differs", seen["nonce"], badge.number_text)


@pytest.mark.django_db
def test_in_a_storm_some_are_taken_and_the_others_come_back_at_different_moments(
    door: tuple[CheckDevice, APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = {"device": "1000/minute", "scan-batches": "3/minute"}
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES", rates)

    answers = [door[1].post(f"{BASE}/scans/", batch(scan())) for _batch in range(23)]

    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 20
    waits = {int(answer["Retry-After"]) for answer in answers[3:]}
    assert min(waits) >= 5
    assert max(waits) <= 60
    assert len(waits) >= 5
    assert Scan.objects.count() == 3


@pytest.mark.django_db
def test_a_pack_is_given_with_its_tag_and_not_twice(door: tuple[CheckDevice, APIClient]) -> None:
    first = door[1].get(f"{BASE}/pack/")
    second = door[1].get(f"{BASE}/pack/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"], first.content) == (200, "application/octet-stream", EMPTY)
    assert first["Cache-Control"] == "no-store, private"
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])


EMPTY = b"ODP1" + bytes(8)


@pytest.mark.parametrize("path", [*OPEN, *OF_DEVICES])
def test_each_address_is_described_with_who_may_call(path: str) -> None:
    described = SCHEMA["paths"][path]
    (operation,) = described.values()

    assert set(described) == {OF_DEVICES.get(path, "post")}
    assert operation["security"] == ([{}] if path in OPEN else [{"deviceToken": []}])
    assert (operation["summary"] != "", operation["description"] != "") == (True, True)
    assert {"400", "429"} <= set(operation["responses"])


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*OPEN, *OF_DEVICES])
def test_other_methods_are_refused(door: tuple[CheckDevice, APIClient], path: str) -> None:
    allowed = OF_DEVICES.get(path, "post")
    methods = {"get", "post", "put", "patch", "delete", "options"} - {allowed}

    assert {getattr(door[1], method)(path).status_code for method in methods} == {405}
