"""By what people are compared."""

from datetime import date

import pytest

from accreditation.states import DatePrecision
from accreditation.vetting.facts import key_of, person_key, weak_name
from tests.accreditation.vetting.facts import SOUND, facts


@pytest.mark.parametrize(
    ("surname", "given_names"),
    [
        ("Əliyev", "İlqar"),
        ("ƏLİYEV", "ilqar"),
        ("İlqar", "Əliyev"),
        ("Aliyev", "Ilgar"),
        ("Алиев", "Илгар"),
        ("Əliyev", "İlqar oğlu"),
        ("Aliyev ogly", "Ilgar"),
        ("Əliyev", "İlqar Heydər oğlu"),
        ("Алиев", "Илгар Гейдарович"),
    ],
)
def test_the_weak_name_unites_spellings_orders_and_scripts(surname: str, given_names: str) -> None:
    assert weak_name(surname, given_names) == weak_name("Əliyev", "İlqar") == "alav ilgar"


@pytest.mark.parametrize(("surname", "given_names"), [("Vəliyev", "İlqar"), ("Əliyev", ""), ("Əliyeva", "İlqar")])
def test_the_weak_name_parts_other_names(surname: str, given_names: str) -> None:
    assert weak_name(surname, given_names) != weak_name("Əliyev", "İlqar")


def test_the_key_keeps_the_exact_name_sorted_and_the_fathers_name_apart() -> None:
    key = person_key(
        surname="Əliyev",
        given_names="İlqar",
        patronymic="Heydər oğlu",
        birth_date=date(1980, 5, 17),
        passport_issuer="TUR",
        passport_key="a",
    )

    assert (key.name, key.weak_name, key.patronymic) == ("eliyev ilqar", "alav ilgar", "gadar")
    assert (key.passport, key.birth_precision) == (("TUR", "a"), DatePrecision.DAY)


def test_the_key_of_facts_is_that_of_the_person() -> None:
    person = facts(patronymic="Ivanovna", birth_precision=DatePrecision.YEAR)

    assert key_of(person) == person_key(
        surname=SOUND.surname,
        given_names=SOUND.given_names,
        patronymic="Ivanovna",
        birth_date=SOUND.birth_date,
        birth_precision=DatePrecision.YEAR,
        passport_issuer=SOUND.passport_issuer,
        passport_key=SOUND.passport_key,
    )


@pytest.mark.parametrize("patronymic", ["Heydər oğlu", "Heydər", "Гейдарович", "Heydarovich", "Гейдар оглы"])
def test_fathers_names_agree_however_they_are_written(patronymic: str) -> None:
    key = person_key(
        surname="Əliyev",
        given_names="İlqar",
        patronymic=patronymic,
        birth_date=date(1980, 5, 17),
        passport_issuer="TUR",
        passport_key="a",
    )

    assert key.patronymic == "gadar"


def test_a_key_is_never_too_long_for_its_column() -> None:
    assert len(weak_name("œ" * 200, "œ" * 200)) == 420
