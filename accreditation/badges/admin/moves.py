"""The acts on a badge, in the order of its life: printed, handed over, taken back, lost, replaced, void, destroyed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accreditation.badges.admin.forms import (
    DestructionForm,
    FormatForm,
    HandOverForm,
    OptionalNoteForm,
    PrintForm,
    ReissueForm,
    VoidForm,
)
from accreditation.badges.models import Badge
from accreditation.badges.permissions import can_hand_over_badge, can_issue_badge
from accreditation.badges.rules import DESTROYABLE, REPLACEABLE
from accreditation.badges.services.custody import (
    destroy_badge,
    hand_over_badge,
    report_badge_lost,
    return_badge,
    void_badge,
)
from accreditation.badges.services.desk import print_badge
from accreditation.badges.services.issuing import reissue_badge
from accreditation.badges.states import BadgeState, CardFormat, CollectionProof, VoidReason
from accreditation.states import LIVE_ACCREDITATION_STATES
from missions.admin.moves import Move
from missions.models import User

_B = BadgeState


def _print(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    serial, card_format = answers["stock_serial"], CardFormat(answers["card_format"])
    return print_badge(badge=badge, stock_serial=serial, card_format=card_format, by=by, at=at)


def _print_again(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return _print(badge, {**answers, "stock_serial": badge.stock_serial}, by, at)


def _hand_over(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    proof = CollectionProof(answers["proof"])
    return hand_over_badge(badge=badge, collected_by=answers["collected_by"], proof=proof, by=by, at=at)


def _return(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return return_badge(badge=badge, note=answers["note"], by=by, at=at)


def _lose(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return report_badge_lost(badge=badge, note=answers["note"], by=by, at=at)


def _reissue(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return reissue_badge(badge=badge, reason=VoidReason(answers["reason"]), note=answers["note"], by=by, at=at)


def _void(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return void_badge(badge=badge, reason=VoidReason(answers["reason"]), note=answers["note"], by=by, at=at)


def _destroy(badge: Badge, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return destroy_badge(badge=badge, witness=answers["witness"], by=by, at=at)


def _may_count(badge: Badge) -> bool:
    """Whether the card may open a door, today or once a suspension is lifted; after the end nobody gets one."""
    return badge.accreditation.state in LIVE_ACCREDITATION_STATES


PRINT: Move[Badge] = Move(
    name="print",
    label=_("Print"),
    sentence=_("The card is drawn as a PDF, and the blank card that it goes on is noted."),
    may=can_issue_badge,
    fits=lambda badge, user: badge.state in (_B.INTENDED, _B.SIGNED) and _may_count(badge),
    run=_print,
    form=PrintForm,
    tone="primary",
)
#: For who printed the card and lost the file.
PRINT_AGAIN: Move[Badge] = Move(
    name="print_again",
    label=_("Save the card again"),
    sentence="",
    may=can_issue_badge,
    fits=lambda badge, user: badge.state == _B.PRINTED and badge.printed_by_id == user.pk and _may_count(badge),
    run=_print_again,
    form=FormatForm,
)
HAND_OVER: Move[Badge] = Move(
    name="hand_over",
    label=_("Hand over"),
    sentence=_("The badge leaves the desk. Who took it is kept in its story."),
    may=can_hand_over_badge,
    fits=lambda badge, user: badge.state == _B.PRINTED and _may_count(badge),
    run=_hand_over,
    form=HandOverForm,
    tone="success",
)
TAKE_BACK: Move[Badge] = Move(
    name="take_back",
    label=_("Take back"),
    sentence=_("The badge is at the desk again and opens no door any more."),
    may=can_hand_over_badge,
    fits=lambda badge, user: badge.state in (_B.HANDED_OVER, _B.LOST),
    run=_return,
    form=OptionalNoteForm,
)
LOSE: Move[Badge] = Move(
    name="lose",
    label=_("Report as lost"),
    sentence=_("Devices refuse the badge from the next list on that they get. It never works again."),
    may=can_hand_over_badge,
    fits=lambda badge, user: badge.state == _B.HANDED_OVER,
    run=_lose,
    form=OptionalNoteForm,
    tone="danger",
)
REISSUE: Move[Badge] = Move(
    name="reissue",
    label=_("Issue anew"),
    sentence=_("A new badge under a new number says how things stand now. This one is void at once."),
    may=can_issue_badge,
    fits=lambda badge, user: badge.state in REPLACEABLE and _may_count(badge),
    run=_reissue,
    form=ReissueForm,
)
VOID: Move[Badge] = Move(
    name="void",
    label=_("Make void"),
    sentence=_("The badge opens no door any more, and no other takes its place. This cannot be undone."),
    may=can_issue_badge,
    fits=lambda badge, user: badge.state not in (_B.RETURNED, _B.VOID),
    run=_void,
    form=VoidForm,
    tone="danger",
)
DESTROY: Move[Badge] = Move(
    name="destroy",
    label=_("Note the destruction"),
    sentence=_("The card is destroyed before a witness, whose name is kept."),
    may=can_issue_badge,
    fits=lambda badge, user: badge.state in DESTROYABLE and badge.printed_at is not None and badge.destroyed_at is None,
    run=_destroy,
    form=DestructionForm,
)
#: Those of the page of a badge; printing belongs to the desk, where the card is given out.
BADGE_MOVES: tuple[Move[Badge], ...] = (HAND_OVER, TAKE_BACK, LOSE, REISSUE, VOID, DESTROY)
