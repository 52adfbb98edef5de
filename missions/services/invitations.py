"""The way of an invitation: planned, sent by note, answered. One function per edge."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.errors import NoteMissingError
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Invitation, Organization, User
from missions.states import INVITATION_TRANSITIONS, InvitationState, Inviter

_S = InvitationState


@dataclass(frozen=True, slots=True)
class Note:
    """The note verbale that carries an invitation, and how many places it grants (None: no ceiling)."""

    number: str
    dated: date
    addressee: str = ""
    ceiling: int | None = None


def plan_invitation(
    *, election: Election, organization: Organization, inviter: Inviter, by: User | None, at: datetime
) -> Invitation:
    """Put an organization on the list of one inviting authority; doing so twice changes nothing."""
    with transaction.atomic():
        invitation, is_new = Invitation.objects.get_or_create(
            election=election, organization=organization, inviter=inviter
        )
        if is_new:
            record_event("invitation_planned", invitation, by=by, at=at, to_state=_S.PLANNED)
    return invitation


def send_invitation(*, invitation: Invitation, note: Note, by: User | None, at: datetime) -> Invitation:
    """Record that the note went out. Raises NoteMissingError, IllegalTransitionError."""
    if not note.number.strip():
        raise NoteMissingError(_("An invitation is sent by a note with a number."))
    with transaction.atomic():
        locked = _lock(invitation, _S.SENT)
        locked.note_number, locked.note_date = note.number.strip(), note.dated
        locked.addressee, locked.ceiling = note.addressee, note.ceiling
        _move(locked, _S.SENT, by=by, at=at, changed=("note_number", "note_date", "addressee", "ceiling"))
    return locked


def record_reply(
    *, invitation: Invitation, accepted: bool, replied_on: date, by: User | None, at: datetime
) -> Invitation:
    """Record the organization's answer. Raises IllegalTransitionError."""
    target = _S.ACCEPTED if accepted else _S.DECLINED
    with transaction.atomic():
        locked = _lock(invitation, target)
        locked.replied_on = replied_on
        _move(locked, target, by=by, at=at, changed=("replied_on",))
    return locked


def amend_invitation(
    *, invitation: Invitation, note: Note, replied_on: date | None, by: User | None, at: datetime
) -> tuple[Invitation, bool]:
    """Correct what the note or the day of the reply say, the state staying as it is; returns whether anything changed.

    Raises NoteMissingError if the note has no number, or the invitation was never sent.
    """
    values = {
        "note_number": note.number.strip(),
        "note_date": note.dated,
        "addressee": note.addressee,
        "ceiling": note.ceiling,
        "replied_on": replied_on,
    }
    with transaction.atomic():
        locked = _locked(invitation)
        if locked.note_date is None or not values["note_number"]:
            raise NoteMissingError(_("Only an invitation with a note can be amended."))
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            locked.save(update_fields=changed)
            record_event("invitation_amended", locked, by=by, at=at, changed=changed)
    return locked, bool(changed)


def strike_invitation(*, invitation: Invitation, by: User | None, at: datetime) -> Invitation:
    """Decide not to invite an organization that was on the list. Raises IllegalTransitionError."""
    return _close(invitation, _S.NOT_INVITED, by=by, at=at)


def lapse_invitation(*, invitation: Invitation, by: User | None, at: datetime) -> Invitation:
    """Close an invitation that nobody answered. Raises IllegalTransitionError."""
    return _close(invitation, _S.LAPSED, by=by, at=at)


def withdraw_acceptance(*, invitation: Invitation, by: User | None, at: datetime) -> Invitation:
    """Record that the organization does not come after all. Raises IllegalTransitionError."""
    return _close(invitation, _S.WITHDRAWN, by=by, at=at)


def _close(invitation: Invitation, target: InvitationState, *, by: User | None, at: datetime) -> Invitation:
    with transaction.atomic():
        locked = _lock(invitation, target)
        _move(locked, target, by=by, at=at)
    return locked


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("organization").get(pk=invitation.pk)


def _lock(invitation: Invitation, target: InvitationState) -> Invitation:
    locked = _locked(invitation)
    ensure_transition(INVITATION_TRANSITIONS, _S(locked.state), target)
    return locked


def _move(
    invitation: Invitation,
    target: InvitationState,
    *,
    by: User | None,
    at: datetime,
    changed: tuple[str, ...] = (),
) -> None:
    source, invitation.state = invitation.state, target
    invitation.save(update_fields=["state", *changed])
    record_event(f"invitation_{target}", invitation, by=by, at=at, from_state=source, to_state=target, changed=changed)
