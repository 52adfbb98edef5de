"""A person against everybody else: the same person twice, lists, revocations, photos, numbers that look alike."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accreditation.states import DatePrecision, ListKind, Severity
from accreditation.vetting.facts import ListedKey, PersonKey, Revoked, Surroundings, person_key
from accreditation.vetting.persons import (
    Likeness,
    earlier_revocation,
    incompatible_status,
    likeness,
    look_alikes,
    same_person,
    same_photo,
)
from tests.accreditation.vetting.facts import SOUND, brief, facts

BORN = date(1980, 5, 17)
_L = Likeness
_YEAR, _MONTH = DatePrecision.YEAR, DatePrecision.MONTH


def key(
    surname: str = "Petrova",
    given_names: str = "Anna",
    *,
    patronymic: str = "",
    born: date = BORN,
    precision: DatePrecision = DatePrecision.DAY,
    issuer: str = "BGR",
    number: str = "hash-of-number",
) -> PersonKey:
    return person_key(
        surname=surname,
        given_names=given_names,
        patronymic=patronymic,
        birth_date=born,
        birth_precision=precision,
        passport_issuer=issuer,
        passport_key=number,
    )


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (key(), _L.PASSPORT),
        (key("Smith", "John", born=date(1990, 1, 1)), _L.PASSPORT),
        (key(issuer="ROU"), _L.NAME),
        (key("PETROVA", number="x"), _L.NAME),
        (key("Anna", "Petrova", number="x"), _L.NAME),
        (key("Петрова", "Анна", number="x"), _L.SIMILAR_NAME),
        (key("Petrova", "Anna Maria", number="x"), _L.SIMILAR_NAME),
        (key("Petrova", "", number="x"), None),
        (key("Ivanova", number="x"), None),
        (key(number="x", born=date(1980, 5, 18)), _L.OTHER_BIRTH),
        (key("Петрова", "Анна", number="x", born=date(1980, 5, 18)), None),
        (key(number="x", born=date(1980, 1, 1), precision=_YEAR), _L.PARTIAL_BIRTH),
        (key(number="x", born=date(1980, 5, 1), precision=_MONTH), _L.PARTIAL_BIRTH),
        (key("Петрова", "Анна", number="x", born=date(1980, 1, 1), precision=_YEAR), _L.PARTIAL_BIRTH),
        (key(number="x", born=date(1981, 1, 1), precision=_YEAR), _L.OTHER_BIRTH),
        (key(number="x", born=date(1980, 4, 1), precision=_MONTH), _L.OTHER_BIRTH),
    ],
)
def test_how_two_nominations_are_like_one_person(other: PersonKey, found: Likeness | None) -> None:
    assert likeness(key(), other) is found
    assert likeness(other, key()) is found


def test_fathers_names_part_people_with_the_same_name_and_other_days_of_birth() -> None:
    one = key("Məmmədov", "Elçin", patronymic="Heydər oğlu", number="a")

    def other(patronymic: str, born: date) -> Likeness | None:
        return likeness(one, key("Məmmədov", "Elçin", patronymic=patronymic, number="b", born=born))

    assert other("Heydər", date(1990, 1, 1)) is _L.OTHER_BIRTH
    assert other("", date(1990, 1, 1)) is _L.OTHER_BIRTH
    assert other("Rauf oğlu", date(1990, 1, 1)) is None
    assert other("Rauf oğlu", BORN) is _L.NAME


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ([], []),
        ([key()], [("same_passport", Severity.BLOCK)]),
        ([key(number="x")], [("same_name", Severity.WARN)]),
        ([key("Петрова", "Анна", number="x")], [("similar_name", Severity.WARN)]),
        ([key(number="x", born=date(1980, 1, 1), precision=_YEAR)], [("same_name_partial_birth", Severity.WARN)]),
        ([key(number="x", born=date(1985, 1, 1))], [("same_name_other_birth", Severity.INFO)]),
        (
            [key(), key(), key(number="x"), key("Петрова", number="y"), key(number="z", born=date(1985, 1, 1))],
            [("same_passport", Severity.BLOCK), ("same_name", Severity.WARN)],
        ),
    ],
)
def test_the_same_person_twice(people: list[PersonKey], found: list[tuple[str, Severity]]) -> None:
    findings = same_person(SOUND, Surroundings(people=tuple(people)))

    assert brief(findings) == found
    assert [finding.evidence for finding in findings] == [()] * len(found)


def test_a_passport_number_that_looks_alike_is_a_warning() -> None:
    assert brief(same_person(SOUND, Surroundings(near_passport=True))) == [("near_passport", Severity.WARN)]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("AB234567", set()),
        ("AB0", {"ABO"}),
        ("I0", {"10", "IO", "1O"}),
        ("O00", {"000", "OO0", "O0O", "0O0", "00O", "OOO"}),
    ],
)
def test_numbers_that_look_alike(number: str, found: set[str]) -> None:
    assert look_alikes(number) == found


def test_many_look_alikes_stay_few_enough_to_be_looked_up() -> None:
    assert len(look_alikes("0" * 20)) == 20 + 190


@given(st.text("ABO0I189", max_size=10))
def test_looking_alike_is_mutual(number: str) -> None:
    assert all(number in look_alikes(other) for other in look_alikes(number))


@pytest.mark.parametrize(
    ("category", "listed", "found"),
    [
        ("international_observer", [], []),
        ("international_observer", [(ListKind.CANDIDATE, BORN)], [("incompatible_status", "candidate")]),
        ("international_observer", [(ListKind.CANDIDATE, date(1980, 5, 18))], []),
        ("international_observer", [(ListKind.CANDIDATE, None)], [("incompatible_status_possible", "candidate")]),
        (
            "domestic_observer",
            [(ListKind.JOURNALIST, BORN), (ListKind.CANDIDATE, BORN), (ListKind.ELECTION_OFFICIAL, None)],
            [("incompatible_status", "candidate, journalist"), ("incompatible_status_possible", "election_official")],
        ),
        (
            "domestic_observer",
            [(ListKind.COMMISSION_MEMBER, BORN), (ListKind.COMMISSION_MEMBER, None)],
            [("incompatible_status", "commission_member")],
        ),
        ("exit_pollster", [(ListKind.EXIT_POLLSTER, BORN)], []),
        ("exit_pollster", [(ListKind.CONTESTANT_AGENT, BORN)], [("incompatible_status", "contestant_agent")]),
        ("foreign_media", [(ListKind.JOURNALIST, None)], []),
        ("foreign_media", [(ListKind.EXIT_POLLSTER, BORN)], [("incompatible_status", "exit_pollster")]),
    ],
)
def test_a_status_that_does_not_go_together_with_observing(
    category: str, listed: list[tuple[ListKind, date | None]], found: list[tuple[str, str]]
) -> None:
    rows = tuple(ListedKey(kind, born) for kind, born in listed)

    findings = incompatible_status(facts(category=category), Surroundings(listed=rows))

    assert [(row.code, dict(row.evidence)["kinds"]) for row in findings] == found
    assert [row.severity for row in findings] == [
        Severity.BLOCK if code == "incompatible_status" else Severity.WARN for code, _kinds in found
    ]


def test_earlier_revocations_block_in_this_election_and_warn_from_another() -> None:
    assert brief(earlier_revocation(Surroundings(revoked=frozenset(Revoked)))) == [
        ("revoked_before", Severity.BLOCK),
        ("revoked_elsewhere", Severity.WARN),
        ("organization_revoked", Severity.BLOCK),
        ("organization_revoked_elsewhere", Severity.WARN),
    ]
    assert earlier_revocation(Surroundings()) == ()


def test_the_same_photo_is_a_warning() -> None:
    assert brief(same_photo(Surroundings(same_photo=True))) == [("same_photo", Severity.WARN)]
    assert same_photo(Surroundings()) == ()


_PEOPLE = st.builds(
    key,
    st.sampled_from(["Əliyev", "Aliyev", "Алиев", "Smith"]),
    st.sampled_from(["İlqar", "Ilgar", "Ilgar Heydar", ""]),
    patronymic=st.sampled_from(["", "Heydər oğlu", "Rauf"]),
    born=st.sampled_from([BORN, date(1980, 1, 1), date(1980, 5, 1), date(1981, 5, 17)]),
    precision=st.sampled_from(DatePrecision),
    number=st.sampled_from("ab"),
)


@given(_PEOPLE, _PEOPLE)
def test_likeness_is_mutual_and_everybody_is_like_themselves(one: PersonKey, other: PersonKey) -> None:
    assert likeness(one, other) is likeness(other, one)
    assert likeness(one, one) is _L.PASSPORT
