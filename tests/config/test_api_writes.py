"""Every write of the API, from its router: each POST has a key, and each change names what it changes, or why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from missions.api.acts import IF_MATCH, KEY
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin
from missions.models import TokenScope, User
from tests.description import SCHEMA
from tests.missions.api.world import as_user

#: Devices at doors and everybody who reads a code: a scan has a nonce, and asking changes nothing.
WITHOUT_KEY = {"verification-enrol", "verification-scans", "verification-verify"}
#: They add something below what they name, and change nothing that somebody else has read.
ADDING = {
    "application-documents": "a newer file of a kind takes the place of the former, whichever it was",
    "milestone-add": "adds a step",
    "mission-members": "adds a member",
    "plan-copy": "adds a draft",
    "plan-request-access": "adds requests for what lacks them",
    "roll-call-answer": "adds an answer, which has a nonce of its own",
    "report-files": "adds a file, and the former of its language stays in the history",
}
#: They end something once, by its state, in whatever order they come: there is nothing to overwrite.
ENDING = {
    "break-glass-end": "ended again it stays as it is",
    "member-remove": "somebody who is gone is absent",
    "my-calendar-revoke": "revoked again it stays as it is",
    "nomination-file-answer": "the question is answered once",
    "nomination-file-commit": "a row is taken in once",
    "nomination-file-discard": "what waits is sent back once",
    "plan-acknowledge": "said again, the first note stands",
    "plan-file-discard": "put away once",
    "plan-file-take": "a file is taken in once",
    "plan-run-cancel": "an order is called off once",
}
#: The whole of it is sent, so nothing is overwritten that the sender has not named.
WHOLE = {
    "mission-digest": "one hour of the day",
    "nomination-political-group": "one word",
    "recommendation-rank": "names every recommendation once, or is refused",
}
UNVERSIONED = ADDING | ENDING | WHOLE


def _routes(entries: list[Any], name: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, entry.namespace or name)
        else:
            yield f"{name}-{entry.name}" if name == "verification" else str(entry.name), entry


def _writes() -> Iterator[tuple[str, str, Any, bool]]:
    """Name, method and view of every write, and whether its address names an object."""
    api = next(e for e in get_resolver().url_patterns if isinstance(e, URLResolver) and e.app_name == "api")
    for name, route in _routes(api.url_patterns):
        view: Any = getattr(route.callback, "cls", None) or getattr(route.callback, "view_class", None)
        actions = getattr(route.callback, "actions", None)
        for method in ("post", "put", "patch", "delete"):
            served = method in actions if actions else hasattr(view, method)
            if served and method in view.http_method_names and name != "absent":
                yield name, method, view, bool(route.pattern.converters or route.pattern.regex.groups)


WRITES = sorted(set(_writes()), key=lambda write: write[:2])
POSTS = [write for write in WRITES if write[1] == "post" and write[0] not in WITHOUT_KEY]
CHANGES = [write for write in WRITES if write[3] and write[0] not in UNVERSIONED]


def test_the_walk_finds_the_writes() -> None:
    assert len(WRITES) > 60
    assert WITHOUT_KEY | set(UNVERSIONED) <= {name for name, *_rest in WRITES}


@pytest.mark.parametrize(("name", "_method", "view", "_has_object"), POSTS, ids=lambda value: str(value)[:60])
def test_every_post_has_an_idempotency_key(name: str, _method: str, view: Any, _has_object: bool) -> None:
    assert issubclass(view, IdempotentMixin), name
    assert "POST" in view.idempotent_methods


@pytest.mark.parametrize(("name", "method", "view", "_has_object"), CHANGES, ids=lambda value: str(value)[:60])
def test_every_change_names_the_version_that_it_changes(name: str, method: str, view: Any, _has_object: bool) -> None:
    assert issubclass(view, IfMatchMixin), name
    assert method.upper() in view.if_match_methods


def _headers(described: dict[str, Any]) -> set[str]:
    return {row["name"] for row in described.get("parameters", ()) if row["in"] == "header" and row["required"]}


def test_the_description_asks_for_what_the_views_ask_for() -> None:
    described = [
        _headers(operation)
        for path, operations in SCHEMA["paths"].items()
        for method, operation in operations.items()
        if method in {"post", "put", "patch", "delete"} and "/verification/" not in path
    ]
    views = [
        ({KEY.name} if method == "post" else set())
        | ({IF_MATCH.name} if issubclass(view, IfMatchMixin) and method.upper() in view.if_match_methods else set())
        for name, method, view, _has_object in WRITES
        if name not in WITHOUT_KEY
    ]

    assert sorted(map(sorted, described)) == sorted(map(sorted, views))


@pytest.mark.django_db
def test_no_post_is_taken_without_a_key(lead: User) -> None:
    client: APIClient = as_user(lead, TokenScope.WRITE)
    paths = [
        path for path, operations in SCHEMA["paths"].items() if "post" in operations and "/verification/" not in path
    ]

    answers = {path: client.post(path.replace("{id}", "1"), {}) for path in paths}

    refused = {path: answer.json()["type"].rpartition("/")[2] for path, answer in answers.items()}
    assert set(refused.values()) <= {"idempotency-key", "unsupported-media-type"}
    assert {answer.status_code for answer in answers.values()} <= {400, 415}
