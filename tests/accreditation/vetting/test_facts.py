"""Which nominations are found to mean one person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accreditation.vetting.facts import KnownPeople, PersonKey, person_key

BORN = date(1980, 5, 17)


def key(
    nomination: int, surname: str = "Əliyev", given_names: str = "İlqar", *, born: date = BORN, number: str = "a"
) -> PersonKey:
    return person_key(
        nomination=nomination,
        surname=surname,
        given_names=given_names,
        birth_date=born,
        passport_issuer="TUR",
        passport_key=number,
    )


def test_a_passport_finds_other_nominations_and_not_the_own_one() -> None:
    first, second, third = key(1), key(2, "Smith", "Anna"), key(3, number="b")
    people = KnownPeople([first, second, third])

    assert people.with_passport_of(first) == (second,)
    assert people.with_passport_of(third) == ()


def test_the_same_number_of_another_issuer_is_another_passport() -> None:
    ours = key(1)
    theirs = person_key(
        nomination=2, surname="A", given_names="B", birth_date=BORN, passport_issuer="KAZ", passport_key="a"
    )

    assert KnownPeople([ours, theirs]).with_passport_of(ours) == ()


@pytest.mark.parametrize(
    ("surname", "given_names", "found", "exact"),
    [
        ("Əliyev", "İlqar", True, True),
        ("ƏLİYEV", "ilqar", True, True),
        ("İlqar", "Əliyev", True, True),
        ("Aliyev", "Ilgar", True, False),
        ("Алиев", "Илгар", True, False),
        ("Vəliyev", "İlqar", False, False),
        ("Əliyev", "", False, False),
    ],
)
def test_a_name_with_the_same_birth_date_is_found(surname: str, given_names: str, found: bool, exact: bool) -> None:
    known = key(1, number="b")
    person = key(2, surname, given_names)

    others = KnownPeople([known]).with_name_of(person)

    assert others == ((known,) if found else ())
    assert (person.name == known.name) is exact


def test_another_birth_date_is_another_person() -> None:
    assert KnownPeople([key(1, born=date(1980, 5, 18), number="b")]).with_name_of(key(2)) == ()


def test_the_same_passport_is_not_reported_as_a_like_name() -> None:
    assert KnownPeople([key(1)]).with_name_of(key(2)) == ()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["Əliyev", "Aliyev", "Smith"])), max_size=12))
def test_finding_each_other_is_mutual(rows: list[tuple[str, str]]) -> None:
    keys = [key(number, surname, number=passport) for number, (passport, surname) in enumerate(rows)]
    people = KnownPeople(keys)

    by_passport = {(one.nomination, other.nomination) for one in keys for other in people.with_passport_of(one)}
    by_name = {(one.nomination, other.nomination) for one in keys for other in people.with_name_of(one)}

    assert by_passport == {(other, one) for one, other in by_passport}
    assert by_name == {(other, one) for one, other in by_name}
    assert by_passport.isdisjoint(by_name)
