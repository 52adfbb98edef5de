"""Signing intended badges. Runs where the private keys are, in no other process, and takes nothing but ids.

Accreditations are locked before their badges, as everywhere. A badge that the database refuses holds no other back.
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.fitting import fitted
from accreditation.badges.codes.keylist import KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.token import BadgeClaims, sign_badge
from accreditation.badges.composing import Surroundings, surroundings_of, with_card_facts
from accreditation.badges.content import BadgeContent, read_content
from accreditation.badges.errors import (
    BadgeNotPrintableError,
    BadgeOverError,
    BadgeSpoiledError,
    NoSigningKeyError,
)
from accreditation.badges.models import Badge, SigningAttempt
from accreditation.badges.rules import LONGEST, differences
from accreditation.badges.services.intents import ensure_accredited
from accreditation.badges.services.trust import current_keys
from accreditation.badges.signer.keyring import signing_key
from accreditation.badges.signer.protocol import SigningResult
from accreditation.badges.states import BADGE_TRANSITIONS, BadgeState
from accreditation.models import Accreditation
from missions.kernel.errors import DomainError, MissingError, Violation
from missions.kernel.events import EventDraft, record_events
from missions.kernel.transitions import ensure_transition
from missions.models import Election, User
from missions.selectors import first_vote

logger = logging.getLogger(__name__)

#: The result of a badge whose row the database does not take; it stays intended, and the job asks again.
BROKEN = "signing-broken"
_SIGNED_AND_GOOD = (BadgeState.SIGNED, BadgeState.PRINTED, BadgeState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the badges of one election share while they are signed."""

    key: SigningKey
    record: KeyRecord
    around: Surroundings


def sign_intended(*, badge_ids: Sequence[int], by: User | None, at: datetime) -> tuple[SigningResult, ...]:
    """Sign the badges that are intended, whose people are accredited, and whose cards still tell the truth.

    One result for each, in the order given; a badge that was signed before, and is good, is a success again. Token,
    state, event "badge_signed" and the signer's own log are written in one transaction, or none of them. Raises
    NoSigningKeyError.
    """
    try:
        with transaction.atomic():
            results = _sign(badge_ids, by=by, at=at)
    except OperationalError:  # the database itself is away or busy: no row is to blame, and asking again will do
        raise
    except DatabaseError:
        if len(badge_ids) > 1:  # each by itself: the others have a right to their signatures
            return tuple(sign_intended(badge_ids=[one], by=by, at=at)[0] for one in badge_ids)
        logger.exception("The signature of badge %s could not be stored; the badge stays intended", badge_ids[0])
        return (SigningResult(badge_ids[0], BROKEN, _("The signature could not be stored.")),)
    _raise_alarm(at=at)
    return results


def _sign(badge_ids: Sequence[int], *, by: User | None, at: datetime) -> tuple[SigningResult, ...]:
    people = _lock_people(badge_ids)
    badges = Badge.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=badge_ids).order_by("pk")
    rows = {row.pk: row for row in badges}
    desks = _desks(people.values(), at=at)
    refusals: dict[int, DomainError] = {}
    signed: list[Badge] = []
    for badge_id, row in rows.items():
        if row.state in _SIGNED_AND_GOOD:
            continue
        person = people[row.accreditation_id]
        try:
            _sign_one(row, person, desks[person.election_id], at=at)
        except DomainError as error:
            refusals[badge_id] = error
        else:
            signed.append(row)
    _write_history(signed, by=by, at=at)
    absent = MissingError()
    return tuple(_result(one, refusals.get(one) if one in rows else absent) for one in badge_ids)


def _lock_people(badge_ids: Sequence[int]) -> dict[int, Accreditation]:
    """The accreditations of the badges, locked in the order of their keys, with what their cards say."""
    of_badges = Badge.objects.filter(pk__in=badge_ids).values("accreditation")
    held = Accreditation.objects.select_for_update(no_key=True).filter(pk__in=of_badges).order_by("pk")
    keys = list(held.values_list("pk", flat=True))
    return {row.pk: row for row in with_card_facts(Accreditation.objects.filter(pk__in=keys))}


def _desks(people: Collection[Accreditation], *, at: datetime) -> Mapping[int, _Desk | NoSigningKeyError]:
    """Key and surroundings of each election that the people are of, or why it has no key.

    Raises NoSigningKeyError if none of them has one.
    """
    desks: dict[int, _Desk | NoSigningKeyError] = {}
    for election in {person.election for person in people}:
        own = [person for person in people if person.election_id == election.pk]
        try:
            key, record = _signing_key(election, at=at)
        except NoSigningKeyError as error:
            desks[election.pk] = error
        else:
            desks[election.pk] = _Desk(key, record, surroundings_of(own, election=election))
    keyless = [desk for desk in desks.values() if isinstance(desk, NoSigningKeyError)]
    if keyless and len(keyless) == len(desks):
        raise keyless[0]
    return desks


def _signing_key(election: Election, *, at: datetime) -> tuple[SigningKey, KeyRecord]:
    keys = current_keys(first_vote(election))
    if keys is None:
        raise NoSigningKeyError(_("The election has no list of keys"))
    return signing_key(keys, at=at)


def _sign_one(row: Badge, person: Accreditation, desk: _Desk | NoSigningKeyError, *, at: datetime) -> None:
    """Sign and store one badge. Raises the domain's errors and writes nothing if it may not be."""
    if isinstance(desk, NoSigningKeyError):
        raise desk
    ensure_transition(BADGE_TRANSITIONS, BadgeState(row.state), BadgeState.SIGNED)
    ensure_accredited(person, at=at)
    if row.valid_until <= at:
        raise BadgeOverError
    card = read_content(row.content)
    _check_truth(row, card, person, desk.around)
    try:
        claims = fitted(_claims(row, card, desk, at=at), url=settings.BADGE_URL, acronym=card.organization_code)
        token = sign_badge(claims, desk.key, environment=settings.BADGE_ENVIRONMENT)
    except CodeError as error:
        raise BadgeNotPrintableError(_("The square code cannot say it: %s") % error) from error
    row.token, row.key_id, row.signed_at = token, desk.key.kid.hex(), at
    row.state, row.version = BadgeState.SIGNED, row.version + 1
    row.save(update_fields=["token", "key_id", "signed_at", "state", "version"])


def _check_truth(row: Badge, card: BadgeContent, person: Accreditation, around: Surroundings) -> None:
    now = around.content(person, number=row.number_text, valid_from=card.valid_from, valid_until=card.valid_until)
    spoiled = [
        Violation(one.fact, "spoiled", _("%(was)s is now %(now)s.") % {"was": one.was, "now": one.now})
        for one in differences(card, now)
    ]
    if card.number != now.number:
        spoiled.append(Violation("number", "spoiled", _("The card has the number of another badge.")))
    if spoiled:
        raise BadgeSpoiledError(violations=spoiled)


def _claims(row: Badge, card: BadgeContent, desk: _Desk, *, at: datetime) -> BadgeClaims:
    """What the code says: of the row and its content, and never longer good than key and rule allow.

    The election that it names is the first vote: devices know its keys and lists.
    """
    issued = int(at.timestamp())
    latest = min(desk.record.end, issued + int(LONGEST.total_seconds()))
    return BadgeClaims(
        election=desk.around.first_vote.code,
        code_id=bytes.fromhex(row.code_id),
        number=row.number,
        issue=row.issue,
        name=card.latin_name,
        organization=card.organization_name,
        role=card.role,
        areas=card.areas,
        portrait=bytes.fromhex(row.portrait_hash) or None,
        not_before=int(row.valid_from.timestamp()),
        expires=min(int(row.valid_until.timestamp()), latest),
        issued=issued,
    )


def _write_history(signed: Sequence[Badge], *, by: User | None, at: datetime) -> None:
    events = [
        EventDraft(
            verb="badge_signed",
            obj=row,
            scope_id=row.mission_id,
            from_state=BadgeState.INTENDED,
            to_state=BadgeState.SIGNED,
            changed=[row.key_id],
        )
        for row in signed
    ]
    record_events(events, by=by, at=at)
    for key_id, badges in Counter(row.key_id for row in signed).items():
        SigningAttempt.objects.create(key_id=key_id, signed_at=at, badges=badges, asked_by=by)


def _result(badge_id: int, refusal: DomainError | None) -> SigningResult:
    return SigningResult(badge_id, refusal.code, refusal.sentence) if refusal else SigningResult(badge_id)


def _raise_alarm(*, at: datetime) -> None:
    """Tell the log when more is signed than this house ever needs: somebody may be printing observers."""
    lately = SigningAttempt.objects.filter(signed_at__gt=at - timedelta(minutes=1), signed_at__lte=at)
    signatures = lately.aggregate(sum=Sum("badges"))["sum"] or 0
    if signatures > settings.BADGE_SIGNATURES_PER_MINUTE:
        logger.error("ALARM: %s badges signed within a minute", signatures)
