"""The political group of a nominated person: noted, taken back, and in no history."""

import datetime as dt

import pytest

from accreditation.errors import PoliticalGroupRefusedError
from accreditation.models import Nomination
from accreditation.services.groups import note_political_group
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import MakeApplication

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination(make_application: MakeApplication) -> Nomination:
    return make_application().nomination


def test_a_group_is_noted_once_and_taken_back(nomination: Nomination, reviewer: User, at: dt.datetime) -> None:
    for group in ("  Greens ", "Greens", ""):
        note_political_group(nomination=nomination, group=group, by=reviewer, at=at)

    nomination.refresh_from_db()
    assert nomination.political_group == ""
    noted = Event.objects.of(nomination).filter(verb="political_group_noted")
    assert [(event.changed, event.scope_id, event.actor) for event in noted] == [
        (["political_group"], nomination.mission_id, reviewer)
    ] * 2
    assert not any("Greens" in str(vars(event)) for event in noted)


@pytest.mark.parametrize("group", ["x" * 61, "Gr\x00eens"])
def test_what_no_text_may_have_is_refused(nomination: Nomination, reviewer: User, at: dt.datetime, group: str) -> None:
    with pytest.raises(PoliticalGroupRefusedError):
        note_political_group(nomination=nomination, group=group, by=reviewer, at=at)

    assert Nomination.objects.get().political_group == ""


def test_a_nomination_that_went_elsewhere_is_missing(
    nomination: Nomination, other_mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    Nomination.objects.filter(pk=nomination.pk).update(mission=other_mission)

    with pytest.raises(MissingError):
        note_political_group(nomination=nomination, group="Greens", by=reviewer, at=at)
