"""What a mission's people do on their pages, their programs do by the API; docs/api.md is held to it here."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.mission_site import mission_site
from missions.accounts.urls import urlpatterns as account_pages
from tests.description import SCHEMA

DOCS = Path(__file__).resolve().parents[2] / "docs"
PATHS = SCHEMA["paths"]
#: Lists and the pages of single objects: their counterparts are the lists and single objects of the API.
READING = ("changelist", "change", "history", "delete")
NO_COUNTERPART = {"the ministry's", "for people, with a password"}
_ROW = re.compile(r"^\| `([a-z_:-]+)` \| (.+) \|$", re.MULTILINE)
ROWS = _ROW.findall((DOCS / "api.md").read_text(encoding="utf-8").partition("## Pages and operations")[2])


def acts() -> Iterator[str]:
    """The names of the addresses of the pages, but those where people only look."""
    for model, admin in mission_site._registry.items():
        base = f"{model._meta.app_label}_{model._meta.model_name}_"
        for route in admin.get_urls():
            name = str(getattr(route, "name", None) or "")
            if name.startswith(base) and name.removeprefix(base) not in READING:
                yield name
    yield from (f"account:{route.name}" for route in account_pages)


def test_every_act_of_a_page_is_in_the_table_once() -> None:
    assert sorted(name for name, _operation in ROWS) == sorted(acts())


@pytest.mark.parametrize("operation", sorted({operation for _name, operation in ROWS} - NO_COUNTERPART))
def test_every_operation_of_the_table_is_described(operation: str) -> None:
    found = re.fullmatch(r"`([A-Z]+) (/api/v1/\S+)`", operation)

    assert found is not None, operation
    assert found[1].lower() in PATHS.get(found[2], {})
