"""Bad passports, zones, countries and dates, one case each, with the code that answers it.

The numbers are those of the product's list of bad input: 38 to 44 names, 45 to 63 passports and countries.
"""

from datetime import date

import pytest

from accreditation.states import DatePrecision
from accreditation.vetting.facts import ApplicantFacts, PersonKey, person_key, weak_name
from accreditation.vetting.findings import age, passport_expiry, passport_issue
from accreditation.vetting.icao9303 import mrz_name, name_field, printed_name
from accreditation.vetting.mrz import MrzError, PartialDate, parse_mrz
from accreditation.vetting.names import unusual_names
from accreditation.vetting.persons import likeness, look_alikes
from accreditation.vetting.zone import zone_differences
from missions.countries import UnknownCountryError, parse_country
from missions.kernel.crypto import keyed_hash
from missions.kernel.text import TextRefusedError, clean_name, fold_key, normalise_code
from missions.law.profile import load_profile
from tests.accreditation.vetting.facts import SOUND, facts
from tests.accreditation.vetting.zones import card_zone, passport_zone

AZ = load_profile("az-2024")
TODAY = SOUND.as_of


def zone_codes(text: str) -> list[str]:
    """What is wrong with a zone, each as field and code; nothing for a sound one."""
    try:
        parse_mrz(text, today=TODAY)
    except MrzError as refused:
        return [f"{fault.field}:{fault.code}" for fault in refused.faults]
    return []


def found(person: ApplicantFacts) -> list[str]:
    """What is found on passport, age, name and zone."""
    rows = (
        *passport_expiry(person, profile=AZ),
        *passport_issue(person),
        *age(person, profile=AZ),
        *unusual_names(person),
        *zone_differences(person),
    )
    return [row.code for row in rows]


def with_zone(zone: str, **changes: object) -> ApplicantFacts:
    return facts(mrz=parse_mrz(zone, today=TODAY), passport_key=keyed_hash("L898902C3"), **changes)


# --- 31 to 44: names, where they touch folding, zones and print


@pytest.mark.parametrize("name", ["Əliyev", "ƏLİYEV", "əliyev", "Aliyev", "Алиев"], ids="38-{}".format)
def test_38_spellings_of_one_name_are_candidates(name: str) -> None:
    assert weak_name(name, "") == "alav"


def test_38_the_exact_key_parts_what_the_weak_one_unites() -> None:
    assert [fold_key(name) for name in ("ƏLİYEV", "Əliyev", "Aliyev")] == ["eliyev", "eliyev", "aliyev"]


@pytest.mark.parametrize(
    ("number", "name", "code"),
    [
        (31, "=HYPERLINK(1)", "formula_start"),
        (31, "@SUM", "formula_start"),
        (32, "A\x00", "control_character"),
        (33, "A\u2028B", "control_character"),
        (34, "A\u202eB", "bidi_control"),
        (39, ".", "no_letters"),
        (40, "A" * 201, "too_long"),
        (42, "<script>", "character_not_allowed"),
        (42, "{{7*7}}", "character_not_allowed"),
        (42, "Anna 😀", "character_not_allowed"),
        (6, "?liyev", "lost_characters"),
        (7, "Æ\x8fliyev", "mojibake"),
    ],
)
def test_names_that_are_refused(number: int, name: str, code: str) -> None:
    with pytest.raises(TextRefusedError) as refused:
        clean_name(name)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("number", "changes", "codes"),
    [
        (34, {"surname": "محمد"}, ["no_latin_name"]),
        (35, {"surname": "Pe\u0301trova"}, []),
        (37, {"surname": "Pеtrova"}, ["mixed_script"]),
        (37, {"surname": "ǝliyev"}, ["mixed_script"]),
        (39, {"given_names": ""}, ["no_given_name"]),
        (41, {"given_names": "O", "surname": "O'Neil"}, []),
        (41, {"given_names": "John 3rd"}, ["digits_in_name"]),
    ],
)
def test_names_that_are_accepted_and_flagged(number: int, changes: dict[str, object], codes: list[str]) -> None:
    assert found(facts(**changes)) == codes


def test_39_a_single_name_fills_the_surname_of_a_zone_alone() -> None:
    assert name_field("Suharto", "", width=39) == "SUHARTO".ljust(39, "<")


def test_40_the_longest_name_is_cut_by_rule_and_says_so() -> None:
    field = name_field("A" * 200, "Anna", width=39)

    assert (field, len(printed_name("A" * 200))) == (f"{'A' * 36}<<A", 200)


def test_41_apostrophes_join_and_hyphens_part() -> None:
    assert (mrz_name("d'Arsøns"), mrz_name("Smith-Jones")) == ("DARSOENS", "SMITH<JONES")


def test_43_blanks_are_one_filler() -> None:
    assert mrz_name(clean_name("  de \u00a0 la   Cruz ").text) == "DE<LA<CRUZ"


def test_44_swapped_names_are_noticed() -> None:
    assert found(with_zone(passport_zone(surname="Anna", given_names="Petrova"))) == ["mrz_names_swapped"]


# --- 45 to 49: numbers


@pytest.mark.parametrize("number", ["ab 123-456", "AB123456", "ａｂ123456", "AB 123 456", "ab–123456"])
def test_45_ways_of_writing_a_number_are_one_key(number: str) -> None:
    assert normalise_code(number).text == "AB123456"


def test_48_the_same_number_of_another_issuer_is_another_person() -> None:
    def of(issuer: str) -> object:
        return person_key(
            surname="A", given_names="B", birth_date=TODAY, passport_issuer=issuer, passport_key=keyed_hash("AB1")
        ).passport

    assert of("BGR") != of("ROU")


@pytest.mark.parametrize(("one", "other"), [("AB0123", "ABO123"), ("AB0123", "AB0I23"), ("AB0123", "ABOI23")])
def test_49_numbers_that_look_alike(one: str, other: str) -> None:
    assert other in look_alikes(one)
    assert one in look_alikes(other)


# --- 50 to 53, 58, 60 to 63: zones

SOUND_ZONE = passport_zone()


def spoilt(place: int, char: str) -> str:
    return f"{SOUND_ZONE[:place]}{char}{SOUND_ZONE[place + 1 :]}"


@pytest.mark.parametrize(
    ("number", "zone", "codes"),
    [
        (50, spoilt(54, "6"), []),
        (50, spoilt(54, "7"), ["number:mrz_check_digit"]),
        (50, spoilt(88, "9"), ["zone:mrz_composite"]),
        (51, passport_zone(number="A1600000A"), []),
        (52, SOUND_ZONE.lower(), []),
        (52, SOUND_ZONE.replace("<", " "), []),
        (52, SOUND_ZONE[:-2], ["zone:mrz_length"]),
        (52, SOUND_ZONE.replace("P<", "P-", 1), ["zone:mrz_character"]),
        (52, card_zone(), []),
        (52, card_zone()[:60], ["zone:mrz_length"]),
        (53, passport_zone(born="991332"), ["birth_date:mrz_date"]),
        (53, passport_zone(expires="290229"), ["expires_on:mrz_date"]),
        (58, passport_zone(born="850000"), []),
        (58, passport_zone(born="85<<<<"), []),
        (58, passport_zone(born="8500<<"), []),
        (58, passport_zone(born="850012"), ["birth_date:mrz_date"]),
        (59, passport_zone(issuer="ZZZ"), ["issuer:mrz_country"]),
        (61, passport_zone(nationality="UTO"), ["nationality:mrz_country"]),
    ],
)
def test_zones(number: int, zone: str, codes: list[str]) -> None:
    assert zone_codes(zone) == codes


def test_51_a_digit_proves_little_so_the_number_is_compared() -> None:
    # 1 and 6 are five apart: in these places the digit is the same.
    assert zone_codes(passport_zone(number="L898902C3")) == zone_codes(passport_zone(number="L898902C8")) == []
    assert found(with_zone(passport_zone(number="L898902C8"))) == ["mrz_number_differs"]


@pytest.mark.parametrize(
    ("born", "read"), [("240121", date(1924, 1, 21)), ("240120", TODAY), ("850517", date(1985, 5, 17))]
)
def test_53_nobody_is_born_in_the_future(born: str, read: date) -> None:
    assert parse_mrz(passport_zone(born=born), today=TODAY).birth_date == PartialDate(read, DatePrecision.DAY)


def test_58_a_date_known_in_part_makes_nobody_another_person() -> None:
    def born(day: date, precision: DatePrecision, passport: str) -> PersonKey:
        return person_key(
            surname="Petrova",
            given_names="Anna",
            birth_date=day,
            birth_precision=precision,
            passport_issuer="BGR",
            passport_key=passport,
        )

    first, year = date(1980, 1, 1), DatePrecision.YEAR

    how = likeness(born(SOUND.birth_date, DatePrecision.DAY, "a"), born(first, year, "b"))
    assert how is not None
    assert how.value == "same_name_partial_birth"
    assert found(with_zone(passport_zone(born="800517"), birth_date=first, birth_precision=year)) == []


@pytest.mark.parametrize(
    ("number", "code", "country"),
    [
        *((60, code, "XKX") for code in ("XKX", "RKS", "UNK")),
        *((61, code, code) for code in ("TWN", "PSE", "HKG", "EUE", "UNO", "UNA", "XXA", "XXB", "XXC", "XPO", "XOM")),
        (61, "D", "DEU"),
        *((62, code, "GBR") for code in ("GBR", "GBD", "GBN", "GBO", "GBP", "GBS")),
    ],
)
def test_issuers_of_a_zone(number: int, code: str, country: str) -> None:
    assert parse_mrz(passport_zone(issuer=code), today=TODAY).issuer == country


def test_63_nationality_and_issuer_may_differ() -> None:
    person = with_zone(passport_zone(issuer="UNO", nationality="BGR"), passport_issuer="UNO")

    assert found(person) == []


# --- 54 to 57: days of the passport


@pytest.mark.parametrize(
    ("number", "changes", "codes"),
    [
        (54, {"passport_expires_on": date(2024, 1, 19)}, ["passport_expired"]),
        (55, {"passport_expires_on": date(2024, 2, 8)}, ["passport_expires_before_departure"]),
        (56, {"passport_expires_on": date(2024, 8, 8)}, ["passport_expires_soon"]),
        (56, {"passport_expires_on": date(2024, 8, 9)}, []),
        (57, {"passport_issued_on": date(2030, 1, 2)}, ["passport_issued_after_expiry"]),
        (57, {"passport_issued_on": date(1980, 5, 16)}, ["passport_issued_before_birth"]),
        (57, {"passport_issued_on": date(2024, 1, 21)}, ["passport_issued_in_future"]),
        (57, {"birth_date": date(2006, 2, 8)}, ["too_young"]),
        (57, {"birth_date": date(1923, 2, 7)}, ["too_old"]),
        (57, {"birth_date": date(2024, 1, 21)}, ["birth_in_future"]),
    ],
)
def test_days_that_contradict_each_other(number: int, changes: dict[str, object], codes: list[str]) -> None:
    assert found(facts(**changes)) == codes


# --- 59: countries as people write them


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "TUR") for text in ("Türkiye", "Turkey", "TR", "TUR", "Турция", "Türkiyə")),
        *((text, "CZE") for text in ("Czech Republic", "Czechia", "Чехия")),
        *((text, "SWZ") for text in ("Swaziland", "Eswatini")),
        *((text, "GBR") for text in ("UK", "GBR", "GBD", "United Kingdom")),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("D<<", "DEU"),
    ],
)
def test_59_countries_as_people_write_them(text: str, code: str) -> None:
    assert parse_country(text) == code


@pytest.mark.parametrize("text", ["Congo", "Korea", "Nigera", "Utopia", "", "the"])
def test_59_nothing_is_guessed_of_a_country(text: str) -> None:
    with pytest.raises(UnknownCountryError):
        parse_country(text)
