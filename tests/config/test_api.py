"""Every address of the API, for everybody who may call: what they see, and that the rest does not exist for them."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from rest_framework.test import APIClient

from config.api import router
from missions.models import TokenScope
from tests.missions.api.world import CANARY, World, as_user, grow, new_token

PATHS = sorted(f"/api/v1/{prefix}/" for prefix, _, _ in router.registry)
#: Which results of the world each caller gets, counted: own lead, other lead, host.
OPEN = {"elections": (1, 1, 1), "constituencies": (1, 1, 1), "polling-stations": (1, 1, 1)}
OPEN |= {"register-versions": (1, 1, 1)}
#: Those of this world are published.
OPEN |= {"figures": (1, 1, 1), "figure-claims": (1, 1, 1)}
#: A step tells by what fact it was made, and each room is asked for its facts.
MOST_QUERIES = {"/api/v1/milestones/": 12}
MISSIONS_OWN = {"invitations": (1, 1, 2), "milestones": (1, 1, 2), "missions": (1, 1, 3)}
#: The election of this world is over, and so is the silence about exit polls.
MISSIONS_OWN |= {"exit-polls": (1, 1, 2)}
MISSIONS_OWN |= {"nomination-files": (1, 1, 2), "reports": (1, 1, 2)}
MISSIONS_OWN |= {"meeting-requests": (1, 1, 2), "bookings": (1, 1, 2)}
#: The reports of this world are under an embargo: that there are recommendations is known to their missions alone.
MISSIONS_OWN |= {"recommendations": (1, 1, 0)}
PEOPLE = {"nominations": (1, 1, 3), "applications": (1, 1, 3), "accreditations": (1, 1, 3), "letters": (1, 1, 3)}
PEOPLE |= {"stays": (1, 1, 3), "badges": (1, 1, 3)}
#: The host reads the pool's plan, and nothing of the plan of a mission that directs itself.
DEPLOYMENT = {"plans": (1, 1, 1), "areas": (1, 1, 1), "teams": (1, 1, 1), "visit-plans": (1, 1, 1)}
#: Nor does it read its runs, whatever the mission shares.
DEPLOYMENT |= {"plan-runs": (1, 0, 1), "plan-files": (1, 0, 1)}
#: The host reads no mission's sample, whoever asks.
DEPLOYMENT |= {"station-samples": (1, 0, 0), "sampled-stations": (1, 0, 0)}
#: Nor where missions want to go under escort, unless it is somebody who grants it.
DEPLOYMENT |= {"access-grants": (1, 1, 0)}
#: Nor where a team is and who is safe, unless it is somebody who plans for the pool.
DEPLOYMENT |= {"presence-reports": (1, 1, 0), "roll-calls": (1, 1, 0)}
#: Nor what a mission has measured.
DEPLOYMENT |= {"travel-matrices": (1, 0, 0)}
#: Nor who looked at a mission's plan, unless it is somebody who sees to it that rules are kept.
DEPLOYMENT |= {"break-glasses": (1, 0, 0)}
COUNTS = OPEN | MISSIONS_OWN | PEOPLE | DEPLOYMENT
SCOPED = sorted(f"/api/v1/{name}/" for name in COUNTS if name not in OPEN)
WRITABLE = {"/api/v1/nominations/", "/api/v1/nomination-files/", "/api/v1/meeting-requests/", "/api/v1/reports/"}
WRITABLE |= {"/api/v1/presence-reports/", "/api/v1/roll-calls/"}
WRITABLE |= {"/api/v1/station-samples/", "/api/v1/access-grants/", "/api/v1/travel-matrices/", "/api/v1/plan-runs/"}
WRITABLE |= {"/api/v1/recommendations/", "/api/v1/plan-files/"}
NOT_IDS = ["0", "-1", "abc", "1.5", "01", "+1", "1_0", "1e3", "%D9%A1", "1%00", "1 OR 1=1", str(2**31), str(2**63)]
NOT_IDS += [str(2**70), "9" * 400, "3f333df6-90a4-4fda-8dd3-9485d27cee36", "null", "../me"]


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


def ids(client: APIClient, path: str) -> list[int]:
    response = client.get(path)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def lead(world: World) -> APIClient:
    return as_user(world.people.lead)


def other_lead(world: World) -> APIClient:
    return as_user(world.people.other_lead)


def host(world: World) -> APIClient:
    return as_user(world.people.host)


def test_every_list_has_a_row_in_the_matrix() -> None:
    assert sorted(f"/api/v1/{name}/" for name in COUNTS) == PATHS


def test_every_address_is_a_list_or_named_here() -> None:
    api = next(
        entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver) and entry.app_name == "api"
    )
    single = {entry.name for entry in api.url_patterns if not isinstance(entry, URLResolver)}

    of_documents = {"application-documents", "document-file"}  # tests/accreditation/api/test_documents.py
    of_acts = {f"application-{act}" for act in ("submit", "withdraw", "appeal")}  # .../api/test_acts.py
    of_acts |= {"accreditation-return", "accreditation-replace", "nomination-stay", "nomination-political-group"}
    of_acts |= {"meeting-request-withdraw"}  # tests/missions/timeline/programme/api/test_views.py
    of_acts |= {"badge-report-lost"}  # tests/accreditation/badges/api/test_badges.py
    of_acts |= {"plan-acknowledge"}  # tests/stations/deployment/api/test_acts.py
    of_acts |= {"mission-visit-shares"}  # tests/stations/deployment/api/test_shares.py
    of_acts |= {"mission-crowding"}  # tests/stations/deployment/api/test_crowding.py
    of_acts |= {"plan-coverage"}  # tests/stations/deployment/api/test_coverage.py
    of_acts |= {"break-glass-end"}  # tests/stations/deployment/api/test_break_glass.py
    of_acts |= {"plan-findings", "plan-override"}  # tests/stations/deployment/api/test_findings.py
    of_acts |= {"deployment-rules", "deployment-rules-approve"}  # tests/stations/deployment/api/test_settings.py
    of_acts |= {"plan-file-rows", "plan-file-take", "plan-file-discard"}  # .../plan_files/api/test_views.py
    of_acts |= {"plan-file-template", "plan-as-file"}
    of_acts |= {"plan-run-cancel"}  # tests/stations/deployment/api/test_runs.py
    of_acts |= {"plan-changes", "plan-summary", "plan-copy"}  # tests/stations/deployment/api/test_versions.py
    of_acts |= {"plan-hand-changes", "plan-hand-undo"}  # tests/stations/deployment/api/test_hand.py
    samples = ("lock", "discard", "replace", "verify")  # tests/stations/deployment/samples/api/test_views.py
    of_acts |= {f"station-sample-{act}" for act in samples}
    # tests/stations/deployment/presence/api/test_views.py
    of_acts |= {"presence-report-bulk", "plan-presence", *(f"roll-call-{act}" for act in ("people", "answer", "close"))}
    of_acts |= {"travel-matrix-remove"}  # tests/stations/travel/api/test_views.py
    of_acts |= {"plan-request-access"}  # tests/stations/deployment/api/test_access.py
    of_acts |= {"access-grant-withdraw"}  # tests/stations/access/api/test_views.py
    of_acts |= {"my-mails", "mission-digest"}  # tests/missions/accounts/api/test_views.py
    of_acts |= {f"bulk-{act}" for act in ("submit", "withdraw", "return", "stays")}  # .../api/test_bulk.py
    of_acts |= {"my-tokens", "my-token-revoke"}  # .../test_tokens.py
    of_acts |= {"my-calendars", "my-calendar-revoke"}  # .../test_calendars.py
    of_acts |= {"mission-members", "member-remove", "my-messages"}  # .../test_members.py, .../test_messages.py
    of_acts |= {"plan-release", "plan-discard", "plan-sheets"}  # tests/stations/deployment/api/test_releases.py
    moves = ("rows", "answer", "commit", "discard", "result")  # tests/accreditation/intake/api/test_views.py
    of_files = {f"nomination-file-{move}" for move in moves}
    acts = ("change", "files", "file", "submit", "take-back")  # tests/missions/reports/api/test_views.py
    of_files |= {f"report-{act}" for act in acts}
    of_files |= {f"recommendation-{act}" for act in ("change", "remove", "rank")}  # .../recommendations/api
    of_timelines = {f"milestone-{act}" for act in ("add", "change", "cancel", "restore", "reset", "mark", "unmark")}
    of_timelines |= {"election-calendar"}  # tests/missions/timeline/api
    assert single == {"me", "schema", "docs", "absent"} | of_documents | of_acts | of_files | of_timelines


@pytest.mark.django_db
@pytest.mark.parametrize(("place", "caller"), list(enumerate([lead, other_lead, host])))
@pytest.mark.parametrize("path", PATHS)
def test_each_caller_lists_and_reads_exactly_what_is_theirs(
    world: World, path: str, place: int, caller: Callable[[World], APIClient]
) -> None:
    client = caller(world)

    listed = ids(client, path)

    assert len(listed) == COUNTS[path.split("/")[3]][place]
    for pk in listed:
        response = client.get(f"{path}{pk}/")
        assert response.status_code == 200
        assert response.json() in client.get(path).json()["results"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", SCOPED)
def test_leads_share_nothing_and_what_is_foreign_is_absent_to_the_byte(world: World, path: str) -> None:
    client, other = lead(world), other_lead(world)
    own, foreign = set(ids(client, path)), set(ids(other, path))
    assert own & foreign == set()
    absent = client.get(f"{path}999999999/")
    assert absent.status_code == 404
    assert absent["Content-Type"] == "application/problem+json"

    for pk in foreign:
        hidden = client.get(f"{path}{pk}/")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert set(hidden.headers) == set(absent.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["plans", "areas", "teams", "visit-plans"])
def test_the_host_never_reads_the_plan_of_a_mission_that_directs_itself(world: World, path: str) -> None:
    client = host(world)
    hidden = ids(lead(world), f"/api/v1/{path}/")

    answers = [client.get(f"/api/v1/{path}/{pk}/").content for pk in hidden]

    assert answers == [client.get(f"/api/v1/{path}/999999999/").content]


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/api/v1/me/", "/api/v1/nothing/"])
def test_nobody_and_the_inactive_get_401(world: World, path: str) -> None:
    for client in (as_user(None), as_user(world.people.inactive)):
        for address in (path, f"{path}1/"):
            response = client.get(address)
            assert response.status_code == 401
            assert response["WWW-Authenticate"] == "Bearer"
            assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_what_is_no_id_is_an_absent_object(world: World, path: str) -> None:
    client = lead(world)
    absent = client.get(f"{path}999999999/").content

    for text in NOT_IDS:
        response = client.get(f"{path}{text}/")
        assert (text, response.status_code, response.content) == (text, 404, absent)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nothing/", "missions/1/heads/", "schema/1/", "missions/1/2/3/"])
def test_an_address_that_is_not_there_is_a_problem_too(world: World, address: str) -> None:
    client = lead(world)

    response = client.get(f"/api/v1/{address}")

    assert (response.status_code, response.content) == (404, client.get("/api/v1/missions/999999999/").content)


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_missing_slash_leads_on_with_method_and_body(world: World, method: str) -> None:
    response = lead(world).generic(method.upper(), "/api/v1/missions")

    assert (response.status_code, response["Location"]) == (308, "/api/v1/missions/")


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "media_type"), [("/api/v1/me/tokens/", "application/problem+json"), ("/", "text/plain")]
)
def test_a_body_without_a_length_is_not_taken_for_an_empty_one(world: World, path: str, media_type: str) -> None:
    answer = lead(world).generic("POST", path, HTTP_TRANSFER_ENCODING="chunked", HTTP_IDEMPOTENCY_KEY="k")

    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (411, media_type)
    assert "Content-Length" in answer.content.decode()


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/api/v1/me/"])
def test_a_parameter_that_is_unknown_empty_or_repeated_is_refused(world: World, path: str) -> None:
    client = lead(world)

    unknown = client.get(f"{path}?passport__startswith=A&ordering=password&format=json&token=x")

    assert unknown.status_code == 400
    assert unknown.json()["type"] == "/problems/invalid-request"
    assert {(error["field"], error["code"]) for error in unknown.json()["errors"]} == {
        ("passport__startswith", "unknown_parameter"),
        ("ordering", "unknown_parameter"),
        ("format", "unknown_parameter"),
        ("token", "unknown_parameter"),
    }
    if path != "/api/v1/me/":
        assert client.get(f"{path}?cursor=").json()["errors"][0]["code"] == "blank"
        assert client.get(f"{path}?page_size=1&page_size=2").json()["errors"][0]["code"] == "repeated"
        assert client.get(f"{path}1/?page_size=1").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_tampered_cursor_is_refused(world: World, path: str) -> None:
    client = lead(world)
    cursors = {
        "cD1hYmM=": 400,  # p=abc
        "cD0lMDA=": 400,  # p=%00
        "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5": 200,  # p=10**23-1: after every row
        "bz0tMQ==": 400,  # o=-1
        "bz1h": 400,  # o=a
        "%FF": 400,
        "x": 400,
    }

    answers = {cursor: client.get(f"{path}?cursor={cursor}").status_code for cursor in cursors}

    assert answers == cursors


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_pages_are_bounded_and_lead_through_all_rows(world: World, path: str) -> None:
    grow(world)
    client = lead(world)

    pages, address = [], f"{path}?page_size=2"
    while address:
        page = client.get(address).json()
        pages.append([row["id"] for row in page["results"]])
        address = page["next"]

    assert [len(page) for page in pages] == [2, 1]
    assert [pk for page in pages for pk in page] == ids(client, path)
    refused = [client.get(f"{path}?page_size={size}").status_code for size in ("0", "-1", "201", "1e9", "x", "1_0")]
    assert refused == [400] * 6
    assert client.get(f"{path}?page_size=200").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_list_takes_the_same_few_queries_however_long_it_is(world: World, path: str) -> None:
    client = lead(world)
    client.get(path)  # notes the use of the token

    with CaptureQueriesContext(
        connection,
    ) as one:
        assert len(ids(client, path)) == 1
    grow(world)
    with CaptureQueriesContext(connection) as three:
        assert len(ids(client, path)) == 3

    assert len(three) == len(one)
    assert len(three) <= MOST_QUERIES.get(path, 5)


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("caller", [lead, host])
@pytest.mark.parametrize("path", PATHS)
def test_no_answer_holds_anything_of_a_passport(
    world: World, path: str, caller: Callable[[World], APIClient], caplog: pytest.LogCaptureFixture
) -> None:
    response = caller(world).get(path)

    assert "passport_n" not in response.content.decode()
    assert CANARY not in response.content.decode() + caplog.text


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PATHS, "/api/v1/me/"])
def test_only_what_is_meant_to_can_be_written(world: World, path: str) -> None:
    reader, writer = as_user(world.people.lead), as_user(world.people.lead, TokenScope.WRITE)
    methods = ("post", "put", "patch", "delete", "options")

    statuses = [[getattr(client, method)(path).status_code for method in methods] for client in (reader, writer)]

    post = 400 if path in WRITABLE else 405  # for want of an Idempotency-Key
    assert statuses == [[403, 403, 403, 403, 405], [post, 405, 405, 405, 405]]


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_token_in_the_address_is_never_looked_at(world: World) -> None:
    secret = new_token(world.people.lead)

    statuses = [APIClient().get(f"/api/v1/missions/?{name}={secret}").status_code for name in ("token", "auth_token")]

    assert statuses == [401, 401]


def test_the_answers_are_json_and_nothing_else() -> None:
    assert settings.REST_FRAMEWORK["DEFAULT_RENDERER_CLASSES"] == ["missions.kernel.web.rendering.FastJSONRenderer"]
