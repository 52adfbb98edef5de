"""Changes by hand: kept with the reason, refused where they cannot be, warned of where they should not be."""

import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Mission, User
from missions.timeline.errors import (
    MilestoneCancelledError,
    MilestoneChangedError,
    MilestoneFarAwayError,
    MilestoneHappenedError,
    MilestoneNotInTemplateError,
    MilestonePredecessorError,
    MilestoneReasonMissingError,
    MilestoneStandsError,
    TimelineOutOfOrderError,
    TimelineZoneUnknownError,
)
from missions.timeline.models import Milestone
from missions.timeline.services.changes import (
    Slot,
    add_milestone,
    cancel_milestone,
    change_milestone,
    reset_milestone,
    restore_milestone,
)
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db
EARLIER = Slot(dt.date(2024, 2, 3), dt.time(20, 30), "Asia/Baku")


def _utc(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=dt.UTC)


def test_change_keeps_the_place_as_offset_hour_and_zone(arrival: Milestone, other_lead: User, at: dt.datetime) -> None:
    changed = change_milestone(
        milestone=arrival, slot=EARLIER, reason=" The flight is earlier. ", by=other_lead, at=at, version=1
    )

    arrival.refresh_from_db()
    assert changed == arrival
    assert (arrival.planned_at, arrival.offset_days, arrival.local_time) == (_utc(2, 3, 16, 30), -4, dt.time(20, 30))
    assert (arrival.is_own, arrival.reason, arrival.sequence, arrival.version) == (True, "The flight is earlier.", 1, 2)
    assert arrival.after == ["accreditation"]
    event = Event.objects.of(arrival).get()
    assert (event.verb, event.scope_id, event.actor_id, event.reason) == (
        "milestone_changed",
        arrival.mission_id,
        other_lead.pk,
        "2024-02-03 20:30 Asia/Baku: The flight is earlier.",
    )


def test_a_changed_step_still_moves_with_election_day(arrival: Milestone, other_lead: User, at: dt.datetime) -> None:
    change_milestone(milestone=arrival, slot=EARLIER, reason="Flight", by=other_lead, at=at, version=1)
    election = arrival.mission.election
    election.e_day += dt.timedelta(days=14)
    election.save()

    lay_timeline(mission=arrival.mission, by=None, at=at)

    arrival.refresh_from_db()
    assert (arrival.planned_at, arrival.is_own, arrival.sequence) == (_utc(2, 17, 16, 30), True, 2)


def test_a_change_of_the_zone_alone_is_heard_as_another_instant(arrival: Milestone, at: dt.datetime) -> None:
    abroad = Slot(dt.date(2024, 2, 4), dt.time(18), "Asia/Tashkent")

    change_milestone(milestone=arrival, slot=abroad, reason="Abroad", by=None, at=at, version=1)

    arrival.refresh_from_db()
    assert (arrival.planned_at, arrival.time_zone, arrival.sequence) == (_utc(2, 4, 13), "Asia/Tashkent", 1)


def test_an_hour_that_the_clocks_skip_is_the_first_instant_after_it(arrival: Milestone, at: dt.datetime) -> None:
    gap = Slot(dt.date(2024, 3, 31), dt.time(2, 30), "Europe/Berlin")

    change_milestone(milestone=arrival, slot=gap, reason="Late", by=None, at=at, version=1, despite=True)

    arrival.refresh_from_db()
    assert (arrival.planned_at, arrival.local_time) == (_utc(3, 31, 1), dt.time(2, 30))


def test_whoever_read_an_older_version_is_told(arrival: Milestone, at: dt.datetime) -> None:
    change_milestone(milestone=arrival, slot=EARLIER, reason="First", by=None, at=at, version=1)

    with pytest.raises(MilestoneChangedError):
        change_milestone(milestone=arrival, slot=EARLIER, reason="Second", by=None, at=at, version=1)

    arrival.refresh_from_db()
    assert arrival.reason == "First"


def test_a_change_that_makes_disorder_is_named_once_and_then_made(arrival: Milestone, at: dt.datetime) -> None:
    late = Slot(dt.date(2024, 2, 5), dt.time(15), "Asia/Baku")

    with pytest.raises(TimelineOutOfOrderError) as caught:
        change_milestone(milestone=arrival, slot=late, reason="Snow", by=None, at=at, version=1)

    assert [(row.field, row.code, row.detail) for row in caught.value.violations] == [
        (
            "despite",
            "out_of_order",
            "“Meeting at the ministry” is planned before “Delegation arrives”, which comes first.",
        ),
    ]
    arrival.refresh_from_db()
    assert (arrival.version, arrival.is_own, Event.objects.of(arrival).count()) == (1, False, 0)

    change_milestone(milestone=arrival, slot=late, reason="Snow", by=None, at=at, version=1, despite=True)
    again = Slot(dt.date(2024, 2, 5), dt.time(16), "Asia/Baku")  # disorder that is there already is not named again
    change_milestone(milestone=arrival, slot=again, reason="More snow", by=None, at=at, version=2)

    arrival.refresh_from_db()
    assert arrival.planned_at == _utc(2, 5, 12)


def test_a_step_after_the_legal_deadline_is_warned_of(timeline: Mission, at: dt.datetime) -> None:
    handed_in = Milestone.objects.get(mission=timeline, code="applications_in")
    last_day = Slot(dt.date(2024, 1, 28), dt.time(23, 59), "Asia/Baku")
    change_milestone(milestone=handed_in, slot=last_day, reason="Late", by=None, at=at, version=1)

    with pytest.raises(TimelineOutOfOrderError) as caught:
        change_milestone(
            milestone=handed_in,
            slot=Slot(dt.date(2024, 1, 29), dt.time(9), "Asia/Baku"),
            reason="Later",
            by=None,
            at=at,
            version=2,
        )

    assert [row.code for row in caught.value.violations] == ["after_legal_deadline"]


@pytest.mark.parametrize(
    ("day", "zone", "after", "reason", "error"),
    [
        (dt.date(2024, 2, 3), "Asia/Baku", None, "  ", MilestoneReasonMissingError),
        (dt.date(2024, 2, 3), "US/Pacific-New", None, "Why", TimelineZoneUnknownError),
        (dt.date(2024, 2, 3), "", None, "Why", TimelineZoneUnknownError),
        (dt.date(2026, 2, 7), "Asia/Baku", None, "Why", MilestoneFarAwayError),
        (dt.date(1, 1, 1), "Asia/Baku", None, "Why", MilestoneFarAwayError),
        (dt.date(2024, 2, 3), "Asia/Baku", ["party"], "Why", MilestonePredecessorError),
        (dt.date(2024, 2, 3), "Asia/Baku", ["arrival"], "Why", MilestonePredecessorError),
        (dt.date(2024, 2, 3), "Asia/Baku", ["accreditation", "opening"], "Why", MilestonePredecessorError),
    ],
    ids=["no reason", "old zone", "no zone", "too late", "too early", "unknown", "itself", "circle"],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_written(
    arrival: Milestone,
    at: dt.datetime,
    day: dt.date,
    zone: str,
    after: list[str] | None,
    reason: str,
    error: type[Exception],
) -> None:
    before = Milestone.objects.filter(pk=arrival.pk).values().get()

    with pytest.raises(error):
        change_milestone(
            milestone=arrival,
            slot=Slot(day, dt.time(9), zone),
            after=after,
            reason=reason,
            by=None,
            at=at,
            version=1,
            despite=True,
        )

    assert Milestone.objects.filter(pk=arrival.pk).values().get() == before


def test_a_circle_is_named_by_its_steps(arrival: Milestone, at: dt.datetime) -> None:
    with pytest.raises(MilestonePredecessorError) as caught:
        change_milestone(
            milestone=arrival, slot=EARLIER, after=["opening"], reason="Why", by=None, at=at, version=1, despite=True
        )

    assert caught.value.detail.startswith("These steps would wait for each other: ")
    assert "Observation of the opening begins" in caught.value.detail


def test_an_added_step_counts_from_election_day_and_stays(timeline: Mission, other_lead: User, at: dt.datetime) -> None:
    dinner = Slot(dt.date(2024, 2, 6), dt.time(19), "Asia/Baku")

    added = [
        add_milestone(
            mission=timeline, title=title, slot=dinner, after=["arrival"], reason="Invited", by=other_lead, at=at
        )
        for title in ("Dinner", "Concert")
    ]

    assert lay_timeline(mission=timeline, by=None, at=at) == 0
    assert [(row.code, row.anchor, row.offset_days, row.after, row.is_own) for row in added] == [
        ("own_1", "e_day", -1, ["arrival"], True),
        ("own_2", "e_day", -1, ["arrival"], True),
    ]
    assert Milestone.objects.get(pk=added[0].pk).planned_at == _utc(2, 6, 15)
    assert Event.objects.of(added[0]).get().reason == "2024-02-06 19:00 Asia/Baku: Invited"


def test_a_step_that_comes_too_early_is_warned_of_when_it_is_added(timeline: Mission, at: dt.datetime) -> None:
    too_early = Slot(dt.date(2024, 2, 1), dt.time(19), "Asia/Baku")

    with pytest.raises(TimelineOutOfOrderError, match="out of order"):
        add_milestone(mission=timeline, title="Tea", slot=too_early, after=["arrival"], reason="?", by=None, at=at)

    assert not Milestone.objects.filter(title="Tea").exists()


def test_a_cancelled_step_stays_cancelled_until_it_is_restored(arrival: Milestone, at: dt.datetime) -> None:
    cancel_milestone(milestone=arrival, reason="Nobody comes", by=None, at=at, version=1)
    assert lay_timeline(mission=arrival.mission, by=None, at=at) == 0
    arrival.refresh_from_db()
    assert (arrival.cancelled_at, arrival.sequence, arrival.reason) == (at, 1, "Nobody comes")
    with pytest.raises(MilestoneCancelledError):
        cancel_milestone(milestone=arrival, reason="Again", by=None, at=at, version=2)
    with pytest.raises(MilestoneCancelledError):
        change_milestone(milestone=arrival, slot=EARLIER, reason="Why", by=None, at=at, version=2)

    restore_milestone(milestone=arrival, reason="They come", by=None, at=at, version=2)

    arrival.refresh_from_db()
    assert (arrival.cancelled_at, arrival.sequence, arrival.planned_at) == (None, 2, _utc(2, 4, 14))
    assert list(Event.objects.of(arrival).values_list("verb", flat=True)) == [
        "milestone_cancelled",
        "milestone_restored",
    ]
    with pytest.raises(MilestoneStandsError):
        restore_milestone(milestone=arrival, reason="Again", by=None, at=at, version=3)


def test_what_has_happened_is_not_cancelled(arrival: Milestone, at: dt.datetime) -> None:
    Milestone.objects.filter(pk=arrival.pk).update(actual_at=at)

    with pytest.raises(MilestoneHappenedError):
        cancel_milestone(milestone=arrival, reason="Why", by=None, at=at, version=1)


def test_reset_goes_back_to_the_template_and_keeps_the_mark(arrival: Milestone, at: dt.datetime) -> None:
    change_milestone(milestone=arrival, slot=EARLIER, after=[], reason="Flight", by=None, at=at, version=1)
    Milestone.objects.filter(pk=arrival.pk).update(actual_at=at)

    reset_milestone(milestone=arrival, by=None, at=at, version=2)

    arrival.refresh_from_db()
    assert (arrival.planned_at, arrival.after, arrival.is_own, arrival.reason, arrival.actual_at) == (
        _utc(2, 4, 14),
        ["accreditation"],
        False,
        "",
        at,
    )
    with pytest.raises(MilestoneStandsError):
        reset_milestone(milestone=arrival, by=None, at=at, version=3)


def test_an_added_step_has_no_template_to_go_back_to(timeline: Mission, at: dt.datetime) -> None:
    own = add_milestone(mission=timeline, title="Tea", slot=EARLIER, reason="Invited", by=None, at=at)

    with pytest.raises(MilestoneNotInTemplateError):
        reset_milestone(milestone=own, by=None, at=at, version=1)
