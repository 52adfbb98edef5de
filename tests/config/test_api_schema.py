"""The description of the API is committed, current, complete, and true of what the API answers."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from config.wsgi import application
from missions.models import User
from tests.description import COMMITTED, SCHEMA, read_description
from tests.missions.api.world import World, as_user, new_token


def _answers_json(path: str) -> bool:
    content = SCHEMA["paths"][path].get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    return list(content) == ["application/json"]


#: Addresses that people call with their tokens; those of devices and of everybody: tests/accreditation/badges/api.
OF_PEOPLE = sorted(path for path in SCHEMA["paths"] if "/verification/" not in path)
#: Every address that is read as JSON; the others hand out files, or only take something in.
PATHS = sorted(filter(_answers_json, OF_PEOPLE))
WRITES = sorted((path, method) for path in OF_PEOPLE for method in SCHEMA["paths"][path] if method != "get")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def in_process(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The application on the test's own connection, which Django's own client does not close either."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        response = application(environ, start_response)
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return [body]


def operation(path: str) -> Any:
    """The operation of the committed description, to be called in this process."""
    return callable_description()[path]["GET"]


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


@cache
def callable_description() -> OpenApiSchema:
    schema = schemathesis.openapi.from_dict(deepcopy(SCHEMA))
    schema.app = in_process
    return schema


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {new_token(user)}"}


def fields_of_responses() -> Iterator[tuple[str, dict[str, Any]]]:
    """Of all shapes but those that are only sent, which `test_every_field_of_an_answer_is_always_there` tells apart."""
    for name, schema in SCHEMA["components"]["schemas"].items():
        if name.endswith("Request"):
            continue
        for field, described in schema.get("properties", {}).items():
            yield f"{name}.{field}", described


def test_the_committed_description_is_current_and_valid() -> None:
    out = StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert out.getvalue() == COMMITTED.read_text(encoding="utf-8"), "run `make schema` and commit docs/openapi.yaml"


def test_every_code_of_a_fault_is_spelt_in_one_way() -> None:
    codes = {
        name: described.get("pattern")
        for name, described in fields_of_responses()
        if "for programs" in described.get("description", "")
    }
    examples = re.findall(r"^ +-? ?(?:fault_)?code: (\w+-[\w-]+)$", COMMITTED.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(codes.values()) == {"^[a-z0-9_]+$", "^[a-z0-9_]*$"}
    assert {"Finding.code", "ProblemError.code", "PlanFileFinding.code", "ReportResult.code"} <= codes.keys()
    assert set(examples) == {"sample-2031"}, "the code of an election; those of faults have no hyphens"


@pytest.mark.parametrize("path", PATHS)
def test_every_reading_is_described_with_an_example(path: str) -> None:
    described = SCHEMA["paths"][path]["get"]
    answer = described["responses"]["200"]["content"]["application/json"]
    problems = {"400", "401", "403", "429"} | ({"404"} if "{" in path else set())

    assert described["summary"] != ""
    assert described["description"] != ""
    assert described["security"] == [{"bearerToken": []}]
    assert len(answer["examples"]) == 1
    assert set(described["responses"]) - {"200"} == problems
    assert {described["responses"][status]["$ref"].rpartition("/")[0] for status in problems} == {
        "#/components/responses"
    }


@pytest.mark.parametrize(("path", "method"), WRITES)
def test_every_write_is_described_with_its_key_and_its_refusals(path: str, method: str) -> None:
    described = SCHEMA["paths"][path][method]
    problems = {"400", "401", "403", "409", "413", "415", "422", "429"} | ({"404"} if "{" in path else set())

    assert (described["summary"] != "", described["description"] != "") == (True, True)
    assert described["security"] == [{"bearerToken": []}]
    tags = [row for row in described.get("parameters", []) if row["name"] == "If-Match"]
    problems |= {"412", "428"} if tags else set()
    keys = [row["required"] for row in described.get("parameters", []) if row["name"] == "Idempotency-Key"]
    assert keys == ([True] if method == "post" else [])
    assert {status for status in described["responses"] if status >= "400"} == problems


@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path in SCHEMA["paths"] for method in SCHEMA["paths"][path]]
)
def test_every_operation_has_examples_of_what_it_takes_and_answers(path: str, method: str) -> None:
    described = SCHEMA["paths"][path][method]
    asked = described.get("requestBody", {}).get("content", {})
    answered = [answer for status, answer in described["responses"].items() if status < "300"]
    shown = [content for answer in answered for content in answer.get("content", {}).items()]

    assert [kind for kind, content in asked.items() if not content.get("examples") and _fields(content)] == []
    assert [kind for kind, content in shown if kind == "application/json" and not content.get("examples")] == []


def _fields(content: dict[str, Any]) -> bool:
    """Whether a body has fields at all: an act that asks nothing has nothing to show."""
    component = SCHEMA["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return bool(component.get("properties")) or "oneOf" in component


def test_every_group_of_operations_is_told_and_has_some() -> None:
    operations = [operation for path in SCHEMA["paths"].values() for operation in path.values()]

    assert {tag["name"] for tag in SCHEMA["tags"]} == {tag for operation in operations for tag in operation["tags"]}


def test_each_act_on_a_draft_has_a_shape_of_its_own() -> None:
    acts = SCHEMA["components"]["schemas"]["HandActRequest"]["discriminator"]["mapping"]

    own = {
        act: SCHEMA["components"]["schemas"][ref.rpartition("/")[2]]["properties"]["act"] for act, ref in acts.items()
    }
    assert {act: described["const"] for act, described in own.items()} == {act: act for act in acts}
    assert len(set(acts.values())) == len(acts)


def test_every_enumeration_has_a_name_of_the_glossary() -> None:
    made_up = {name for name in SCHEMA["components"]["schemas"] if name.endswith("Enum")}

    assert made_up == {"BlankEnum", "NullEnum"}


def test_all_problems_share_one_shape() -> None:
    contents = [response["content"] for response in SCHEMA["components"]["responses"].values()]

    assert len(contents) == 11
    assert {tuple(content) for content in contents} == {("application/problem+json",)}
    assert {content["application/problem+json"]["schema"]["$ref"] for content in contents} == {
        "#/components/schemas/Problem"
    }


def test_every_field_of_an_answer_is_always_there() -> None:
    optional = {
        f"{name}.{field}"
        for name, schema in SCHEMA["components"]["schemas"].items()
        if not name.endswith("Request")
        for field in set(schema.get("properties", {})) - set(schema.get("required", []))
    }

    assert optional == set()


def test_nothing_described_speaks_of_passport_data() -> None:
    named = {field for field, _ in fields_of_responses() if "passport" in field}

    assert named == set()


def test_the_examples_have_the_shape_that_they_illustrate() -> None:
    for path in PATHS:
        answer = SCHEMA["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        (example,) = answer["examples"].values()
        component = SCHEMA["components"]["schemas"][answer["schema"]["$ref"].rpartition("/")[2]]
        assert (path, set(example["value"])) == (path, set(component["properties"]))
        for row in example["value"].get("results", []):
            item = SCHEMA["components"]["schemas"][
                component["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
            ]
            assert (path, set(row)) == (path, set(item["properties"]))


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_real_answers_are_as_described(world: World, path: str) -> None:
    headers = bearer(world.people.lead)
    described = operation(path)
    listed = as_user(world.people.lead).get(path.partition("{")[0]).json()
    parameters = {name: listed["results"][0][name] for name in ("id", "code") if f"{{{name}}}" in path}

    response = described.Case(path_parameters=parameters).call_and_validate(headers=headers, checks=CHECKS)

    assert response.status_code == 200


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_description_is_served_to_everybody(client: Client) -> None:
    response = client.get("/api/v1/schema/")

    assert response.status_code == 200
    assert read_description(response.content) == SCHEMA


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_page_of_the_description_needs_no_inline_script_and_nothing_from_outside(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    script = client.get("/api/v1/docs/?script=")

    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"].split("; ")
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert [address for address in re.findall(r'(?:src|href)="([^"]*)"', page) if not address.startswith("/")] == []
    assert script["Content-Type"] == "application/javascript"
    assert "/api/v1/schema/" in script.content.decode()
