"""The machine-readable zone: formats, check digits, dates of two digits, and what faults never say."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accreditation.states import DatePrecision, Sex
from accreditation.vetting.mrz import MrzError, PartialDate, check_digit, parse_mrz
from tests.accreditation.vetting.zones import card_zone, passport_zone

TODAY = date(2024, 1, 20)
#: The specimens of Doc 9303, parts 4 to 6. Nobody can have a passport of Utopia, so only its code is refused.
SPECIMENS = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    # A number of more than nine characters, on a card.
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
]


def faults(text: str, *, today: date = TODAY) -> list[tuple[str, str]]:
    with pytest.raises(MrzError) as refused:
        parse_mrz(text, today=today)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def spoilt(zone: str, place: int, char: str) -> str:
    return f"{zone[:place]}{char}{zone[place + 1 :]}"


@pytest.mark.parametrize("zone", SPECIMENS)
def test_every_digit_of_the_specimens_fits(zone: str) -> None:
    assert faults(zone) == [("issuer", "mrz_country"), ("nationality", "mrz_country")]


def test_a_sound_zone_as_values() -> None:
    zone = passport_zone()

    mrz = parse_mrz(zone, today=TODAY)

    assert (mrz.surname, mrz.given_names, mrz.number, mrz.issuer, mrz.nationality) == (
        "PETROVA",
        "ANNA",
        "L898902C3",
        "BGR",
        "BGR",
    )
    assert mrz.birth_date == PartialDate(date(1980, 5, 17), DatePrecision.DAY)
    assert (mrz.sex, mrz.expires_on, mrz.may_be_cut, mrz.text) == (Sex.FEMALE, date(2030, 1, 1), False, zone)


def test_neither_repr_nor_error_shows_the_number() -> None:
    mrz = parse_mrz(passport_zone(), today=TODAY)
    with pytest.raises(MrzError) as refused:
        parse_mrz(spoilt(passport_zone(), 54, "7"), today=TODAY)

    told = [repr(mrz), repr(refused.value), str(refused.value), *(fault.message for fault in refused.value.faults)]
    assert not any("L898902C3" in text or "800517" in text for text in told)


def test_a_long_number_of_a_card_is_read_whole() -> None:
    mrz = parse_mrz(card_zone(number="D231458907349"), today=TODAY)

    assert (mrz.number, mrz.surname, mrz.given_names) == ("D231458907349", "ERIKSSON", "ANNA<MARIA")


@pytest.mark.parametrize(
    "pasted",
    [
        passport_zone().lower(),
        passport_zone().replace("<", " "),
        passport_zone().replace("\n", "\r\n") + "\n\n",
        passport_zone().replace("\n", ""),
        passport_zone().replace("\n", " "),
        passport_zone().replace("<<<<<<<<<\n", "\n"),
        "  " + passport_zone().replace("\n", "  \n  ") + "  ",
        "\n".join(" ".join(line[at : at + 4] for at in range(0, 44, 4)) for line in passport_zone().split("\n")),
        passport_zone().translate(str.maketrans("ABL89<", "ＡＢＬ８９＜")),
    ],
    ids=["lower", "blanks", "crlf", "one line", "one line parted", "short", "indented", "in groups", "full width"],
)
def test_typed_and_pasted_zones_mean_the_same(pasted: str) -> None:
    assert parse_mrz(pasted, today=TODAY) == parse_mrz(passport_zone(), today=TODAY)


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("", [("zone", "mrz_length")]),
        ("P<BGR", [("zone", "mrz_length")]),
        (passport_zone()[:-1], [("zone", "mrz_length")]),
        (passport_zone() + "0", [("zone", "mrz_length")]),
        (spoilt(passport_zone(), 50, "-"), [("zone", "mrz_character")]),
        (spoilt(passport_zone(), 50, "Ə"), [("zone", "mrz_character")]),
        (passport_zone(document="V"), [("document_type", "mrz_document_type")]),
        (spoilt(passport_zone(), 54, "7"), [("number", "mrz_check_digit")]),
        (spoilt(passport_zone(), 64, "0"), [("birth_date", "mrz_check_digit")]),
        (spoilt(passport_zone(), 72, "0"), [("expires_on", "mrz_check_digit")]),
        (spoilt(passport_zone(optional="ZE184226B"), 87, "0"), [("optional", "mrz_check_digit")]),
        (spoilt(passport_zone(), 88, "9"), [("zone", "mrz_composite")]),
        (passport_zone(born="801332"), [("birth_date", "mrz_date")]),
        (passport_zone(born="8000" + "17"), [("birth_date", "mrz_date")]),
        (passport_zone(expires="300230"), [("expires_on", "mrz_date")]),
        (passport_zone(expires="<<<<<<"), [("expires_on", "mrz_date")]),
        (passport_zone(sex="Z"), [("sex", "mrz_sex")]),
        (passport_zone(issuer="ZZZ"), [("issuer", "mrz_country")]),
        (passport_zone(nationality="BG"), [("nationality", "mrz_country")]),
        (spoilt(passport_zone(), 5, "<"), [("name", "mrz_name")]),
        (spoilt(passport_zone(), 5, "1"), [("name", "mrz_name")]),
        (
            passport_zone(issuer="ZZZ", sex="Z", born="801332"),
            [("issuer", "mrz_country"), ("birth_date", "mrz_date"), ("sex", "mrz_sex")],
        ),
    ],
)
def test_faults_name_their_field_and_come_all_at_once(zone: str, found: list[tuple[str, str]]) -> None:
    assert faults(zone) == found


@pytest.mark.parametrize(
    ("digit", "used"), [("<", False), ("0", False), ("<", True)], ids=["filler", "zero", "filler of a used field"]
)
def test_an_unused_field_may_have_a_filler_for_its_digit(digit: str, *, used: bool) -> None:
    zone = spoilt(passport_zone(optional="A" if used else ""), 87, digit)
    # The last digit covers this one; a filler counts as nothing, as zero does.
    if used:
        assert faults(zone) == [("optional", "mrz_check_digit")]
    else:
        assert parse_mrz(zone, today=TODAY).surname == "PETROVA"


@pytest.mark.parametrize(
    ("born", "read"),
    [
        ("240120", date(2024, 1, 20)),
        ("240121", date(1924, 1, 21)),
        ("800517", date(1980, 5, 17)),
        ("000229", date(2000, 2, 29)),
        ("990101", date(1999, 1, 1)),
    ],
)
def test_nobody_is_born_after_today(born: str, read: date) -> None:
    assert parse_mrz(passport_zone(born=born), today=TODAY).birth_date == PartialDate(read, DatePrecision.DAY)


@pytest.mark.parametrize(
    ("born", "read"),
    [
        ("8005<<", PartialDate(date(1980, 5, 1), DatePrecision.MONTH)),
        ("800500", PartialDate(date(1980, 5, 1), DatePrecision.MONTH)),
        ("80<<<<", PartialDate(date(1980, 1, 1), DatePrecision.YEAR)),
        ("800000", PartialDate(date(1980, 1, 1), DatePrecision.YEAR)),
        ("<<<<<<", None),
    ],
)
def test_a_date_of_birth_may_be_known_in_part(born: str, read: PartialDate | None) -> None:
    assert parse_mrz(passport_zone(born=born), today=TODAY).birth_date == read


@pytest.mark.parametrize(
    ("expires", "read"),
    [
        ("240119", date(2024, 1, 19)),
        ("441231", date(2044, 12, 31)),
        ("450101", date(1945, 1, 1)),
        ("991231", date(1999, 12, 31)),
    ],
)
def test_no_passport_ends_more_than_twenty_years_ahead(expires: str, read: date) -> None:
    assert parse_mrz(passport_zone(expires=expires), today=TODAY).expires_on == read


@pytest.mark.parametrize(
    ("name", "surname", "given_names", "may_be_cut"),
    [
        (("Arkfreith", ""), "ARKFREITH", "", False),
        (("van der Muellen", "Marianne Louise"), "VAN<DER<MUELLEN", "MARIANNE<LOUISE", False),
        (
            ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang"),
            "NILAVADHANANANDA",
            "CHAYAPA<DEJTHAMRONG<K",
            True,
        ),
    ],
)
def test_the_two_parts_of_a_name(name: tuple[str, str], surname: str, given_names: str, *, may_be_cut: bool) -> None:
    mrz = parse_mrz(passport_zone(surname=name[0], given_names=name[1]), today=TODAY)

    assert (mrz.surname, mrz.given_names, mrz.may_be_cut) == (surname, given_names, may_be_cut)


@pytest.mark.parametrize(("text", "digit"), [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("<<<", "0")])
def test_check_digits_of_the_document(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@given(st.text(max_size=100))
def test_any_text_is_a_zone_or_refused(text: str) -> None:
    try:
        parse_mrz(text, today=TODAY)
    except MrzError as refused:
        assert refused.faults  # noqa: PT017  # both ways are right, and nothing else may be raised


@given(st.sampled_from([*range(45, 55), *range(58, 65), *range(66, 73)]), st.sampled_from("ABCXYZ0123456789<"))
def test_the_digits_notice_every_character_of_another_value(place: int, char: str) -> None:
    sound = passport_zone(optional="ZE184226B")
    assume(check_digit(char) != check_digit(sound[place]))

    with pytest.raises(MrzError):
        parse_mrz(spoilt(sound, place, char), today=TODAY)
