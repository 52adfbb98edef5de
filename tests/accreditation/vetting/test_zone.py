"""The passport as its zone has it against what was typed."""

from datetime import date

import pytest

from accreditation.states import DatePrecision, Severity
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.mrz import parse_mrz
from accreditation.vetting.zone import zone_differences
from missions.kernel.crypto import keyed_hash
from tests.accreditation.vetting.facts import SOUND, brief, facts
from tests.accreditation.vetting.zones import passport_zone

NUMBER = "L898902C3"


def typed(zone: str = "", **changes: object) -> ApplicantFacts:
    """The sound person with a passport number, and a zone that says the same unless another is given."""
    mrz = parse_mrz(zone or passport_zone(), today=SOUND.as_of)
    return facts(**{"passport_key": keyed_hash(NUMBER), "mrz": mrz} | changes)


def test_a_zone_that_says_the_same_gives_nothing() -> None:
    assert zone_differences(typed()) == ()
    assert zone_differences(typed(mrz=None, passport_key="x")) == ()


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        (passport_zone(number="L898902C4"), [("mrz_number_differs", Severity.BLOCK)]),
        # 1 and 6 change places unseen by the check digit; the comparison sees it.
        (passport_zone(number="L898902C8"), [("mrz_number_differs", Severity.BLOCK)]),
        (passport_zone(born="800518"), [("mrz_birth_date_differs", Severity.BLOCK)]),
        (passport_zone(expires="300102"), [("mrz_expiry_differs", Severity.WARN)]),
        (passport_zone(issuer="ROU"), [("mrz_issuer_differs", Severity.WARN)]),
        (passport_zone(nationality="ROU"), [("mrz_nationality_differs", Severity.WARN)]),
        (passport_zone(sex="M"), [("mrz_sex_differs", Severity.WARN)]),
        (passport_zone(sex="<"), []),
        (passport_zone(surname="Anna", given_names="Petrova"), [("mrz_names_swapped", Severity.WARN)]),
        (passport_zone(surname="Ivanova"), [("mrz_surname_differs", Severity.WARN)]),
        (passport_zone(given_names="Maria"), [("mrz_given_names_differ", Severity.WARN)]),
        (
            passport_zone(surname="Ivanova", given_names="Maria", sex="M"),
            [
                ("mrz_surname_differs", Severity.WARN),
                ("mrz_given_names_differ", Severity.WARN),
                ("mrz_sex_differs", Severity.WARN),
            ],
        ),
    ],
)
def test_each_field_is_compared(zone: str, found: list[tuple[str, Severity]]) -> None:
    assert brief(zone_differences(typed(zone))) == found


@pytest.mark.parametrize(
    ("surname", "given_names", "patronymic", "written"),
    [
        ("Петрова", "Анна", "", ("PETROVA", "ANNA")),
        ("Əliyev", "İlqar", "", ("ALIYEV", "ILGAR")),
        ("Əliyev", "İlqar", "Heydər oğlu", ("ALIYEV", "ILGAR HEYDAR OGLU")),
        ("Müller", "Jörg", "", ("MULLER", "JORG")),
        ("Müller", "Jörg", "", ("MUELLER", "JOERG")),
        ("Щербакова", "Юлия", "", ("SHCHERBAKOVA", "YULIYA")),
        ("O'Neil", "Mary-Ann", "", ("ONEIL", "MARY ANN")),
        ("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", "", ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG")),
        ("Suharto", "", "", ("SUHARTO", "")),
    ],
)
def test_ways_of_writing_are_no_difference(
    surname: str, given_names: str, patronymic: str, written: tuple[str, str]
) -> None:
    zone = passport_zone(surname=written[0], given_names=written[1])

    person = typed(zone, surname=surname, given_names=given_names, patronymic=patronymic)

    assert zone_differences(person) == ()


def test_a_name_in_other_letters_is_not_compared() -> None:
    assert zone_differences(typed(surname="محمد", given_names="علي")) == ()


@pytest.mark.parametrize(
    ("born", "birth_date", "precision", "differs"),
    [
        ("80<<<<", date(1980, 5, 17), DatePrecision.DAY, False),
        ("81<<<<", date(1980, 5, 17), DatePrecision.DAY, True),
        ("8005<<", date(1980, 5, 17), DatePrecision.DAY, False),
        ("8006<<", date(1980, 5, 17), DatePrecision.DAY, True),
        ("800517", date(1980, 1, 1), DatePrecision.YEAR, False),
        ("800517", date(1980, 4, 1), DatePrecision.MONTH, True),
        ("<<<<<<", date(1980, 5, 17), DatePrecision.DAY, False),
    ],
)
def test_dates_known_in_part_are_compared_as_far_as_both_are_known(
    born: str, birth_date: date, precision: DatePrecision, *, differs: bool
) -> None:
    person = typed(passport_zone(born=born), birth_date=birth_date, birth_precision=precision)

    assert [row.code for row in zone_differences(person)] == ["mrz_birth_date_differs"] * differs


def test_a_second_nationality_may_be_the_one_of_the_passport() -> None:
    assert zone_differences(typed(passport_zone(nationality="ROU"), nationalities=("BGR", "ROU"))) == ()


def test_evidence_and_sentences_never_hold_the_number() -> None:
    zone = passport_zone(number="K00000001", born="800518", expires="300102", issuer="ROU", nationality="ROU", sex="M")

    findings = zone_differences(typed(zone))

    assert len(findings) == 6
    assert not any("K00000001" in f"{finding.sentence}{finding.evidence}" for finding in findings)
    assert [finding.sentence for finding in findings[1:5]] == [
        "The date of birth is another one in the passport: 18 May 1980.",
        "The passport itself says that it expires on 2 January 2030.",
        "The passport was issued by Romania, says its machine-readable zone.",
        "The passport names another nationality: Romania.",
    ]
