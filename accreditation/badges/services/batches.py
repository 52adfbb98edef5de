"""Badges for many people: one order, one job, one result per person, and sheets to print.

The job intends, has signed and draws a hundred people at a time. What it has done is in the rows: a job that dies
goes on where it stopped, a badge that exists is not made twice, and a card that is on a sheet is on no other.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accreditation.badges.composing import FOREIGN
from accreditation.badges.errors import (
    BatchClosedError,
    BatchTooLargeError,
    BatchUnfinishedError,
    NobodyOnBatchError,
    SignerAwayError,
    StockSerialNotCountableError,
    StockSerialTakenError,
)
from accreditation.badges.models import Badge, PrintBatch, PrintBatchItem, PrintSheet
from accreditation.badges.rendering import Card, render_cards
from accreditation.badges.rules import can_count_serials, serials_from
from accreditation.badges.services.custody import lock_badges, mark_printed_locked
from accreditation.badges.services.issuing import BROKEN, intend_each
from accreditation.badges.services.printing import print_refusals, ready_cards
from accreditation.badges.signer import request_signatures
from accreditation.badges.states import BadgeState, CardFormat
from accreditation.badges.wording import card_languages
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.models import Accreditation, StoredFile
from accreditation.services.paper_files import SHEETS, drop_file, stored_file
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import record_event
from missions.kernel.files import read_file_bytes
from missions.kernel.integrity import broken_constraint
from missions.kernel.leases import claim
from missions.models import Election, User

logger = logging.getLogger(__name__)

#: Rung when a batch is ordered; also the name of the job.
BELL = "badges.work_off"
#: People on one sheet; memory and the time of one transaction are bounded by it.
PER_SHEET = 100
#: Sheets of one turn of the job, so that a large batch keeps nobody else waiting.
SHEETS_PER_TURN = 5
MAX_PEOPLE = 20_000
#: Longer than a turn takes; then another worker may go on.
LEASE = timedelta(minutes=10)
#: Turns in a row that may die before they have made one sheet.
MAX_ATTEMPTS = 3
_SERIAL_LENGTH = 40
#: How often a sheet is drawn anew because somebody or something changed meanwhile.
_ROUNDS = 5
_FAULT_LENGTH = 400
#: Code and sentence, by the id of an item or of a badge.
_Refused = dict[int, tuple[str, str]]
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class SheetFile:
    """The PDF of a sheet, as it is handed out."""

    name: str
    pdf: bytes = field(repr=False)


def order_batch(
    *,
    election: Election,
    accreditations: Iterable[Accreditation],
    title: str,
    card_format: CardFormat,
    foreign_language: str = FOREIGN,
    first_stock_serial: str = "",
    by: User,
    at: datetime,
) -> PrintBatch:
    """Order the badges of these people, stacked by mission and accreditation number; a job makes them.

    Who has no badge gets one, who has a signed one gets that printed; whoever else is on the list gets a result that
    says why not. Records "print_batch_ordered" and rings for the job. Raises NobodyOnBatchError, BatchTooLargeError,
    LanguageNotOfferedError, StockSerialNotCountableError, StockSerialTakenError for the first serial.
    """
    if foreign_language not in card_languages():
        raise LanguageNotOfferedError
    serial = first_stock_serial.strip()
    _ensure_serial(serial, election)
    keys = [row.pk for row in accreditations]
    if len(keys) > MAX_PEOPLE:
        raise BatchTooLargeError(_("%(count)d people; at most %(limit)d.") % {"count": len(keys), "limit": MAX_PEOPLE})
    stacked = Accreditation.objects.filter(election=election, pk__in=keys)
    people = stacked.order_by("application__nomination__mission__code", "category", "number")
    with transaction.atomic():
        batch = PrintBatch.objects.create(
            election=election,
            title=title.strip(),
            card_format=card_format,
            foreign_language=foreign_language,
            first_stock_serial=serial,
            ordered_at=at,
            ordered_by=by,
        )
        items = [PrintBatchItem(batch=batch, accreditation_id=key) for key in people.values_list("pk", flat=True)]
        if not items:
            raise NobodyOnBatchError
        PrintBatchItem.objects.bulk_create(items, batch_size=500)
        record_event("print_batch_ordered", batch, by=by, at=at, changed=[str(len(items))])
        ring_after_commit(BELL)
    return batch


def work_off_batches(*, at: datetime) -> int:
    """Go on with every batch that is not finished, some sheets each; returns how many people got a result.

    A batch that waits for the signer says so and waits. One that dies again and again is given up, and its people
    are told.
    """
    done = 0
    unfinished = PrintBatch.objects.filter(finished_at=None)
    for pk in unfinished.order_by("ordered_at", "pk").values_list("pk", flat=True):
        if claim(unfinished, pk=pk, at=at, lease=LEASE):
            batch = PrintBatch.objects.select_related("election", "ordered_by").get(pk=pk)
            done += _work_off(batch, at=at)
    return done


def read_sheet(*, sheet: PrintSheet, by: User, at: datetime) -> SheetFile:
    """The PDF of a sheet. Records "print_sheet_read" on the batch. Raises BatchClosedError, FileLostError."""
    if sheet.file is None:
        raise BatchClosedError
    pdf = read_file_bytes(sheet.file.name_in_storage)
    record_event("print_sheet_read", sheet.batch, by=by, at=at, changed=[str(sheet.position)])
    return SheetFile(f"badges-{sheet.batch_id}-{sheet.position:03d}.pdf", pdf)


def close_batch(*, batch: PrintBatch, by: User, at: datetime) -> PrintBatch:
    """Erase the sheets of a finished batch; what became of each person stays. Records "print_batch_closed".

    Raises BatchUnfinishedError, BatchClosedError, MissingError.
    """
    with transaction.atomic():
        locked = _lock(batch.pk)
        if locked is None:
            raise MissingError
        if locked.finished_at is None:
            raise BatchUnfinishedError
        if locked.closed_at is not None:
            raise BatchClosedError
        files = list(StoredFile.objects.filter(print_sheet__batch=locked))
        locked.sheets.update(file=None)
        for file in files:
            drop_file(file)
        locked.closed_at, locked.closed_by = at, by
        locked.save(update_fields=["closed_at", "closed_by"])
        record_event("print_batch_closed", locked, by=by, at=at)
    return locked


class _ChangedMeanwhileError(Exception):
    """While the sheet was drawn, some of its badges became ones that may not be printed."""

    def __init__(self, refused: Mapping[int, DomainError]) -> None:
        self.refused = refused
        super().__init__()


class _OvertakenError(Exception):
    """Another worker has noted these people while this one was drawing."""


def _work_off(batch: PrintBatch, *, at: datetime) -> int:
    if batch.attempts > MAX_ATTEMPTS:
        return _give_up(batch, at=at)
    done = 0
    try:
        for _sheet in range(SHEETS_PER_TURN):
            items = list(batch.items.filter(done_at=None).order_by("pk")[:PER_SHEET])
            if not items:
                break
            done += _make_sheet(batch, items, at=at)
            PrintBatch.objects.filter(pk=batch.pk).update(attempts=0, fault="")
    except SignerAwayError as error:
        logger.warning("Print batch %s waits: %s", batch.pk, error.code)
        waiting = PrintBatch.objects.filter(pk=batch.pk)
        waiting.update(attempts=0, fault=error.sentence[:_FAULT_LENGTH], lease_until=None)
    except Exception:  # the other batches must have their turn; the lease ends, and the attempts are counted
        logger.exception("Print batch %s broke", batch.pk)
    else:
        _end_turn(batch, at=at)
    return done


def _make_sheet(batch: PrintBatch, items: Sequence[PrintBatchItem], *, at: datetime) -> int:
    """Bring these people to their results, those who may get a card on one sheet; how many got one.

    A stack has one pair of languages: who has another one waits for the next sheet. Raises SignerAwayError.
    """
    by, of_people = batch.ordered_by, {item.accreditation_id: item.pk for item in items}
    intended = intend_each(list(of_people), by=by, at=at, foreign=batch.foreign_language)
    refused = {of_people[row.accreditation_id]: (row.code, row.detail) for row in intended if row.code}
    badges = {row.badge_id: of_people[row.accreditation_id] for row in intended if row.badge_id is not None}
    unsigned = Badge.objects.filter(pk__in=badges, state=BadgeState.INTENDED).values_list("pk", flat=True)
    for result in request_signatures(list(unsigned), at=at, by=by):
        if result.code:
            refused[badges.pop(result.badge_id)] = (result.code, result.detail)
    ready = ready_cards(list(badges), at=at)
    refused |= {badges[key]: _told(error) for key, error in ready.refused.items()}
    cards = {key: ready.cards[key] for key in badges if key in ready.cards}
    languages = {card.content.languages for card in list(cards.values())[:1]}
    cards = {key: card for key, card in cards.items() if card.content.languages in languages}
    try:
        printed, left_out = _print(batch, badges, cards, at=at)
    except _OvertakenError:
        return 0
    return printed + _refuse(refused | left_out, at=at)


def _print(
    batch: PrintBatch, items: Mapping[int, int], cards: Mapping[int, Card], *, at: datetime
) -> tuple[int, _Refused]:
    """Draw the sheet and note it; whoever breaks it or changes meanwhile is left out, and it is drawn anew."""
    left_out: _Refused = {}
    for _round in range(_ROUNDS):
        pdf, broken = _draw(batch, cards, at=at)
        left_out |= {items[key]: told for key, told in broken.items()}
        cards = {key: card for key, card in cards.items() if key not in broken}
        if not cards:
            return 0, left_out
        try:
            with stored_file(pdf, folder=SHEETS, media_type=_PDF, by=batch.ordered_by, at=at) as file:
                _note_sheet(batch, {key: items[key] for key in cards}, file, at=at)
        except _ChangedMeanwhileError as changed:
            left_out |= {items[key]: _told(error) for key, error in changed.refused.items()}
            cards = {key: card for key, card in cards.items() if key not in changed.refused}
        except IntegrityError as error:  # somebody at the desk took a serial of the stack
            if broken_constraint(error, Badge) != "badge_stock_serial_once":
                raise
        else:
            return len(cards), left_out
    raise StockSerialTakenError


def _draw(batch: PrintBatch, cards: Mapping[int, Card], *, at: datetime) -> tuple[bytes, _Refused]:
    """The PDF of the stack without those cards that cannot be drawn, and why they cannot."""
    if not cards:
        return b"", {}
    card_format = CardFormat(batch.card_format)
    try:
        return render_cards(list(cards.values()), card_format=card_format, issued_at=at), {}
    except Exception:
        logger.exception("A card of print batch %s breaks its sheet", batch.pk)
    broken: _Refused = {}
    for key, card in cards.items():
        try:
            render_cards([card], card_format=card_format, issued_at=at)
        except DomainError as error:
            broken[key] = _told(error)
        except Exception:
            logger.exception("The card of badge %s cannot be drawn", key)
            broken[key] = (BROKEN, _("The card could not be drawn; please tell the support."))
    sound = [card for key, card in cards.items() if key not in broken]
    return render_cards(sound, card_format=card_format, issued_at=at) if sound else b"", broken


def _note_sheet(batch: PrintBatch, items: Mapping[int, int], file: StoredFile, *, at: datetime) -> None:
    """Note the badges as printed, each on the next free serial, and their people as done, in one transaction.

    Raises _ChangedMeanwhileError for badges that may not be printed any more, _OvertakenError.
    """
    with transaction.atomic():
        _lock(batch.pk)
        open_items = PrintBatchItem.objects.filter(pk__in=items.values(), done_at=None)
        if open_items.count() < len(items):
            raise _OvertakenError
        badges = {row.pk: row for row in lock_badges(list(items))}
        if refused := print_refusals(badges.values(), at=at):
            raise _ChangedMeanwhileError(refused)
        stack = [badges[key] for key in items]
        mark_printed_locked(stack, _serials(batch, stack), by=batch.ordered_by, at=at)
        file.save()
        last: int = batch.sheets.aggregate(last=Max("position"))["last"] or 0
        sheet = PrintSheet.objects.create(batch=batch, position=last + 1, file=file, badges=len(items))
        noted = [PrintBatchItem(pk=pk, badge_id=key, sheet=sheet, done_at=at) for key, pk in items.items()]
        PrintBatchItem.objects.bulk_update(noted, ["badge", "sheet", "done_at"], batch_size=PER_SHEET)


def _serials(batch: PrintBatch, stack: Sequence[Badge]) -> dict[int, str]:
    """The next serials of the batch's stack of cards. One that is taken is passed over: that card is gone from it."""
    if not batch.first_stock_serial:
        return {}
    used = Badge.objects.filter(election=batch.election_id).exclude(stock_serial="")
    taken = set(used.values_list("stock_serial", flat=True))
    free = (serial for serial in serials_from(batch.first_stock_serial) if serial not in taken)
    return dict(zip((badge.pk for badge in stack), free, strict=False))


def _refuse(refused: _Refused, *, at: datetime) -> int:
    """The first result of a person counts, whoever brings another; how many got theirs."""
    return sum(
        PrintBatchItem.objects.filter(pk=pk, done_at=None).update(code=code, detail=detail[:300], done_at=at)
        for pk, (code, detail) in refused.items()
    )


def _end_turn(batch: PrintBatch, *, at: datetime) -> None:
    """Finish the batch, or give it free for the next turn."""
    with transaction.atomic():
        locked = _lock(batch.pk)
        if locked is None or locked.finished_at is not None:
            return
        locked.lease_until = None
        if locked.items.filter(done_at=None).exists():
            ring_after_commit(BELL)
        else:
            locked.finished_at = at
            record_event("print_batch_finished", locked, by=None, at=at)
        locked.save(update_fields=["lease_until", "finished_at"])


def _give_up(batch: PrintBatch, *, at: datetime) -> int:
    fault = _("The batch could not be worked off; please tell the support.")
    done = batch.items.filter(done_at=None).update(code=BROKEN, detail=fault, done_at=at)
    PrintBatch.objects.filter(pk=batch.pk).update(fault=fault)
    _end_turn(batch, at=at)
    return done


def _lock(batch_id: int) -> PrintBatch | None:
    return PrintBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()


def _ensure_serial(serial: str, election: Election) -> None:
    if not serial:
        return
    if len(serial) > _SERIAL_LENGTH or not can_count_serials(serial):
        raise StockSerialNotCountableError
    taken = Badge.objects.filter(election=election, stock_serial=serial).first()
    if taken is not None:
        raise StockSerialTakenError(f"{serial}: {taken}")


def _told(error: DomainError) -> tuple[str, str]:
    return error.code, error.sentence
