"""Free airtime: the reported grid on its days, and the hour that is too short for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from missions.law.airtime import broadcasts_of, overruns_of, slots_of
from missions.law.profile import load_profile
from missions.law.rules import Airtime, Unknown

AZ = load_profile("az-2024")
AZ_DAY = date(2024, 2, 7)


@pytest.fixture
def grid() -> Airtime:
    assert isinstance(AZ.airtime, Airtime)
    return AZ.airtime


def days_of(code: str, e_day: date = AZ_DAY) -> list[date]:
    found = broadcasts_of(AZ, e_day)
    assert not isinstance(found, Unknown)
    return [row.day for row in found if row.broadcaster.code == code]


def test_television_gives_its_hour_on_the_reported_weekdays_of_the_campaign() -> None:
    assert days_of("public_television") == [
        *(date(2024, 1, day) for day in (15, 17, 19, 22, 24, 26, 29, 31)),
        date(2024, 2, 2),
        date(2024, 2, 5),
    ]


def test_a_broadcast_without_a_known_hour_is_given_on_whole_days_only() -> None:
    """6 February is a Tuesday, but the campaign ends at eight in the morning."""
    assert days_of("public_radio") == [
        *(date(2024, 1, day) for day in (16, 18, 20, 23, 25, 27, 30)),
        date(2024, 2, 1),
        date(2024, 2, 3),
    ]


def test_broadcasts_begin_by_the_clocks_of_the_host() -> None:
    found = broadcasts_of(AZ, AZ_DAY)
    assert not isinstance(found, Unknown)

    assert [(row.broadcaster.code, row.at) for row in found[:2]] == [
        ("public_television", datetime(2024, 1, 15, 17, tzinfo=UTC)),
        ("public_radio", None),
    ]


def test_broadcasts_keep_their_weekdays_when_election_day_moves() -> None:
    assert days_of("public_television", AZ_DAY + timedelta(days=1))[0] == date(2024, 1, 17)


def test_a_broadcast_at_the_instant_at_which_the_campaign_ends_is_none(grid: Airtime) -> None:
    monday = replace(grid.broadcasters[0], local_time=time(8))
    ends_on_monday = replace(AZ, airtime=replace(grid, broadcasters=(monday,)))

    found = broadcasts_of(ends_on_monday, date(2024, 2, 6))

    assert not isinstance(found, Unknown)
    assert max(row.day for row in found) == date(2024, 2, 2)


def test_the_slots_follow_the_draw(grid: Airtime) -> None:
    slots = slots_of(grid)

    assert [row.contestant.split()[-1] for row in slots] == [
        "Oruj", "Mustafa", "Aliyev", "Musayev", "Hasanguliyev", "Nurullayev", "Aliyev",
    ]  # fmt: skip
    assert [str(row.after) for row in slots[:3]] == ["0:00:00", "0:08:57", "0:17:54"]


def test_seven_slots_of_8_57_do_not_fit_an_hour_and_that_is_named(grid: Airtime) -> None:
    found = overruns_of(grid)

    assert [(row.broadcaster.code, str(row.needed), str(row.given)) for row in found] == [
        ("public_television", "1:02:39", "1:00:00"),
        ("public_radio", "1:02:39", "1:00:00"),
    ]


@pytest.mark.parametrize(("seconds", "overruns"), [(514, 0), (515, 2)])
def test_slots_that_fill_the_hour_are_no_overrun(grid: Airtime, seconds: int, overruns: int) -> None:
    assert len(overruns_of(replace(grid, slot=timedelta(seconds=seconds)))) == overruns


@pytest.mark.parametrize("unknown", ["airtime", "campaign"])
def test_without_grid_or_campaign_the_broadcasts_are_unknown(unknown: str) -> None:
    profile = replace(AZ, **{unknown: Unknown("nobody knows")})  # type: ignore[arg-type]  # either of the two

    assert broadcasts_of(profile, AZ_DAY) == Unknown("nobody knows")
