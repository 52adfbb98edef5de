"""Nominations as records: what a file refuses is refused here with the same code, row by row."""

import datetime as dt

import pytest

from accreditation.intake.services.files import preview_nominations
from accreditation.intake.services.records import nominate_records
from accreditation.models import Nomination, Observer
from accreditation.states import Category, DatePrecision
from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.values import CellValue
from missions.kernel.spreadsheets.writer import OutputValue
from missions.models import Mission, User
from tests.accreditation.intake.conftest import row, xlsx

pytestmark = pytest.mark.django_db


def record(number: int = 1, /, **changes: OutputValue) -> dict[str, CellValue]:
    """The row of a file as JSON would have it."""
    values = row(number, **changes)
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value  # type: ignore[misc]  # no decimals here
        for name, value in values.items()
        if value != ""
    }


def test_sound_records_are_taken_and_the_others_come_back(mission: Mission, lead: User, at: dt.datetime) -> None:
    records = [record(), record(2, sex="?"), record(3, is_admin=True), record(4)]

    results = nominate_records(
        mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=records, by=lead, at=at
    )

    told = [(one.number, one.reference, one.outcome, [found.code for found in one.findings]) for one in results]
    assert told == [
        (1, "R-1", "added", []),
        (2, "R-2", None, ["unknown_choice"]),
        (3, "R-3", None, ["unknown_column"]),
        (4, "R-4", "added", []),
    ]
    stored = {nomination.reference: nomination.pk for nomination in Nomination.objects.all()}
    assert [one.nomination_id for one in results] == [stored["R-1"], None, None, stored["R-4"]]
    assert Event.objects.filter(verb="nominations_imported").count() == 1


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"surname": "=SUM(A1)"}, ["formula_start"]),
        ({"surname": "M?ller"}, ["lost_characters"]),
        ({"birth_date": "29.02.2023"}, ["invalid_date"]),
        ({"nationality": "Congo"}, ["unknown_country"]),
        ({"passport_number": 12345678}, ["number_in_code_column"]),
        ({"passport_expires_on": "2024-01-17"}, ["passport_expired"]),
        ({"passport_issued_on": "2031-01-01"}, ["passport_issued_after_expiry"]),
        ({"email": "a@x.org, b@x.org"}, ["invalid_email"]),
        ({"phone": "0501234567", "sending_state": ""}, ["phone_without_country"]),
        ({"phone": "+99450CALLME1"}, ["invalid_phone"]),
        ({"mrz": "P<D<<MEYER<<ANNA"}, ["mrz_length"]),
        ({"constituency": 77}, ["unknown_constituency"]),
        ({"initiative": "alien"}, ["unknown_choice"]),
    ],
)
def test_a_record_is_refused_with_the_codes_of_a_file(
    mission: Mission, lead: User, at: dt.datetime, changes: dict[str, OutputValue], codes: list[str]
) -> None:
    preview = preview_nominations(xlsx(row(**changes)), file_name="a.xlsx", mission=mission, at=at)

    (result,) = nominate_records(
        mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=[record(**changes)], by=lead, at=at
    )

    assert [found.code for found in preview.findings] == [found.code for found in result.findings] == codes
    assert result.outcome is None
    assert not Nomination.objects.exists()


def test_what_a_record_may_say_besides_is_kept(mission: Mission, lead: User, at: dt.datetime) -> None:
    said = record(
        birth_date="1980-05-00",
        email="Anna.Meyer@Example.ORG",
        phone="030 901820",
        passport_issued_on="2020-01-01",
        initiative="öz təşəbbüsü",
    )

    (result,) = nominate_records(
        mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=[said], by=lead, at=at
    )

    observer = Observer.objects.get()
    assert (observer.birth_date, observer.birth_precision) == (dt.date(1980, 5, 1), DatePrecision.MONTH)
    assert (observer.email, observer.phone) == ("Anna.Meyer@example.org", "+4930901820")
    assert observer.passport_issued_on == dt.date(2020, 1, 1)
    assert Nomination.objects.get().initiative == "self"
    warned = {found.column: found.code for found in result.findings}
    assert warned == {"birth_date": "partial_date", "phone": "phone_country_assumed"}
    assert "Germany: +4930901820" in next(found.message for found in result.findings if found.column == "phone")


def test_a_political_group_is_trimmed_kept_when_nothing_is_said_and_in_no_history(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    said = [record(political_group="  European  Greens "), record(), record(political_group="Left")]

    kept = []
    for one in said:
        nominate_records(mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=[one], by=lead, at=at)
        kept.append(Nomination.objects.get().political_group)

    assert kept == ["European Greens", "European Greens", "Left"]
    assert [row.changed for row in Event.objects.filter(verb="nomination_changed")] == [["political_group"]]
    assert not any("Greens" in str(vars(event)) for event in Event.objects.all())


def test_a_later_nomination_that_is_silent_keeps_the_contacts(mission: Mission, lead: User, at: dt.datetime) -> None:
    for said in (record(email="anna@example.org", phone="+4930901820"), record(sex="x")):
        nominate_records(mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=[said], by=lead, at=at)

    observer = Observer.objects.get()
    assert (observer.sex, observer.email, observer.phone) == ("x", "anna@example.org", "+4930901820")


def test_no_record_and_too_many_are_refused(mission: Mission, lead: User, at: dt.datetime) -> None:
    for records, reason in (([], "no_rows"), ([record()] * 5_001, "too_many_rows")):
        with pytest.raises(SpreadsheetError) as refused:
            nominate_records(mission=mission, category=Category.INTERNATIONAL_OBSERVER, records=records, by=lead, at=at)
        assert refused.value.reason == reason
