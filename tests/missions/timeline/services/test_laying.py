import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Mission, User
from missions.timeline.errors import (
    ElectionProfileUnknownError,
    TimelineTemplateMissingError,
    TimelineTemplateUnknownError,
)
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db


def _instants(mission: Mission) -> dict[str, dt.datetime]:
    return dict(Milestone.objects.filter(mission=mission).values_list("code", "planned_at"))


def _utc(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=dt.UTC)


def test_lay_timeline_dates_a_short_delegation_in_the_hosts_zone(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    laid = lay_timeline(mission=other_mission, by=lead, at=at)

    assert laid == 8
    assert _instants(other_mission) == {
        "applications_in": _utc(1, 28, 8),
        "arrival": _utc(2, 4, 14),
        "ministry_meeting": _utc(2, 5, 7),
        "commission_meeting": _utc(2, 6, 7),
        "opening": _utc(2, 7, 3, 30),
        "count": _utc(2, 7, 15),
        "statement": _utc(2, 8, 8),
        "departure": _utc(2, 9, 8),
    }


def test_lay_timeline_stores_everything_that_dates_a_milestone(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=other_mission, by=lead, at=at)

    row = Milestone.objects.get(mission=other_mission, code="applications_in")
    assert (row.title, row.anchor, row.offset_days, row.local_time, row.time_zone, row.actual_at) == (
        "All applications handed in",
        "application_deadline",
        0,
        dt.time(12),
        "Asia/Baku",
        None,
    )


def test_lay_timeline_again_changes_and_records_nothing(mission: Mission, lead: User, at: dt.datetime) -> None:
    lay_timeline(mission=mission, by=lead, at=at)
    before = list(Milestone.objects.order_by("pk").values())

    again = lay_timeline(mission=mission, by=None, at=at + dt.timedelta(days=1))

    assert again == 0
    assert list(Milestone.objects.order_by("pk").values()) == before
    assert Event.objects.of(mission).count() == 1


def test_lay_timeline_records_one_event_of_the_mission(mission: Mission, lead: User, at: dt.datetime) -> None:
    lay_timeline(mission=mission, by=lead, at=at)

    event = Event.objects.get()
    assert (event.verb, event.object_type, event.object_id, event.scope_id, event.actor_id, event.at) == (
        "timeline_laid",
        "missions.mission",
        mission.pk,
        mission.pk,
        lead.pk,
        at,
    )


def test_lay_timeline_follows_a_move_of_e_day_and_keeps_what_happened(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=other_mission, by=lead, at=at)
    before = _instants(other_mission)
    arrived = _utc(2, 4, 15)
    Milestone.objects.filter(code="arrival").update(actual_at=arrived)
    other_mission.election.e_day += dt.timedelta(days=7)
    other_mission.election.save()

    moved = lay_timeline(mission=other_mission, by=lead, at=at)

    assert moved == 8
    assert _instants(other_mission) == {code: old + dt.timedelta(days=7) for code, old in before.items()}
    assert Milestone.objects.get(code="arrival").actual_at == arrived


def test_lay_timeline_from_another_template_drops_what_has_not_happened(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=mission, by=lead, at=at)
    Milestone.objects.filter(code="needs_assessment").update(actual_at=_utc(1, 1, 6))
    mission.template_code = "short-delegation"
    mission.save()

    lay_timeline(mission=mission, by=lead, at=at)

    assert set(_instants(mission)) == {
        "needs_assessment",
        "applications_in",
        "arrival",
        "ministry_meeting",
        "commission_meeting",
        "opening",
        "count",
        "statement",
        "departure",
    }


@pytest.mark.parametrize("profile_code", ["", "az-2024"])
def test_lay_timeline_leaves_out_what_the_law_does_not_date(
    mission: Mission, lead: User, at: dt.datetime, profile_code: str
) -> None:
    mission.election.profile_code = profile_code
    mission.election.save()

    lay_timeline(mission=mission, by=lead, at=at)

    assert ("applications_in" in _instants(mission)) == bool(profile_code)
    assert "sto_arrival" in _instants(mission)


@pytest.mark.parametrize(
    ("template_code", "profile_code", "error"),
    [
        ("", "az-2024", TimelineTemplateMissingError),
        ("no-such-template", "az-2024", TimelineTemplateUnknownError),
        ("short-delegation", "no-such-profile", ElectionProfileUnknownError),
    ],
)
def test_lay_timeline_names_what_is_missing(
    mission: Mission, lead: User, at: dt.datetime, template_code: str, profile_code: str, error: type[Exception]
) -> None:
    mission.template_code = template_code
    mission.save()
    mission.election.profile_code = profile_code
    mission.election.save()

    with pytest.raises(error):
        lay_timeline(mission=mission, by=lead, at=at)

    assert Milestone.objects.count() == 0
    assert Event.objects.count() == 0
