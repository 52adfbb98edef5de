"""Badges on the page of an accreditation: the act that issues one, the order for many, and the list of a person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accreditation.badges.admin.forms import StackForm
from accreditation.badges.admin.tones import BADGE_TONES
from accreditation.badges.models import Badge
from accreditation.badges.permissions import can_issue_badge
from accreditation.badges.services.batches import order_batch
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.states import LIVE_BADGE_STATES, CardFormat
from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.admin.moves import Move, Outcome, Outcomes
from missions.admin.pages import local_text
from missions.models import User


@dataclass(frozen=True, slots=True)
class BadgeLine:
    """One badge as the page of its accreditation tells it; `until` is empty for one that is good no more."""

    number: str
    state: str
    tone: str
    until: str
    serial: str
    url: str


def badge_lines(request: HttpRequest, accreditation: Accreditation) -> list[BadgeLine] | None:
    """The badges of the accreditation, newest first; None for who may not see badges. One query."""
    if not request.user.has_perm("badges.view_badge"):
        return None
    badges = Badge.objects.visible_to(request.user).filter(accreditation=accreditation).defer("token", "content")
    zone = accreditation.election.zone
    return [
        BadgeLine(
            number=badge.number_text,
            state=badge.get_state_display(),
            tone=BADGE_TONES.get(badge.state, ""),
            until=local_text(badge.valid_until, zone) if badge.state in LIVE_BADGE_STATES else "",
            serial=badge.stock_serial,
            url=reverse("admin:badges_badge_change", args=(badge.pk,)),
        )
        for badge in badges.order_by("-issue")
    ]


def desk_url(accreditation: Accreditation) -> str:
    """The page of the badge desk for this person."""
    return reverse("admin:badges_badge_desk_person", args=(accreditation.pk,))


def _issue(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return issue_badge(accreditation=accreditation, by=by, at=at)


def _order(accreditations: Sequence[Accreditation], answers: Mapping[str, Any], by: User, at: datetime) -> Outcomes:
    batch = order_batch(
        election=accreditations[0].election,
        accreditations=accreditations,
        title=answers["title"],
        card_format=CardFormat(answers["card_format"]),
        foreign_language=answers["foreign_language"],
        first_stock_serial=answers["first_stock_serial"],
        by=by,
        at=at,
    )
    return Outcomes([Outcome(str(batch), url=reverse("admin:badges_printbatch_change", args=(batch.pk,)))])


def _has_no_live_badge(accreditation: Accreditation) -> bool:
    return not Badge.objects.live().filter(accreditation=accreditation).exists()


ISSUE: Move[Accreditation] = Move(
    name="issue_badge",
    label=_("Issue a badge"),
    sentence=_("The badge gets its number and is signed; then it can be printed."),
    may=can_issue_badge,
    fits=lambda accreditation, user: (
        accreditation.state == AccreditationState.ACTIVE and _has_no_live_badge(accreditation)
    ),
    run=_issue,
    tone="primary",
    back=desk_url,
)
ORDER: Move[Accreditation] = Move(
    name="order_badges",
    label=_("Order badges"),
    sentence=_("Everybody chosen gets a badge, signed and drawn on sheets. The work goes on when you leave the page."),
    may=can_issue_badge,
    fits=lambda accreditation, user: False,
    run=_issue,
    run_together=_order,
    form=StackForm,
    in_bulk=True,
)
ACCREDITATION_BADGE_MOVES: tuple[Move[Accreditation], ...] = (ISSUE, ORDER)
