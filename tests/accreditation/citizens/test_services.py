"""Files of citizen observers: checked, taken in whole, taken in again, refused row by row."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.citizens.errors import FileClosedError
from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import commit_citizens, discard_citizens, order_citizens
from accreditation.models import Application, CategoryQuota, Document, Nomination, Observer
from accreditation.services.applications import withdraw_application
from accreditation.states import Category
from accreditation.vetting.facts import weak_name
from missions.kernel.files import is_kept
from missions.kernel.models import Event
from missions.kernel.text import fold_key
from missions.models import Constituency, Mission, User
from tests.accreditation.citizens.conftest import Stage, row

pytestmark = pytest.mark.django_db

LATE = dt.datetime(2024, 2, 3, 12, tzinfo=dt.UTC)


def take_in(*, file: CitizenFile, by: User | None, at: dt.datetime) -> CitizenFile:
    """Order it, and do the job's work."""
    person = by or User.objects.get_or_create(email="registrar@ministry.example")[0]
    return commit_citizens(file=order_citizens(file=file, by=person, at=at), at=at)


Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


def counts(file: CitizenFile) -> tuple[int, int, int, int, int]:
    return file.rows, file.added, file.changed, file.unchanged, file.refused


def codes(file: CitizenFile) -> list[tuple[int, str]]:
    return [(finding["row"], finding["code"]) for finding in file.findings]


def test_checking_a_file_writes_nobody_and_keeps_it_encrypted(stage: Stage) -> None:
    file = stage(row(1), row(2))

    assert (file.state, counts(file), codes(file)) == ("staged", (2, 2, 0, 0, 0), [])
    assert is_kept(file.name_in_storage)
    assert (Observer.objects.count(), Nomination.objects.count()) == (0, 0)


def test_taking_a_file_in_makes_submitted_applications(
    stage: Stage,
    sender: Mission,
    constituency: Constituency,
    reviewer: User,
    at: dt.datetime,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    kept = stage(row(1), row(2, constituency="", initiative="self"))
    name = kept.name_in_storage

    with django_capture_on_commit_callbacks(execute=True):
        file = take_in(file=kept, by=reviewer, at=at)

    assert (file.state, counts(file), file.closed_by) == ("committed", (2, 2, 0, 0, 0), reviewer)
    first, second = Application.objects.select_related("observer", "nomination").order_by("pk")
    assert (first.state, first.category, first.constituency, first.precinct_code) == (
        "submitted",
        Category.DOMESTIC_OBSERVER,
        constituency,
        "001-01",
    )
    assert (first.submitted_at, first.complete_since) == (at, at)
    assert first.decide_by == dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC)
    assert first.exclusive_key == f"{sender.organization_id}:001-01"
    assert (second.constituency, second.exclusive_key) == (None, "")
    observer = first.observer
    assert (observer.full_name, observer.folded_name, observer.passport_number) == (
        "Əliyev Vüqar Həsən",
        "eliyev vuqar hesen",
        "AZE0000001",
    )
    assert (first.nomination.mission, first.nomination.role, first.nomination.holds_place) == (
        sender,
        "citizen_observer",
        True,
    )
    assert CategoryQuota.objects.get().taken == 2
    assert sorted(Document.objects.filter(application=first).values_list("kind", flat=True)) == ["form", "photo"]
    assert list(Event.objects.of(first).values_list("verb", "from_state", "to_state", "actor", "scope_id")) == [
        ("submitted", "draft", "submitted", reviewer.pk, sender.pk)
    ]
    assert not is_kept(name)


def test_the_keys_of_a_name_are_those_of_a_nomination(stage: Stage, at: dt.datetime) -> None:
    from_file = row(1, surname="Cəfərova-Şirin", given_names="Ülviyyə Nur", patronymic="Ağa")
    take_in(file=stage(from_file), by=None, at=at)
    observer = Observer.objects.get()

    assert observer.folded_name == fold_key("Cəfərova-Şirin Ülviyyə Nur Ağa")
    assert observer.weak_key == weak_name("Cəfərova-Şirin", "Ülviyyə Nur")


def test_the_same_file_again_adds_nothing(stage: Stage, at: dt.datetime) -> None:
    file = take_in(file=stage(row(1)), by=None, at=at)

    again = stage(row(1))

    assert (again, Application.objects.count()) == (file, 1)
    with pytest.raises(FileClosedError):
        take_in(file=again, by=None, at=at)


def test_another_file_with_the_same_rows_changes_nothing_and_a_correction_is_taken(
    stage: Stage, constituency: Constituency, at: dt.datetime
) -> None:
    take_in(file=stage(row(1), row(2)), by=None, at=at)

    file = take_in(file=stage(row(1), row(2, surname="Məmmədov", precinct="001-77")), by=None, at=at)

    assert counts(file) == (2, 0, 1, 1, 0)
    changed = Application.objects.select_related("observer").get(nomination__reference="D-2")
    assert (changed.observer.folded_name, changed.precinct_code) == ("memmedov vuqar hesen", "001-77")
    assert Event.objects.of(changed).values_list("verb", flat=True).last() == "changed_by_file"


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([row(1, sender="XX")], [(2, "unknown_sender")]),
        ([row(1, constituency="99")], [(2, "unknown_constituency")]),
        ([row(1), row(2, reference="D-1")], [(2, "duplicate_reference"), (3, "duplicate_reference")]),
        ([row(1), row(2, document_number="aze-0000001")], [(2, "duplicate_passport"), (3, "duplicate_passport")]),
        ([row(1), row(2, precinct="001-01")], [(2, "one_per_commission"), (3, "one_per_commission")]),
        ([row(1, birth_date="2025-01-01")], [(2, "birth_in_future")]),
        ([row(1, document_expires_on="1970-01-01")], [(2, "expires_before_birth")]),
        ([row(1, surname="=cmd()")], [(2, "formula_start")]),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_are_taken(
    stage: Stage, at: dt.datetime, rows: list[dict[str, str]], refused: list[tuple[int, str]]
) -> None:
    file = take_in(file=stage(*rows, row(50)), by=None, at=at)

    assert codes(file) == refused
    assert counts(file) == (len(rows) + 1, 1, 0, 0, len(rows))
    assert Application.objects.count() == 1


def test_what_changed_between_checking_and_taking_in_is_reported(
    stage: Stage, sender: Mission, at: dt.datetime
) -> None:
    early, late = stage(row(1), row(2)), stage(row(2, reference="D-9"), row(3), row(4))
    take_in(file=early, by=None, at=at)
    CategoryQuota.objects.update(ceiling=3)

    file = take_in(file=late, by=None, at=at)

    assert codes(file) == [(2, "nominated_already"), (4, "ceiling_reached")]
    assert (counts(file), CategoryQuota.objects.get().taken) == ((3, 1, 0, 0, 2), 3)


def test_a_judged_person_is_not_altered_by_a_file(stage: Stage, at: dt.datetime, reviewer: User) -> None:
    take_in(file=stage(row(1)), by=None, at=at)
    Application.objects.update(state="under_review")

    file = take_in(file=stage(row(1, surname="Başqa")), by=None, at=at)

    assert (codes(file), Observer.objects.get().surname) == ([(2, "person_frozen")], "Əliyev")


def test_who_was_withdrawn_can_be_applied_for_again(stage: Stage, at: dt.datetime, lead: User) -> None:
    take_in(file=stage(row(1)), by=None, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)
    assert CategoryQuota.objects.get().taken == 0

    file = take_in(file=stage(row(1, patronymic="")), by=None, at=at)

    assert counts(file) == (1, 1, 0, 0, 0)
    assert list(Application.objects.order_by("pk").values_list("state", "nomination")) == [
        ("withdrawn", Nomination.objects.get().pk),
        ("submitted", Nomination.objects.get().pk),
    ]
    assert (CategoryQuota.objects.get().taken, Nomination.objects.get().holds_place) == (1, True)


def test_late_and_incomplete_applications_are_told_apart_by_scope(stage: Stage) -> None:
    rows = (row(1, constituency=""), row(2, photo=""), row(3, constituency="", form="no"))

    take_in(file=stage(*rows, at=LATE), by=None, at=LATE)

    assert list(Application.objects.order_by("pk").values_list("state", "decide_by")) == [
        ("inadmissible_late", None),
        ("inadmissible_late", None),
        ("inadmissible_late", None),
    ]


def test_missing_papers_make_an_application_incomplete(stage: Stage, at: dt.datetime) -> None:
    take_in(file=stage(row(1, photo="")), by=None, at=at)

    application = Application.objects.get()
    assert (application.state, application.complete_since, application.decide_by) == ("incomplete", None, None)
    assert list(Event.objects.of(application).values_list("verb", flat=True)) == ["submitted", "found_incomplete"]


def test_a_discarded_file_is_gone_and_may_come_again(
    stage: Stage, at: dt.datetime, django_capture_on_commit_callbacks: Capture
) -> None:
    kept = stage(row(1))
    name = kept.name_in_storage

    with django_capture_on_commit_callbacks(execute=True):
        file = discard_citizens(file=kept, by=None, at=at)

    assert (file.state, is_kept(name)) == ("discarded", False)
    assert stage(row(1)).pk != file.pk


@pytest.mark.parametrize("size", [1, 60])
def test_the_number_of_queries_does_not_grow_with_the_rows(stage: Stage, at: dt.datetime, size: int) -> None:
    file = stage(*(row(number) for number in range(1, size + 1)))
    with CaptureQueriesContext(connection) as queries:
        take_in(file=file, by=None, at=at)

    assert len(queries) <= 40
