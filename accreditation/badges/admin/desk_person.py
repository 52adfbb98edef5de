"""How one person stands at the badge desk: who they are, which badge they have, and what is in the way, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accreditation.badges.admin.tones import BADGE_TONES
from accreditation.badges.admin.words import difference_lines
from accreditation.badges.composing import differences_now, with_card_facts
from accreditation.badges.models import Badge
from accreditation.badges.services.intents import ensure_accredited
from accreditation.badges.states import LIVE_BADGE_STATES, BadgeState
from accreditation.models import Accreditation, Document
from accreditation.permissions import can_read_document_file
from accreditation.querysets import Viewer
from accreditation.states import DocumentKind
from missions.admin.pages import DAY_FORMAT, NOTHING, local_text
from missions.kernel.errors import DomainError, Text


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a badge, or should be known before it goes out."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class AtDesk:
    """All that the desk shows of a person. `badge` is the live one, else the last one there was."""

    accreditation: Accreditation
    badge: Badge | None
    name: str
    photo_url: str
    facts: tuple[tuple[Text, str], ...]
    obstacles: tuple[Obstacle, ...]
    #: Whether the card of this very badge was scanned.
    is_card_here: bool

    @property
    def tone(self) -> str:
        """The colour of the badge's state."""
        return BADGE_TONES.get(self.badge.state, "") if self.badge else ""


def at_desk(accreditation_id: int, *, user: Viewer, at: datetime, scanned: str = "") -> AtDesk | None:
    """The person of a visible accreditation as they stand now; None if there is none. Seven queries at most.

    `scanned` is the key of the badge whose card was scanned, if one was: it may be a former one of the person.
    """
    visible = with_card_facts(Accreditation.objects.visible_to(user))
    accreditation = visible.filter(pk=accreditation_id).first()
    if accreditation is None:
        return None
    badges = _badges_of(accreditation)
    badge = badges[0] if badges else None
    card = next((row for row in badges if str(row.pk) == scanned), None)
    photo = Document.objects.filter(
        application=accreditation.application_id, kind=DocumentKind.PHOTO, file__isnull=False
    ).first()
    return AtDesk(
        accreditation=accreditation,
        badge=badge,
        name=accreditation.observer.full_name,
        photo_url=_photo_url(badge, photo, user),
        facts=_facts(accreditation, badge),
        obstacles=(*_of_card(card, badge), *_obstacles(accreditation, badge, photo, at=at)),
        is_card_here=card is not None and card == badge,
    )


def _badges_of(accreditation: Accreditation) -> list[Badge]:
    """The badges of the person, the newest first: no other can be live. With the accreditation that was read."""
    badges = list(Badge.objects.filter(accreditation=accreditation).defer("token").order_by("-issue"))
    for badge in badges:
        badge.accreditation = accreditation
        if badge.election_id == accreditation.election_id:
            badge.election = accreditation.election
    return badges


def _of_card(card: Badge | None, badge: Badge | None) -> list[Obstacle]:
    """What to know of a card that was scanned and is not of the badge that counts."""
    if card is None or (card == badge and card.state in LIVE_BADGE_STATES):
        return []
    told = {"number": card.number_text, "state": card.get_state_display()}
    return [Obstacle(_("The card that was scanned is %(number)s, %(state)s: keep it at the desk.") % told, "danger")]


def _photo_url(badge: Badge | None, photo: Document | None, user: Viewer) -> str:
    """The portrait that the badge has; before there is one, the photo, for who may see papers."""
    if badge is not None and badge.portrait_id is not None:
        return reverse("admin:badges_badge_portrait", args=(badge.pk,))
    if photo is not None and can_read_document_file(user, photo):
        return reverse("admin:accreditation_document_picture", args=(photo.pk,))
    return ""


def _facts(accreditation: Accreditation, badge: Badge | None) -> tuple[tuple[Text, str], ...]:
    zone = accreditation.election.zone
    nomination = accreditation.application.nomination
    departs = date_format(nomination.departs_on, DAY_FORMAT) if nomination.departs_on else NOTHING
    facts: tuple[tuple[Text, str], ...] = (
        (_("Mission"), str(nomination.mission)),
        (_("Role"), nomination.get_role_display()),
        (_("Category"), accreditation.get_category_display()),
        (_("Accreditation"), f"{accreditation.number:05d}, {accreditation.get_state_display()}"),
        (_("Leaves on"), departs),
    )
    if badge is None:
        return facts
    held = (
        (_("Valid until"), local_text(badge.valid_until, zone)),
        (_("Stock serial"), badge.stock_serial or NOTHING),
        (_("Collected by"), f"{badge.collected_by}, {local_text(badge.handed_over_at, zone)}"),
    )
    return (*facts, *held[: 3 if badge.handed_over_at else 2])


def _obstacles(
    accreditation: Accreditation, badge: Badge | None, photo: Document | None, *, at: datetime
) -> list[Obstacle]:
    found = []
    try:
        ensure_accredited(accreditation, at=at)
    except DomainError as error:
        found.append(Obstacle(error.sentence, "danger"))
    found += [
        Obstacle(_("Has another badge that is good: %s.") % text, "warning") for text in _elsewhere(accreditation)
    ]
    is_live = badge is not None and badge.state in LIVE_BADGE_STATES
    if photo is None and not is_live:
        found.append(Obstacle(_("No photo was handed in. The card will say so."), "warning"))
    if is_live and badge is not None:
        found += _of_live(badge, at=at)
    return found


def _of_live(badge: Badge, *, at: datetime) -> list[Obstacle]:
    """What is wrong with a badge that is not over."""
    found = []
    if badge.valid_until <= at:
        found.append(Obstacle(_("The time in which the badge is good is over."), "danger"))
    if badge.state == BadgeState.INTENDED:
        found.append(Obstacle(_("Waits for its signature. Printing asks the signer again."), "warning"))
    if told := differences_now([badge]).get(badge.pk):
        lines = "; ".join(difference_lines(told))
        found.append(Obstacle(_("The badge is spoiled, issue it anew: %s") % lines, "danger"))
    return found


def _elsewhere(accreditation: Accreditation) -> list[str]:
    """Live badges that the same person has by other accreditations of the election."""
    others = Badge.objects.live().filter(
        accreditation__election=accreditation.election_id, accreditation__observer=accreditation.observer_id
    )
    rows = others.exclude(accreditation=accreditation).select_related("accreditation").defer("token", "content")
    return [f"{row.number_text}, {row.accreditation.get_category_display()}" for row in rows]
