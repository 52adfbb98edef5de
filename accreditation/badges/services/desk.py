"""The badge desk: one card printed while its person waits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accreditation.badges.errors import BadgeChangedError, BadgePrintedError
from accreditation.badges.models import Badge
from accreditation.badges.rendering import render_cards
from accreditation.badges.services.custody import lock_badges, mark_printed_locked, raise_serial_taken
from accreditation.badges.services.issuing import ask_for_signatures
from accreditation.badges.services.printing import print_refusals, ready_cards
from accreditation.badges.states import BadgeState, CardFormat
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.models import User

#: A browser may lose a file; the person who printed the card gets it again for so long.
SAME_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """A badge that is noted as printed, and the PDF of its card, which is kept nowhere."""

    badge: Badge
    pdf: bytes = field(repr=False)
    name: str


def print_badge(
    *,
    badge: Badge,
    stock_serial: str,
    card_format: CardFormat,
    by: User,
    at: datetime,
    version: int | None = None,
) -> PrintedCard:
    """Draw the card of a signed badge and note it as printed on the stock card of this serial (empty: it has none).

    The signer is asked first for a badge that still waits for it. Records "badge_printed". The same person may take
    the file of the same serial once more within ten minutes, which records "badge_file_taken_again"; other than that
    a badge is printed once, and a spoilt card is re-issued. Raises BadgeSpoiledError with what the card says that is
    no longer so, BadgeNotAccreditedError, BadgeSuspendedError, BadgeOverError, BadgeNotSignedError,
    BadgePrintedError, StockSerialTakenError, BadgeChangedError, BadgeNotPrintableError, FileLostError,
    IllegalTransitionError, MissingError. Not to be called within a transaction.
    """
    stored = Badge.objects.filter(pk=badge.pk).first()
    if stored is None:
        raise MissingError
    if stored.state == BadgeState.PRINTED:
        return _once_more(stored, stock_serial.strip(), card_format, by=by, at=at)
    if version is not None and version != stored.version:
        raise BadgeChangedError
    if stored.state == BadgeState.INTENDED:
        ask_for_signatures([stored.pk], by=by, at=at)
    pdf, drawn_of = _draw(stored.pk, card_format, at=at)
    return _named(_note_as_printed(stored, drawn_of, stock_serial.strip(), by=by, at=at), pdf)


def _draw(
    badge_id: int, card_format: CardFormat, *, at: datetime, state: BadgeState = BadgeState.SIGNED
) -> tuple[bytes, int]:
    """The PDF of the card, and the version of the badge that it was made of."""
    ready = ready_cards([badge_id], at=at, state=state)
    for error in ready.refused.values():
        raise error
    pdf = render_cards(list(ready.cards.values()), card_format=card_format, issued_at=at)
    return pdf, ready.versions[badge_id]


def _note_as_printed(stored: Badge, drawn_of: int, serial: str, *, by: User, at: datetime) -> Badge:
    try:
        with transaction.atomic():
            (locked,) = lock_badges([stored.pk])
            for error in print_refusals([locked], at=at).values():
                raise error
            if locked.version != drawn_of:
                raise BadgeChangedError
            mark_printed_locked([locked], {locked.pk: serial}, by=by, at=at)
    except IntegrityError as error:
        raise_serial_taken(error, stored.election_id, [serial])
        raise
    return locked


def _once_more(stored: Badge, serial: str, card_format: CardFormat, *, by: User, at: datetime) -> PrintedCard:
    is_same = stored.printed_by_id == by.pk and stored.stock_serial == serial
    if not is_same or stored.printed_at is None or at - stored.printed_at > SAME_MOMENT:
        raise BadgePrintedError
    pdf, _version = _draw(stored.pk, card_format, at=at, state=BadgeState.PRINTED)
    record_event("badge_file_taken_again", stored, by=by, at=at, scope_id=stored.mission_id)
    return _named(stored, pdf)


def _named(badge: Badge, pdf: bytes) -> PrintedCard:
    return PrintedCard(badge, pdf, f"{badge.number_text}.pdf")
