"""Lists that are read as rows say to the byte what their serializers say, in as few queries as there are tables."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.test import APIClient

from config.api import router
from missions.api.rows import RowResource
from missions.kernel.web.rows import RowReader
from missions.models import Mission
from tests.missions.api.world import World, as_user

#: Of the list itself: one query, and one for each kind of rows that hang on a row.
QUERIES = {
    "accreditations": 1,
    "applications": 4,
    "nominations": 1,
    "polling-stations": 2,
    "stays": 1,
    "teams": 2,
    "visit-plans": 2,
}
#: Those that show an instant in this world.
SHOWS_INSTANTS = {"accreditations", "applications", "nominations", "visit-plans"}
_AUTHENTICATION = 1


def lead(world: World) -> APIClient:
    return as_user(world.people.lead)


def host(world: World) -> APIClient:
    return as_user(world.people.host)


def answer(client: APIClient, name: str) -> bytes:
    response = client.get(f"/api/v1/{name}/?page_size=1")
    assert response.status_code == 200
    return bytes(client.get(f"/api/v1/{name}/").content) + bytes(response.content)


def test_each_hot_list_is_read_as_rows() -> None:
    assert sorted(name for name, view, _ in router.registry if issubclass(view, RowResource)) == sorted(QUERIES)


@pytest.mark.django_db
@pytest.mark.parametrize("caller", [lead, host])
def test_the_answers_are_those_of_the_serializers(
    world: World, caller: Callable[[World], APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = caller(world)

    def answers() -> dict[tuple[str, str], bytes]:
        found: dict[tuple[str, str], bytes] = {}
        for zone in ("UTC", "Asia/Baku"):
            with timezone.override(zone):
                found |= {(name, zone): answer(client, name) for name in QUERIES}
        return found

    as_rows = answers()
    monkeypatch.setattr(RowResource, "list", ListModelMixin.list)

    assert as_rows == answers()
    assert all(b'"id":' in content for content in as_rows.values())
    assert {name for (name, _), content in as_rows.items() if b"+04:00" in content} == SHOWS_INSTANTS


@pytest.mark.django_db
def test_a_list_is_one_query_beside_the_token(world: World) -> None:
    client = lead(world)
    client.get("/api/v1/me/")  # notes that the token is used

    for name, expected in QUERIES.items():
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/{name}/")
        statements = [query["sql"] for query in queries]
        assert len(statements) == expected + _AUTHENTICATION, statements
        assert not any("COUNT(" in statement for statement in statements)


def test_a_field_that_is_no_column_is_refused() -> None:
    class Shape(serializers.ModelSerializer[Mission]):
        head_count = serializers.SerializerMethodField()

        class Meta:
            model = Mission
            fields = ("id", "head_count")

    with pytest.raises(ImproperlyConfigured, match="head_count"):
        RowReader(Shape())
