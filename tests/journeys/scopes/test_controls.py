"""The walk sees what it looks for: a view that shows others' rows, one that tells of them, and a write to one."""

import pytest

from accreditation.models import Stay
from missions.models import TokenScope
from missions.querysets import MissionQuerySet
from tests.journeys.scopes.asking import ask
from tests.journeys.scopes.contents import contents_of_all
from tests.journeys.scopes.owners import ABSENT
from tests.journeys.scopes.table import lines_of
from tests.journeys.scopes.walk import Pair
from tests.missions.api.world import World, as_user


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


def pair_of(world: World, method: str, template: str) -> Pair:
    """What the lead of `mission` is answered about the other one."""
    client, key = as_user(world.people.lead, TokenScope.WRITE), world.other_mission.pk
    other, absent = (ask(client, method, template.format(each)) for each in (key, ABSENT))
    return Pair("lead", f"{method} {template}", key, other, absent)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "template"), [("GET", "/api/v1/missions/{}/"), ("POST", "/api/v1/missions/{}/milestones/")]
)
def test_a_view_without_a_scope_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, template: str
) -> None:
    assert pair_of(world, method, template).is_same

    monkeypatch.setattr(MissionQuerySet, "visible_to", lambda rows, _user: rows)

    assert not pair_of(world, method, template).is_same


@pytest.mark.django_db
def test_one_changed_field_of_one_row_is_seen(world: World) -> None:
    before = contents_of_all()
    stay = Stay.objects.filter(nomination__mission=world.other_mission).earliest("pk")

    Stay.objects.filter(pk=stay.pk).update(lodging="Elsewhere")

    assert [label for label, digest in contents_of_all().items() if digest != before[label]] == ["accreditation.Stay"]


def test_the_table_tells_groups_by_their_name_and_marks_who_was_sent_back() -> None:
    found = {
        "GET /a/": ["lead", "focal point", "pool lead", "nobody"],
        "POST /a/": ["lead", "focal point~"],
        "GET /b/": [],
    }

    assert lines_of(found) == {
        "GET /a/": "every mission, nobody",
        "POST /a/": "lead, focal point~",
        "GET /b/": "closed",
    }
