"""Sheets of a batch: a hundred people brought to their results, and those who may have a card drawn on one PDF."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accreditation.badges.errors import StockSerialTakenError
from accreditation.badges.models import Badge, PrintBatch, PrintBatchItem, PrintSheet
from accreditation.badges.rendering import Card, render_cards
from accreditation.badges.rules import serials_from
from accreditation.badges.services.custody import lock_badges, mark_printed_locked
from accreditation.badges.services.issuing import BROKEN, intend_each
from accreditation.badges.services.printing import print_refusals, ready_cards
from accreditation.badges.signer import request_signatures
from accreditation.badges.states import BadgeState, CardFormat
from accreditation.models import StoredFile
from accreditation.services.paper_files import SHEETS, stored_file
from missions.kernel.errors import DomainError
from missions.kernel.integrity import broken_constraint
from missions.selectors import first_vote

logger = logging.getLogger(__name__)

#: People on one sheet; memory and the time of one transaction are bounded by it.
PER_SHEET = 100
#: How often a sheet is drawn anew because somebody or something changed meanwhile.
_ROUNDS = 5
_PDF = "application/pdf"
#: Code and sentence, by the id of an item or of a badge.
_Refused = dict[int, tuple[str, str]]


class _ChangedMeanwhileError(Exception):
    """While the sheet was drawn, some of its badges became ones that may not be printed."""

    def __init__(self, refused: Mapping[int, DomainError]) -> None:
        self.refused = refused
        super().__init__()


class _OvertakenError(Exception):
    """Another worker has noted these people while this one was drawing."""


def make_sheet(batch: PrintBatch, items: Sequence[PrintBatchItem], *, at: datetime) -> int:
    """Bring these people to their results, those who may get a card on one sheet; returns how many got a result.

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


def lock_batch(batch_id: int) -> PrintBatch | None:
    """The stored batch, locked until the transaction ends; before every other row of its people."""
    return PrintBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()


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
        lock_batch(batch.pk)
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
    used = Badge.objects.filter(election=first_vote(batch.election)).exclude(stock_serial="")
    taken = set(used.values_list("stock_serial", flat=True))
    free = (serial for serial in serials_from(batch.first_stock_serial) if serial not in taken)
    return dict(zip((badge.pk for badge in stack), free, strict=False))


def _refuse(refused: _Refused, *, at: datetime) -> int:
    """The first result of a person counts, whoever brings another; how many got theirs."""
    return sum(
        PrintBatchItem.objects.filter(pk=pk, done_at=None).update(code=code, detail=detail[:300], done_at=at)
        for pk, (code, detail) in refused.items()
    )


def _told(error: DomainError) -> tuple[str, str]:
    return error.code, error.sentence
