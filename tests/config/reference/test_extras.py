from accreditation.intake.schema import NominationRow
from missions.kernel.text import fold_key

People = list[tuple[str, NominationRow]]


def marked(everybody: People, suffix: str) -> People:
    return [(code, row) for code, row in everybody if row.reference.endswith(f"-{suffix}")]


def test_second_citizens_of_the_host_have_another_first_nationality(everybody: People) -> None:
    rows = [row for _code, row in marked(everybody, "H")]

    assert [row.second_nationality for row in rows] == ["AZE"] * 3
    assert "AZE" not in {row.nationality for row in rows}


def test_two_missions_nominate_one_person_with_one_passport(everybody: People) -> None:
    (first_mission, first), (second_mission, second) = marked(everybody, "D")

    assert first_mission != second_mission
    assert (first.passport_issuer, first.passport_number) == (second.passport_issuer, second.passport_number)
    assert (first.surname, first.birth_date) == (second.surname, second.birth_date)
    assert first.passport_number not in {row.passport_number for _code, row in everybody if row.reference[-1].isdigit()}


def test_one_person_has_another_spelling_and_another_passport(everybody: People) -> None:
    ((mission, row),) = marked(everybody, "S")
    (same,) = [
        (code, other)
        for code, other in everybody
        if code != mission and other.birth_date == row.birth_date and other.nationality == row.nationality
    ]

    assert fold_key(same[1].surname) == fold_key(row.surname)
    assert fold_key(same[1].given_names) == fold_key(row.given_names)
    assert (same[1].surname, same[1].passport_number) != (row.surname, row.passport_number)
    assert not row.photo


def test_late_papers_come_after_the_last_day(everybody: People) -> None:
    assert sorted(row.documents_on.isoformat() for _code, row in marked(everybody, "L")) == [
        "2024-01-29",
        "2024-01-30",
        "2024-01-31",
        "2024-02-01",
    ]


def test_incomplete_rows_lack_photo_and_pledge(everybody: People) -> None:
    rows = [row for _code, row in marked(everybody, "P")]

    assert {(row.form, row.photo, row.passport_copy, row.pledge) for row in rows} == {(True, False, True, False)}
    assert {row.documents_on.day for row in rows} == {25, 26, 27}


def test_one_passport_expires_before_the_departure(everybody: People) -> None:
    ((_mission, row),) = marked(everybody, "E")

    assert row.departs_on is not None
    assert row.passport_expires_on < row.departs_on
    assert row.passport_expires_on > row.documents_on


def test_complete_rows_lack_nothing(everybody: People) -> None:
    rows = [row for _code, row in everybody if row.reference[-1].isdigit()]

    assert {(row.form, row.photo, row.passport_copy, row.pledge) for row in rows} == {(True, True, True, True)}
    assert {row.second_nationality for row in rows} == {""}
