"""What is printed, at the desk and in batches: signed badges of people who are accredited, that tell the truth.

A stack is drawn first, which takes its time, and then marked as printed under the locks; what has changed meanwhile
is found there. So no card leaves the house that was not good when it was noted as printed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accreditation.badges.codes.token import code_text
from accreditation.badges.composing import differences_now, with_card_facts
from accreditation.badges.content import read_content
from accreditation.badges.errors import BadgeNotSignedError, BadgePrintedError, BadgeSpoiledError, LiveBadgeError
from accreditation.badges.models import Badge
from accreditation.badges.portraits import print_photo
from accreditation.badges.rendering import Card
from accreditation.badges.rules import Difference
from accreditation.badges.services.custody import ensure_good
from accreditation.badges.states import BadgeState
from accreditation.errors import RegisterChangedError
from accreditation.models import Accreditation, Document
from accreditation.states import DocumentKind
from missions.kernel.errors import DomainError, Violation
from missions.kernel.files import read_file_bytes
from missions.kernel.transitions import IllegalTransitionError

PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class ReadyCards:
    """The cards to draw by badge, the versions that they were made of, and the error for each that cannot be."""

    cards: Mapping[int, Card] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)
    refused: Mapping[int, DomainError] = field(default_factory=dict)


def ready_cards(badge_ids: Collection[int], *, at: datetime, state: BadgeState = BadgeState.SIGNED) -> ReadyCards:
    """What the cards of these badges need. Locks nothing."""
    rows = Badge.objects.filter(pk__in=badge_ids).order_by("pk")
    badges = list(rows)
    facts = with_card_facts(Accreditation.objects.filter(badges__in=badges)).distinct()
    accreditations = {row.pk: row for row in facts}
    for badge in badges:
        badge.accreditation = accreditations[badge.accreditation_id]
    refused = dict(print_refusals(badges, at=at, state=state))
    photos = _photos([badge for badge in badges if badge.pk not in refused])
    cards: dict[int, Card] = {}
    for badge in badges:
        if badge.pk in refused:
            continue
        try:
            cards[badge.pk] = _card(badge, photos)
        except DomainError as error:
            refused[badge.pk] = error
    return ReadyCards(cards, {badge.pk: badge.version for badge in badges}, refused)


def print_refusals(
    badges: Collection[Badge], *, at: datetime, state: BadgeState = BadgeState.SIGNED
) -> dict[int, DomainError]:
    """Why each of these badges, whose accreditations come `with_card_facts`, may not be printed; empty if all may."""
    spoiled = differences_now(badges)
    refused: dict[int, DomainError] = {}
    for badge in badges:
        try:
            _ensure_state(badge, state)
            ensure_good(badge, at=at)
            if badge.pk in spoiled:
                raise BadgeSpoiledError(violations=[_violation(told) for told in spoiled[badge.pk]])
            if badge.state == BadgeState.INTENDED:
                raise BadgeNotSignedError
        except DomainError as error:
            refused[badge.pk] = error
    return refused


def _ensure_state(badge: Badge, state: BadgeState) -> None:
    if badge.state in (state, BadgeState.INTENDED):
        return
    if badge.state == BadgeState.PRINTED:
        raise BadgePrintedError
    if badge.state == BadgeState.HANDED_OVER:
        raise LiveBadgeError
    raise IllegalTransitionError(BadgeState(badge.state), BadgeState.PRINTED)


def _photos(badges: Collection[Badge]) -> dict[int, tuple[str, str]]:
    """Name in the storage and digest of each photo, by accreditation."""
    papers = Document.objects.filter(
        application__accreditation__in=[badge.accreditation_id for badge in badges],
        kind=DocumentKind.PHOTO,
        file__isnull=False,
    )
    rows = papers.values_list("application__accreditation", "file__name_in_storage", "file__sha256")
    return {accreditation_id: (name, sha256) for accreditation_id, name, sha256 in rows}


def _card(badge: Badge, photos: Mapping[int, tuple[str, str]]) -> Card:
    content = read_content(badge.content)
    photo = None
    if content.photo_sha256:
        name, sha256 = photos.get(badge.accreditation_id, ("", ""))
        if sha256 != content.photo_sha256:
            raise RegisterChangedError
        photo = print_photo(read_file_bytes(name))
    return Card(
        content=content,
        code=code_text(bytes(badge.token or b""), url=settings.BADGE_URL),
        photo=photo,
        is_test=settings.BADGE_ENVIRONMENT != PRODUCTION,
    )


def _violation(told: Difference) -> Violation:
    if told.fact == "photo":
        return Violation("photo", "changed", _("The photo was replaced."))
    sentence = _("It says %(was)s and is now %(now)s.") % {"was": told.was or "–", "now": told.now or "–"}
    return Violation(told.fact, "changed", sentence)
