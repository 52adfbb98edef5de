from dataclasses import replace

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.fitting import MOST_LENGTH, WANTED_LENGTH, code_length, fitted
from accreditation.badges.codes.token import BadgeClaims, code_text, sign_badge
from tests.accreditation.badges.codes.conftest import NOW, Election

URL = "https://verify.example/b"
LONGEST_NAME = "ƏLİYEVA " * 13 + "QIZI"
LONGEST_ORGANIZATION = "Organization for Security and Co-operation in Europe, Parliamentary Assembly 78"
STATIONS = tuple(f"125-{number}" for number in range(5))


def version_of(claims: BadgeClaims, election: Election) -> str:
    text = code_text(sign_badge(claims, election.key, environment="test"), url=URL)
    assert len(text.encode()) == code_length(claims, url=URL)
    return segno.make(text, error="m", boost_error=False, micro=False).designator


@pytest.mark.parametrize("length", [WANTED_LENGTH, MOST_LENGTH])
def test_bounds_are_what_symbols_hold(length: int) -> None:
    wanted = {WANTED_LENGTH: "13-M", MOST_LENGTH: "16-M"}[length]

    for text, designator in (("a" * length, wanted), ("a" * (length + 1), f"{int(wanted[:2]) + 1}-M")):
        assert segno.make(text, error="m", boost_error=False, micro=False).designator == designator


def test_usual_badge_stays_as_it_is(election: Election, claims: BadgeClaims) -> None:
    assert fitted(claims, url=URL, acronym="ODIHR") == claims
    assert version_of(claims, election) == "12-M"


def test_long_organization_gives_way_to_its_acronym(election: Election, claims: BadgeClaims) -> None:
    long = replace(claims, organization=LONGEST_ORGANIZATION)

    fitting = fitted(long, url=URL, acronym="OSCE PA")

    assert fitting == replace(long, organization="OSCE PA")
    assert version_of(fitting, election) == "12-M"


def test_longest_name_stays_whole_beside_an_acronym(election: Election, claims: BadgeClaims) -> None:
    worst = replace(claims, name="A" * 108, organization=LONGEST_ORGANIZATION, areas=STATIONS)

    fitting = fitted(worst, url=URL, acronym="OSCE PA")

    assert fitting == replace(worst, organization="OSCE PA")
    assert version_of(fitting, election) == "16-M"


def test_longest_name_of_letters_of_two_bytes_loses_its_end(election: Election, claims: BadgeClaims) -> None:
    worst = replace(claims, name=LONGEST_NAME, organization=LONGEST_ORGANIZATION, areas=STATIONS)

    fitting = fitted(worst, url=URL, acronym="OSCE PA")

    assert fitting.organization == "OSCE PA"
    assert fitting.name == "ƏLİYEVA " * 10 + "ƏLİYEVA…"
    assert version_of(fitting, election) == "16-M"


def test_without_an_acronym_the_longer_text_is_cut_first(election: Election, claims: BadgeClaims) -> None:
    worst = replace(claims, organization="Ə" * 120, areas=STATIONS)

    fitting = fitted(worst, url=URL)

    assert fitting.name == claims.name
    assert fitting.organization == "Ə" * (len(fitting.organization) - 1) + "…"
    assert version_of(fitting, election) == "16-M"


def test_cut_text_ends_in_a_letter_and_a_mark(claims: BadgeClaims) -> None:
    worst = replace(claims, name="A-" * 60, organization="B, " * 40, areas=STATIONS)

    fitting = fitted(worst, url=URL)

    assert fitting.name[-2:] == "A…"
    assert fitting.organization[-2:] == "B…"


@settings(max_examples=40)
@given(
    name=st.text("AƏ -'", min_size=1, max_size=120),
    organization=st.text("BŞ, ", min_size=1, max_size=120),
    acronym=st.sampled_from(["", "ODIHR", "Ş" * 60]),
    areas=st.lists(st.text("0123456789-", min_size=1, max_size=8), max_size=6),
)
def test_code_never_passes_version_16(name: str, organization: str, acronym: str, areas: list[str]) -> None:
    claims = BadgeClaims("az-2024", b"code-one", 1, 1, name, organization, "sto", tuple(areas), bytes(16), 0, NOW, NOW)

    try:
        fitting = fitted(claims, url=URL, acronym=acronym)
    except CodeError:
        pytest.fail("the names were long enough to be cut")

    assert code_length(fitting, url=URL) <= MOST_LENGTH
    if code_length(claims, url=URL) <= WANTED_LENGTH:
        assert fitting == claims


def test_areas_are_never_cut(claims: BadgeClaims) -> None:
    with pytest.raises(CodeError) as caught:
        fitted(replace(claims, areas=("a" * 20,) * 12), url=URL)

    assert caught.value.reason == Reason.TOO_LONG
