import datetime as dt
from collections import Counter
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from config.reference.geography import constituencies
from config.reference.register import home_stations, overseas_stations
from missions.kernel.spreadsheets.table import Table
from stations.register.layouts import HomeRow, OverseasRow
from stations.states import AccessCondition, StationKind

E_DAY = dt.date(2024, 2, 7)


def test_the_register_gives_the_published_totals(home: Table[HomeRow], abroad: Table[OverseasRow]) -> None:
    stations = [row.value for row in home.rows]

    assert (len(stations), len(abroad.rows)) == (6488, 49)
    assert sum(row.voters for row in stations) + sum(row.value.voters for row in abroad.rows) == 6_478_623
    assert {row.constituency for row in stations} == set(range(1, 126))
    assert sum(row.web_camera for row in stations) == 1000
    assert len({row.code for row in stations} | {row.value.code for row in abroad.rows}) == 6537


def test_new_territory_has_26_stations_in_9_constituencies(home: Table[HomeRow]) -> None:
    new = [row.value for row in home.rows if row.value.newly_covered]

    assert (len(new), len({row.constituency for row in new})) == (26, 9)
    assert sum(row.voters for row in new) == 22_140
    assert {access.condition for row in new for access in row.access} == {
        AccessCondition.PERMIT,
        AccessCondition.BRIEFING,
        AccessCondition.ESCORT,
    }


def test_stations_at_home_are_plausible(home: Table[HomeRow]) -> None:
    stations = [row.value for row in home.rows]

    assert {row.kind for row in stations} == {StationKind.PERMANENT, StationKind.TEMPORARY, StationKind.IDP}
    assert 90 <= min(row.voters for row in stations) <= max(row.voters for row in stations) <= 1495
    assert {row.settlement for row in stations} == {True, False}
    assert len({row.region for row in stations}) == 14
    latitudes = [row.latitude for row in stations if row.latitude is not None]
    longitudes = [row.longitude for row in stations if row.longitude is not None]
    assert len(latitudes) == len(longitudes) == 6488
    assert Decimal("38.4") < min(latitudes) < max(latitudes) < Decimal("41.9")
    assert Decimal("44.7") < min(longitudes) < max(longitudes) < Decimal("50.4")


def test_stations_abroad_stand_in_46_cities_of_37_countries(abroad: Table[OverseasRow]) -> None:
    stations = [row.value for row in abroad.rows]

    assert len({row.country for row in stations}) == 37
    assert len({(row.country, row.city) for row in stations}) == 46
    assert min(row.voters for row in stations) > 50
    assert {(row.opens, row.closes) for row in stations} == {(dt.time(8), dt.time(19))}
    turkish = [(row.code, row.city) for row in stations if row.country == "TUR"]
    assert turkish == [
        ("90046", "Ankara"),
        ("90047", "Ankara"),
        ("90053", "Istanbul"),
        ("90054", "Istanbul"),
        ("90055", "Kars"),
    ]


def test_offsets_on_election_day_are_the_published_ones(abroad: Table[OverseasRow]) -> None:
    noon = dt.datetime.combine(E_DAY, dt.time(12))
    offsets = Counter(noon.replace(tzinfo=ZoneInfo(row.value.time_zone)).utcoffset() for row in abroad.rows)

    assert {offset / dt.timedelta(hours=1): count for offset, count in offsets.items() if offset is not None} == {
        9: 1,
        8: 1,
        6: 3,
        5: 5,
        4: 4,
        3.5: 1,
        3: 12,
        2: 7,
        1: 12,
        0: 1,
        -5: 1,
        -8: 1,
    }


@pytest.mark.parametrize(
    ("city", "hours"),
    [
        pytest.param("Astana", 6, id="Astana"),
        pytest.param("Almaty", 6, id="Almaty"),
        pytest.param("Aktau", 5, id="Aktau"),
        pytest.param("Yekaterinburg", 5, id="Yekaterinburg"),
        pytest.param("Tabriz", 3.5, id="Tabriz"),
        pytest.param("Amman", 3, id="Amman"),
    ],
)
def test_a_city_has_its_own_offset(abroad: Table[OverseasRow], city: str, hours: float) -> None:
    (zone,) = {row.value.time_zone for row in abroad.rows if row.value.city == city}

    offset = dt.datetime(2024, 2, 7, 12, tzinfo=ZoneInfo(zone)).utcoffset()

    assert offset == dt.timedelta(hours=hours)


def test_another_seed_gives_other_stations_and_the_same_totals() -> None:
    abroad = overseas_stations(2, opens="08:00", closes="19:00")
    rows = home_stations(2, overseas_count=len(abroad), overseas_voters=sum(row.voters for row in abroad))
    others = home_stations(3, overseas_count=len(abroad), overseas_voters=sum(row.voters for row in abroad))

    assert sum(row.voters for row in rows) == sum(row.voters for row in others)
    assert rows != others


def test_constituencies_are_numbered_without_gaps() -> None:
    assert [constituency.number for constituency in constituencies()] == list(range(1, 126))
