"""A self-directed mission's plan is its own: for everybody else every address answers as if there were no plan (R30).

All addresses are asked twice, once while the plan is there and once after all of it was taken away. What differs, or
bears one of the plan's marks, betrays it: in a list, a count, a filter, a search, an error or a header.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from rest_framework.test import APIClient

from config.roles import ROLES
from missions.kernel import clock
from missions.models import TokenScope, User
from missions.reminders.models import Message
from missions.timeline.feeds.services.addresses import make_address
from tests.accreditation.badges.doors import device_with_token
from tests.journeys.confidentiality.routes import Keys, all_routes
from tests.journeys.confidentiality.scene import CANARIES, MOMENT, Scene, build_scene, keys_of_all, take_away
from tests.journeys.confidentiality.walking import Answer, Asked, ask_all
from tests.missions.api.world import as_user
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.longest, pytest.mark.timeout(600)]

#: The rooms in which a mission's plan is kept: each of their models has a hidden row.
HIDING = {"deployment", "plan_files", "presence", "samples", "travel"}
#: Everybody at the ministry; all of them have fewer rights than the superuser.
HOSTS = ["superuser", *(role.name for role in ROLES)]
#: Those for whom everything is asked twice.
THOROUGH = ["superuser", "second lead", "pool lead"]
OTHERS = [*HOSTS, "second lead", "focal point", "pool lead", "checker", "anonymous"]
#: What the host may count of all released plans together, without a name (ARCHITECTURE, decision 1).
COUNTS = (
    "/admin/",
    "/admin/deployment/deploymentplan/coverage/",
    "/admin/deployment/deploymentplan/coverage-map/content/",
)
#: Whoever closes a station reads the same counts of its constituency.
COUNTS_OF_STATION = re.compile(r"/admin/stations/pollingstation/\d+/close/")
#: Who sees to it that people may enter stations under guard reads who asks for it, whosever it is.
HANDLE_ACCESS = {"superuser", *(role.name for role in ROLES if "access.view_accessgrant" in role.permissions)}
#: Who sees to it that the ministry keeps its own rules reads who has looked at whose plan, and nothing of the plan.
OVERSEE = {"superuser", *(role.name for role in ROLES if "deployment.view_breakglass" in role.permissions)}
Walk = Mapping[Asked, Answer]
#: What the framework makes of a menu, by app.
Apps = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a browser and a program of their own."""

    browser: Client
    program: APIClient
    pages: str


@dataclass(frozen=True, slots=True)
class Walks:
    """What everybody was answered while the plan was there, and those who are asked twice without it."""

    hidden: Keys
    own: Walk
    there: Mapping[str, Walk]
    gone: Mapping[str, Walk]
    logged: Sequence[str]


class _Lines(logging.Handler):
    """Keeps all that anybody logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def walks(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Walks]:
    """One world for all tests here: walking takes seconds, and looking at the answers none."""
    rates = "rest_framework.throttling.SimpleRateThrottle.THROTTLE_RATES"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("missions.kernel.clock.now", lambda: MOMENT)
        patch.setattr(rates, dict.fromkeys(("user", "verify", "enrol", "device", "devices")))
        clock.set_to(MOMENT)
        cache.clear()
        yield _walks(build_scene())
        transaction.set_rollback(True)


def _walks(scene: Scene) -> Walks:
    callers, secrets = _callers(scene)
    hidden, keys = _keys(scene)
    asked = {name: _asked(name, caller, hidden, keys, secrets) for name, caller in callers.items()}
    lines = _Lines()
    with transaction.atomic():
        logging.getLogger().addHandler(lines)
        there = {name: _walk(callers[name], asked[name]) for name in OTHERS}
        logging.getLogger().removeHandler(lines)
        own = _walk(callers["own lead"], asked["own lead"])
        transaction.set_rollback(True)
    take_away(scene.world)
    gone = {name: _walk(callers[name], asked[name]) for name in THOROUGH}
    return Walks(hidden, own, there, gone, lines.lines)


def _walk(caller: Caller, asked: Sequence[Asked]) -> Walk:
    programs = [each for each in asked if each.address.startswith("/api/")]
    pages = [each for each in asked if not each.address.startswith("/api/")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AdminSite, "_build_app_dict", _built_once(AdminSite._build_app_dict))
        return {**ask_all(caller.browser, pages), **ask_all(caller.program, programs)}


def _built_once(build: Callable[..., Apps]) -> Callable[..., Apps]:
    """What stands in the menu of somebody's pages: it rests on their rights alone, and takes a sixth of the time."""
    built: dict[tuple[str, object], Apps] = {}

    def build_once(menu: AdminSite, request: HttpRequest, label: str | None = None) -> Apps:
        if label is not None:
            return build(menu, request, label)
        whose = (menu.name, request.user.pk)
        if whose not in built:
            built[whose] = build(menu, request)
        return {app: {**found, "models": [dict(row) for row in found["models"]]} for app, found in built[whose].items()}

    return build_once


def _callers(scene: Scene) -> tuple[dict[str, Caller], list[str]]:
    """Everybody who asks, and the secrets of their calendars."""
    people = scene.world.people
    users = {
        "superuser": User.objects.create_superuser("root@ministry.example", "a long enough password"),
        **{role.name: in_role(role.name) for role in ROLES},
        "own lead": people.lead,
        "second lead": scene.second_lead,
        "focal point": scene.focal_point,
        "pool lead": people.other_lead,
        "checker": User.objects.create_user("checker@desk.example"),
    }
    callers = {
        name: Caller(browser_of(user), as_user(user, TokenScope.WRITE), "/admin/" if user.is_staff else "/mission/")
        for name, user in users.items()
    }
    _device, token = device_with_token(scene.world.election, "00012", people.host)
    callers["checker"].program.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    callers["anonymous"] = Caller(Client(), as_user(None), "/mission/")
    for caller in callers.values():
        caller.browser.raise_request_exception = caller.program.raise_request_exception = False
    strangers = [user for name, user in users.items() if name not in ("own lead", "checker")]
    secrets = [make_address(user=user, mission=None, name="Telephone", at=MOMENT).secret for user in strangers]
    return callers, secrets


def _keys(scene: Scene) -> tuple[Keys, Keys]:
    """The hidden rows: all that taking the plan away takes; and of each model one hidden row and another one."""
    before = keys_of_all()
    with transaction.atomic():
        take_away(scene.world)
        after = keys_of_all()
        transaction.set_rollback(True)
    hidden = {model: sorted(keys - after[model], key=_by_age) for model, keys in before.items() if keys - after[model]}
    others = {model: sorted(keys, key=_by_age) for model, keys in after.items()}
    known = {
        model: list(dict.fromkeys([*hidden.get(model, [])[:1], *rows[-1:]])) or [987_654]
        for model, rows in others.items()
    }
    return hidden, known


def _by_age(key: object) -> tuple[int, str]:
    """The order in which rows were made: the tenth comes after the ninth."""
    return len(str(key)), str(key)


def _asked(name: str, caller: Caller, hidden: Keys, keys: Keys, secrets: Sequence[str]) -> list[Asked]:
    """What somebody asks: every address that is theirs to try, blind filters, and every act on what is hidden.

    Those who have fewer rights than others here ask for what is hidden, and for the lists that could tell of it.
    """
    other_site = "/admin/" if caller.pages == "/mission/" else "/mission/"
    routes = [route for route in all_routes() if route.is_walked and not f"/{route.text}".startswith(other_site)]
    near = {model: rows[:1] for model, rows in hidden.items() if model._meta.app_label in {*HIDING, "access"}}
    of_hidden = [route for route in routes if route.is_about(near)]
    if name not in (*THOROUGH, "own lead"):
        lists = [route for route in routes if not route.parameters and route.is_telling]
        return [Asked(each) for route in (*lists, *of_hidden) for each in route.addresses(near, secrets)]
    pages = chain.from_iterable(route.addresses(keys, secrets) for route in routes)
    acts = chain.from_iterable(route.addresses(near, secrets) for route in of_hidden)
    filters = _blind_filters(hidden, caller.pages)
    return [*map(Asked, dict.fromkeys([*pages, *filters])), *(Asked(act, writes=True) for act in acts)]


def _blind_filters(hidden: Keys, pages: str) -> Iterator[str]:
    """Lists asked for what is hidden, by key and by word."""
    plan, team, area, visit_plan = (
        hidden[apps.get_model("deployment", name)][0]
        for name in ("DeploymentPlan", "Team", "AreaOfResponsibility", "VisitPlan")
    )
    words = ("q=canary", f"q={CANARIES['team']}", f"q={CANARIES['seed']}")
    of_lists = {
        "deployment/deploymentplan": ("made_from__id__exact=1", "mission__id__exact=1"),
        "deployment/areaofresponsibility": (f"of={plan}", f"plan__id__exact={plan}"),
        "deployment/team": (f"of={plan}", f"plan__id__exact={plan}", f"number={CANARIES['team']}"),
        "deployment/teammember": (f"of={plan}", f"team__id__exact={team}"),
        "deployment/visitplan": (f"of={plan}", f"team__number={CANARIES['team']}"),
        "deployment/visit": (f"of={plan}", f"visit_plan__id__exact={visit_plan}", "station__code=007"),
        "deployment/planrun": ("mission__id__exact=1", "state__exact=failed"),
        "deployment/deploymentsettings": ("mission__id__exact=1",),
        "plan_files/planfile": ("mission__id__exact=1", f"file_name={CANARIES['plan_file']}"),
        "samples/stationsample": ("mission__id__exact=1", f"seed={CANARIES['sample_seed']}"),
        "travel/travelmatrix": ("mission__id__exact=1", f"file_name={CANARIES['matrix']}"),
        "stations/pollingstation": ("visits__isnull=0", "sample_places__isnull=0", f"visits__visit_plan={visit_plan}"),
        "reminders/message": ("rule=plan_released", "subject_type=deployment.deploymentplan"),
        "kernel/event": ("is_private__exact=1", "object_type=deployment.deploymentplan"),
        "accreditation/observer": ("slots__isnull=0", f"slots__team={team}"),
    }
    for list_name, queries in of_lists.items():
        for query in (*queries, *words, "_facets=1", "o=-1"):
            yield f"{pages}{list_name}/?{query}"
    for word in ("canary", CANARIES["team"], "plan_released"):
        yield f"{pages}search/?s={word}"
    for model, field in (("team", "plan"), ("visit", "visit_plan"), ("planrun", "base"), ("visitplan", "team")):
        for term in ("", "canary", CANARIES["team"]):
            yield f"{pages}autocomplete/?app_label=deployment&model_name={model}&field_name={field}&term={term}"
    for resource, query in (
        ("areas", f"plan={plan}"),
        ("teams", f"plan={plan}"),
        ("teams", f"area={area}"),
        ("visit-plans", f"plan={plan}"),
        ("visit-plans", f"team={team}"),
        ("plans", "mission=1"),
        ("plan-runs", "mission=1"),
    ):
        yield f"/api/v1/{resource}/?{query}"
        yield f"/api/v1/{resource}/?{query}&page_size=1"


def test_every_room_that_hides_has_a_hidden_row_of_each_model_and_so_have_the_mails(walks: Walks) -> None:
    models = {model for model in apps.get_models() if model._meta.app_label in HIDING} | {Message}

    assert {model._meta.label for model in models - walks.hidden.keys()} == set()


def test_the_mission_itself_reads_every_mark(walks: Walks) -> None:
    read = frozenset[str]().union(*(answer.marks for answer in walks.own.values()))

    # Why a rule was lifted is shown beside what the rule finds, and it finds nothing here.
    assert set(CANARIES) - read == {"override"}


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_reads_any_mark(walks: Walks, name: str) -> None:
    marked = {
        asked: sorted(answer.marks)
        for asked, answer in walks.there[name].items()
        # What somebody searches for stands on the page again.
        if {CANARIES[mark] for mark in answer.marks if CANARIES[mark] not in asked.address}
        and not _handles_access(name, asked.address)
    }

    assert marked == {}
    assert len(walks.there[name]) > 100


@pytest.mark.parametrize("name", THOROUGH)
def test_every_answer_is_the_same_without_the_plan(walks: Walks, name: str) -> None:
    gone = walks.gone[name]
    different = {
        asked: (answer, gone[asked])
        for asked, answer in walks.there[name].items()
        if not _is_same(answer, gone[asked]) and not _may_differ(name, asked, answer)
    }

    assert different == {}


def test_nothing_is_logged_that_bears_a_mark(walks: Walks) -> None:
    assert [line for line in walks.logged for canary in CANARIES.values() if canary in line] == []


def _is_same(one: Answer, other: Answer) -> bool:
    return (one.status, one.headers, one.digest) == (other.status, other.headers, other.digest)


def _may_differ(name: str, asked: Asked, answer: Answer) -> bool:
    """Counts of all missions together; who handles access; and that somebody has looked at a plan."""
    is_look = name in OVERSEE and ("/breakglass/" in asked.address or "/break-glasses/" in asked.address)
    is_count = asked.address in COUNTS or COUNTS_OF_STATION.fullmatch(asked.address) is not None
    return is_count or _handles_access(name, asked.address) or is_look


def _handles_access(name: str, address: str) -> bool:
    return name in HANDLE_ACCESS and ("/access/" in address or "/access-grants/" in address)
