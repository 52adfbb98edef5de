"""Nomination files: dry run, commit, repetition, all or nothing, every finding with row, column and code."""

import datetime as dt

import pytest

from accreditation.intake.errors import NominationFileRefusedError
from accreditation.intake.models import NominationImport
from accreditation.intake.report import Counts, PreviewRow
from accreditation.intake.services.files import commit_nominations, preview_nominations
from accreditation.intake.states import RowAction
from accreditation.models import Accreditation, Application, Document, Nomination, Observer
from accreditation.services.applications import open_review, submit_application
from accreditation.states import Category
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.spreadsheets.errors import SpreadsheetError
from missions.kernel.spreadsheets.table import Severity
from missions.kernel.spreadsheets.values import DateOrder
from missions.kernel.spreadsheets.writer import OutputValue
from missions.models import Delegation, Election, Mission, User
from tests.accreditation.intake.conftest import COLUMNS, csv, row, xlsx

pytestmark = pytest.mark.django_db

WRITTEN = (Observer, Nomination, Application, Document, Delegation, NominationImport, Event)


def _written() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


def _found(data: bytes, mission: Mission, at: dt.datetime) -> list[tuple[int, str, str, str]]:
    preview = preview_nominations(data, file_name="a.xlsx", mission=mission, at=at)
    return [(found.row, found.column, found.code, found.severity.value) for found in preview.findings]


def test_a_dry_run_says_everything_and_writes_nothing(mission: Mission, at: dt.datetime) -> None:
    before = _written()

    preview = preview_nominations(xlsx(row(), row(2)), file_name="a.xlsx", mission=mission, at=at)

    assert preview.ok
    assert preview.findings == ()
    assert preview.counts == Counts(rows=2, added=2, changed=0, unchanged=0, errors=0, warnings=0)
    assert preview.rows == (
        PreviewRow(2, "R-1", "Meyer Anna", RowAction.ADD),
        PreviewRow(3, "R-2", "Meyerc Anna", RowAction.ADD),
    )
    assert _written() == before


@pytest.mark.parametrize(("make", "file_name"), [(xlsx, "a.xlsx"), (csv, "a.csv")])
def test_a_sound_file_is_taken_in_whole(
    mission: Mission, lead: User, at: dt.datetime, make: object, file_name: str
) -> None:
    assert callable(make)

    report = commit_nominations(
        make(row(), row(2, delegation="Bundestag")), file_name=file_name, mission=mission, by=lead, at=at
    )

    assert (report.rows, report.added, report.changed, report.unchanged) == (2, 2, 0, 0)
    assert report.already_imported_at is None
    observer = Observer.objects.get(surname="Meyer")
    assert (observer.nationality, observer.passport_issuer, observer.languages) == ("DEU", "DEU", ["en", "de"])
    assert (observer.birth_date, observer.passport_expires_on) == (dt.date(1980, 5, 17), dt.date(2030, 1, 1))
    assert observer.passport_number == "C01X00T47"
    nomination = Nomination.objects.get(reference="R-1")
    assert (nomination.role, nomination.documents_on, nomination.delegation) == ("sto", dt.date(2024, 1, 17), None)
    assert nomination.arrives_on == dt.date(2024, 2, 3)
    assert Document.objects.filter(application__nomination=nomination).count() == 4
    stored = NominationImport.objects.get()
    assert (stored.mission, stored.file_name, stored.rows, stored.added) == (mission, file_name, 2, 2)
    assert (stored.uploaded_by, stored.uploaded_at, stored.sha256) == (lead, at, report.sha256)
    assert (stored.state, stored.closed_by, stored.closed_at) == ("committed", lead, at)
    rows = stored.staged_rows.values_list("number", "reference", "outcome", "payload", "nomination__reference")
    assert list(rows) == [(2, "R-1", "added", None, "R-1"), (3, "R-2", "added", None, "R-2")]
    event = Event.objects.get(verb="nominations_imported")
    assert (event.object_id, event.scope_id, event.actor) == (mission.pk, mission.pk, lead)


def test_the_same_file_again_writes_nothing_and_says_since_when(mission: Mission, lead: User, at: dt.datetime) -> None:
    data = xlsx(row(), row(2))
    commit_nominations(data, file_name="a.xlsx", mission=mission, by=lead, at=at)
    before = _written()

    later = at + dt.timedelta(days=1)
    preview = preview_nominations(data, file_name="b.xlsx", mission=mission, at=later)
    report = commit_nominations(data, file_name="b.xlsx", mission=mission, by=lead, at=later)

    assert preview.already_imported_at == at
    assert (report.already_imported_at, report.added, report.changed, report.unchanged) == (at, 0, 0, 2)
    assert _written() == before


def test_the_same_rows_in_another_file_change_nothing(mission: Mission, lead: User, at: dt.datetime) -> None:
    commit_nominations(xlsx(row(), row(2)), file_name="a.xlsx", mission=mission, by=lead, at=at)
    people = list(Observer.objects.order_by("pk").values())
    nominations = list(Nomination.objects.order_by("pk").values())

    report = commit_nominations(csv(row(2), row()), file_name="a.csv", mission=mission, by=lead, at=at)

    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert list(Observer.objects.order_by("pk").values()) == people
    assert list(Nomination.objects.order_by("pk").values()) == nominations
    assert (NominationImport.objects.count(), Application.objects.count()) == (2, 2)


def test_a_file_with_old_new_and_changed_rows(mission: Mission, lead: User, at: dt.datetime) -> None:
    commit_nominations(xlsx(row(), row(2)), file_name="a.xlsx", mission=mission, by=lead, at=at)
    data = xlsx(row(), row(2, role="LTO"), row(3))

    preview = preview_nominations(data, file_name="b.xlsx", mission=mission, at=at)
    report = commit_nominations(data, file_name="b.xlsx", mission=mission, by=lead, at=at)

    assert [line.action for line in preview.rows] == [RowAction.KEEP, RowAction.CHANGE, RowAction.ADD]
    assert (report.added, report.changed, report.unchanged) == (1, 1, 1)
    assert Nomination.objects.get(reference="R-2").role == "lto"


def test_an_error_in_the_last_row_keeps_the_whole_file_out(mission: Mission, lead: User, at: dt.datetime) -> None:
    before = _written()

    with pytest.raises(NominationFileRefusedError) as refused:
        commit_nominations(xlsx(row(), row(2), row(3, sex="?")), file_name="a.xlsx", mission=mission, by=lead, at=at)

    assert [(found.row, found.column, found.code) for found in refused.value.findings] == [(4, "sex", "unknown_choice")]
    assert [(row.field, row.code) for row in refused.value.violations] == [("4.sex", "unknown_choice")]
    assert _written() == before


def test_all_errors_come_at_once_with_row_column_code_sentence_and_masked_value(
    mission: Mission, at: dt.datetime
) -> None:
    data = xlsx(
        row(surname="=HYPERLINK(1)", passport_number="C01Ж0T47"),
        row(2, birth_date="29.02.2023", nationality="Congo", languages="Klingonic"),
        row(3, passport_number=12345678),
        row(4, nationality="EUE", role="spy", form="perhaps"),
    )

    preview = preview_nominations(data, file_name="a.xlsx", mission=mission, at=at)

    assert [(found.row, found.column, found.code, found.value) for found in preview.findings] == [
        (2, "surname", "formula_start", "=HYPERLINK(1)"),
        (2, "passport_number", "code_not_ascii", "••••0T47"),
        (3, "birth_date", "invalid_date", "29.02.2023"),
        (3, "nationality", "unknown_country", "Congo"),
        (3, "languages", "unknown_language", "Klingonic"),
        (4, "passport_number", "number_in_code_column", "••••5678"),
        (5, "nationality", "not_a_nationality", "EUE"),
        (5, "role", "unknown_choice", "spy"),
        (5, "form", "not_yes_or_no", "perhaps"),
    ]
    assert all(found.message for found in preview.findings)
    assert (preview.counts.errors, preview.rows) == (9, ())
    congo = preview.findings[3].message
    assert "(COD)" in congo
    assert "(COG)" in congo


def test_two_rows_with_one_passport_or_one_reference_are_both_marked(mission: Mission, at: dt.datetime) -> None:
    data = xlsx(
        row(passport_number="ab 123-456"), row(2), row(3, passport_number="ＡＢ１２３４５６"), row(4, reference="R-2")
    )

    preview = preview_nominations(data, file_name="a.xlsx", mission=mission, at=at)

    assert [(found.row, found.column, found.code, found.value) for found in preview.findings] == [
        (2, "passport_number", "duplicate_passport", "••••3456"),
        (3, "reference", "duplicate_reference", "R-2"),
        (4, "passport_number", "duplicate_passport", "••••3456"),
        (5, "reference", "duplicate_reference", "R-2"),
    ]
    assert "row 4" in preview.findings[0].message


def test_one_number_of_two_issuers_is_two_people(mission: Mission, at: dt.datetime) -> None:
    data = xlsx(row(), row(2, passport_number="C01X00T47", passport_issuer="AUT"))

    assert _found(data, mission, at) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"second_nationality": "Azərbaycan"}, ("nationality", "host_citizenship", "warning")),
        ({"nationality": "AZE"}, ("nationality", "host_citizenship", "warning")),
        ({"passport_expires_on": "2024-01-17"}, ("passport_expires_on", "passport_expired", "error")),
        (
            {"passport_expires_on": "2024-02-08"},
            ("passport_expires_on", "passport_expires_before_departure", "warning"),
        ),
        ({"passport_expires_on": "2024-03-01"}, ("passport_expires_on", "passport_expires_soon", "warning")),
        ({"birth_date": "2024-01-19"}, ("birth_date", "birth_in_future", "error")),
        ({"birth_date": "2010-01-19"}, ("birth_date", "too_young", "warning")),
        ({"arrives_on": "2024-02-08"}, ("arrives_on", "arrives_late", "warning")),
        ({"arrives_on": "2023-11-08"}, ("departs_on", "long_stay", "warning")),
        ({"departs_on": "2024-02-02"}, ("departs_on", "departs_before_arrival", "error")),
        ({"second_nationality": "Deutschland"}, ("second_nationality", "unknown_country", "error")),
        ({"second_nationality": "Almaniya"}, ("second_nationality", "nationality_repeated", "error")),
        ({"given_names": ""}, ("given_names", "no_given_name", "warning")),
        ({"delegation": "Bundestag"}, ("delegation", "new_delegation", "warning")),
        ({"form": ""}, ("", "documents_missing", "warning")),
        ({"passport_copy": "no"}, ("", "usual_documents_missing", "warning")),
        ({"surname": "M?ller"}, ("surname", "lost_characters", "error")),
        ({"surname": ""}, ("surname", "value_missing", "error")),
        ({"passport_number": "AB1"}, ("passport_number", "invalid_code", "error")),
    ],
)
def test_each_finding_about_one_row(
    mission: Mission, at: dt.datetime, changes: dict[str, OutputValue], expected: tuple[str, str, str]
) -> None:
    assert _found(xlsx(row(2), row() | changes), mission, at) == [(3, *expected)]


def test_a_person_in_another_mission_gives_a_neutral_warning(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    commit_nominations(xlsx(row()), file_name="a.xlsx", mission=other_mission, by=lead, at=at)

    preview = preview_nominations(xlsx(row(), row(2)), file_name="b.xlsx", mission=mission, at=at)
    report = commit_nominations(xlsx(row(), row(2)), file_name="b.xlsx", mission=mission, by=lead, at=at)

    (found,) = preview.findings
    assert (found.row, found.column, found.code, found.severity) == (
        2,
        "passport_number",
        "ministry_check",
        Severity.WARNING,
    )
    assert found.message == "The ministry will look at this person's papers."
    assert found.value == "••••0T47"
    assert (report.added, report.without_application) == (2, ("R-1",))
    assert "PABSEC" not in repr((preview, report))


def test_contradictions_with_the_register_are_named_in_their_rows(
    mission: Mission, lead: User, reviewer: User, at: dt.datetime
) -> None:
    commit_nominations(xlsx(row(), row(2), row(3)), file_name="a.xlsx", mission=mission, by=lead, at=at)
    application = Application.objects.get(nomination__reference="R-3")
    submit_application(application=application, by=lead, at=at)
    open_review(application=application, by=reviewer, at=at)

    found = _found(xlsx(row(4, reference="R-1"), {**row(2), "reference": "R-9"}, row(3, sex="m")), mission, at)

    assert found == [
        (2, "reference", "reference_taken", "error"),
        (3, "passport_number", "nominated_already", "error"),
        (4, "", "person_frozen", "error"),
    ]


def test_more_people_than_places_are_named_before_the_commit(mission: Mission, lead: User, at: dt.datetime) -> None:
    commit_nominations(
        xlsx(*(row(number) for number in range(2, 11))), file_name="a.xlsx", mission=mission, by=lead, at=at
    )
    data = xlsx(row(2), row(20), row(21), row(22))

    preview = preview_nominations(data, file_name="b.xlsx", mission=mission, at=at)

    assert [(found.row, found.column, found.code, found.severity) for found in preview.findings] == [
        (4, "", "ceiling_reached", Severity.ERROR),
        (5, "", "ceiling_reached", Severity.ERROR),
    ]
    assert preview.findings[0].message == "The mission has 1 free places; 3 are needed."
    with pytest.raises(NominationFileRefusedError):
        commit_nominations(data, file_name="b.xlsx", mission=mission, by=lead, at=at)
    mission.refresh_from_db()
    assert mission.places_taken == 9


RUSSIAN = {
    "reference": " № п/п ",
    "surname": "ФАМИЛИЯ",
    "given_names": "Имя",
    "sex": "пол",
    "birth_date": "Дата рождения",
    "nationality": "Гражданство",
    "passport_issuer": "страна  выдачи паспорта",
    "passport_number": "Номер паспорта",
    "passport_expires_on": "Срок действия паспорта",
    "role": "Функция",
    "political_group": "Фракция",
    "documents_on": "Дата подачи документов",
    "arrives_on": "Дата прибытия",
    "form": "Анкета",
}
AZERBAIJANI = {
    "surname": "SOYADI",
    "given_names": "Adı",
    "patronymic": "ata_adı",
    "sex": "Cinsi",
    "birth_date": "DOĞUM TARİXİ",
    "nationality": "Vətəndaşlığı",
    "passport_issuer": "Pasportu verən ölkə",
    "passport_number": "pasportun nömrəsi",
    "role": "Vəzifəsi",
    "political_group": "Siyasi qrup",
    "languages": "Dillər",
    "photo": "Şəkil",
}


@pytest.mark.parametrize("headers", [RUSSIAN, AZERBAIJANI, {"surname": "Last Name ", "sex": "GENDER"}])
def test_headers_are_known_in_three_languages(mission: Mission, at: dt.datetime, headers: dict[str, str]) -> None:
    data = xlsx(row(), headers=[headers.get(column, column) for column in COLUMNS])

    preview = preview_nominations(data, file_name="a.xlsx", mission=mission, at=at)

    assert (preview.findings, preview.notices, preview.counts.added) == ((), (), 1)


def test_cells_are_known_in_three_languages(mission: Mission, lead: User, at: dt.datetime) -> None:
    data = xlsx(
        row(
            surname="Алиев",
            sex="М",
            nationality="Беларусь",
            role="краткосрочный наблюдатель",
            languages="русский, азербайджанский",
        ),
        row(
            2,
            surname="Əliyeva",
            sex="qadın",
            nationality="Türkiyə",
            role="Uzunmüddətli müşahidəçi",
            languages="türk; az",
        ),
        row(
            3,
            surname="O'Neil-Şahin",
            given_names="",
            sex="F",
            nationality="Czechia",
            role="core_team_member",
            form="bəli",
        ),
        row(4, surname="عبد الله", nationality="Égypte", role="Head of Mission", photo="да", passport_issuer="UNO"),
    )

    report = commit_nominations(data, file_name="a.xlsx", mission=mission, by=lead, at=at)

    assert report.added == 4
    rows = Nomination.objects.order_by("reference").values_list(
        "observer__surname", "observer__sex", "observer__nationality", "role", "observer__languages"
    )
    assert list(rows) == [
        ("Алиев", "m", "BLR", "sto", ["ru", "az"]),
        ("Əliyeva", "f", "TUR", "lto", ["tr", "az"]),
        ("O'Neil-Şahin", "f", "CZE", "core_team_member", ["en", "de"]),
        ("عبد الله", "f", "EGY", "head_of_mission", ["en", "de"]),
    ]


def test_slash_dates_need_one_order_for_the_file(mission: Mission, at: dt.datetime) -> None:
    data = csv(row(documents_on="07/01/2024"))

    without = preview_nominations(data, file_name="a.csv", mission=mission, at=at)
    with_order = preview_nominations(data, file_name="a.csv", mission=mission, at=at, date_order=DateOrder.DAY_FIRST)

    assert [(found.column, found.code) for found in without.findings] == [("documents_on", "date_order_needed")]
    assert with_order.ok


def test_a_file_in_another_encoding_is_not_guessed(mission: Mission, at: dt.datetime) -> None:
    data = csv(row(surname="Мамедов")).decode("utf-8-sig").encode("cp1251")

    with pytest.raises(SpreadsheetError) as refused:
        preview_nominations(data, file_name="a.csv", mission=mission, at=at)

    assert refused.value.reason == "encoding_unknown"
    assert preview_nominations(data, file_name="a.csv", mission=mission, at=at, encoding="cp1251").ok


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no_rows"),
        (xlsx(), "no_rows"),
        (xlsx(row(), headers=["reference", *COLUMNS[:-1]]), "duplicate_header"),
        (xlsx(row(), headers=["?", *COLUMNS[1:]]), "missing_columns"),
    ],
)
def test_a_fault_of_the_whole_file_is_one_refusal(
    mission: Mission, lead: User, at: dt.datetime, data: bytes, reason: str
) -> None:
    before = _written()

    with pytest.raises(SpreadsheetError) as refused:
        commit_nominations(data, file_name="a.xlsx", mission=mission, by=lead, at=at)

    assert refused.value.reason == reason
    assert _written() == before


def test_without_a_profile_the_file_is_read_and_a_notice_says_so(mission: Mission, at: dt.datetime) -> None:
    Election.objects.update(profile_code="")

    preview = preview_nominations(xlsx(row(nationality="AZE", form="")), file_name="a.xlsx", mission=mission, at=at)

    assert (preview.findings, preview.ok) == ((), True)
    assert [notice.code for notice in preview.notices] == ["election_without_profile"]


def test_an_absent_mission_is_missing(mission: Mission, lead: User, at: dt.datetime) -> None:
    with pytest.raises(MissingError):
        commit_nominations(xlsx(row()), file_name="a.xlsx", mission=Mission(pk=2**40), by=lead, at=at)


def test_nothing_is_accredited_by_importing(mission: Mission, lead: User, at: dt.datetime) -> None:
    commit_nominations(xlsx(row()), file_name="a.xlsx", mission=mission, by=lead, at=at)

    assert list(Application.objects.values_list("state", "category")) == [("draft", Category.INTERNATIONAL_OBSERVER)]
    assert not Accreditation.objects.exists()
