"""What is amiss in a timeline, named in words."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.timeline.rules import Amiss, Step, violations_of

DAY = dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
ARRIVAL = Step("arrival", "Arrival", DAY, (), "Asia/Baku", fact="arrived")
BRIEFING = Step("briefing", "Briefing", DAY + HOUR, ("arrival",), "Asia/Baku")


def _found(*steps: Step, deadline: dt.datetime | None = None) -> list[tuple[str, str, str, str]]:
    return [(row.code, row.step, row.other, row.sentence) for row in violations_of(steps, deadline=deadline)]


def test_a_sound_timeline_has_nothing_amiss() -> None:
    assert _found(ARRIVAL, BRIEFING) == []
    assert _found() == []


def test_a_step_before_its_predecessor_is_named() -> None:
    early = replace(BRIEFING, planned_at=DAY - HOUR)

    assert _found(ARRIVAL, early) == [
        (Amiss.OUT_OF_ORDER, "briefing", "arrival", "“Briefing” is planned before “Arrival”, which comes first."),
    ]


def test_a_cancelled_step_is_in_nobodys_way() -> None:
    early = replace(BRIEFING, planned_at=DAY - HOUR)

    assert _found(replace(ARRIVAL, is_cancelled=True), early) == []
    assert _found(ARRIVAL, replace(early, is_cancelled=True)) == []


def test_a_step_made_before_its_predecessor_is_named() -> None:
    made = replace(BRIEFING, actual_at=DAY)

    assert _found(ARRIVAL, made) == [
        (
            Amiss.PREDECESSOR_NOT_DONE,
            "briefing",
            "arrival",
            "“Briefing” has happened, but “Arrival”, which comes first, has not.",
        ),
    ]
    assert _found(replace(ARRIVAL, actual_at=DAY + HOUR), made) == [
        (
            Amiss.DONE_OUT_OF_ORDER,
            "briefing",
            "arrival",
            "“Briefing” has happened before “Arrival”, which comes first.",
        ),
    ]
    assert _found(replace(ARRIVAL, actual_at=DAY), made) == []


def test_of_a_predecessor_that_no_fact_can_prove_nothing_is_said() -> None:
    assert _found(replace(ARRIVAL, fact=""), replace(BRIEFING, actual_at=DAY)) == []


@pytest.mark.parametrize(("late", "expected"), [(dt.timedelta(0), 0), (dt.timedelta(microseconds=1), 1)])
def test_applications_after_the_legal_deadline_are_named(late: dt.timedelta, expected: int) -> None:
    handed_in = Step("applications_in", "Handed in", DAY + late, (), "Asia/Baku", fact="applications_handed_in")

    found = violations_of([handed_in], deadline=DAY)

    assert [row.code for row in found] == [Amiss.AFTER_LEGAL_DEADLINE] * expected
    assert violations_of([handed_in], deadline=None) == ()


def test_a_zone_that_is_no_longer_known_is_named() -> None:
    assert _found(replace(ARRIVAL, zone="US/Pacific-New")) == [
        (
            Amiss.ZONE_UNKNOWN,
            "arrival",
            "",
            "The zone US/Pacific-New of “Arrival” is not known; its times are shown in UTC.",
        ),
    ]


def test_what_is_amiss_comes_in_the_order_of_the_steps() -> None:
    nowhere = replace(ARRIVAL, zone="Mars/North")
    early = replace(BRIEFING, planned_at=DAY - HOUR)

    assert [row.step for row in violations_of([early, nowhere], deadline=None)] == ["briefing", "arrival"]
