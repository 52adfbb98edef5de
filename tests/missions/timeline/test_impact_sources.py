"""What a move of election day would do to timelines, told before it is made."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from missions.impact import Change, Impact, Weight
from missions.models import Mission, User
from missions.timeline.changes import ElectionMove
from missions.timeline.impact_sources import moved_timelines
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline
from tests.staff import in_role

pytestmark = pytest.mark.django_db
E_DAY = dt.date(2024, 2, 7)


@pytest.fixture
def timelines(mission: Mission, other_mission: Mission, at: dt.datetime) -> None:
    for each in (mission, other_mission):
        lay_timeline(mission=each, by=None, at=at)


def _told(mission: Mission, user: User, days: int, at: dt.datetime) -> list[Impact]:
    change = ElectionMove(mission.election_id, E_DAY + dt.timedelta(days=days))
    return list(moved_timelines.of_change(change, user=user, at=at))


@pytest.mark.usefixtures("timelines")
def test_each_mission_is_told_of_once(
    mission: Mission, other_mission: Mission, at: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    auditor = in_role("auditor")
    auditor.has_perm("timeline.view_milestone")  # what a person may do is read once per request

    with django_assert_num_queries(2):
        found = _told(mission, auditor, 14, at)

    assert [(row.key, row.weight, row.subject, row.sentence) for row in found] == [
        (str(mission.pk), Weight.ALTERS, "ODIHR, ODIHR mission", "22 steps move."),
        (str(other_mission.pk), Weight.ALTERS, "PABSEC, PABSEC delegation", "11 steps move."),
    ]
    assert found[0].url == f"/admin/timeline/milestone/mission/{mission.pk}/"


@pytest.mark.usefixtures("timelines")
def test_steps_that_would_lie_in_the_past_are_counted(other_mission: Mission, at: dt.datetime) -> None:
    """E-18 at noon: with a day 14 days earlier, the last day for applications and the decisions are over."""
    _full, short = _told(other_mission, in_role("auditor"), -14, at)

    assert (short.weight, short.sentence) == (Weight.SPOILS, "11 steps move. In the past then: 2.")


@pytest.mark.usefixtures("timelines")
def test_what_would_be_newly_out_of_order_is_counted(other_mission: Mission, at: dt.datetime) -> None:
    """A hand has fixed nothing to the calendar; a step without an anchor's day stays where it is."""
    Milestone.objects.filter(mission=other_mission, code="departure").update(anchor="application_deadline")
    Milestone.objects.filter(mission=other_mission, code="departure").update(offset_days=12)
    election = other_mission.election
    election.profile_code = "ke-2022"  # whose last day is a date, whatever election day is
    election.save()

    _full, short = _told(other_mission, in_role("auditor"), 7, at)

    assert short.weight == Weight.SPOILS
    assert "Newly out of order: " in str(short.sentence)


@pytest.mark.usefixtures("timelines")
def test_a_zone_that_is_no_longer_known_is_told_beforehand(other_mission: Mission, at: dt.datetime) -> None:
    Milestone.objects.filter(mission=other_mission, code="arrival").update(time_zone="US/Pacific-New")

    _full, short = _told(other_mission, in_role("auditor"), 14, at)

    assert (short.weight, short.sentence) == (
        Weight.SPOILS,
        "10 steps move. In a zone that is not known, so that the timeline cannot be moved: 1.",
    )


@pytest.mark.usefixtures("timelines")
def test_a_lead_is_told_of_the_own_mission_and_facts_change_with_the_steps(
    other_mission: Mission, other_lead: User, at: dt.datetime
) -> None:
    (before,) = _told(other_mission, other_lead, 14, at)
    Milestone.objects.filter(mission=other_mission, code="arrival").update(version=2)

    (after,) = _told(other_mission, other_lead, 14, at)

    assert (before.subject, before.url) == ("PABSEC, PABSEC delegation", "")
    assert before.facts != after.facts


@pytest.mark.usefixtures("timelines")
def test_other_changes_and_the_same_day_touch_nothing(mission: Mission, at: dt.datetime) -> None:
    auditor = in_role("auditor")

    assert list(moved_timelines.of_change(Change(mission.election_id), user=auditor, at=at)) == []
    assert _told(mission, auditor, 0, at) == []
