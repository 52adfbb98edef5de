"""Badges for many people: one order, one job, one result per person, and sheets to print.

The job intends, has signed and draws a hundred people at a time. What it has done is in the rows: a job that dies
goes on where it stopped, a badge that exists is not made twice, and a card that is on a sheet is on no other.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
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
from accreditation.badges.rules import can_count_serials
from accreditation.badges.services.issuing import BROKEN
from accreditation.badges.services.sheets import PER_SHEET, lock_batch, make_sheet
from accreditation.badges.states import CardFormat
from accreditation.badges.wording import card_languages
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.models import Accreditation, StoredFile
from accreditation.services.paper_files import drop_file
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.files import read_file_bytes
from missions.kernel.leases import claim
from missions.models import Election, User
from missions.selectors import first_vote

logger = logging.getLogger(__name__)

#: Rung when a batch is ordered; also the name of the job.
BELL = "badges.work_off"
#: Sheets of one turn of the job, so that a large batch keeps nobody else waiting.
SHEETS_PER_TURN = 5
MAX_PEOPLE = 20_000
#: Longer than a turn takes; then another worker may go on.
LEASE = timedelta(minutes=10)
#: Turns in a row that may die before they have made one sheet.
MAX_ATTEMPTS = 3
_SERIAL_LENGTH = 40
_FAULT_LENGTH = 400


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
        locked = lock_batch(batch.pk)
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


def _work_off(batch: PrintBatch, *, at: datetime) -> int:
    if batch.attempts > MAX_ATTEMPTS:
        return _give_up(batch, at=at)
    done = 0
    try:
        for _sheet in range(SHEETS_PER_TURN):
            items = list(batch.items.filter(done_at=None).order_by("pk")[:PER_SHEET])
            if not items:
                break
            done += make_sheet(batch, items, at=at)
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


def _end_turn(batch: PrintBatch, *, at: datetime) -> None:
    """Finish the batch, or give it free for the next turn."""
    with transaction.atomic():
        locked = lock_batch(batch.pk)
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


def _ensure_serial(serial: str, election: Election) -> None:
    if not serial:
        return
    if len(serial) > _SERIAL_LENGTH or not can_count_serials(serial):
        raise StockSerialNotCountableError
    taken = Badge.objects.filter(election=first_vote(election), stock_serial=serial).first()
    if taken is not None:
        raise StockSerialTakenError(f"{serial}: {taken}")
