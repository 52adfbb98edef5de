"""The pages of lists: who may keep them, what a look at a file shows, and taking it in."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accreditation.models import ListedPerson
from accreditation.services.list_files import ListedDraft
from accreditation.services.listed import add_listed_person
from accreditation.states import ListKind
from missions.kernel.models import Event
from missions.models import Election, User
from tests.conftest import staff

pytestmark = pytest.mark.django_db

UPLOAD = "admin:accreditation_listedperson_upload"
LIST = "admin:accreditation_listedperson_changelist"


@pytest.fixture
def keeper() -> User:
    return staff("keeper@ministry.example", "accreditation.add_listedperson", "accreditation.view_listedperson")


@pytest.fixture
def desk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def answers(election: Election, rows: bytes, **more: str) -> dict[str, object]:
    file = SimpleUploadedFile("list.csv", b"surname;given names;date of birth;status\n" + rows)
    return {"election": election.pk, "file": file, "kind": "", "origin": "CEC", "encoding": "", "date_order": ""} | more


def test_a_look_shows_every_finding_and_writes_nothing(desk: Client, election: Election) -> None:
    rows = b"Meyer;Anna;1980-05-17;candidate\nHahn;Karl;1980-13-01;candidate\n"

    page = desk.post(reverse(UPLOAD), answers(election, rows, check="1"))

    assert page.status_code == 200
    assert (page.context["preview"].added, page.context["preview"].error_count) == (1, 1)
    assert [(row.row, row.column, row.code) for row in page.context["findings"]] == [(3, "birth_date", "invalid_date")]
    assert ListedPerson.objects.count() == 0


def test_a_sound_file_is_taken_in_and_said_so_on_the_list(desk: Client, election: Election) -> None:
    page = desk.post(reverse(UPLOAD), answers(election, b"Meyer;Anna;;candidate\n", commit="1"), follow=True)

    assert page.redirect_chain == [(reverse(LIST), 302)]
    assert "1 new person; 0 listed already." in [str(message) for message in page.context["messages"]]
    assert ListedPerson.objects.get().source == "CEC"


def test_a_file_with_errors_is_shown_instead_of_taken_in(desk: Client, election: Election) -> None:
    page = desk.post(reverse(UPLOAD), answers(election, b"Meyer;Anna;;\n", commit="1"))

    assert page.status_code == 200
    assert [row.code for row in page.context["findings"]] == ["kind_missing"]
    assert ListedPerson.objects.count() == 0


def test_a_file_that_cannot_be_read_says_why(desk: Client, election: Election) -> None:
    broken = answers(election, b"") | {"file": SimpleUploadedFile("list.pdf", b"%PDF-1.7")}

    page = desk.post(reverse(UPLOAD), broken)

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"file"}


def test_one_person_is_added_by_hand_and_taken_off(
    desk: Client, election: Election, keeper: User, at: dt.datetime
) -> None:
    told = {"election": election.pk, "kind": "candidate", "surname": " Meyer ", "given_names": "Anna", "source": ""}
    desk.post(reverse("admin:accreditation_listedperson_add"), told)
    person = ListedPerson.objects.get()
    assert (person.surname, person.kind, person.added_by) == ("Meyer", "candidate", keeper)

    page = desk.post(reverse("admin:accreditation_listedperson_remove", args=(person.pk,)), {"reason": "withdrew"})

    assert (page.status_code, page["Location"]) == (302, reverse(LIST))
    assert not ListedPerson.objects.exists()
    assert list(Event.objects.of(election).values_list("verb", "reason")) == [
        ("lists_changed", ""),
        ("lists_changed", "withdrew"),
    ]


@pytest.mark.parametrize("name", ["=Meyer", "<b>", "?"])
def test_a_name_that_no_file_may_have_is_refused_here_too(desk: Client, election: Election, name: str) -> None:
    told = {"election": election.pk, "kind": "candidate", "surname": name}

    page = desk.post(reverse("admin:accreditation_listedperson_add"), told)

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"surname"}


@pytest.mark.parametrize(("term", "count"), [("Мейер", 1), ("meyer", 1), ("Meier", 1), ("Hahn", 0)])
def test_names_are_searched_by_sound(
    desk: Client, election: Election, keeper: User, at: dt.datetime, term: str, count: int
) -> None:
    draft = ListedDraft(ListKind.CANDIDATE, "Meyer", "Anna")
    add_listed_person(election=election, draft=draft, by=keeper, at=at)

    assert desk.get(reverse(LIST), {"q": term}).context["cl"].result_count == count


def test_who_only_looks_keeps_no_list(client: Client, election: Election, reviewer: User, at: dt.datetime) -> None:
    person = add_listed_person(election=election, draft=ListedDraft(ListKind.CANDIDATE, "Meyer"), by=reviewer, at=at)
    client.force_login(staff("looker@ministry.example", "accreditation.view_listedperson"))

    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse("admin:accreditation_listedperson_change", args=(person.pk,))).status_code == 200
    for name in (UPLOAD, "admin:accreditation_listedperson_add"):
        assert client.get(reverse(name)).status_code == 403
    assert (
        client.post(reverse("admin:accreditation_listedperson_remove", args=(person.pk,)), {"reason": "x"}).status_code
        == 403
    )
    assert ListedPerson.objects.count() == 1
