"""Lists of people who cannot observe: taken in by file or one by one, known again, taken off, and felt by vetting."""

import datetime as dt

import pytest
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from accreditation.errors import ListRefusedError
from accreditation.models import Finding, ListedPerson
from accreditation.services.list_files import ListedDraft
from accreditation.services.listed import (
    add_listed_person,
    import_listed,
    preview_listed,
    remove_listed_person,
)
from accreditation.services.revetting import revet_after_list_changes, revet_election
from accreditation.states import ApplicationState, ListKind
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.conftest import DRAFT, MakeApplication

pytestmark = pytest.mark.django_db

FILE = """Soyad;Ad;Ata adı;Doğum tarixi;Status;Mənbə
Əliyev;Ramil;Heydər oğlu;1975-03-02;namizəd;CEC 12/3
Meyer;Anna;;1980-05-17;;
Quliyeva;Nigar;;;komissiya üzvü;
""".encode()


def verbs(election: Election) -> list[str]:
    return list(Event.objects.of(election).values_list("verb", flat=True))


def codes() -> list[str]:
    return sorted(Finding.objects.values_list("code", flat=True))


def test_a_file_in_azerbaijani_is_taken_in(election: Election, reviewer: User, at: dt.datetime) -> None:
    told = {"file_name": "list.csv", "election": election, "kind": ListKind.JOURNALIST, "origin": "Press office"}

    looked = preview_listed(FILE, **told)  # type: ignore[arg-type]  # one table of arguments for both
    assert (looked.rows, looked.added, looked.known, looked.ok, ListedPerson.objects.count()) == (3, 3, 0, True, 0)
    taken = import_listed(FILE, by=reviewer, at=at, **told)  # type: ignore[arg-type]

    assert (taken.added, taken.known) == (3, 0)
    rows = ListedPerson.objects.order_by("surname").values_list(
        "surname", "given_names", "weak_key", "birth_date", "kind", "source", "added_by"
    )
    assert list(rows) == [
        ("Meyer", "Anna", "ana mar", dt.date(1980, 5, 17), "journalist", "Press office", reviewer.pk),
        ("Quliyeva", "Nigar", "gulava nigar", None, "commission_member", "Press office", reviewer.pk),
        ("Əliyev", "Ramil Heydər oğlu", "alav ramil", dt.date(1975, 3, 2), "candidate", "CEC 12/3", reviewer.pk),
    ]
    assert verbs(election) == ["lists_changed"]


def test_the_same_people_again_add_nothing_whoever_writes_them(
    election: Election, reviewer: User, at: dt.datetime
) -> None:
    import_listed(FILE, file_name="a.csv", election=election, kind=ListKind.JOURNALIST, by=reviewer, at=at)
    other = "surname;given names;date of birth;status\nАлиев;Рамиль;1975-03-02;candidate\n".encode()

    again = import_listed(FILE, file_name="b.csv", election=election, kind=ListKind.JOURNALIST, by=reviewer, at=at)
    spelt = import_listed(other, file_name="c.csv", election=election, by=reviewer, at=at)

    assert [(report.added, report.known) for report in (again, spelt)] == [(0, 3), (0, 1)]
    assert ListedPerson.objects.count() == 3
    assert verbs(election) == ["lists_changed"]


def test_a_person_twice_in_one_file_is_one_entry(election: Election, reviewer: User, at: dt.datetime) -> None:
    file = b"surname;given names;status\nMeyer;Anna;candidate\nMEYER;anna;candidate\nMeyer;Anna;journalist\n"

    report = import_listed(file, file_name="a.csv", election=election, by=reviewer, at=at)

    assert (report.rows, report.added, report.known) == (3, 2, 1)


def test_a_row_with_an_error_keeps_the_file_out(election: Election, reviewer: User, at: dt.datetime) -> None:
    file = b"surname;given names;date of birth;status\nMeyer;Anna;1980-13-01;candidate\nHahn;Karl;;\n=X;Y;;agent\n"

    preview = preview_listed(file, file_name="a.csv", election=election)
    with pytest.raises(ListRefusedError) as refused:
        import_listed(file, file_name="a.csv", election=election, by=reviewer, at=at)

    found = [("2.birth_date", "invalid_date"), ("3.kind", "kind_missing"), ("4.surname", "formula_start")]
    assert [(row.field, row.code) for row in refused.value.violations] == found
    assert [(f"{row.row}.{row.column}", row.code) for row in preview.findings] == found
    assert (preview.ok, preview.error_count, ListedPerson.objects.count(), verbs(election)) == (False, 3, 0, [])


def test_one_person_is_added_once(
    election: Election,
    reviewer: User,
    at: dt.datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft = ListedDraft(kind=ListKind.CANDIDATE, surname="Meyer", given_names="Anna")

    with django_capture_on_commit_callbacks() as bells:
        first = add_listed_person(election=election, draft=draft, by=reviewer, at=at)
        second = add_listed_person(election=election, draft=draft, by=reviewer, at=at)

    assert first == second
    assert (len(bells), verbs(election)) == (1, ["lists_changed"])


def test_taking_somebody_off_is_kept_in_the_history(election: Election, reviewer: User, at: dt.datetime) -> None:
    draft = ListedDraft(kind=ListKind.CANDIDATE, surname="Meyer", given_names="Anna")
    person = add_listed_person(election=election, draft=draft, by=reviewer, at=at)

    remove_listed_person(person=person, reason=" withdrew ", by=reviewer, at=at)

    event = Event.objects.of(election).last()
    assert event is not None
    assert (event.changed, event.reason, event.actor) == (["removed", "candidate: Meyer Anna"], "withdrew", reviewer)
    with pytest.raises(MissingError):
        remove_listed_person(person=ListedPerson(pk=1_000_000), reason="", by=reviewer, at=at)


def test_applications_under_way_are_vetted_again_after_a_change(
    make_application: MakeApplication, election: Election, reviewer: User, at: dt.datetime
) -> None:
    make_application(ApplicationState.UNDER_REVIEW)
    born = DRAFT.birth_date
    draft = ListedDraft(kind=ListKind.CANDIDATE, surname="Мейер", given_names="Анна", birth_date=born)
    assert codes() == []

    person = add_listed_person(election=election, draft=draft, by=reviewer, at=at)
    assert (revet_after_list_changes(at=at), codes()) == (1, ["incompatible_status"])
    assert (revet_after_list_changes(at=at), verbs(election)) == (0, ["lists_changed", "election_revetted"])
    remove_listed_person(person=person, reason="another person", by=reviewer, at=at)
    assert (revet_after_list_changes(at=at), codes()) == (1, [])


def test_a_change_during_the_work_is_not_lost(
    make_application: MakeApplication, election: Election, reviewer: User, at: dt.datetime
) -> None:
    make_application(ApplicationState.UNDER_REVIEW)
    add_listed_person(election=election, draft=ListedDraft(ListKind.CANDIDATE, "Hahn"), by=reviewer, at=at)
    revet_election(election=election, by=None, at=at)
    # As if the list had changed after the work began and before it ended.
    record_event("election_revetted", election, by=None, at=at, changed=["0"])

    revet_after_list_changes(at=at)

    assert verbs(election)[-2:] == ["election_revetted", "election_revetted"]
    assert len(verbs(election)) == 4


@pytest.mark.parametrize(
    ("state", "looked_at"),
    [
        (ApplicationState.DRAFT, 0),
        (ApplicationState.SUBMITTED, 0),
        (ApplicationState.UNDER_REVIEW, 1),
        (ApplicationState.RECOMMENDED, 1),
        (ApplicationState.SCHEDULED, 1),
    ],
)
def test_only_what_was_vetted_and_is_not_decided_is_vetted_again(
    make_application: MakeApplication, election: Election, at: dt.datetime, state: ApplicationState, looked_at: int
) -> None:
    make_application(state)

    result = revet_election(election=election, by=None, at=at)

    assert (result.looked_at, result.changed) == (looked_at, 0)
