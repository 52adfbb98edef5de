"""What the desk may do with invitations: one entry per edge, and the correction of a note."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.moves import Move, MoveForm, OptionalReasonForm, ReasonForm, Viewer
from missions.models import Invitation, User
from missions.permissions import can_change_invitation
from missions.services import invitations
from missions.services.invitations import Note
from missions.states import InvitationState

_S = InvitationState
Answers = Mapping[str, Any]
#: These went out, and have a note that can be corrected.
WITH_NOTE = (_S.SENT, _S.ACCEPTED, _S.DECLINED, _S.LAPSED, _S.WITHDRAWN)
ANSWERED = (_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN)
#: More places than any organization fills.
LARGEST_CEILING = 100_000


class NoteForm(MoveForm):
    """Asks what the note says."""

    note_number = forms.CharField(label=_("Number of the note"), max_length=60, widget=UnfoldAdminTextInputWidget())
    note_date = forms.DateField(label=_("Date of the note"), widget=UnfoldAdminSingleDateWidget())
    addressee = forms.CharField(
        label=_("Addressee"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget()
    )
    ceiling = forms.IntegerField(
        label=_("Places"),
        min_value=0,
        max_value=LARGEST_CEILING,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("How many people the organization may send. Empty: no ceiling."),
    )
    reply_by = forms.DateField(
        label=_("Reply by"),
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text=_("The last day for the reply, if the note names one."),
    )


class AmendmentForm(NoteForm):
    """Shows what the note and the reply say now, to be corrected."""

    replied_on = forms.DateField(label=_("Replied on"), widget=UnfoldAdminSingleDateWidget())
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        (invitation,) = subjects
        super().__init__(*args, subjects=subjects, initial=forms.model_to_dict(invitation), **kwargs)
        self.fields["version"].initial = getattr(invitation, "version", None)
        if getattr(invitation, "state", None) not in ANSWERED:
            del self.fields["replied_on"]


class ReplyForm(MoveForm):
    """Asks for the answer and its day."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[(_S.ACCEPTED, _("The organization accepts")), (_S.DECLINED, _("The organization declines"))],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    replied_on = forms.DateField(label=_("Replied on"), widget=UnfoldAdminSingleDateWidget())


def _note(answers: Answers) -> Note:
    return Note(
        number=answers["note_number"],
        dated=answers["note_date"],
        addressee=answers["addressee"],
        ceiling=answers["ceiling"],
        reply_by=answers["reply_by"],
    )


def _send(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    return invitations.send_invitation(invitation=invitation, note=_note(answers), by=by, at=at)


def _reply(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    accepted = answers["answer"] == _S.ACCEPTED
    return invitations.record_reply(
        invitation=invitation, accepted=accepted, replied_on=answers["replied_on"], by=by, at=at
    )


def _amend(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    return invitations.amend_invitation(
        invitation=invitation,
        note=_note(answers),
        replied_on=answers.get("replied_on"),
        by=by,
        at=at,
        version=answers["version"],
    )


def _strike(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    return invitations.strike_invitation(invitation=invitation, by=by, at=at, reason=answers["reason"])


def _lapse(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    return invitations.lapse_invitation(invitation=invitation, by=by, at=at, reason=answers["reason"])


def _withdraw(invitation: Invitation, answers: Answers, by: User, at: datetime) -> object:
    return invitations.withdraw_acceptance(invitation=invitation, by=by, at=at, reason=answers["reason"])


class _In:
    """True for an invitation in one of these states."""

    def __init__(self, states: Collection[InvitationState]) -> None:
        self.states = states

    def __call__(self, invitation: Invitation, user: Viewer) -> bool:
        return invitation.state in self.states


INVITATION_MOVES: tuple[Move[Invitation], ...] = (
    Move(
        name="send",
        label=_("Record the note"),
        sentence=_("The invitation counts as sent. The note is written and delivered outside this product."),
        may=can_change_invitation,
        fits=_In({_S.PLANNED}),
        run=_send,
        form=NoteForm,
        tone="primary",
    ),
    Move(
        name="reply",
        label=_("Record the reply"),
        sentence=_("Once accepted, the places of the note belong to the organization's mission."),
        may=can_change_invitation,
        fits=_In({_S.SENT}),
        run=_reply,
        form=ReplyForm,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="amend",
        label=_("Correct the note"),
        sentence=_("The state stays as it is. Places that are taken already cannot be taken away."),
        may=can_change_invitation,
        fits=_In(WITH_NOTE),
        run=_amend,
        form=AmendmentForm,
    ),
    Move(
        name="strike",
        label=_("Do not invite"),
        sentence=_("The organization stays on record as not invited by this authority."),
        may=can_change_invitation,
        fits=_In({_S.PLANNED}),
        run=_strike,
        form=OptionalReasonForm,
        tone="danger",
        in_bulk=True,
    ),
    Move(
        name="lapse",
        label=_("Let lapse"),
        sentence=_("Nobody answered. The note and its last day for the reply stay on record."),
        may=can_change_invitation,
        fits=_In({_S.SENT}),
        run=_lapse,
        form=OptionalReasonForm,
        in_bulk=True,
    ),
    Move(
        name="withdraw",
        label=_("Withdraw the acceptance"),
        sentence=_("The organization does not come after all; the places of this invitation are gone."),
        may=can_change_invitation,
        fits=_In({_S.ACCEPTED}),
        run=_withdraw,
        form=ReasonForm,
        tone="danger",
    ),
)
