"""The first page: figures, funnel, queues of one's own, countdown, and only what the person may see."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accreditation.models import Application, Nomination
from accreditation.states import ApplicationState, Category
from config import dashboard
from missions.kernel import clock
from missions.models import Election
from tests.missions.api.world import AT, World
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(standing_world: World) -> World:
    clock.set_to(AT)
    return standing_world


def first_page(role: str) -> Any:
    return browser_of(in_role(role)).get("/admin/")


def test_an_empty_installation_says_that_there_is_no_election() -> None:
    assert "There is no election yet." in first_page("auditor").content.decode()


def test_the_figures_count_people_organizations_and_countries(world: World) -> None:
    figures = first_page("auditor").context["figures"]

    assert (figures.observers, figures.organizations, figures.nationalities) == (3, 3, 1)


def test_the_funnel_narrows(world: World) -> None:
    Application.objects.filter(observer__given_names="IPC").update(state=ApplicationState.SUBMITTED)
    bars = first_page("reviewer").context["funnel"]

    assert [(str(bar.label), bar.count) for bar in bars] == [
        ("Places by invitation", 0),
        ("Nominated", 3),
        ("Submitted", 3),
        ("Review begun", 2),
        ("Accredited", 2),
    ]
    assert bars[0].note == "2 organizations"


def test_the_way_of_the_international_observers_is_told_without_the_others(world: World) -> None:
    row = Application.objects.get(observer__given_names="IPC")
    Application.objects.filter(pk=row.pk).update(category=Category.FOREIGN_MEDIA)
    Nomination.objects.filter(pk=row.nomination_id).update(category=Category.FOREIGN_MEDIA)

    context = first_page("reviewer").context

    assert [bar.count for bar in context["funnel"]] == [0, 2, 2, 2, 2]
    assert sum(bar.count for bar in context["states"]) == 3


def test_every_state_that_occurs_has_a_bar_that_leads_to_its_list(world: World) -> None:
    browser = browser_of(in_role("reviewer"))
    [bar] = browser.get("/admin/").context["states"]

    assert (bar.count, bar.percent, browser.get(bar.url).context["cl"].result_count) == (3, 100, 3)


@pytest.mark.parametrize(("role", "mine"), [("reviewer", 1), ("approver", 0), ("registrar", 1), ("auditor", None)])
def test_the_work_of_ones_own_comes_first(world: World, role: str, mine: int | None) -> None:
    Application.objects.filter(observer__given_names="IPC").update(state=ApplicationState.SUBMITTED)

    first, *others = first_page(role).context["queues"]

    assert (first.queue.code, first.count) == (("overdue", 0) if mine is None else ("mine", mine))
    assert [(pile.queue.code, pile.count) for pile in others if pile.queue.is_step] == [("submitted", 1)]


def test_an_overdue_application_is_named(world: World) -> None:
    row = Application.objects.order_by("pk")[0]
    Application.objects.filter(pk=row.pk).update(
        state=ApplicationState.UNDER_REVIEW, decide_by=AT - dt.timedelta(days=2)
    )

    [overdue] = first_page("reviewer").context["overdue"]

    assert (overdue["person"], overdue["left"].words) == (row.observer.full_name, "overdue by 2 days")
    assert overdue["url"] == f"/admin/accreditation/application/{row.pk}/change/?_changelist_filters=queue%3Doverdue"


@pytest.mark.parametrize(
    ("instant", "label", "text"),
    [
        (AT, "E-20", "20 days to election day"),
        (dt.datetime(2024, 2, 6, 19, 59, tzinfo=dt.UTC), "E-1", "1 day to election day"),
        (dt.datetime(2024, 2, 6, 20, 0, tzinfo=dt.UTC), "E", "Election day"),
        (dt.datetime(2024, 2, 9, 12, tzinfo=dt.UTC), "E+2", "2 days after election day"),
    ],
)
def test_the_countdown_goes_by_the_hosts_days(world: World, instant: dt.datetime, label: str, text: str) -> None:
    clock.set_to(instant)

    countdown = first_page("planner").context["countdown"]

    assert (countdown["label"], countdown["text"]) == (label, text)


@pytest.mark.parametrize(
    ("role", "sees", "not_sees"),
    [
        ("planner", {"figures", "coverage"}, {"queues", "funnel", "latest"}),
        ("administrator", {"coverage", "latest"}, {"figures", "queues", "funnel"}),
        ("auditor", {"figures", "queues", "funnel", "coverage", "latest"}, set()),
    ],
)
def test_each_role_sees_its_part(world: World, role: str, sees: set[str], not_sees: set[str]) -> None:
    context = first_page(role).context

    assert {name for name in sees | not_sees if name in context} == sees


@pytest.mark.parametrize(("role", "leads_on"), [("planner", True), ("registrar", False)])
def test_the_coverage_leads_on_whoever_may_see_plans(
    world: World, monkeypatch: pytest.MonkeyPatch, role: str, leads_on: bool
) -> None:
    told = SimpleNamespace(missed=[SimpleNamespace(name="temporary")])
    monkeypatch.setattr(dashboard, "joint_coverage", lambda election, *, at: told)

    page = first_page(role).content.decode()

    assert "1 stratum is far under its share:" in page
    assert ("coverage/?election=" in page) == leads_on


def test_another_election_is_shown_when_asked_for(world: World) -> None:
    other = Election.objects.create(
        code="ke-2022",
        name="General election",
        host_country="KEN",
        e_day=dt.date(2022, 8, 9),
        time_zone="Africa/Nairobi",
        opens_at=dt.time(6),
        closes_at=dt.time(17),
    )

    assert first_page("auditor").context["election"] == world.election
    assert browser_of(in_role("planner")).get("/admin/?election=ke-2022").context["election"] == other
    assert browser_of(in_role("reviewer")).get("/admin/?election=nothing").context["election"] == world.election


def test_every_page_tells_the_simulated_date_and_none_does_in_real_time(world: World) -> None:
    browser = browser_of(in_role("auditor"))
    pages = ("/admin/", "/admin/missions/mission/", f"/admin/missions/mission/{world.mission.pk}/change/")

    simulated = [browser.get(url).content.decode() for url in pages] + [
        Client().get("/account/sign-in/").content.decode()
    ]
    clock.reset()
    told = "18 Jan 2024, 16:00, Asia/Baku"
    real = [browser.get(url).content.decode() for url in pages]

    assert [f"Simulated date: {told}" in text for text in simulated] == [True] * 4
    assert ["desk-banner" in text for text in real] == [False] * 3


def test_signing_in_leads_to_the_first_page() -> None:
    person = in_role("protocol")
    person.set_password("a long enough password")
    person.save()

    answer = Client().post("/account/sign-in/", {"username": person.email, "password": "a long enough password"})

    assert answer.headers["Location"] == "/admin/"
