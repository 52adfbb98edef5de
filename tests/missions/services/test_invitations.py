"""The way of an invitation."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from missions.errors import (
    CeilingBelowNominationsError,
    InvitationChangedError,
    InvitationDatesError,
    InviterNotAllowedError,
    NoteMissingError,
    ReplyStillOpenError,
)
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Invitation, Mission, Organization
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
REPLIED = dt.date(2023, 12, 20)
_S = InvitationState
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


#: The service of each edge, by the state that it leads to.
SERVICES: dict[InvitationState, Callable[[Invitation, dt.datetime], Invitation]] = {
    _S.SENT: lambda row, at: send_invitation(invitation=row, note=NOTE, by=None, at=at),
    _S.NOT_INVITED: lambda row, at: strike_invitation(invitation=row, by=None, at=at),
    _S.ACCEPTED: lambda row, at: record_reply(invitation=row, accepted=True, replied_on=REPLIED, by=None, at=at),
    _S.DECLINED: lambda row, at: record_reply(invitation=row, accepted=False, replied_on=REPLIED, by=None, at=at),
    _S.LAPSED: lambda row, at: lapse_invitation(invitation=row, by=None, at=at),
    _S.WITHDRAWN: lambda row, at: withdraw_acceptance(invitation=row, by=None, at=at),
}


def in_state(invitation: Invitation, state: InvitationState) -> Invitation:
    """The invitation as if it stood in that state, with a note where there must be one."""
    has_note = state not in (_S.PLANNED, _S.NOT_INVITED)
    Invitation.objects.filter(pk=invitation.pk).update(
        state=state, note_number=NOTE.number if has_note else "", note_date=NOTE.dated if has_note else None
    )
    invitation.refresh_from_db()
    return invitation


@pytest.mark.parametrize("source", InvitationState)
@pytest.mark.parametrize("target", SERVICES)
def test_the_whole_square_through_the_services(
    planned: Invitation, at: dt.datetime, source: InvitationState, target: InvitationState
) -> None:
    invitation = in_state(planned, source)

    if (source.value, target.value) in EDGES:
        moved = SERVICES[target](invitation, at)
        assert (moved.state, moved.version) == (target, 2)
        last = Event.objects.of(planned).last()
        assert last is not None
        assert (last.verb, last.from_state, last.to_state) == (f"invitation_{target}", source, target)
    else:
        with pytest.raises(IllegalTransitionError):
            SERVICES[target](invitation, at)
        invitation.refresh_from_db()
        assert (invitation.state, Event.objects.of(planned).count()) == (source, 1)


def test_the_table_has_these_edges_and_no_others() -> None:
    edges = {(source.value, target.value) for source, targets in INVITATION_TRANSITIONS.items() for target in targets}

    assert edges == EDGES


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


def test_an_invitation_that_is_gone_is_missing(planned: Invitation, at: dt.datetime) -> None:
    Invitation.objects.filter(pk=planned.pk).delete()

    with pytest.raises(MissingError):
        strike_invitation(invitation=planned, by=None, at=at)


def test_only_authorities_that_the_law_names_invite(
    election: Election, organization: Organization, at: dt.datetime
) -> None:
    with pytest.raises(InviterNotAllowedError) as caught:
        plan_invitation(election=election, organization=organization, inviter=Inviter.PRESIDENT, by=None, at=at)

    assert [(violation.field, violation.code) for violation in caught.value.violations] == [
        ("inviter", "inviter-not-allowed")
    ]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("profile_code", ["ke-2022", "", "gone-2020"])
def test_where_the_law_is_not_known_every_authority_may_invite(
    election: Election, organization: Organization, at: dt.datetime, profile_code: str
) -> None:
    election.profile_code = profile_code

    for inviter in Inviter:
        plan_invitation(election=election, organization=organization, inviter=inviter, by=None, at=at)

    assert Invitation.objects.count() == len(Inviter)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"reply_by": dt.date(2023, 12, 10)}, "reply-by-before-note"),
        ({"replied_on": dt.date(2023, 12, 10)}, "reply-before-note"),
    ],
)
def test_nobody_replies_before_the_note(
    planned: Invitation, at: dt.datetime, days: dict[str, dt.date], code: str
) -> None:
    sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
    wrong = replace(NOTE, reply_by=days.get("reply_by"))

    with pytest.raises(InvitationDatesError) as caught:
        amend_invitation(invitation=sent, note=wrong, replied_on=days.get("replied_on"), by=None, at=at)

    assert [violation.code for violation in caught.value.violations] == [code]


def test_the_database_refuses_a_reply_before_the_note(planned: Invitation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=planned.pk).update(
            note_date=NOTE.dated, replied_on=NOTE.dated - dt.timedelta(days=1)
        )


@pytest.mark.parametrize(
    ("at", "lapses"),
    [
        (dt.datetime(2024, 1, 2, 19, 59, 59, tzinfo=dt.UTC), False),  # still 2 January in Baku
        (dt.datetime(2024, 1, 2, 20, 0, tzinfo=dt.UTC), True),  # the local midnight after it
    ],
)
def test_an_invitation_lapses_after_the_last_local_day_for_the_reply(
    planned: Invitation, at: dt.datetime, lapses: bool
) -> None:
    note = replace(NOTE, reply_by=dt.date(2024, 1, 2))
    sent = send_invitation(invitation=planned, note=note, by=None, at=at - dt.timedelta(days=9))

    if lapses:
        assert lapse_invitation(invitation=sent, by=None, at=at, reason="No answer.").state == "lapsed"
        last = Event.objects.of(planned).last()
        assert last is not None
        assert last.reason == "No answer."
    else:
        with pytest.raises(ReplyStillOpenError):
            lapse_invitation(invitation=sent, by=None, at=at)


def test_who_amends_what_somebody_else_has_amended_is_told(planned: Invitation, at: dt.datetime) -> None:
    sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
    seen = sent.version
    amend_invitation(invitation=sent, note=replace(NOTE, ceiling=400), replied_on=None, by=None, at=at, version=seen)

    with pytest.raises(InvitationChangedError):
        amend_invitation(invitation=sent, note=replace(NOTE, ceiling=9), replied_on=None, by=None, at=at, version=seen)

    planned.refresh_from_db()
    assert (planned.ceiling, planned.version) == (400, 3)


class TestCeilings:
    """What becomes of accepted invitations settles the places of the mission, in the same transaction."""

    @pytest.fixture
    def accept(
        self, election: Election, organization: Organization, at: dt.datetime
    ) -> Callable[[Inviter, int | None], Invitation]:
        def accept(inviter: Inviter, ceiling: int | None) -> Invitation:
            row = plan_invitation(election=election, organization=organization, inviter=inviter, by=None, at=at)
            row = send_invitation(invitation=row, note=replace(NOTE, ceiling=ceiling), by=None, at=at)
            return record_reply(invitation=row, accepted=True, replied_on=REPLIED, by=None, at=at)

        return accept

    @staticmethod
    def ceiling(mission: Mission) -> int | None:
        mission.refresh_from_db()
        return mission.ceiling

    def test_two_authorities_grant_the_sum_and_one_without_a_ceiling_lifts_it(
        self, mission: Mission, accept: Callable[[Inviter, int | None], Invitation]
    ) -> None:
        ceilings = []
        for inviter, places in ((Inviter.MFA, 30), (Inviter.PARLIAMENT, 12), (Inviter.CEC, None)):
            accept(inviter, places)
            ceilings.append(self.ceiling(mission))

        assert ceilings == [30, 42, None]
        assert (
            list(Event.objects.of(mission).values_list("verb", "changed", "scope_id"))
            == [("ceiling_settled", ["ceiling"], mission.pk)] * 3
        )

    def test_neither_planning_nor_sending_nor_refusing_changes_the_places(
        self, mission: Mission, planned: Invitation, at: dt.datetime
    ) -> None:
        sent = send_invitation(invitation=planned, note=NOTE, by=None, at=at)
        amend_invitation(invitation=sent, note=replace(NOTE, ceiling=3), replied_on=None, by=None, at=at)
        record_reply(invitation=sent, accepted=False, replied_on=REPLIED, by=None, at=at)

        assert self.ceiling(mission) == 10
        assert not Event.objects.of(mission).exists()

    def test_a_withdrawn_acceptance_takes_its_places_away(
        self, mission: Mission, accept: Callable[[Inviter, int | None], Invitation], at: dt.datetime
    ) -> None:
        first, second = accept(Inviter.MFA, 30), accept(Inviter.CEC, 12)

        withdraw_acceptance(invitation=first, by=None, at=at)
        after_one = self.ceiling(mission)
        withdraw_acceptance(invitation=second, by=None, at=at)

        assert (after_one, self.ceiling(mission)) == (12, 0)

    def test_places_that_are_taken_are_not_taken_away(
        self, mission: Mission, accept: Callable[[Inviter, int | None], Invitation], at: dt.datetime
    ) -> None:
        invitation = accept(Inviter.MFA, 30)
        Mission.objects.filter(pk=mission.pk).update(places_taken=21)
        events = Event.objects.count()

        with pytest.raises(CeilingBelowNominationsError, match="ODIHR has taken 21 places already"):
            withdraw_acceptance(invitation=invitation, by=None, at=at)
        with pytest.raises(CeilingBelowNominationsError):
            amend_invitation(invitation=invitation, note=replace(NOTE, ceiling=20), replied_on=REPLIED, by=None, at=at)
        amend_invitation(invitation=invitation, note=replace(NOTE, ceiling=21), replied_on=REPLIED, by=None, at=at)

        invitation.refresh_from_db()
        assert (invitation.state, invitation.ceiling, self.ceiling(mission)) == ("accepted", 21, 21)
        assert Event.objects.count() == events + 2  # the amendment and its ceiling; of the refused acts nothing stayed

    def test_the_missions_of_others_and_other_elections_keep_theirs(
        self, mission: Mission, other_mission: Mission, accept: Callable[[Inviter, int | None], Invitation]
    ) -> None:
        elsewhere = Election.objects.create(
            code="ke-2022",
            name="General election",
            host_country="KEN",
            e_day=dt.date(2022, 8, 9),
            time_zone="Africa/Nairobi",
            opens_at=dt.time(6),
            closes_at=dt.time(17),
        )
        same_sender = Mission.objects.create(
            election=elsewhere,
            organization=mission.organization,
            code="ODIHR",
            name="ODIHR in Kenya",
            kind=mission.kind,
            deployment_mode=mission.deployment_mode,
            ceiling=5,
        )

        accept(Inviter.MFA, 30)

        assert (self.ceiling(mission), self.ceiling(other_mission), self.ceiling(same_sender)) == (30, None, 5)
