"""The walk itself: who comes in where, and what is answered about rows that are others' and rows that are not there."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.core.handlers import exception
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from unfold.sites import UnfoldAdminSite

from accreditation.letters.services import reading
from config.mission_site import mission_site
from tests.journeys.confidentiality.routes import Route, all_routes
from tests.journeys.confidentiality.scene import Scene
from tests.journeys.scopes.addresses import (
    absent_methods_of,
    address_of,
    is_for,
    is_walked,
    keys_of,
    methods_of,
    named_in_body,
    own_address,
    own_requests,
)
from tests.journeys.scopes.asking import Answer, ask
from tests.journeys.scopes.callers import UNKNOWN, Caller, callers_of
from tests.journeys.scopes.contents import contents_of_all
from tests.journeys.scopes.owners import ABSENT, keys_for


@dataclass(frozen=True, slots=True)
class Pair:
    """What one caller was answered about a row that is another's, and about one that is not there."""

    caller: str
    request: str
    key: object
    other: Answer
    absent: Answer

    @property
    def is_same(self) -> bool:
        """Whether the answers are equal, each with the key taken out that was asked for."""
        return self.other.about(self.key) == self.absent.about(ABSENT)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the walk saw.

    `entries` tells who came in by each method and route, `unknown` what those got whom the API does not know, `broken`
    the answers of 500 and more, `taken` the methods that a view has not and answered, and `changed` the models of
    which asking for others' rows changed one.
    """

    entries: Mapping[str, Sequence[str]]
    unknown: Mapping[str, frozenset[int]]
    broken: Sequence[str]
    taken: Sequence[str]
    pairs: Sequence[Pair]
    changed: Sequence[str]


def walk(scene: Scene) -> Findings:
    """Ask everything as everybody, in the transaction that is open."""
    callers = callers_of(scene)
    answering: dict[str, Route] = {}
    for route in all_routes():
        answering.setdefault(route.text, route)  # the first of the router answers
    routes = [route for route in answering.values() if is_walked(route)]
    before = contents_of_all()
    pairs = [pair for name in ("lead", "pool lead") for pair in _pairs_of_mission(callers[name], routes)]
    after = contents_of_all()
    changed = [label for label in before if before[label] != after[label]]
    with _plain_pages():
        entries, broken = _entries(list(callers.values()), routes)
        taken = list(_taken(callers, routes))
        unknown = {name: _statuses(callers[name], callers["lead"], routes) for name in UNKNOWN}
    return Findings(entries, unknown, broken, taken, pairs, changed)


def _pairs_of_mission(caller: Caller, routes: Sequence[Route]) -> Iterator[Pair]:
    """Every address with a key, every body that names a row and every act on many: others' rows and absent ones."""
    for route in routes:
        if not is_for(caller, route) or route.text.startswith("admin/"):
            continue
        others = keys_of(caller, route).others
        for method in methods_of(route) if others else ():
            absent = ask(_client(caller, route), method, address_of(route, ABSENT))
            for key in others:
                address = address_of(route, key)
                other = ask(_client(caller, route), method, address)
                yield Pair(caller.name, f"{method} {address}", key, other, absent)
        yield from _named_pairs(caller, route)
        if route.text.startswith("mission/") and route.name.endswith("_changelist"):
            model = apps.get_model(".".join(route.text.split("/")[1:3]))
            if caller.user is not None and caller.mission is not None:
                yield from _bulk_pairs(caller, route, keys_for(model, caller.user, caller.mission).others)


def _named_pairs(caller: Caller, route: Route) -> Iterator[Pair]:
    named = named_in_body(caller, route)
    if named is None or "POST" not in methods_of(route):
        return
    field, keys = named
    address = own_address(caller, route)
    absent = ask(caller.program, "POST", address, {field: ABSENT})
    for key in keys.others:
        other = ask(caller.program, "POST", address, {field: key})
        yield Pair(caller.name, f"{address} {field} {key}", key, other, absent)


def _bulk_pairs(caller: Caller, route: Route, others: Sequence[object]) -> Iterator[Pair]:
    model = apps.get_model(".".join(route.text.split("/")[1:3]))
    for move in getattr(mission_site._registry[model], "moves", ()):
        for key in others if move.in_bulk else ():
            other, absent = (_act_on_many(caller, route, move.name, each) for each in (key, ABSENT))
            yield Pair(caller.name, f"/{route.text} {move.name} {key}", key, other, absent)


def _act_on_many(caller: Caller, route: Route, move: str, key: object) -> Answer:
    return ask(caller.browser, "POST", f"/{route.text}", {"action": move, "_selected_action": key, "confirmed": "1"})


def _entries(callers: Sequence[Caller], routes: Sequence[Route]) -> tuple[Mapping[str, Sequence[str]], list[str]]:
    """Who came in with a row of their own, by method and route; what they write is undone at once."""
    entries: dict[str, list[str]] = defaultdict(list)
    broken = []
    for caller in callers:
        for route in routes if caller.name not in UNKNOWN[1:] else ():
            for method, address, body in own_requests(caller, route) if is_for(caller, route) else ():
                answer = _undone(_client(caller, route), method, address, body)
                name = f"{caller.name}~" if answer.is_sent_back else caller.name
                entries[f"{method} /{route.text}"] += [name] if answer.comes_in else []
                if answer.status >= 500:
                    broken.append(f"{caller.name}: {answer.status} {method} {address}")
    return entries, broken


def _taken(callers: Mapping[str, Caller], routes: Sequence[Route]) -> Iterator[str]:
    for route in routes:
        caller = callers["device" if "/verification/" in route.text else "lead"]
        for method in absent_methods_of(route) if route.text.startswith("api/") else ():
            status = ask(caller.program, method, own_address(caller, route)).status
            if status != (404 if route.name == "api:absent" else 405):
                yield f"{status} {method} /{route.text}"


def _statuses(unknown: Caller, known: Caller, routes: Sequence[Route]) -> frozenset[int]:
    """What the API answers to somebody whom it does not know, about rows of somebody whom it does."""
    return frozenset(
        ask(unknown.program, method, address, body).status
        for route in routes
        if route.text.startswith("api/") and "/verification/" not in route.text and is_for(known, route)
        for method, address, body in own_requests(known, route)
        if method == "GET" or unknown.name == UNKNOWN[0]
    )


def _client(caller: Caller, route: Route) -> Client:
    return caller.program if route.text.startswith("api/") else caller.browser


def _undone(client: Client, method: str, address: str, body: Mapping[str, object]) -> Answer:
    with transaction.atomic():
        answer = ask(client, method, address, body)
        transaction.set_rollback(True)
    return answer


@contextmanager
def _plain_pages() -> Iterator[None]:
    """Who comes in is said before a page is laid out, and laying out is nine tenths of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SimpleTemplateResponse, "rendered_content", "a page")
        patch.setattr(UnfoldAdminSite, "each_context", lambda _site, _request: {})
        patch.setattr(exception, "get_exception_response", lambda _r, _v, status, _e: HttpResponse(status=status))
        patch.setattr(ModelBackend, "get_user", cache(ModelBackend.get_user))
        patch.setattr(reading, "render_letter", lambda _letter: b"%PDF-")
        patch.setattr(SchemaGenerator, "get_schema", lambda *_how, **_more: {})
        logging.disable(logging.CRITICAL)
        yield
        logging.disable(logging.NOTSET)
