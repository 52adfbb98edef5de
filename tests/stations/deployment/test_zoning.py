"""Zones of constituencies: whole regions, and regions cut where a list of nationalities cuts them."""

from stations.deployment.problem_rows import ConstituencyRow
from stations.deployment.zoning import Ground

ROWS = [
    ConstituencyRow(key, region, [], is_quiet=False)
    for key, region in ((11, "North"), (12, "North"), (13, "South"), (14, "North"), (15, "South"))
]
COUNTRY = {"DEU": 0, "FRA": 1, "NOR": 2}


def ground(**listed: set[int]) -> Ground:
    return Ground(ROWS, [1, 2, 4, 8, 4], {code: frozenset(places) for code, places in listed.items()}, COUNTRY)


def test_without_lists_zones_are_regions_and_nobody_is_barred() -> None:
    parts, regions = ground().parts_of_regions(), ground().whole_regions()

    assert parts.zone.tolist() == regions.zone.tolist() == [0, 0, 1, 0, 1]
    assert parts.language.tolist() == regions.language.tolist() == [11, 4]
    assert parts.barred.tolist() == regions.barred.tolist() == [[False, False]] * 3


def test_a_region_is_cut_where_lists_cut_it() -> None:
    zoning = ground(FRA={11, 14, 13, 15}, NOR={14}, XXX={12}).parts_of_regions()

    # a nationality that nobody has cuts a region too, and bars nobody
    assert zoning.zone.tolist() == [0, 1, 2, 3, 2]
    assert zoning.language.tolist() == [1, 2, 4, 8]
    assert zoning.barred.tolist() == [[False] * 4, [True, False, True, True], [False, False, False, True]]


def test_whole_regions_are_barred_where_all_of_them_is_listed() -> None:
    zoning = ground(FRA={11, 14, 13, 15}, NOR={14}).whole_regions()

    assert zoning.zone.tolist() == [0, 0, 1, 0, 1]
    assert zoning.barred.tolist() == [[False, False], [False, True], [False, False]]


def test_without_constituencies_there_are_no_zones() -> None:
    zoning = Ground([], [], {"FRA": frozenset({1})}, COUNTRY).parts_of_regions()

    assert (len(zoning.zone), len(zoning.language), zoning.barred.shape) == (0, 0, (3, 0))
