import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from missions.timeline.errors import (
    ElectionProfileUnknownError,
    TimelineTemplateMissingError,
    TimelineTemplateUnknownError,
    TimelineZoneUnknownError,
)
from missions.timeline.models import Milestone
from missions.timeline.plan import load_template
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db
FULL = {step.code for step in load_template("odihr-type").milestones}
SHORT = {step.code for step in load_template("short-delegation").milestones}


def _instants(mission: Mission) -> dict[str, dt.datetime]:
    return dict(Milestone.objects.filter(mission=mission).values_list("code", "planned_at"))


def _utc(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=dt.UTC)


def test_lay_timeline_dates_a_short_delegation_in_the_hosts_zone(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    laid = lay_timeline(mission=other_mission, by=lead, at=at)

    assert laid == 11
    assert _instants(other_mission) == {
        "applications_in": _utc(1, 28, 8),
        "accreditation": _utc(1, 31, 14),
        "arrival": _utc(2, 4, 14),
        "ministry_meeting": _utc(2, 5, 7),
        "badges_collected": _utc(2, 5, 14),
        "commission_meeting": _utc(2, 6, 7),
        "plan_released": _utc(2, 6, 14),
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

    assert moved == 11
    assert _instants(other_mission) == {code: old + dt.timedelta(days=7) for code, old in before.items()}
    assert Milestone.objects.get(code="arrival").actual_at == arrived


def test_lay_timeline_from_another_template_cancels_what_has_not_happened(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=mission, by=lead, at=at)
    Milestone.objects.filter(code="needs_assessment").update(actual_at=_utc(1, 1, 6))
    mission.template_code = "short-delegation"
    mission.save()

    lay_timeline(mission=mission, by=lead, at=at)

    standing = Milestone.objects.filter(mission=mission, cancelled_at=None).values_list("code", flat=True)
    assert set(standing) == {"needs_assessment", *SHORT}
    gone = Milestone.objects.filter(mission=mission, cancelled_at=at)
    assert set(gone.values_list("code", "sequence")) == {(code, 1) for code in FULL - SHORT - {"needs_assessment"}}


def test_lay_timeline_brings_back_what_had_fallen_away(mission: Mission, lead: User, at: dt.datetime) -> None:
    lay_timeline(mission=mission, by=lead, at=at)
    before = _instants(mission)
    Mission.objects.filter(pk=mission.pk).update(template_code="short-delegation")
    lay_timeline(mission=mission, by=lead, at=at)
    Mission.objects.filter(pk=mission.pk).update(template_code="odihr-type")

    lay_timeline(mission=mission, by=lead, at=at)

    standing = Milestone.objects.filter(mission=mission, cancelled_at=None)
    assert dict(standing.values_list("code", "planned_at")) == before
    assert Milestone.objects.get(mission=mission, code="interim_report").sequence == 2  # cancelled, and back


def test_lay_timeline_keeps_the_offset_and_hour_that_a_hand_chose(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=other_mission, by=lead, at=at)
    Milestone.objects.filter(code="arrival").update(
        is_own=True, offset_days=-4, local_time=dt.time(9), planned_at=_utc(2, 3, 5), sequence=1
    )
    Milestone.objects.filter(code="count").update(is_own=True, cancelled_at=at, sequence=1)
    other_mission.election.e_day += dt.timedelta(days=7)
    other_mission.election.save()

    lay_timeline(mission=other_mission, by=lead, at=at)

    arrival = Milestone.objects.get(code="arrival")
    assert (arrival.planned_at, arrival.offset_days, arrival.sequence) == (_utc(2, 10, 5), -4, 2)
    assert Milestone.objects.get(code="count").cancelled_at == at


def test_lay_timeline_counts_only_what_a_calendar_must_hear_of(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    lay_timeline(mission=other_mission, by=lead, at=at)
    Milestone.objects.filter(code="arrival").update(after=[], fact="")

    assert lay_timeline(mission=other_mission, by=lead, at=at) == 1

    arrival = Milestone.objects.get(code="arrival")
    assert (arrival.after, arrival.fact, arrival.sequence, arrival.version) == (["accreditation"], "arrived", 0, 2)


@pytest.mark.parametrize("place", ["election", "step"])
def test_lay_timeline_names_a_zone_that_is_no_longer_known(
    other_mission: Mission, lead: User, at: dt.datetime, place: str
) -> None:
    lay_timeline(mission=other_mission, by=lead, at=at)
    before = list(Milestone.objects.order_by("pk").values("code", "planned_at"))
    if place == "election":
        Election.objects.update(time_zone="US/Pacific-New")
    else:
        Milestone.objects.filter(code="arrival").update(is_own=True, time_zone="US/Pacific-New")

    with pytest.raises(TimelineZoneUnknownError, match="US/Pacific-New"):
        lay_timeline(mission=other_mission, by=lead, at=at)

    assert list(Milestone.objects.order_by("pk").values("code", "planned_at")) == before


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
