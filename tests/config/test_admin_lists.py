"""Every list of the admin: how many queries it takes, that it is searched, and what it never shows or offers."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import DateTimeField, Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accreditation.badges.models import CheckDevice, PrintBatch
from accreditation.citizens.models import CitizenFile
from accreditation.letters.models import Letter, LetterBatch
from accreditation.models import (
    BulkReview,
    CategoryQuota,
    CommissionSession,
    ExitPollResult,
    ListedPerson,
    Revocation,
)
from config.roles import ROLES
from missions.admin.pages import PageAdmin
from missions.kernel import clock
from missions.models import ApiToken, Invitation, Membership, User
from missions.reminders.models import Broadcast, DigestChoice, ReminderRule
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.recommendations.models import Recommendation
from missions.timeline.programme.models import (
    InterpreterPool,
    MeetingRequest,
    Programme,
    ProtocolRank,
)
from stations.access.models import AccessGrant, EscortRun
from stations.deployment.models import BreakGlass, PlanRun
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.presence.models import RollCall
from stations.deployment.samples.models import StationSample
from stations.travel.models import TravelMatrix
from tests.config.desk_rows import add_desk_rows, add_more
from tests.missions.api.world import (
    AT,
    CANARY,
    World,
)
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = {
    "missions",
    "kernel",
    "timeline",
    "programme",
    "reminders",
    "accreditation",
    "badges",
    "citizens",
    "intake",
    "letters",
    "stations",
    "register",
    "deployment",
    "reports",
    "figures",
    "recommendations",
    "plan_files",
    "presence",
    "samples",
    "travel",
    "access",
}
LIMIT = 15
#: Of the page of one object.
PAGE_LIMIT = 25
#: A plan is judged by all of its rules, and counted stratum by stratum, whenever somebody opens it.
PAGE_LIMITS = {"deployment.DeploymentPlan": 63}


@pytest.fixture
def world(standing_world: World) -> World:
    """Everything at least once, under a clock that is set, so that each page also pays for the banner."""
    clock.set_to(AT)
    add_desk_rows(standing_world, 1)
    return standing_world


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def queries_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = browser.get(url)
    assert answer.status_code == 200
    return len(captured)


def test_every_model_of_the_product_stands_in_the_admin() -> None:
    registered = {model._meta.label for model in MODELS if model._meta.app_label in OURS}

    # The clock's row and the keys of idempotent writes are machinery.
    assert "accreditation.Application" in registered
    assert {label for label in registered if label.startswith("kernel.")} == {"kernel.Event"}
    assert ApiToken in MODELS
    assert not [model for model in MODELS if model._meta.app_label == "knox"]


def test_a_list_takes_few_queries_whatever_its_length(world: World) -> None:
    browser = browser_of(in_role("auditor"))
    few = {model._meta.label: queries_of(browser, list_of(model)) for model in MODELS}
    rows = {model._meta.label: model._default_manager.count() for model in MODELS}
    for n in (2, 3):
        add_more(world, n)

    more = {model._meta.label: queries_of(browser, list_of(model)) for model in MODELS}

    grown = {model._meta.label for model in MODELS if model._default_manager.count() > rows[model._meta.label]}
    assert {label: (few[label], more[label]) for label in few if few[label] != more[label]} == {}
    assert {label: count for label, count in more.items() if count > LIMIT} == {}
    assert {model._meta.label for model in MODELS if model._meta.app_label in OURS} - grown == {
        "missions.Delegation",
        "missions.Membership",
        "missions.Mission",
        "missions.MissionHead",
        "missions.Organization",
        "missions.User",
    }


def test_every_list_counts_its_filters_when_asked(world: World) -> None:
    browser = browser_of(in_role("auditor"))

    broken = {model._meta.label for model in MODELS if browser.get(list_of(model), {"_facets": "1"}).status_code != 200}

    assert broken == set()


def test_every_list_can_be_searched(world: World) -> None:
    browser = browser_of(in_role("auditor"))

    broken = {model._meta.label for model in MODELS if browser.get(list_of(model), {"q": "12 x"}).status_code != 200}

    assert broken == set()
    assert {model._meta.label for model in MODELS if not admin.site._registry[model].search_fields} == set()


@pytest.mark.parametrize(
    ("model", "term", "found"),
    [
        ("accreditation.observer", "surname1 pabsec", 1),
        ("accreditation.observer", "SÜRNAME1 PABSEC", 1),
        ("accreditation.application", "row-1", 3),
        ("accreditation.application", "PABSEC", 1),
        ("accreditation.application", "nobody", 0),
        ("stations.pollingstation", "001", 1),
        ("stations.pollingstation", "Station 1", 1),
        ("missions.mission", "PABSEC", 1),
        ("missions.user", "lead@one.example", 1),
        ("deployment.team", "1", 1),
    ],
)
def test_search_finds_what_people_type(world: World, model: str, term: str, found: int) -> None:
    app, name = model.split(".")
    answer = browser_of(in_role("auditor")).get(reverse(f"admin:{app}_{name}_changelist"), {"q": term})

    assert answer.context["cl"].result_count == found


def test_every_page_of_an_object_opens_and_no_passport_number_stands_anywhere(world: World) -> None:
    auditor = in_role("auditor")
    browser = browser_of(auditor)
    request = RequestFactory().get("/")
    request.user = auditor
    shown, costs = [], dict[str, int]()
    for model in MODELS:
        visible = admin.site._registry[model].get_queryset(request)
        shown.append(browser.get(list_of(model)))
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        for row in visible:
            with CaptureQueriesContext(connection) as captured:
                shown.append(browser.get(reverse(name, args=(row.pk,))))
            costs[model._meta.label] = max(costs.get(model._meta.label, 0), len(captured))

    assert {answer.status_code for answer in shown} == {200}
    assert {label: cost for label, cost in costs.items() if cost > PAGE_LIMITS.get(label, PAGE_LIMIT)} == {}
    assert [answer.request["PATH_INFO"] for answer in shown if CANARY in answer.content.decode()] == []


@pytest.mark.one_database
def test_no_page_shows_an_instant_without_saying_by_which_clock() -> None:
    """The framework's own pages show a bare instant in UTC, where every list beside them speaks of the host's time."""
    request = RequestFactory().get("/")
    request.user = in_role("auditor")
    ours = {model: site for model, site in admin.site._registry.items() if model._meta.app_label in OURS}
    bare = {
        f"{model._meta.label}.{field.name}"
        for model, site in ours.items()
        if not isinstance(site, PageAdmin)
        for field in model._meta.get_fields()
        if isinstance(field, DateTimeField) and field.name in flatten_fieldsets(site.get_fieldsets(request))
    }

    assert bare == set()


@pytest.mark.one_database
def test_nothing_is_edited_or_deleted_and_few_things_are_added(world: World) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("root@ministry.example", "a long enough password")

    editable = {model for model in MODELS if admin.site._registry[model].has_change_permission(request)}
    addable = {model for model in MODELS if admin.site._registry[model].has_add_permission(request)}
    deletable = {model for model in MODELS if admin.site._registry[model].has_delete_permission(request)}

    assert (editable, addable, deletable) == (
        set(),
        {
            AccessGrant,
            BreakGlass,
            Broadcast,
            BulkReview,
            CategoryQuota,
            CheckDevice,
            CitizenFile,
            CommissionSession,
            DigestChoice,
            EscortRun,
            ExitPollResult,
            FigureClaim,
            FrozenFigures,
            InterpreterPool,
            Invitation,
            Letter,
            LetterBatch,
            ListedPerson,
            MeetingRequest,
            Membership,
            PlanFile,
            PlanRun,
            PrintBatch,
            Programme,
            ProtocolRank,
            Recommendation,
            ReminderRule,
            Revocation,
            RollCall,
            StationSample,
            TravelMatrix,
            User,
        },
        set(),
    )


@pytest.mark.one_database
@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_the_navigation_of_a_role_leads_only_to_pages_that_open(world: World, role: str) -> None:
    browser = browser_of(in_role(role))
    sidebar = browser.get("/admin/").context["sidebar_navigation"]
    links = [(item["link"], item["has_permission"]) for group in sidebar for item in group["items"]]

    opened = {link: browser.get(link).status_code for link, _allowed in links}

    assert opened == {link: 200 if allowed else 403 for link, allowed in links}
    assert any(allowed for _link, allowed in links)


@pytest.mark.one_database
def test_leads_and_strangers_do_not_come_in(world: World) -> None:
    for client in (browser_of(world.people.lead), Client()):
        answer = client.get("/admin/accreditation/application/")

        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")
