"""How long a badge is good, what spoils it, and serials that follow each other. No database."""

import datetime as dt
from dataclasses import replace
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from accreditation.badges.content import BadgeContent, content_json, read_content
from accreditation.badges.rules import Difference, can_count_serials, differences, period_of, serials_from

BAKU = ZoneInfo("Asia/Baku")
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
CARD = BadgeContent(
    number="B-000412",
    latin_name="ALIEV VALI",
    local_name="Алиев Вали",
    organization_code="ODIHR",
    organization_name="Office",
    mission="ODIHR",
    role="sto",
    category="international_observer",
    accreditation_number="00412",
    election_code="az-2024",
    election_name="Presidential election",
    e_day=dt.date(2024, 2, 7),
    valid_from=dt.date(2024, 1, 18),
    valid_until=dt.date(2024, 2, 10),
    areas=("001-05",),
    languages=("az", "en"),
    photo_sha256="ab" * 32,
)


def midnight(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, tzinfo=BAKU)


def test_a_badge_is_good_until_the_day_after_the_departure_is_over() -> None:
    period = period_of(accredited_from=AT, leaves_on=dt.date(2024, 2, 9), at=AT, zone=BAKU)

    assert (period.valid_from, period.valid_until) == (AT - dt.timedelta(hours=1), midnight(2024, 2, 11))
    assert period.last_day(BAKU) == dt.date(2024, 2, 10)


@pytest.mark.parametrize("leaves_on", [None, dt.date(2024, 3, 31)])
def test_no_badge_is_good_for_more_than_thirty_days(leaves_on: dt.date | None) -> None:
    period = period_of(accredited_from=AT, leaves_on=leaves_on, at=AT, zone=BAKU)

    assert period.valid_until == midnight(2024, 2, 17)
    assert dt.timedelta(days=29) < period.valid_until - AT <= dt.timedelta(days=30)


def test_days_are_those_of_the_host_where_clocks_change() -> None:
    """In Chisinau the night of 31 March 2024 has an hour less."""
    zone = ZoneInfo("Europe/Chisinau")
    at = dt.datetime(2024, 3, 20, 12, tzinfo=dt.UTC)

    period = period_of(accredited_from=at, leaves_on=dt.date(2024, 3, 31), at=at, zone=zone)

    assert period.valid_until == dt.datetime(2024, 4, 1, 21, tzinfo=dt.UTC)
    assert period.last_day(zone) == dt.date(2024, 4, 1)


def test_a_card_that_says_the_same_is_not_spoiled() -> None:
    elsewhere = replace(CARD, valid_until=dt.date(2024, 2, 12), languages=("az", "ru"), number="")

    assert differences(CARD, elsewhere) == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"latin_name": "ALIEVA VALI"}, Difference("name", "ALIEV VALI", "ALIEVA VALI")),
        ({"organization_name": "Bureau"}, Difference("organization", "Office", "Bureau")),
        ({"role": "lto"}, Difference("role", "sto", "lto")),
        ({"category": "foreign_media"}, Difference("category", "international_observer", "foreign_media")),
        ({"areas": ("001-05", "7")}, Difference("areas", "001-05", "001-05, 7")),
        ({"e_day": dt.date(2024, 2, 14)}, Difference("e_day", "2024-02-07", "2024-02-14")),
        ({"photo_sha256": "cd" * 32}, Difference("photo", "", "")),
    ],
)
def test_a_fact_that_changed_spoils_the_card(change: dict[str, object], told: Difference) -> None:
    assert differences(CARD, replace(CARD, **change)) == (told,)  # type: ignore[arg-type]  # names of fields


def test_content_survives_its_json() -> None:
    assert read_content(content_json(CARD)) == CARD


@pytest.mark.parametrize(
    ("first", "following"),
    [
        ("AZ 000099", ["AZ 000099", "AZ 000100", "AZ 000101"]),
        ("9", ["9", "10", "11"]),
        ("24/0008-B", ["24/0008-B", "24/0009-B", "24/0010-B"]),
        ("STOCK", ["STOCK"]),
    ],
)
def test_serials_count_up_by_their_last_digits(first: str, following: list[str]) -> None:
    assert list(islice(serials_from(first), 3)) == following
    assert can_count_serials(first) is (len(following) == 3)
