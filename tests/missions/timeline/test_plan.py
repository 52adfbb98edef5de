"""Timelines from templates: the published dates, moves of election day, order, and broken templates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.timeline.plan import (
    TEMPLATES,
    MilestoneAnchor,
    OrderingViolation,
    ProvenBy,
    TemplateError,
    check_templates,
    load_template,
    ordering_violations,
    plan_milestones,
    read_template,
    template_codes,
    undated_codes,
)

E_DAY = date(2024, 2, 7)
LAST_DAY = date(2024, 1, 28)
FULL = load_template("odihr-type")
SHORT = load_template("short-delegation")
SOUND = (TEMPLATES / "short-delegation.toml").read_text(encoding="utf-8")


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_the_templates_that_ship() -> None:
    assert template_codes() == ("joint", "odihr-type", "short-delegation")
    assert check_templates() == []


@pytest.mark.parametrize(
    ("code", "offset_days", "planned_at"),
    [
        ("mission_opens", -40, utc(2023, 12, 29, 6)),
        ("lto_arrival", -35, utc(2024, 1, 3, 8)),
        ("lto_deployment", -33, utc(2024, 1, 5, 5)),
        ("interim_report", -14, utc(2024, 1, 24, 11)),
        ("sto_arrival", -4, utc(2024, 2, 3, 14)),
        ("opening", 0, utc(2024, 2, 7, 3, 30)),
        ("statement", 1, utc(2024, 2, 8, 11)),
        ("final_report", 60, utc(2024, 4, 7, 11)),
    ],
)
def test_a_full_mission_on_its_published_dates(code: str, offset_days: int, planned_at: datetime) -> None:
    planned = {row.code: row for row in plan_milestones(FULL, e_day=E_DAY, zone="Asia/Baku")}

    assert (planned[code].offset_days, planned[code].planned_at) == (offset_days, planned_at)


def test_a_short_delegation_from_arrival_to_departure() -> None:
    planned = plan_milestones(SHORT, e_day=E_DAY, zone="Asia/Baku", application_day=LAST_DAY)

    assert [(row.code, row.planned_at) for row in planned] == [
        ("applications_in", utc(2024, 1, 28, 8)),
        ("accreditation", utc(2024, 1, 31, 14)),
        ("arrival", utc(2024, 2, 4, 14)),
        ("ministry_meeting", utc(2024, 2, 5, 7)),
        ("badges_collected", utc(2024, 2, 5, 14)),
        ("commission_meeting", utc(2024, 2, 6, 7)),
        ("plan_released", utc(2024, 2, 6, 14)),
        ("opening", utc(2024, 2, 7, 3, 30)),
        ("count", utc(2024, 2, 7, 15)),
        ("statement", utc(2024, 2, 8, 8)),
        ("departure", utc(2024, 2, 9, 8)),
    ]


def test_a_milestone_hangs_on_the_legal_deadline_and_not_on_election_day() -> None:
    planned = plan_milestones(FULL, e_day=E_DAY, zone="Asia/Baku", application_day=date(2024, 1, 20))

    hanging = [row for row in planned if row.anchor is MilestoneAnchor.APPLICATION_DEADLINE]
    assert [(row.code, row.planned_at) for row in hanging] == [
        ("applications_in", utc(2024, 1, 20, 8)),
        ("accreditation", utc(2024, 1, 23, 14)),
    ]
    assert undated_codes(FULL, planned) == ()


def test_a_milestone_without_a_day_is_left_out_and_named() -> None:
    planned = plan_milestones(FULL, e_day=E_DAY, zone="Asia/Baku")

    assert len(planned) == len(FULL.milestones) - 2
    assert undated_codes(FULL, planned) == ("applications_in", "accreditation")


def test_a_milestone_may_have_a_zone_of_its_own() -> None:
    abroad = replace(SHORT, milestones=(replace(SHORT.milestones[2], zone="America/Los_Angeles"),))

    (arrival,) = plan_milestones(abroad, e_day=E_DAY, zone="Asia/Baku")

    assert (arrival.zone, arrival.planned_at) == ("America/Los_Angeles", utc(2024, 2, 5, 2))


@pytest.mark.parametrize("code", template_codes())
def test_the_templates_are_in_order_for_a_usual_deadline(code: str) -> None:
    planned = plan_milestones(load_template(code), e_day=E_DAY, zone="Asia/Baku", application_day=LAST_DAY)

    assert ordering_violations(planned) == ()


def test_a_late_legal_deadline_is_named_as_a_violation() -> None:
    planned = plan_milestones(SHORT, e_day=E_DAY, zone="Asia/Baku", application_day=E_DAY - timedelta(days=4))

    assert ordering_violations(planned) == (
        OrderingViolation("arrival", "accreditation", utc(2024, 2, 4, 14), utc(2024, 2, 6, 14)),
        OrderingViolation("badges_collected", "accreditation", utc(2024, 2, 5, 14), utc(2024, 2, 6, 14)),
    )


def test_the_same_instant_is_in_order() -> None:
    planned = plan_milestones(SHORT, e_day=E_DAY, zone="Asia/Baku")
    together = [replace(row, planned_at=utc(2024, 2, 7)) for row in planned]

    assert ordering_violations(together) == ()


@given(
    e_day=st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 12, 31)),
    shift=st.integers(-40, 40),
    code=st.sampled_from(template_codes()),
)
def test_a_move_of_election_day_moves_each_milestone_by_as_many_days(e_day: date, shift: int, code: str) -> None:
    # A zone without changes of the clock, so that days are 24 hours.
    template = load_template(code)
    before = plan_milestones(template, e_day=e_day, zone="Africa/Nairobi")
    after = plan_milestones(template, e_day=e_day + timedelta(days=shift), zone="Africa/Nairobi")

    assert [(row.code, row.planned_at + timedelta(days=shift)) for row in before] == [
        (row.code, row.planned_at) for row in after
    ]


@given(
    e_day=st.dates(min_value=date(2000, 1, 1), max_value=date(2035, 12, 31)),
    zone=st.sampled_from(["Europe/Berlin", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe"]),
    code=st.sampled_from(template_codes()),
)
def test_a_change_of_the_clock_never_puts_milestones_out_of_order(e_day: date, zone: str, code: str) -> None:
    planned = plan_milestones(load_template(code), e_day=e_day, zone=zone)

    assert ordering_violations(planned) == ()


@pytest.mark.parametrize("code", ["", "grand-tour", "../templates/odihr-type"])
def test_an_absent_template_is_refused(code: str) -> None:
    with pytest.raises(TemplateError, match="no such template"):
        load_template(code)


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('code = "short-delegation"', 'code = "long"', "code", "must be 'short-delegation' like the file's name"),
        ('code = "short-delegation"', 'code = "short-delegation"\nmood = 1', "mood", "unknown key"),
        ('en = "Short-term delegation"\n', "", "title.en", "missing"),
        ('anchor = "e_day"', 'anchor = "easter"', "milestones[3].anchor",
         "'easter' is not one of e_day, application_deadline"),
        ("offset_days = -3", "offset_days = 0.5", "milestones[3].offset_days", "must be a whole number"),
        ("local_time = 18:00:00", 'local_time = "18:00"', "milestones[2].local_time", "must be a time of day"),
        ("local_time = 18:00:00", "local_time = 18:00:00\nzone = 'Mars'", "milestones[2].zone",
         "'Mars' is not an IANA zone"),
        ("local_time = 18:00:00", "local_time = 18:00:00\nowner = 'x'", "milestones[2].owner", "unknown key"),
        ('after = ["accreditation"]', 'after = ["party"]', "milestones.arrival.after", "'party' is no milestone"),
        ('code = "departure"', 'code = "arrival"', "milestones", "'arrival' is there twice"),
        ('fact = "arrived"', 'fact = "seen"', "milestones[3].fact", f"'seen' is not one of {', '.join(ProvenBy)}"),
        ('fact = "arrived"', 'is_shared = 1', "milestones[3].is_shared", "must be true or false"),
        ('after = ["accreditation"]', 'after = ["opening"]', "milestones",
         "wait for each other: arrival, ministry_meeting, opening"),
    ],
)  # fmt: skip
def test_a_broken_template_is_refused(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    assert old in SOUND
    path = tmp_path / "short-delegation.toml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(TemplateError) as caught:
        read_template(path)

    assert str(caught.value) == f"short-delegation.toml: {key}: {problem}"
    assert check_templates(tmp_path) == [str(caught.value)]
