"""The frame of every page of the desk: its title, the way to it, how much a list holds, and lists that hold nothing."""

import datetime as dt
import re

import pytest
from django import forms
from django.urls import reverse

from missions.models import Constituency, Election, Mission, Organization
from missions.states import OrganizationKind
from tests.missions.api.world import World, build_world
from tests.staff import browser_of, in_role, way_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    return build_world(election, mission, other_mission, constituency)


def _page(path: str, role: str = "registrar") -> str:
    return browser_of(in_role(role)).get(path).content.decode()


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found is not None
    return " ".join(found.group(1).split())


def test_a_list_is_named_as_in_the_sidebar(world: World) -> None:
    page = _page(reverse("admin:badges_scan_changelist"))

    assert _title(page) == "Checks at the doors | Observer Desk"
    assert way_of(page) == ["Badges", "chevron_right", "Checks at the doors", "0 results"]


def test_a_list_without_an_entry_is_named_as_its_model(world: World) -> None:
    page = _page(reverse("admin:badges_revocationlist_changelist"))

    assert _title(page) == "Revocation lists | Observer Desk"
    assert way_of(page) == ["Revocation lists", "0 results"]


def test_a_page_of_its_own_is_the_end_of_itsway_of(world: World) -> None:
    assert way_of(_page(reverse("admin:badges_badge_desk"))) == ["Badges", "chevron_right", "Badge desk"]


def test_the_way_to_an_act_leads_over_the_object(world: World) -> None:
    mission = world.mission
    page = _page(reverse("admin:missions_mission_change", args=(mission.pk,)))
    assert way_of(page) == ["Missions", "chevron_right", mission.code]

    page = _page(reverse("admin:badges_printbatch_add"), role="protocol")
    assert way_of(page) == ["Badges", "chevron_right", "Print batches", "chevron_right", "Order badges"]


def test_thousands_of_rows_are_grouped(election: Election) -> None:
    rows = [
        Organization(acronym=f"ORG {number}", name=f"Organization {number}", kind=OrganizationKind.INGO)
        for number in range(1_200)
    ]
    Organization.objects.bulk_create(rows)

    page = _page(reverse("admin:missions_organization_changelist"))

    assert way_of(page)[-1] == "1,200 results"
    assert "1,200 in all" in page


@pytest.mark.parametrize(
    ("query", "sentence", "says_not"),
    [
        ("", "There is nothing in this list for now.", "that are set"),
        ("?q=nobody", "No row fits the search and the filters that are set.", "for now"),
    ],
)
def test_an_empty_list_says_why(election: Election, query: str, sentence: str, says_not: str) -> None:
    page = _page(reverse("admin:badges_scanalert_changelist") + query)

    assert sentence in page
    assert says_not not in page


def test_yes_and_no_are_words(world: World) -> None:
    page = _page(reverse("admin:accreditation_observer_changelist"))

    assert "close_small" not in page
    assert '<span class="desk-muted">no</span>' in page


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024-03-02", dt.date(2024, 3, 2)),
        ("02.03.2024", dt.date(2024, 3, 2)),
        ("2 Mar 2024", dt.date(2024, 3, 2)),
        ("02/03/2024", None),
        ("31.02.2024", None),
    ],
)
def test_a_day_is_read_as_pages_write_it_and_never_guessed(typed: str, day: dt.date | None) -> None:
    class Form(forms.Form):
        day = forms.DateField()

    form = Form({"day": typed})

    assert form.is_valid() == (day is not None)
    assert form.cleaned_data.get("day") == day


def test_a_refused_day_says_how_to_write_one(world: World) -> None:
    answer = browser_of(in_role("registrar")).post(
        reverse("admin:accreditation_commissionsession_add"), {"number": "9/24", "day": "02/03/2024", "time": "25:99"}
    )

    assert answer.status_code == 422
    assert answer.content.decode().count("Write a day as 2024-02-07 or 07.02.2024, and a time as 15:30.") == 2
