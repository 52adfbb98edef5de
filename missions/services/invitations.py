"""The way of an invitation: planned, sent by note, answered. One function per edge.

Every function locks the invitation with its organization, checks the table and the rules, writes, and appends one
event. What is accepted, amended or withdrawn settles the ceiling of the organization's mission in the same
transaction, and raises CeilingBelowNominationsError if the mission has taken more places than are left. Each raises
MissingError, IllegalTransitionError, and what its own text names.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from missions.errors import (
    InvitationChangedError,
    InvitationDatesError,
    InviterNotAllowedError,
    NoteMissingError,
    ReplyStillOpenError,
)
from missions.kernel.errors import MissingError, Violation
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Invitation, Organization, User
from missions.rules import date_violations, inviters_under
from missions.services.ceilings import settle_ceiling
from missions.states import INVITATION_TRANSITIONS, InvitationState, Inviter

_S = InvitationState


@dataclass(frozen=True, slots=True)
class Note:
    """The note verbale that carries an invitation, and how many places it grants (None: no ceiling).

    `reply_by` is the last day for the reply in the zone of the election; None: the note names none.
    """

    number: str
    dated: date
    addressee: str = ""
    ceiling: int | None = None
    reply_by: date | None = None


def plan_invitation(
    *, election: Election, organization: Organization, inviter: Inviter, by: User | None, at: datetime
) -> Invitation:
    """Put an organization on the list of one inviting authority; doing so twice changes nothing.

    Raises InviterNotAllowedError where the law is known to name others.
    """
    if inviter not in inviters_under(election.profile_code):
        detail = _("%s may not invite to this election.") % capfirst(inviter.label)
        raise InviterNotAllowedError(detail, violations=[Violation("inviter", "inviter-not-allowed", detail)])
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(
            election=election, organization=organization, inviter=inviter
        )
        if is_new:
            record_event("invitation_planned", invitation, by=by, at=at, to_state=_S.PLANNED)
    return invitation


def send_invitation(*, invitation: Invitation, note: Note, by: User | None, at: datetime) -> Invitation:
    """Record that the note went out. Raises NoteMissingError without its number, InvitationDatesError."""
    _ensure_sound(note)
    with transaction.atomic():
        locked = _lock(invitation, _S.SENT)
        _move(locked, _S.SENT, by=by, at=at, changed=_write(locked, note))
    return locked


def record_reply(
    *, invitation: Invitation, accepted: bool, replied_on: date, by: User | None, at: datetime
) -> Invitation:
    """Record the organization's answer and the local day of it. Raises InvitationDatesError."""
    target = _S.ACCEPTED if accepted else _S.DECLINED
    with transaction.atomic():
        locked = _lock(invitation, target)
        _ensure_in_order(noted_on=locked.note_date, replied_on=replied_on)
        locked.replied_on = replied_on
        _move(locked, target, by=by, at=at, changed=["replied_on"])
        if accepted:
            _settle(locked, by=by, at=at)
    return locked


def amend_invitation(
    *,
    invitation: Invitation,
    note: Note,
    replied_on: date | None,
    by: User | None,
    at: datetime,
    version: int | None = None,
) -> tuple[Invitation, bool]:
    """Correct what the note or the day of the reply say, the state staying as it is; returns whether anything changed.

    `version` is the one that the person saw; None: whatever it is now. Raises NoteMissingError if the note has no
    number or the invitation was never sent, InvitationDatesError, InvitationChangedError if somebody was faster.
    """
    _ensure_sound(note, replied_on)
    with transaction.atomic():
        locked = _locked(invitation)
        if version is not None and locked.version != version:
            raise InvitationChangedError
        if locked.note_date is None:
            raise NoteMissingError(_("Only an invitation with a note can be amended."))
        changed = _write(locked, note, replied_on=replied_on)
        if changed:
            _save(locked, changed)
            record_event("invitation_amended", locked, by=by, at=at, changed=changed)
        if "ceiling" in changed and locked.state == _S.ACCEPTED:
            _settle(locked, by=by, at=at)
    return locked, bool(changed)


def strike_invitation(*, invitation: Invitation, by: User | None, at: datetime, reason: str = "") -> Invitation:
    """Decide not to invite an organization that was on the list."""
    return _close(invitation, _S.NOT_INVITED, by=by, at=at, reason=reason)


def lapse_invitation(*, invitation: Invitation, by: User | None, at: datetime, reason: str = "") -> Invitation:
    """Close an invitation that nobody answered. Raises ReplyStillOpenError until the last day for it is over."""
    with transaction.atomic():
        locked = _lock(invitation, _S.LAPSED)
        if locked.reply_by is not None and at.astimezone(locked.election.zone).date() <= locked.reply_by:
            raise ReplyStillOpenError
        _move(locked, _S.LAPSED, by=by, at=at, reason=reason)
    return locked


def withdraw_acceptance(*, invitation: Invitation, by: User | None, at: datetime, reason: str = "") -> Invitation:
    """Record that the organization does not come after all; the places of this invitation are gone."""
    with transaction.atomic():
        locked = _close(invitation, _S.WITHDRAWN, by=by, at=at, reason=reason)
        _settle(locked, by=by, at=at)
    return locked


def _close(
    invitation: Invitation, target: InvitationState, *, by: User | None, at: datetime, reason: str
) -> Invitation:
    with transaction.atomic():
        locked = _lock(invitation, target)
        _move(locked, target, by=by, at=at, reason=reason)
    return locked


def _ensure_sound(note: Note, replied_on: date | None = None) -> None:
    if not note.number.strip():
        detail = _("An invitation is sent by a note with a number.")
        raise NoteMissingError(detail, violations=[Violation("note_number", "note-missing", detail)])
    _ensure_in_order(noted_on=note.dated, reply_by=note.reply_by, replied_on=replied_on)


def _ensure_in_order(*, noted_on: date | None, reply_by: date | None = None, replied_on: date | None = None) -> None:
    if noted_on is None:  # never sent: the table has no edge to a reply
        return
    violations = date_violations(noted_on=noted_on, reply_by=reply_by, replied_on=replied_on)
    if violations:
        raise InvitationDatesError(violations[0].detail, violations=violations)


def _locked(invitation: Invitation) -> Invitation:
    """The stored row. The lock of its organization makes one act on invitations wait for another."""
    rows = Invitation.objects.select_for_update(of=("self", "organization"), no_key=True)
    try:
        return rows.select_related("organization", "election").get(pk=invitation.pk)
    except Invitation.DoesNotExist:
        raise MissingError from None


def _lock(invitation: Invitation, target: InvitationState) -> Invitation:
    locked = _locked(invitation)
    ensure_transition(INVITATION_TRANSITIONS, _S(locked.state), target)
    return locked


def _write(invitation: Invitation, note: Note, **more: date | None) -> list[str]:
    """Set what the note says on the row; the names of the fields that differ from before."""
    values: dict[str, object] = {
        "note_number": note.number.strip(),
        "note_date": note.dated,
        "addressee": note.addressee.strip(),
        "ceiling": note.ceiling,
        "reply_by": note.reply_by,
        **more,
    }
    changed = [name for name, value in values.items() if getattr(invitation, name) != value]
    for name in changed:
        setattr(invitation, name, values[name])
    return changed


def _save(invitation: Invitation, changed: list[str]) -> None:
    invitation.version += 1
    invitation.save(update_fields=[*changed, "version"])


def _move(
    invitation: Invitation,
    target: InvitationState,
    *,
    by: User | None,
    at: datetime,
    changed: list[str] | None = None,
    reason: str = "",
) -> None:
    source, invitation.state = invitation.state, target
    fields = changed or []
    _save(invitation, ["state", *fields])
    record_event(
        f"invitation_{target}",
        invitation,
        by=by,
        at=at,
        from_state=source,
        to_state=target,
        changed=fields,
        reason=reason.strip(),
    )


def _settle(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    settle_ceiling(election=invitation.election, organization=invitation.organization, by=by, at=at)
