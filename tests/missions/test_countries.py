"""Country texts as files and passports have them, and names as a ministry shows them."""

from pathlib import Path

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.countries import (
    COUNTRY_DATA,
    READ_LANGUAGES,
    UnknownCountryError,
    check_country_data,
    country_name,
    nationality_choices,
    parse_country,
    read_country_data,
)
from missions.data.reading import DataFileError

ISO_CODES = [country.alpha_3 for country in pycountry.countries]
SOUND = COUNTRY_DATA.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("Türkiye", "TÜRKİYE", "Turkiye", "Turkey", "TR", "tr", "TUR", "Турция", "Republic of Türkiye"), "TUR"),
        (("Czech Republic", "Czechia", "Çexiya", "Чехия"), "CZE"),
        (("Swaziland", "Eswatini", "SWZ"), "SWZ"),
        (("UK", "U.K.", "GBR", "GB", "GBD", "GBN", "GBO", "GBP", "GBS", "United Kingdom", "Great Britain"), "GBR"),
        (("XKX", "XK", "RKS", "UNK", "Kosovo", "Косово"), "XKX"),
        (("D", "D<<", "d", "DEU", "Germany", "Almaniya", "Германия"), "DEU"),
        (("TWN", "Taiwan", "Taiwan, Province of China"), "TWN"),
        (("PSE", "Palestine", "State of Palestine"), "PSE"),
        (("HKG", "Hong Kong"), "HKG"),
        (("Azərbaycan", "AZƏRBAYCAN", "Azerbaijan", "Азербайджан", "AZ", " aze "), "AZE"),
        (("Korea, Republic of", "Korea (Republic of)", "South Korea", "Cənubi Koreya", "KR"), "KOR"),
        (("DR Congo", "Congo (Kinshasa)", "Democratic Republic of the Congo", "Конго - Киншаса"), "COD"),
        (("Republic of the Congo", "Congo - Brazzaville"), "COG"),
        (("Côte d'Ivoire", "Cote d’Ivoire", "Ivory Coast"), "CIV"),
        (("Bosnia & Herzegovina", "Bosnia and Herzegovina"), "BIH"),
        (("The Gambia", "Gambia"), "GMB"),
        (("Stateless", "XXA"), "XXA"),
        # The whole name of one country, though others have longer names that hold it.
        (("Niger",), "NER"),
        (("Nigeria",), "NGA"),
        (("Guinea",), "GIN"),
        (("Guinea-Bissau", "Guinea Bissau"), "GNB"),
        (("Georgia", "Gürcüstan", "Грузия"), "GEO"),
    ],
)  # fmt: skip
def test_all_ways_of_writing_give_one_code(texts: tuple[str, ...], code: str) -> None:
    assert {text: parse_country(text) for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize("code", ["EUE", "UNO", "UNA", "XXB", "XXC", "XXX", "XPO", "XOM", "XCE"])
def test_issuers_that_are_no_countries_are_valid_codes(code: str) -> None:
    assert parse_country(code) == code


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("Congo", ("COD", "COG")),
        ("Конго", ("COD", "COG")),
        ("Korea", ("KOR", "PRK")),
        ("Koreya", ("KOR", "PRK")),
        ("Virgin Islands", ("VGB", "VIR")),
        ("Nigr", ("NER",)),
        ("guniea", ("GIN",)),
        ("Rusia", ("RUS",)),
        ("Leste", ("TLS",)),
        ("nowhere", ()),
        ("UTO", ()),
        ("GE, AZ", ()),
        ("", ()),
        ("   ", ()),
        ("<<<", ()),
        ("Congo" * 21, ()),
    ],
)
def test_what_is_not_one_country_is_refused_with_suggestions(text: str, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(UnknownCountryError) as caught:
        parse_country(text)

    assert (caught.value.text, caught.value.suggestions) == (text, suggestions)


def test_suggestions_are_few() -> None:
    with pytest.raises(UnknownCountryError) as caught:
        parse_country("United")

    assert len(caught.value.suggestions) == 5
    assert {"ARE", "GBR"} <= set(caught.value.suggestions)


def test_an_error_never_repeats_a_long_text() -> None:
    with pytest.raises(UnknownCountryError) as caught:
        parse_country("x" * 1_000_000)

    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("country", list(pycountry.countries), ids=ISO_CODES)
def test_every_iso_code_and_its_shown_names_lead_back_to_it(country: object) -> None:
    code, alpha_2 = getattr(country, "alpha_3", ""), getattr(country, "alpha_2", "")
    names = [country_name(code, language) for language in READ_LANGUAGES]

    assert [parse_country(text) for text in (code, code.lower(), alpha_2, *names)] == [code] * (3 + len(names))


@given(st.text(max_size=30))
def test_any_text_gives_a_known_code_or_an_error(text: str) -> None:
    known = {*ISO_CODES, *(entity.code for entity in read_country_data(COUNTRY_DATA).entities)}

    try:
        code = parse_country(text)
    except UnknownCountryError as error:
        code = next(iter(error.suggestions), "AZE")

    assert code in known


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("AZE", "en", "Azerbaijan"),
        ("AZE", "az", "Azərbaycan"),
        ("AZE", "ru", "Азербайджан"),
        ("AZE", "en-gb", "Azerbaijan"),
        ("GEO", "fr", "Géorgie"),
        ("HKG", "az", "Honq Konq"),
        ("XXA", "az", "Vətəndaşlığı olmayan şəxs"),
        ("XCE", "az", "Council of Europe"),
        ("GEO", "zz", "Georgia"),
        ("GEO", "not a language", "Georgia"),
        ("ZZZ", "en", "ZZZ"),
        ("D", "en", "D"),
        ("", "en", ""),
    ],
)
def test_country_name(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name


def test_nationality_choices_are_sorted_and_hold_no_laissez_passer() -> None:
    choices = nationality_choices("en")
    codes = [code for code, _ in choices]

    assert len(codes) == len(set(codes)) == len(ISO_CODES) + 5
    assert choices[0] == ("AFG", "Afghanistan")
    assert {"XKX", "XXA", "XXB", "XXC", "XXX"} <= set(codes)
    assert {"EUE", "UNO", "UNA", "XPO", "XOM"}.isdisjoint(codes)


def test_nationality_choices_speak_the_language() -> None:
    assert dict(nationality_choices("az"))["DEU"] == "Almaniya"


def test_the_data_file_that_ships_is_sound() -> None:
    assert check_country_data() == []


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('code = "XKX"', 'code = "DEU"', "entities", "'DEU' is no code, or there already"),
        ('code = "XKX"', 'code = "XK"', "entities", "'XK' is no code, or there already"),
        ('code = "XKX"', 'code = "EUE"', "entities", "'EUE' is no code, or there already"),
        ("nationality = true", "nationality = 1", "entities[1].nationality", "must be true or false"),
        ("nationality = true", "nationality = true\nflag = 1", "entities[1].flag", "unknown key"),
        ('[[aliases]]\ncode = "DEU"', '[[aliases]]\ncode = "DDR"', "aliases", "'DDR' is not a known code"),
        ('[[aliases]]\ncode = "DEU"', '[[aliases]]\ncode = "GBR"', "aliases", "'GBR' is there twice"),
        ('candidates = ["COD", "COG"]', 'candidates = ["COD"]', "ambiguous", "'Congo' needs two candidates"),
        ('candidates = ["COD", "COG"]', 'candidates = ["COD", "ZAR"]', "ambiguous", "'ZAR' is not a known code"),
        ('[[names]]\ncode = "TUR"', '[[names]]\ncode = "TRK"', "names", "'TRK' is not a known code"),
        ('[[names]]\ncode = "TUR"', "[[names]]\ncode = 1", "names[1].code", "must be a text"),
    ],
)
def test_a_broken_data_file_is_refused(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    assert old in SOUND
    path = tmp_path / "country_aliases.toml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataFileError) as caught:
        read_country_data(path)

    assert str(caught.value) == f"country_aliases.toml: {key}: {problem}"
    assert check_country_data(path) == [str(caught.value)]
