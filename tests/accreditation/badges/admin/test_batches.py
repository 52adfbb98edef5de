"""Orders of many badges: by a choice or from the list, their page while the job works, the sheets, and the end."""

import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accreditation.badges.models import Badge, PrintBatch
from accreditation.badges.services.batches import work_off_batches
from accreditation.models import Accreditation
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.staff import browser_of, in_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust")]

BATCHES = "/admin/badges/printbatch/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def registrar() -> User:
    return in_role("registrar")


@pytest.fixture
def desk(registrar: User) -> Client:
    return browser_of(registrar)


@pytest.fixture
def people(make_accreditation: MakeAccreditation) -> list[Accreditation]:
    return [make_accreditation(number) for number in (2, 3)]


def order(election: Election, **changes: object) -> dict[str, object]:
    return {"election": election.pk, "card_format": "id1", "foreign_language": "en", **changes}


def test_a_mission_is_ordered_printed_read_and_closed(
    desk: Client, people: list[Accreditation], election: Election, mission: Mission, at: dt.datetime
) -> None:
    ordered = desk.post(f"{BATCHES}add/", order(election, mission=mission.pk, first_stock_serial="AZ 9"), follow=True)
    batch = PrintBatch.objects.get()
    work_off_batches(at=at)
    done = desk.get(f"{BATCHES}{batch.pk}/change/")
    file = desk.get(f"{BATCHES}{batch.pk}/sheets/1/")
    closed = desk.post(f"{BATCHES}{batch.pk}/close/", follow=True)
    erased = desk.get(f"{BATCHES}{batch.pk}/sheets/1/")

    assert (batch.title, batch.items.count()) == (mission.code, 2)
    assert "0 of 2 are on a sheet, 0 cannot get a badge, 2 wait." in ordered.content.decode()
    assert '<meta http-equiv="refresh"' in ordered.content.decode()
    assert "2 of 2 are on a sheet, 0 cannot get a badge, 0 wait." in done.content.decode()
    assert '<meta http-equiv="refresh"' not in done.content.decode()
    assert len(PdfReader(BytesIO(file.content)).pages) == 4
    assert (file["Content-Type"], file["Content-Disposition"][:10]) == ("application/pdf", "attachment")
    assert list(Badge.objects.order_by("number").values_list("stock_serial", flat=True)) == ["AZ 9", "AZ 10"]
    assert (closed.context["state"], erased.status_code) == ("closed", 404)
    assert Event.objects.filter(verb="print_sheet_read").count() == 1


def test_chosen_people_are_ordered_from_the_list(desk: Client, people: list[Accreditation]) -> None:
    chosen = {"action": "order_badges", "_selected_action": [people[0].pk]}
    asked = desk.post("/admin/accreditation/accreditation/", chosen)
    answers = {"confirmed": "1", "title": "One of them", "card_format": "a6", "foreign_language": "ru"}

    answer = desk.post("/admin/accreditation/accreditation/", {**chosen, **answers})

    batch = PrintBatch.objects.get()
    assert (asked.status_code, asked.context["subjects"]) == (200, [people[0]])
    assert (batch.title, batch.card_format, batch.foreign_language) == ("One of them", "a6", "ru")
    assert [item.accreditation for item in batch.items.all()] == [people[0]]
    assert f"{BATCHES}{batch.pk}/change/" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"category": "foreign_media"}, {"__all__": ["Nobody here needs a badge"]}),
        (
            {"first_stock_serial": "none"},
            {"__all__": ["The first serial must end in a number that can be counted up"]},
        ),
        (
            {"foreign_language": "xx"},
            {"foreign_language": ["Select a valid choice. xx is not one of the available choices."]},
        ),
    ],
)
def test_an_order_that_cannot_be_is_said(
    desk: Client,
    people: list[Accreditation],
    election: Election,
    changes: dict[str, str],
    errors: dict[str, list[str]],
) -> None:
    answer = desk.post(f"{BATCHES}add/", order(election, **changes))

    assert (answer.status_code, answer.context["form"].errors) == (422, errors)
    assert PrintBatch.objects.count() == 0


def test_a_mission_of_another_election_is_refused(
    desk: Client, people: list[Accreditation], election: Election, mission: Mission
) -> None:
    other = Election.objects.create(
        code="ke-2022",
        name="Another",
        host_country="KEN",
        e_day=dt.date(2022, 8, 9),
        time_zone="Africa/Nairobi",
        opens_at=dt.time(6),
        closes_at=dt.time(17),
    )

    answer = desk.post(f"{BATCHES}add/", order(other, mission=mission.pk))

    assert answer.context["form"].errors == {"mission": ["This belongs to another election."]}


def test_who_may_not_issue_looks_and_neither_orders_nor_reads(
    people: list[Accreditation], election: Election, desk: Client, at: dt.datetime
) -> None:
    desk.post(f"{BATCHES}add/", order(election))
    work_off_batches(at=at)
    batch = PrintBatch.objects.get()
    auditor = browser_of(in_role("auditor"))

    page = auditor.get(f"{BATCHES}{batch.pk}/change/")
    statuses = [auditor.get(f"{BATCHES}{path}").status_code for path in ("add/", f"{batch.pk}/sheets/1/")]

    assert (page.status_code, page.context["moves"], page.context["sheets"][0]["url"]) == (200, [], "")
    assert statuses == [403, 403]
