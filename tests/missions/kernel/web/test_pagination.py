import base64

import pytest
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from missions.kernel.web.pagination import KeysetPagination
from missions.models import Organization, User
from missions.states import OrganizationKind

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Row(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["acronym"]


class Rows(ListAPIView[Organization]):
    queryset = Organization.objects.all()
    serializer_class = Row
    filter_backends = []
    pagination_class = KeysetPagination


urlpatterns = [path("rows", Rows.as_view())]


@pytest.fixture
def api(db: None) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.create_user("reader@odihr.example"))
    return client


def _add(count: int, prefix: str = "ORG") -> list[str]:
    """Organizations whose alphabetical order is the reverse of the order in which they were added."""
    acronyms = [f"{prefix}-{count - number:04}" for number in range(count)]
    Organization.objects.bulk_create(
        [Organization(acronym=name, name=name, kind=OrganizationKind.IGO) for name in acronyms]
    )
    return acronyms


def _walk(api: APIClient, url: str | None, step: str = "next") -> list[list[str]]:
    pages = []
    while url:
        page = api.get(url).json()
        pages.append([row["acronym"] for row in page["results"]])
        url = page[step]
    return pages


def _cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_pages_hold_every_row_once_in_the_order_of_the_key(api: APIClient) -> None:
    acronyms = _add(120)

    pages = _walk(api, "/rows")

    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == acronyms


def test_pages_are_walked_back(api: APIClient) -> None:
    acronyms = _add(5)
    second = api.get(api.get("/rows?page_size=2").json()["next"]).json()

    back = api.get(second["previous"]).json()

    assert [row["acronym"] for row in back["results"]] == acronyms[:2]
    assert back["previous"] is None


def test_rows_that_are_added_or_removed_meanwhile_shift_no_page(api: APIClient) -> None:
    acronyms = _add(6)
    first = api.get("/rows?page_size=2").json()

    Organization.objects.filter(acronym=acronyms[0]).delete()
    later = _add(1, "NEW")
    rest = _walk(api, first["next"])

    assert [name for page in rest for name in page] == acronyms[2:] + later


@pytest.mark.parametrize(
    ("asked", "given"),
    [("1", 1), ("200", 200), ("201", 200), ("1000000000", 200), ("0", 50), ("-1", 50), ("x", 50), ("", 50)],
)
def test_page_size_is_capped_and_falls_back(api: APIClient, asked: str, given: int) -> None:
    _add(205)

    assert len(api.get("/rows", {"page_size": asked}).json()["results"]) == given


@pytest.mark.parametrize(
    "cursor",
    [
        "garbage",
        "ə",
        _cursor("p=abc"),
        _cursor("p=1; DROP TABLE"),
        _cursor("p=\x00"),
        _cursor("p=1.5"),
        _cursor("o=x&p=1"),
        _cursor("r=x&p=1"),
        _cursor("p=ə"),
    ],
)
def test_cursor_that_is_not_ours_is_a_bad_request(api: APIClient, cursor: str) -> None:
    _add(3)

    response = api.get("/rows", {"cursor": cursor})

    assert response.status_code == 400
    assert response.json() == {
        "type": "/problems/invalid-request",
        "title": "Bad Request",
        "status": 400,
        "detail": "cursor: This cursor is not one of ours.",
        "errors": [{"field": "cursor", "code": "invalid", "detail": "This cursor is not one of ours."}],
    }


def test_cursor_beyond_every_row_is_an_empty_page(api: APIClient) -> None:
    _add(3)

    response = api.get("/rows", {"cursor": _cursor("p=99999999999999999999999999")})

    assert (response.status_code, response.json()["results"]) == (200, [])
