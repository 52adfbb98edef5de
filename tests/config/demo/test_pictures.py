"""Drawn papers pass the same checks as real ones, and no two photos count as one."""

import datetime as dt
from itertools import combinations

import pytest

from accreditation.models import Observer
from accreditation.papers.checks import check_photo, check_scan
from accreditation.states import Sex
from accreditation.vetting.mrz import parse_mrz
from config.demo.pictures import passport_page, photo, signed_sheet, zone_of

#: Fewer differing bits count as the same photo.
_APART = 5


@pytest.fixture
def observer() -> Observer:
    return Observer(
        pk=7,
        surname="Çelikkaya",
        given_names="Ayşe İpek",
        sex=Sex.FEMALE,
        birth_date=dt.date(1975, 3, 9),
        nationality="TUR",
        passport_issuer="DEU",
        passport_number="X12345678",
        passport_expires_on=dt.date(2030, 6, 1),
    )


def test_photos_are_sound_and_differ() -> None:
    papers = [check_photo(photo(number)) for number in range(1, 5)]
    prints = [int(paper.fingerprint, 16) for paper in papers]

    assert {paper.notices for paper in papers} == {()}
    assert min((one ^ other).bit_count() for one, other in combinations(prints, 2)) >= _APART


def test_the_same_number_gives_the_same_bytes() -> None:
    assert photo(3) == photo(3)
    assert photo(3) != photo(4)


def test_the_zone_says_what_the_register_says(observer: Observer) -> None:
    zone = parse_mrz(zone_of(observer), today=dt.date(2024, 1, 5))

    assert (zone.number, zone.issuer, zone.nationality) == ("X12345678", "DEU", "TUR")
    assert (zone.expires_on, zone.sex) == (dt.date(2030, 6, 1), Sex.FEMALE)


def test_scans_are_taken(observer: Observer) -> None:
    assert check_scan(passport_page(observer, 2)).media_type == "image/jpeg"
    assert check_scan(signed_sheet(observer, "Pledge of an observer", "PNG")).media_type == "image/jpeg"
    assert signed_sheet(observer, "Pledge of an observer", "PDF").startswith(b"%PDF-")
