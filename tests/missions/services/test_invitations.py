"""The way of an invitation."""

import datetime as dt

import pytest

from missions.errors import NoteMissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.models import Election, Invitation, Organization
from missions.services.invitations import (
    Note,
    amend_invitation,
    lapse_invitation,
    plan_invitation,
    record_reply,
    send_invitation,
    strike_invitation,
    withdraw_acceptance,
)
from missions.states import INVITATION_TRANSITIONS, InvitationState, Inviter

pytestmark = pytest.mark.django_db
NOTE = Note("12/24", dt.date(2023, 12, 11), "Secretary General", 350)
EDGES = {
    ("planned", "sent"),
    ("planned", "not_invited"),
    ("sent", "accepted"),
    ("sent", "declined"),
    ("sent", "lapsed"),
    ("accepted", "withdrawn"),
}


@pytest.fixture
def planned(election: Election, organization: Organization, at: dt.datetime) -> Invitation:
    return plan_invitation(election=election, organization=organization, inviter=Inviter.MFA, by=None, at=at)


@pytest.mark.parametrize("source", InvitationState)
@pytest.mark.parametrize("target", InvitationState)
def test_the_whole_square_of_states(source: InvitationState, target: InvitationState) -> None:
    allowed = (source.value, target.value) in EDGES

    if allowed:
        ensure_transition(INVITATION_TRANSITIONS, source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            ensure_transition(INVITATION_TRANSITIONS, source, target)


def test_planning_twice_is_planning_once(planned: Invitation, at: dt.datetime) -> None:
    again = plan_invitation(
        election=planned.election, organization=planned.organization, inviter=Inviter.MFA, by=None, at=at
    )

    assert again == planned
    assert list(Event.objects.of(planned).values_list("verb", "to_state")) == [("invitation_planned", "planned")]


def test_an_invitation_is_sent_and_accepted(planned: Invitation, at: dt.datetime) -> None:
    sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
    accepted = record_reply(invitation=sent, accepted=True, replied_on=dt.date(2023, 12, 20), by=None, at=at)

    assert (accepted.state, accepted.note_number, accepted.ceiling) == ("accepted", "12/24", 350)
    assert list(Event.objects.of(planned).values_list("verb", "from_state", "to_state")) == [
        ("invitation_planned", "", "planned"),
        ("invitation_sent", "planned", "sent"),
        ("invitation_accepted", "sent", "accepted"),
    ]


def test_a_note_without_a_number_is_refused(planned: Invitation, at: dt.datetime) -> None:
    with pytest.raises(NoteMissingError):
        send_invitation(invitation=planned, note=Note(" ", NOTE.dated), by=None, at=at)

    planned.refresh_from_db()
    assert planned.state == InvitationState.PLANNED


def test_the_other_ends(election: Election, organization: Organization, planned: Invitation, at: dt.datetime) -> None:
    by_parliament, by_commission = (
        plan_invitation(election=election, organization=organization, inviter=inviter, by=None, at=at)
        for inviter in (Inviter.PARLIAMENT, Inviter.CEC)
    )
    sent = send_invitation(invitation=by_parliament, note=NOTE, by=None, at=at)
    answered = send_invitation(invitation=by_commission, note=NOTE, by=None, at=at)
    accepted = record_reply(invitation=answered, accepted=True, replied_on=NOTE.dated, by=None, at=at)

    assert strike_invitation(invitation=planned, by=None, at=at).state == "not_invited"
    assert lapse_invitation(invitation=sent, by=None, at=at).state == "lapsed"
    assert withdraw_acceptance(invitation=accepted, by=None, at=at).state == "withdrawn"


def test_a_stale_copy_cannot_answer_twice(planned: Invitation, at: dt.datetime) -> None:
    sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
    record_reply(invitation=sent, accepted=False, replied_on=NOTE.dated, by=None, at=at)

    with pytest.raises(IllegalTransitionError):
        record_reply(invitation=sent, accepted=True, replied_on=NOTE.dated, by=None, at=at)


def test_a_note_is_amended_without_a_change_of_state(planned: Invitation, at: dt.datetime) -> None:
    sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
    corrected = Note(NOTE.number, NOTE.dated, NOTE.addressee, 400)

    amended, changed = amend_invitation(invitation=sent, note=corrected, replied_on=None, by=None, at=at)
    _same, changed_again = amend_invitation(invitation=sent, note=corrected, replied_on=None, by=None, at=at)

    assert (changed, changed_again) == (True, False)
    assert (amended.state, amended.ceiling) == ("sent", 400)
    (event,) = Event.objects.of(planned).filter(verb="invitation_amended")
    assert event.changed == ["ceiling"]


def test_what_was_never_sent_has_no_note_to_amend(planned: Invitation, at: dt.datetime) -> None:
    with pytest.raises(NoteMissingError):
        amend_invitation(invitation=planned, note=NOTE, replied_on=None, by=None, at=at)
