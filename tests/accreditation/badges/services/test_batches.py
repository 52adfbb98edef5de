"""Badges for many: one order, one result each, sheets in the order of the stack, and no harm in dying on the way."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accreditation.badges.errors import (
    BatchClosedError,
    BatchTooLargeError,
    BatchUnfinishedError,
    NobodyOnBatchError,
    StockSerialNotCountableError,
    StockSerialTakenError,
)
from accreditation.badges.models import Badge, PrintBatch, PrintSheet
from accreditation.badges.rendering import Card, render_cards
from accreditation.badges.selectors import BatchProgress, progress_of
from accreditation.badges.services import batches, sheets
from accreditation.badges.services.batches import close_batch, order_batch, read_sheet, work_off_batches
from accreditation.badges.services.custody import mark_printed
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.states import BadgeState, CardFormat
from accreditation.badges.tasks import work_off_print_batches
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.models import Accreditation, StoredFile
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.paper_files import FileCheck, check_files
from missions.kernel.models import Event
from missions.models import User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.services.test_issuing import away

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust", "private_files")]

RUNG: list[str] = []
Order = Callable[..., PrintBatch]


@pytest.fixture(autouse=True)
def _bell(settings: Settings) -> None:
    settings.DOORBELL = f"{__name__}.note_bell"
    RUNG.clear()


def note_bell(bell: str) -> None:
    RUNG.append(bell)


@pytest.fixture
def people(make_accreditation: MakeAccreditation) -> list[Accreditation]:
    return [make_accreditation(number) for number in range(4)]


@pytest.fixture
def order(people: list[Accreditation], issuer: User, at: dt.datetime) -> Order:
    """Orders a batch, of all four people unless others are named."""

    def make(accreditations: list[Accreditation] | None = None, **answers: object) -> PrintBatch:
        given = {"title": "Everybody", "card_format": CardFormat.ID1, "first_stock_serial": "AZ 0998", **answers}
        chosen = people if accreditations is None else accreditations
        return order_batch(election=people[0].election, accreditations=chosen, by=issuer, at=at, **given)  # type: ignore[arg-type]

    return make


def results(batch: PrintBatch) -> list[tuple[str, str, int | None]]:
    rows = batch.items.order_by("pk")
    return [
        (row.badge.stock_serial if row.badge else "", row.code, row.sheet.position if row.sheet else None)
        for row in rows
    ]


def history(batch: PrintBatch) -> list[tuple[str, list[str]]]:
    return [(row.verb, row.changed) for row in Event.objects.of(batch)]


def test_a_batch_is_ordered_worked_off_read_and_closed(
    order: Order,
    issuer: User,
    at: dt.datetime,
    private_files: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = order()
    assert (RUNG, progress_of(batch)) == (["badges.work_off"], BatchProgress(people=4, printed=0, refused=0))

    assert work_off_batches(at=at) == 4

    batch.refresh_from_db()
    assert (batch.finished_at, batch.fault, batch.lease_until) == (at, "", None)
    assert results(batch) == [("AZ 0998", "", 1), ("AZ 0999", "", 1), ("AZ 1000", "", 1), ("AZ 1001", "", 1)]
    sheet = batch.sheets.get()
    file = read_sheet(sheet=sheet, by=issuer, at=at)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.pdf)).pages]
    assert (file.name, sheet.badges, len(pages)) == (f"badges-{batch.pk}-001.pdf", 4, 8)
    assert [name in pages[2 * place] for place, name in enumerate(("ADLER", "BRANDT", "CLAUS", "DIETZ"))] == [True] * 4
    with django_capture_on_commit_callbacks(execute=True):
        close_batch(batch=batch, by=issuer, at=at)
    assert (check_files(), StoredFile.objects.count()) == (FileCheck((), ()), 0)
    assert [path for path in private_files.rglob("*") if path.is_file()] == []
    with pytest.raises(BatchClosedError):
        read_sheet(sheet=PrintSheet.objects.get(), by=issuer, at=at)
    with pytest.raises(BatchClosedError):
        close_batch(batch=batch, by=issuer, at=at)
    assert history(batch) == [
        ("print_batch_ordered", ["4"]),
        ("print_batch_finished", []),
        ("print_sheet_read", ["1"]),
        ("print_batch_closed", []),
    ]


def test_each_person_has_a_result_and_the_card_of_a_taken_serial_is_passed_over(
    order: Order, people: list[Accreditation], issuer: User, at: dt.datetime
) -> None:
    suspend_accreditation(accreditation=people[0], reason="Papers.", by=issuer, at=at)
    printed = issue_badge(accreditation=people[2], by=issuer, at=at)
    mark_printed(badge=printed, stock_serial="AZ 0999", by=issuer, at=at)

    batch = order()

    assert work_off_batches(at=at) == 4
    assert results(batch) == [
        ("", "badge-suspended", None),
        ("AZ 0998", "", 1),
        ("", "badge-printed", None),
        ("AZ 1000", "", 1),
    ]
    assert progress_of(batch) == BatchProgress(people=4, printed=2, refused=2)


def test_a_large_batch_gives_others_their_turn_and_goes_on(
    order: Order,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(batches, "PER_SHEET", 1)
    monkeypatch.setattr(batches, "SHEETS_PER_TURN", 3)
    batch = order()

    with django_capture_on_commit_callbacks(execute=True):
        turns = [work_off_batches(at=at), work_off_batches(at=at), work_off_batches(at=at)]

    assert (turns, RUNG) == ([3, 1, 0], ["badges.work_off"])
    assert [place for _serial, _code, place in results(batch)] == [1, 2, 3, 4]
    assert list(batch.sheets.values_list("badges", flat=True)) == [1, 1, 1, 1]


@pytest.mark.parametrize("place", ["request_signatures", "ready_cards", "render_cards", "mark_printed_locked"])
def test_a_job_that_dies_goes_on_where_it_stopped_without_a_badge_too_many(
    place: str, order: Order, at: dt.datetime, monkeypatch: pytest.MonkeyPatch, private_files: Path
) -> None:
    def die(*_args: object, **_facts: object) -> None:
        raise KeyboardInterrupt

    batch = order()
    with monkeypatch.context() as dying:
        dying.setattr(sheets, place, die)
        with pytest.raises(KeyboardInterrupt):
            work_off_batches(at=at)
    intended = Badge.objects.count()

    assert work_off_batches(at=at) == 0  # the lease of the dead worker holds
    assert work_off_batches(at=at + batches.LEASE) == 4

    assert (intended, Badge.objects.count(), Badge.objects.filter(state=BadgeState.PRINTED).count()) == (4, 4, 4)
    assert results(batch)[0] == ("AZ 0998", "", 1)
    kept = [path for path in private_files.rglob("*") if path.is_file()]
    assert (len(kept), PrintSheet.objects.count()) == (1, 1)


def test_a_batch_that_dies_again_and_again_is_given_up_and_its_people_are_told(
    order: Order, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = order()
    with monkeypatch.context() as dying:
        dying.setattr(sheets, "ready_cards", lambda *_args, **_facts: 1 / 0)
        done = [work_off_batches(at=at + batches.LEASE * turn) for turn in range(4)]

    batch.refresh_from_db()
    assert (done, {code for _serial, code, _sheet in results(batch)}) == ([0, 0, 0, 4], {"badge-broken"})
    assert (batch.finished_at, bool(batch.fault)) == (at + batches.LEASE * 3, True)


def test_a_batch_waits_for_the_signer_and_says_so(order: Order, at: dt.datetime, settings: Settings) -> None:
    batch = order()
    settings.BADGE_SIGNER = f"{away.__module__}.{away.__name__}"
    assert [work_off_batches(at=at) for _turn in range(5)] == [0] * 5
    batch.refresh_from_db()
    assert (batch.fault, batch.attempts) == ("The signer does not answer; the badge is signed as soon as it does", 0)

    settings.BADGE_SIGNER = "accreditation.badges.signer.here.ask"
    assert work_off_batches(at=at) == 4
    batch.refresh_from_db()
    assert (batch.fault, batch.finished_at) == ("", at)


def test_a_card_that_cannot_be_drawn_leaves_the_sheet_to_the_others(
    order: Order, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poisoned(cards: list[Card], **how: object) -> bytes:
        assert all(card.content.latin_name != "BRANDT ANNA" for card in cards)
        return render_cards(cards, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(sheets, "render_cards", poisoned)
    batch = order()

    work_off_batches(at=at)

    assert results(batch) == [
        ("AZ 0998", "", 1),
        ("", "badge-broken", None),
        ("AZ 0999", "", 1),
        ("AZ 1000", "", 1),
    ]
    assert batch.sheets.get().badges == 3


def test_who_is_suspended_while_the_sheet_is_drawn_is_not_on_it(
    order: Order,
    people: list[Accreditation],
    issuer: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    private_files: Path,
) -> None:
    drawn: list[int] = []

    def slowly(cards: list[Card], **how: object) -> bytes:
        drawn.append(len(cards))
        if len(drawn) == 1:
            suspend_accreditation(accreditation=people[3], reason="Papers.", by=issuer, at=at)
        return render_cards(cards, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(sheets, "render_cards", slowly)
    batch = order()

    work_off_batches(at=at)

    assert (drawn, results(batch)[3]) == ([4, 3], ("", "badge-suspended", None))
    file = PrintSheet.objects.get().file
    assert file is not None
    assert [path.name for path in private_files.rglob("*") if path.is_file()] == [file.name_in_storage.split("/")[-1]]


def test_another_worker_that_was_faster_keeps_its_results(
    order: Order, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease of a slow worker has ended while it was drawing."""
    drawn: list[int] = []

    def slowly(cards: list[Card], **how: object) -> bytes:
        drawn.append(len(cards))
        if len(drawn) == 1:
            assert work_off_batches(at=at + batches.LEASE) == 4
        return render_cards(cards, **how)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(sheets, "render_cards", slowly)
    batch = order()

    assert work_off_batches(at=at) == 0

    assert {code for _serial, code, _sheet in results(batch)} == {""}
    assert (PrintSheet.objects.count(), Badge.objects.count()) == (1, 4)


def test_people_with_other_languages_on_their_cards_come_onto_a_sheet_of_their_own(
    order: Order, people: list[Accreditation], issuer: User, at: dt.datetime
) -> None:
    issue_badge(accreditation=people[1], by=issuer, at=at, foreign="ru")
    batch = order()

    work_off_batches(at=at)

    assert [place for _serial, _code, place in results(batch)] == [1, 2, 1, 1]


def test_an_order_that_makes_no_sense_is_refused(
    order: Order, people: list[Accreditation], issuer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    badge = issue_badge(accreditation=people[0], by=issuer, at=at)
    mark_printed(badge=badge, stock_serial="AZ 5", by=issuer, at=at)

    with pytest.raises(NobodyOnBatchError):
        order([])
    with pytest.raises(LanguageNotOfferedError):
        order(foreign_language="xx")
    for serial in ("STOCK", "9" * 41):
        with pytest.raises(StockSerialNotCountableError):
            order(first_stock_serial=serial)
    with pytest.raises(StockSerialTakenError, match="AZ 5: B-000001"):
        order(first_stock_serial="AZ 5")
    monkeypatch.setattr(batches, "MAX_PEOPLE", 3)
    with pytest.raises(BatchTooLargeError):
        order()
    assert PrintBatch.objects.count() == 0


def test_a_batch_is_closed_when_it_is_finished(order: Order, issuer: User, at: dt.datetime) -> None:
    with pytest.raises(BatchUnfinishedError):
        close_batch(batch=order(), by=issuer, at=at)


def test_the_task_works_off_what_is_ordered(order: Order) -> None:
    """Its clock is the real one: the people of this election have left long ago, and are told so."""
    batch = order()

    assert work_off_print_batches() == 4
    assert {code for _serial, code, _sheet in results(batch)} == {"badge-over"}
