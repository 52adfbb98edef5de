"""What the description does not offer cannot be sent: no field of a body, no parameter of a list, no cursor."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from rest_framework.test import APIClient

from missions.models import TokenScope
from tests.description import SCHEMA
from tests.journeys.scopes.contents import contents_of_all
from tests.missions.api.world import World, as_user

PATHS: dict[str, Any] = {path: found for path, found in SCHEMA["paths"].items() if "/verification/" not in path}
WRITES = sorted(
    (path, method) for path, found in PATHS.items() for method in found if "requestBody" in found.get(method, {})
)
READS = sorted(path for path, found in PATHS.items() if "get" in found)
#: What the framework's own lists know and ours do not, and ways around a filter.
OFFERED_ELSEWHERE = ("ordering", "search", "page", "limit", "offset", "format", "fields", "user__password")
#: What a row has and nobody writes, whatever the answer shows of it.
NEVER_SENT = {"id", "owner", "user", "state", "status", "version", "number", "places_taken", "is_staff", "created_at"}
#: Where the rows are listed that bodies name.
_ROWS = {
    "constituency": "constituencies",
    "mission": "missions",
    "person": "nominations",
    "report": "reports",
    "team": "teams",
}
#: The revision of a plan is told where its changes by hand are.
_KEPT_BY = dict.fromkeys(
    ("/api/v1/plans/{id}/override/", "/api/v1/plans/{id}/discard/"), "/api/v1/plans/{id}/hand-changes/"
)
CURSORS = {"cD1hYmM=": 400, "cD0lMDA=": 400, "bz0tMQ==": 400, "%FF": 400, "x": 400, "AAAA": 400, "!": 400, "cD0x=": 400}


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


@pytest.fixture
def lead(world: World, monkeypatch: pytest.MonkeyPatch) -> APIClient:
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.get_rate", lambda _throttle: None)
    return as_user(world.people.lead, TokenScope.WRITE)


@pytest.mark.django_db
def test_no_write_takes_a_field_that_it_does_not_name(lead: APIClient) -> None:
    taken = {}
    before = contents_of_all()

    for path, method in WRITES:
        body, described = _body_of(PATHS[path][method])
        foreign = sorted((_fields_of_answer(PATHS[path][method]) | NEVER_SENT) - described)
        answer = _write(lead, path, method, {**_named(lead, path, body), **dict.fromkeys(foreign, 1)})
        errors = answer.json()["errors"] if answer.status_code == 400 else []
        refused = {error["field"].rpartition(".")[2] for error in errors if error["code"] == "unknown_field"}
        if not refused >= set(foreign):
            taken[f"{method} {path}"] = (answer.status_code, errors)

    assert taken == {}
    assert {label for label, digest in contents_of_all().items() if digest != before[label]} == set()


@pytest.mark.django_db
def test_no_reading_takes_a_parameter_that_it_does_not_name(lead: APIClient) -> None:
    ignored = {}

    for path in READS:
        offered = {row["name"] for row in PATHS[path]["get"].get("parameters", []) if row["in"] == "query"}
        asked = sorted((_fields_of_answer(PATHS[path]["get"]) | set(OFFERED_ELSEWHERE)) - offered)
        answer = lead.get(_filled(lead, path), dict.fromkeys(asked, "1"))
        refused = [error["field"] for error in answer.json()["errors"]] if answer.status_code == 400 else []
        if sorted(refused) != asked:
            ignored[path] = (answer.status_code, sorted(set(asked) - set(refused)))

    assert ignored == {}


@pytest.mark.django_db
def test_no_list_takes_a_cursor_that_is_not_one_of_ours(lead: APIClient) -> None:
    lists = [path for path in READS if "cursor" in {row["name"] for row in PATHS[path]["get"].get("parameters", [])}]

    statuses = {
        path: {cursor: lead.get(f"{_filled(lead, path)}?cursor={cursor}").status_code for cursor in CURSORS}
        for path in lists
    }

    # Tokens are sorted by words: where there is none of that word, a page begins at the next one.
    meant = {path: {**CURSORS, "cD1hYmM=": 200} if path == "/api/v1/me/tokens/" else CURSORS for path in lists}
    assert {path: found for path, found in statuses.items() if found != meant[path]} == {}
    assert len(lists) > 30


def _body_of(operation: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The example of the operation, and all fields that it may have."""
    (content,) = operation["requestBody"]["content"].values()
    example = next(iter(content["examples"].values()))
    return dict(example["value"]), set(_properties(content["schema"]))


def _fields_of_answer(operation: Mapping[str, Any]) -> set[str]:
    """The fields of a row, as the answer shows it."""
    found: set[str] = set()
    for status in ("200", "201"):
        content = operation["responses"].get(status, {}).get("content", {}).get("application/json")
        properties = _properties(content["schema"]) if content else {}
        found |= set(_properties(properties["results"]["items"]) if "results" in properties else properties)
    return found


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    variants = [*schema.get("oneOf", ()), *schema.get("allOf", ())]
    return {**schema.get("properties", {}), **{k: v for one in variants for k, v in _properties(one).items()}}


def _filled(client: APIClient, path: str) -> str:
    """The address of a row of the caller's own."""
    return re.sub(r"{(\w+)}", lambda found: _value(client, path, found[1]), path)


def _value(client: APIClient, path: str, parameter: str) -> str:
    if parameter == "language":
        return "en"
    rows = client.get(path.partition("{")[0]).json()
    found = [row[parameter] for row in rows["results"]] if "results" in rows else []
    return str(found[0]) if found else "1"


def _write(client: APIClient, path: str, method: str, body: Mapping[str, Any]) -> Any:
    is_form = "multipart/form-data" in PATHS[path][method]["requestBody"]["content"]
    headers = {"Idempotency-Key": f"{method} {path}".replace(" ", ""), "If-Match": _tag(client, path)}
    send = getattr(client, method)
    return send(_filled(client, path), dict(body), format="multipart" if is_form else "json", headers=headers)


def _tag(client: APIClient, path: str) -> str:
    """The ETag of what is written to, or of the nearest thing above it that can be read."""
    parts = path.strip("/").split("/")
    above = ["/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 3, -1)]
    readable = [_KEPT_BY.get(path, one) for one in above if "get" in PATHS.get(_KEPT_BY.get(path, one), {})]
    return client.get(_filled(client, readable[0])).headers.get("ETag", '"1"') if readable else '"1"'


def _named(client: APIClient, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with rows of the caller's own where it names any."""
    own = {
        field: int(_value(client, f"/api/v1/{name}/{{id}}/", "id")) for field, name in _ROWS.items() if field in body
    }
    if path == "/api/v1/roll-calls/{id}/answer/":
        own["person"] = client.get(_filled(client, "/api/v1/roll-calls/{id}/people/")).json()["people"][0]["id"]
    return {**body, **own}
