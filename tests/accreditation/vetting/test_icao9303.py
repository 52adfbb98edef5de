"""Names in A to Z: the recommended forms, the field of a zone, and what is printed on cards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accreditation.vetting.icao9303 import NoLatinFormError, is_written_as, mrz_name, name_field, printed_name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Əliyev", "ALIYEV"),
        ("ƏLİYEV", "ALIYEV"),
        ("Ağayeva", "AGAYEVA"),
        ("Çıraqlı", "CIRAQLI"),
        ("Şükürov", "SUEKUEROV"),
        ("Gözəlov", "GOEZALOV"),
        ("Müller", "MUELLER"),
        ("Groß", "GROSS"),
        ("GROẞ", "GROSS"),
        ("Ångström", "AANGSTROEM"),
        ("Ærø", "AEROE"),
        ("Þór Ðóra", "THOR<DORA"),
        ("Łukasz", "LUKASZ"),
        ("Muñoz", "MUNOZ"),
        ("Nguyễn", "NGUYEN"),
        ("e\u0301", "E"),
        ("O'Neil", "ONEIL"),
        ("d’Arsøns", "DARSOENS"),
        ("García-Márquez", "GARCIA<MARQUEZ"),
        ("de la  Cruz", "DE<LA<CRUZ"),
        ("J. R.", "J<R"),
        ("Алиев", "ALIEV"),
        ("Щербаков", "SHCHERBAKOV"),
        ("Ёлкина", "ELKINA"),
        ("Объедков", "OBIEEDKOV"),
        ("Игорь", "IGOR"),
        ("Цветаева Юлия", "TSVETAEVA<IULIIA"),
        ("Їжак", "IZHAK"),
        ("Љубић", "LJUBIC"),
        ("Әлијев", "ALIJEV"),
        ("Ғани", "GANI"),
        ("", ""),
    ],
)
def test_the_recommended_form_of_a_name(name: str, written: str) -> None:
    assert mrz_name(name) == written


@pytest.mark.parametrize(
    ("name", "characters"),
    [("محمد", "محد"), ("საბა", "საბ"), ("Ανδρέας", "Ανδρέας"), ("Anna 2", "2"), ("山本", "山本")],
)
def test_letters_without_a_form_are_named(name: str, characters: str) -> None:
    with pytest.raises(NoLatinFormError) as refused:
        mrz_name(name)

    assert refused.value.characters == characters


@pytest.mark.parametrize(
    ("surname", "given_names", "written"),
    [
        # The examples of Doc 9303 part 4.
        ("Eriksson", "Anna Maria", "ERIKSSON<<ANNA<MARIA"),
        ("Arkfreith", "", "ARKFREITH"),
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("Papandropoulous", "Jonathon Alec", "PAPANDROPOULOUS<<JONATHON<ALEC"),
        ("Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo", "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WA<<D"),
        # A filler may not end a field that was shortened: a letter of an earlier word goes.
        ("Papandropoulous", "Jonathon Warren Trevor Alexander", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"),
        ("Papandropoulous", "Jonathon Warren Trevo Alexander", "PAPANDROPOULOUS<<JONATHON<WARREN<TREV<A"),
        ("A" * 50, "", "A" * 39),
        ("A" * 50, "B", f"{'A' * 36}<<B"),
    ],
)
def test_the_name_field_of_a_passport(surname: str, given_names: str, written: str) -> None:
    assert name_field(surname, given_names, width=39) == written.ljust(39, "<")


_NAMES = st.text("AbÜə -'Ж", max_size=60)


@given(_NAMES.filter(lambda name: mrz_name(name) != ""), _NAMES)
def test_a_name_field_is_full_and_tells_that_it_was_cut(surname: str, given_names: str) -> None:
    field = name_field(surname, given_names, width=39)
    whole = len(mrz_name(surname)) + (2 + len(mrz_name(given_names)) if mrz_name(given_names) else 0)

    assert len(field) == 39
    assert set(field) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert field.endswith("<") == (whole < 39)


@pytest.mark.parametrize(
    ("name", "written", "same"),
    [
        ("Müller", "MUELLER", True),
        ("Müller", "MUXXLLER", True),
        ("Müller", "MULLER", True),
        ("Müller", "MILLER", False),
        ("Müller", "MUELLERS", False),
        ("Müller", "MUELLE", False),
        ("Muñoz", "MUNXXOZ", True),
        ("Əliyev", "ALIYEV", True),
        ("Əliyev", "ELIYEV", True),
        ("Ганна", "HANNA", True),
        ("García-Márquez", "GARCIA<MARQUEZ", True),
        ("García-Márquez", "GARCIAMARQUEZ", False),
        ("", "", True),
        ("", "X", False),
    ],
)
def test_every_recommended_form_is_the_same_name(name: str, written: str, *, same: bool) -> None:
    assert is_written_as(name, written) is same


@pytest.mark.parametrize(
    ("written", "same"),
    [("CHAYAPA<DEJTHAMRONG<K", True), ("CHAYA", True), ("CHAYAPA<DEJTHAMRONG<KRASUANGS", False), ("CHAYO", False)],
)
def test_a_name_that_was_cut_is_compared_as_far_as_it_goes(written: str, *, same: bool) -> None:
    assert is_written_as("Chayapa Dejthamrong Krasuang", written, may_be_cut=True) is same
    assert is_written_as("Chayapa Dejthamrong Krasuang", written) is False


def test_a_letter_of_two_may_be_cut_in_the_middle() -> None:
    assert is_written_as("Aü", "AU", may_be_cut=True)
    assert is_written_as("AЩ", "ASHC", may_be_cut=True)


@given(st.text("Aəüñжщğ -'", max_size=20))
def test_what_is_written_is_recognised(name: str) -> None:
    written = mrz_name(name)

    assert is_written_as(name, written)
    assert all(is_written_as(name, written[:size], may_be_cut=True) for size in range(1, len(written)))


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Əliyev", "ƏLİYEV"),
        ("ilqar kərimov", "İLQAR KƏRİMOV"),
        ("Çıraqlı", "ÇIRAQLI"),
        ("Müller", "MÜLLER"),
        ("Straßer", "STRASSER"),
        ("Smith", "SMITH"),
        ("O'Neil-Smith", "O'NEIL-SMITH"),
        ("Мария Ёлкина", "MARIIA ELKINA"),
        ("Nguyễn Văn", "NGUYỄN VĂN"),
    ],
)
def test_the_name_on_cards_and_letters(name: str, printed: str) -> None:
    assert printed_name(name) == printed


def test_a_name_without_latin_form_is_not_printed() -> None:
    with pytest.raises(NoLatinFormError):
        printed_name("محمد")
