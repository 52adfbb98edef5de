"""Date arithmetic of the law, against the published calendars and as properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.data.values import Wording
from missions.law.calendar import (
    add_months,
    appeal_until,
    deadline_day,
    deadline_instant,
    decide_by,
    e_offset,
    election_calendar,
    is_in_time,
    local_instant,
    offset_label,
    ruling_due,
    silence_period,
)
from missions.law.profile import load_profile
from missions.law.rules import Anchor, Campaign, Deadline, Effect, PollingEdge, RuleProfile, Unknown

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")
GE = load_profile("ge-standing")
KZ = load_profile("kz-2023")
MD = load_profile("md-2021")
UZ = load_profile("uz-2021")
AZ_DAY = date(2024, 2, 7)
KE_DAY = date(2022, 8, 9)
GE_DAY = date(2024, 10, 26)
MICROSECOND = timedelta(microseconds=1)
ZONES = ["Asia/Baku", "Africa/Nairobi", "Europe/Berlin", "America/Los_Angeles", "Asia/Tehran", "Australia/Lord_Howe",
         "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"]  # fmt: skip
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2035, 12, 31))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def deadline(**changes: object) -> Deadline:
    plain = Deadline(
        code="demo",
        title=Wording("Demo"),
        effect=Effect.CLOSES,
        anchor=Anchor.E_DAY,
        offset_days=-10,
        fixed_on=None,
        local_time=None,
        zone="Asia/Baku",
        inclusive=True,
        categories=(),
        scope=None,
        source="demo",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # one table of changes for fields of several types


@pytest.mark.parametrize(
    ("code", "day", "label", "at"),
    [
        ("special_stations", date(2023, 12, 19), "E-50", utc(2023, 12, 19, 20)),
        ("candidate_registration", date(2024, 1, 9), "E-29", utc(2024, 1, 9, 20)),
        ("campaign_begins", date(2024, 1, 15), "E-23", utc(2024, 1, 14, 20)),
        ("exit_poll_applications", date(2024, 1, 18), "E-20", utc(2024, 1, 18, 20)),
        ("country_applications", date(2024, 1, 28), "E-10", utc(2024, 1, 28, 20)),
        ("constituency_applications", date(2024, 2, 2), "E-5", utc(2024, 2, 2, 20)),
        ("campaign_ends", date(2024, 2, 6), "E-1", utc(2024, 2, 6, 4)),
        ("polling_opens", date(2024, 2, 7), "E", utc(2024, 2, 7, 4)),
        ("polling_closes", date(2024, 2, 7), "E", utc(2024, 2, 7, 15)),
        ("constituency_protocols", date(2024, 2, 9), "E+2", utc(2024, 2, 9, 20)),
        ("airtime_draw", date(2024, 1, 15), "E-23", utc(2024, 1, 15, 10)),
        ("final_protocol", date(2024, 2, 11), "E+4", utc(2024, 2, 10, 20)),
        ("court_ruling", date(2024, 2, 13), "E+6", utc(2024, 2, 12, 20)),
    ],
)
def test_the_published_calendar_of_azerbaijan(code: str, day: date, label: str, at: datetime) -> None:
    entries = {entry.code: entry for entry in election_calendar(AZ, AZ_DAY)}

    assert (entries[code].day, entries[code].label, entries[code].at) == (day, label, at)


def test_the_calendar_of_azerbaijan_is_whole_and_sorted() -> None:
    codes = [entry.code for entry in election_calendar(AZ, AZ_DAY)]

    assert codes == [
        "special_stations", "candidate_registration", "campaign_begins", "airtime_draw", "exit_poll_applications",
        "country_applications", "constituency_applications", "campaign_ends", "polling_opens", "polling_closes",
        "constituency_protocols", "final_protocol", "court_ruling",
    ]  # fmt: skip


def test_a_line_is_past_at_its_instant_and_an_event_without_an_hour_after_its_day() -> None:
    over = {entry.code: entry.over_at for entry in election_calendar(AZ, AZ_DAY)}

    assert [over[code] for code in ("country_applications", "airtime_draw", "court_ruling")] == [
        utc(2024, 1, 28, 20), utc(2024, 1, 15, 10), utc(2024, 2, 13, 20),
    ]  # fmt: skip


def test_silence_is_kept_from_the_end_of_the_campaign_until_voting_begins() -> None:
    assert silence_period(AZ, AZ_DAY) == (utc(2024, 2, 6, 4), utc(2024, 2, 7, 4))


def test_silence_until_the_polls_close_is_another_rule() -> None:
    assert isinstance(AZ.campaign, Campaign)
    longer = replace(AZ, campaign=replace(AZ.campaign, silence_until=PollingEdge.CLOSES))

    assert silence_period(longer, AZ_DAY) == (utc(2024, 2, 6, 4), utc(2024, 2, 7, 15))


@pytest.mark.parametrize(
    "profile",
    [
        KE,
        replace(AZ, polling=Unknown("nobody knows")),
        replace(AZ, campaign=Campaign("campaign_begins", "campaign_ends", Unknown("nobody knows"), "code_44")),
    ],
)
def test_silence_is_unknown_where_a_part_of_the_rule_is(profile: RuleProfile) -> None:
    assert isinstance(silence_period(profile, AZ_DAY), Unknown)


def test_the_calendar_of_kenya_has_a_fixed_date_and_no_polling_hours() -> None:
    (entry,) = election_calendar(KE, KE_DAY)

    assert (entry.code, entry.day, entry.label, entry.at) == (
        "applications", date(2022, 6, 28), "E-42", utc(2022, 6, 28, 14),
    )  # fmt: skip


def test_a_fixed_date_stays_when_election_day_moves() -> None:
    moved = KE_DAY + timedelta(days=7)

    (entry,) = election_calendar(KE, moved)

    assert (entry.at, entry.label) == (utc(2022, 6, 28, 14), "E-49")


def test_a_day_before_ends_with_its_last_microsecond() -> None:
    rule = AZ.deadline("country_applications")
    closes_at = deadline_instant(rule, e_day=AZ_DAY)

    assert closes_at.astimezone(ZoneInfo("Asia/Baku")).isoformat() == "2024-01-29T00:00:00+04:00"
    assert is_in_time(rule, e_day=AZ_DAY, submitted_at=closes_at - MICROSECOND) is True
    assert is_in_time(rule, e_day=AZ_DAY, submitted_at=closes_at) is False


@pytest.mark.parametrize(
    ("effect", "local_time", "inclusive", "named", "before", "sharp", "after"),
    [
        (Effect.CLOSES, None, True, utc(2024, 1, 28, 20), True, False, False),
        (Effect.CLOSES, None, False, utc(2024, 1, 27, 20), True, False, False),
        (Effect.CLOSES, time(17), True, utc(2024, 1, 28, 13), True, True, False),
        (Effect.CLOSES, time(17), False, utc(2024, 1, 28, 13), True, False, False),
        (Effect.OPENS, None, True, utc(2024, 1, 27, 20), False, True, True),
        (Effect.OPENS, None, False, utc(2024, 1, 28, 20), False, True, True),
        (Effect.OPENS, time(17), True, utc(2024, 1, 28, 13), False, True, True),
        (Effect.OPENS, time(17), False, utc(2024, 1, 28, 13), False, False, True),
    ],
)
def test_in_time_around_the_named_instant(
    effect: Effect, local_time: time | None, inclusive: bool, named: datetime, before: bool, sharp: bool, after: bool
) -> None:
    rule = deadline(effect=effect, local_time=local_time, inclusive=inclusive)

    answers = tuple(
        is_in_time(rule, e_day=AZ_DAY, submitted_at=named + step) for step in (-MICROSECOND, timedelta(0), MICROSECOND)
    )

    assert deadline_instant(rule, e_day=AZ_DAY) == named
    assert answers == (before, sharp, after)


def test_the_zone_of_the_sender_does_not_matter() -> None:
    rule = AZ.deadline("country_applications")
    in_seoul = datetime(2024, 1, 29, 4, 59, tzinfo=ZoneInfo("Asia/Seoul"))

    assert is_in_time(rule, e_day=AZ_DAY, submitted_at=in_seoul) is True
    assert is_in_time(rule, e_day=AZ_DAY, submitted_at=in_seoul + timedelta(minutes=1)) is False


def test_an_instant_without_zone_is_refused() -> None:
    naive = utc(2024, 1, 28).replace(tzinfo=None)

    with pytest.raises(ValueError, match="submitted_at has no time zone"):
        is_in_time(deadline(), e_day=AZ_DAY, submitted_at=naive)


def test_a_deadline_may_have_a_zone_of_its_own() -> None:
    rule = deadline(zone="America/Los_Angeles", offset_days=0, local_time=time(19))

    assert deadline_instant(rule, e_day=AZ_DAY) == utc(2024, 2, 8, 3)


@pytest.mark.parametrize(
    ("category", "complete_since", "expected"),
    [
        ("international_observer", utc(2024, 1, 10, 6), utc(2024, 1, 13, 20)),
        ("international_observer", utc(2024, 1, 10, 19, 59), utc(2024, 1, 13, 20)),
        ("international_observer", utc(2024, 1, 10, 20), utc(2024, 1, 14, 20)),
        ("domestic_observer", utc(2024, 2, 2, 6), utc(2024, 2, 5, 20)),
        ("exit_pollster", utc(2024, 1, 18, 6), utc(2024, 1, 28, 20)),
    ],
)
def test_decide_by_counts_whole_days_of_the_host(category: str, complete_since: datetime, expected: datetime) -> None:
    assert decide_by(AZ, category, complete_since, e_day=AZ_DAY) == expected


@pytest.mark.parametrize(
    ("category", "complete_since", "expected"),
    [
        # five days, counted as everywhere
        ("international_observer", utc(2024, 10, 14, 8), utc(2024, 10, 19, 20)),
        # completed on E-8 and E-7: the fifth day would be E-3 and later, E-4 is the end
        ("international_observer", utc(2024, 10, 18, 8), utc(2024, 10, 22, 20)),
        ("international_observer", utc(2024, 10, 19, 8), utc(2024, 10, 22, 20)),
        # completed after E-4: the law's last day is over, and the clock says so
        ("international_observer", utc(2024, 10, 23, 8), utc(2024, 10, 22, 20)),
        # domestic observers have five days and no such end
        ("domestic_observer", utc(2024, 10, 19, 8), utc(2024, 10, 24, 20)),
    ],
)
def test_decide_by_ends_with_the_last_day_for_decisions(
    category: str, complete_since: datetime, expected: datetime
) -> None:
    assert decide_by(GE, category, complete_since, e_day=GE_DAY) == expected


def test_a_last_day_alone_is_a_time_for_the_decision() -> None:
    observer = replace(GE.category("international_observer"), decision_days=Unknown("not told"))
    profile = replace(GE, categories=(observer,))

    assert decide_by(profile, "international_observer", utc(2024, 10, 1), e_day=GE_DAY) == utc(2024, 10, 22, 20)


def test_a_list_of_uzbekistan_was_accredited_in_time() -> None:
    """Handed in on 13 September 2021, accredited on the 17th: the published case keeps the rule of five days."""
    due = decide_by(UZ, "international_observer", utc(2021, 9, 13, 6), e_day=date(2021, 10, 24))

    accredited_at = utc(2021, 9, 17, 12)
    assert due == utc(2021, 9, 18, 19) > accredited_at


def test_a_refusal_may_be_appealed_for_two_days_after_its_delivery() -> None:
    assert appeal_until(GE, utc(2024, 10, 20, 8)) == utc(2024, 10, 23, 20)
    assert appeal_until(GE, utc(2024, 10, 20, 20)) == utc(2024, 10, 24, 20)  # past midnight in Tbilisi
    assert appeal_until(AZ, utc(2024, 1, 20)) == Unknown("No source gives the times of an appeal.")


def test_an_appeal_is_judged_within_two_days() -> None:
    assert ruling_due(GE, utc(2024, 10, 22, 8)) == utc(2024, 10, 24, 20)
    assert ruling_due(KE, utc(2022, 7, 1)) == Unknown("No source gives the times of an appeal.")


@pytest.mark.parametrize(
    ("profile", "code", "e_day", "at"),
    [
        (GE, "international_applications", GE_DAY, utc(2024, 10, 19, 20)),
        (GE, "domestic_organizations", GE_DAY, utc(2024, 10, 16, 20)),
        (GE, "domestic_lists", GE_DAY, utc(2024, 10, 21, 20)),
        # closed on 13 March for 19 March 2023; Almaty was six hours ahead of UTC then
        (KZ, "international_applications", date(2023, 3, 19), utc(2023, 3, 13, 18)),
        (UZ, "notifications", date(2021, 10, 24), utc(2021, 10, 14, 19)),
        (MD, "international_applications", date(2021, 7, 11), utc(2021, 7, 4, 21)),
    ],
)
def test_deadlines_of_other_hosts(profile: RuleProfile, code: str, e_day: date, at: datetime) -> None:
    assert deadline_instant(profile.deadline(code), e_day=e_day) == at


def test_decide_by_is_unknown_where_the_profile_is() -> None:
    assert decide_by(KE, "international_observer", utc(2022, 6, 1), e_day=KE_DAY) == Unknown(
        "No source gives a time for the decision."
    )


def test_decide_by_of_an_unknown_category_raises() -> None:
    with pytest.raises(KeyError):
        decide_by(AZ, "tourist", utc(2024, 1, 1), e_day=AZ_DAY)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        # The host had summer time until 2015 and none since.
        (date(2015, 7, 1), time(8), "Asia/Baku", utc(2015, 7, 1, 3)),
        (date(2016, 7, 1), time(8), "Asia/Baku", utc(2016, 7, 1, 4)),
        (date(2024, 2, 7), time(8), "Asia/Baku", utc(2024, 2, 7, 4)),
        # Offsets that are not whole hours, and both ends of the vote abroad.
        (date(2024, 2, 7), time(8), "Asia/Tehran", utc(2024, 2, 7, 4, 30)),
        (date(2024, 2, 7), time(8), "Asia/Seoul", utc(2024, 2, 6, 23)),
        (date(2024, 2, 7), time(19), "America/Los_Angeles", utc(2024, 2, 8, 3)),
        # One country with two offsets until 1 March 2024.
        (date(2024, 2, 7), time(8), "Asia/Almaty", utc(2024, 2, 7, 2)),
        (date(2024, 3, 7), time(8), "Asia/Almaty", utc(2024, 3, 7, 3)),
        # Clocks put forward: 02:00 to 03:00. What is not shown becomes the first instant after the gap.
        (date(2024, 3, 31), time(1, 59), "Europe/Berlin", utc(2024, 3, 31, 0, 59)),
        (date(2024, 3, 31), time(2, 0), "Europe/Berlin", utc(2024, 3, 31, 1)),
        (date(2024, 3, 31), time(2, 59), "Europe/Berlin", utc(2024, 3, 31, 1)),
        (date(2024, 3, 31), time(3, 0), "Europe/Berlin", utc(2024, 3, 31, 1)),
        # Clocks put back: 03:00 to 02:00. What is shown twice is the first.
        (date(2024, 10, 27), time(2, 30), "Europe/Berlin", utc(2024, 10, 27, 0, 30)),
        (date(2024, 10, 27), time(3, 0), "Europe/Berlin", utc(2024, 10, 27, 2)),
        # Half an hour forward; a gap at midnight; a whole day that never was.
        (date(2024, 10, 6), time(2, 15), "Australia/Lord_Howe", utc(2024, 10, 5, 15, 30)),
        (date(2024, 4, 26), time(0), "Africa/Cairo", utc(2024, 4, 25, 22)),
        (date(2011, 12, 30), time(12), "Pacific/Apia", utc(2011, 12, 30, 10)),
    ],
)
def test_local_instant(day: date, at: time, zone: str, expected: datetime) -> None:
    instant = local_instant(day, at, zone)

    assert (instant, instant.tzinfo) == (expected, UTC)


@given(day=DAYS, at=TIMES, zone=st.sampled_from(ZONES))
def test_local_instant_is_the_first_at_or_after_the_wall_clock(day: date, at: time, zone: str) -> None:
    tz = ZoneInfo(zone)
    instant = local_instant(day, at, zone)
    wall = datetime.combine(day, at)

    shown = instant.astimezone(tz)
    just_before = (instant - MICROSECOND).astimezone(tz)

    assert shown.replace(tzinfo=None) >= wall
    assert shown.fold == 0
    assert just_before.replace(tzinfo=None) < wall


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_local_instants_of_a_day_never_go_back(day: date, zone: str) -> None:
    instants = [local_instant(day, time(hour, minute), zone) for hour in range(24) for minute in (0, 30)]

    assert instants == sorted(instants)


@given(e_day=DAYS, offset_days=st.integers(-400, 400))
def test_offset_and_day_are_inverse(e_day: date, offset_days: int) -> None:
    day = deadline_day(deadline(offset_days=offset_days), e_day=e_day)

    assert e_offset(day, e_day) == offset_days


@given(
    e_day=DAYS,
    shift=st.integers(0, 60),
    zone=st.sampled_from(ZONES),
    local_time=st.none() | TIMES,
    inclusive=st.booleans(),
    effect=st.sampled_from(Effect),
)
def test_a_later_election_day_never_makes_an_earlier_deadline(
    e_day: date, shift: int, zone: str, local_time: time | None, inclusive: bool, effect: Effect
) -> None:
    rule = deadline(zone=zone, local_time=local_time, inclusive=inclusive, effect=effect)
    later = e_day + timedelta(days=shift)

    assert deadline_instant(rule, e_day=e_day) <= deadline_instant(rule, e_day=later)


@given(e_day=DAYS, seconds=st.integers(-200_000, 200_000), local_time=st.none() | TIMES, inclusive=st.booleans())
def test_nothing_is_in_time_after_something_was_late(
    e_day: date, seconds: int, local_time: time | None, inclusive: bool
) -> None:
    rule = deadline(local_time=local_time, inclusive=inclusive)
    submitted_at = deadline_instant(rule, e_day=e_day) + timedelta(seconds=seconds)

    late = not is_in_time(rule, e_day=e_day, submitted_at=submitted_at)
    later_still = is_in_time(rule, e_day=e_day, submitted_at=submitted_at + timedelta(seconds=1))

    assert not (late and later_still)


@pytest.mark.parametrize(("offset_days", "label"), [(-10, "E-10"), (-1, "E-1"), (0, "E"), (1, "E+1"), (60, "E+60")])
def test_offset_label(offset_days: int, label: str) -> None:
    assert offset_label(offset_days) == label


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 9), 6, date(2024, 8, 9)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 12, 31), 1, date(2025, 1, 31)),
        (date(2024, 6, 30), 18, date(2025, 12, 30)),
        (date(2024, 6, 30), 0, date(2024, 6, 30)),
    ],
)
def test_add_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
