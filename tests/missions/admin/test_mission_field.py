"""The choice of a mission: nobody has to know its code, and none is chosen by oversight."""

import pytest
from django import forms
from pytest_django import DjangoAssertNumQueries

from missions.admin.mission_field import MissionField
from missions.models import Mission
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


class _Form(forms.Form):
    mission = MissionField(Mission.objects.order_by("code"))


def test_a_mission_is_offered_by_code_name_and_election(
    mission: Mission, other_mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        labels = [str(label) for _value, label in _Form().fields["mission"].choices]  # type: ignore[attr-defined]

    code = mission.election.code
    assert labels == [
        "Choose a mission",
        f"{mission.code} · {mission.name} · {code}",
        f"{other_mission.code} · {other_mission.name} · {code}",
    ]


def test_access_is_asked_for_no_mission_by_oversight(mission: Mission, other_mission: Mission) -> None:
    answer = browser_of(in_role("protocol")).get("/admin/access/accessgrant/add/")

    assert '<option value="" selected>Choose a mission</option>' in answer.content.decode()
