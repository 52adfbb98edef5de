"""No request that follows the description, and none that breaks it, breaks the API or is answered as nobody described.

Requests are made up by schemathesis for every operation, reading and writing, and sent in this process; what they write
is undone. With API_EXAMPLES more of them are made: `make soak`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from missions.models import TokenScope
from tests.accreditation.badges.doors import device_with_token
from tests.config.test_api_schema import callable_description
from tests.description import SCHEMA
from tests.missions.api.world import World, as_user, new_token

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
OPERATIONS = sorted((path, method) for path, found in SCHEMA["paths"].items() for method in found)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=EXAMPLES,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


@pytest.fixture
def headers(world: World, monkeypatch: pytest.MonkeyPatch) -> Mapping[bool, dict[str, str]]:
    """Of a device for the addresses of devices, and of a lead with the right to write for the others."""
    # Letters of this world have nothing to be typeset.
    monkeypatch.setattr("accreditation.letters.services.reading.render_letter", lambda _letter: b"%PDF-")
    monkeypatch.setattr("rest_framework.throttling.SimpleRateThrottle.get_rate", lambda _throttle: None)
    _device, token = device_with_token(world.election, "00012", world.people.host)
    lead = new_token(world.people.lead, TokenScope.WRITE)
    return {True: {"Authorization": f"Bearer {token}"}, False: {"Authorization": f"Bearer {lead}"}}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_breaks_the_api(world: World, headers: Mapping[bool, dict[str, str]], mode: GenerationMode) -> None:
    own = dict(_own_ids(world))

    broken = {
        f"{method} {path}": failure
        for path, method in OPERATIONS
        if (failure := _failure(path, method, mode, own, headers["/verification/" in path]))
    }

    assert broken == {}


def _failure(path: str, method: str, mode: GenerationMode, own: Mapping[str, int], headers: dict[str, str]) -> str:
    """What went wrong with one operation; nothing if all went as described."""

    @FEW
    @seed(7)
    @given(case=callable_description()[path][method.upper()].as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        if path in own:
            case.path_parameters["id"] = own[path]
        with transaction.atomic():
            try:
                case.call_and_validate(headers=headers, checks=CHECKS)
            finally:
                transaction.set_rollback(True)

    try:
        call()
    except (FailureGroup, Unsatisfiable) as error:
        return str(error)
    return ""


def _own_ids(world: World) -> Iterator[tuple[str, int]]:
    """For each address with an id a row of the caller's own, so that not everything is absent."""
    lead = as_user(world.people.lead)
    for path, _method in OPERATIONS:
        single = re.match(r"/api/v1/[a-z-]+/(?={id}/)", path)
        rows = lead.get(single[0]) if single else None
        if rows is not None and rows.status_code == 200 and rows.json()["results"]:
            yield path, rows.json()["results"][0]["id"]
