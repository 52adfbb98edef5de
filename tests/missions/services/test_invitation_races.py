"""Real connections at the same moment: one answer per invitation, and the sum of what several grant."""

import datetime as dt
import threading
from functools import partial

import pytest

from missions.errors import InvitationChangedError
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
)
from missions.services.missions import MissionFacts, settle_mission
from missions.states import DeploymentMode, InvitationState, Inviter, MissionKind
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20
DAY = dt.date(2023, 12, 11)
INVITERS = (Inviter.MFA, Inviter.PARLIAMENT, Inviter.CEC)


def sent(
    election: Election, organization: Organization, inviter: Inviter, at: dt.datetime, places: int = 10
) -> Invitation:
    planned = plan_invitation(election=election, organization=organization, inviter=inviter, by=None, at=at)
    return send_invitation(invitation=planned, note=Note("1", DAY, ceiling=places), by=None, at=at)


def test_an_invitation_is_answered_once_whoever_clicks(
    election: Election, organization: Organization, mission: Mission, at: dt.datetime
) -> None:
    for _round in range(ROUNDS):
        invitation = sent(election, organization, Inviter.MFA, at)
        events = Event.objects.of(invitation).count()
        acts = [
            partial(record_reply, invitation=invitation, accepted=True, replied_on=DAY, by=None, at=at),
            partial(record_reply, invitation=invitation, accepted=False, replied_on=DAY, by=None, at=at),
            partial(lapse_invitation, invitation=invitation, by=None, at=at),
            partial(lapse_invitation, invitation=invitation, by=None, at=at),
        ]

        results = race(acts * (RACERS // 4))

        assert errors_of(results) == [IllegalTransitionError] * (RACERS - 1)
        invitation.refresh_from_db()
        assert invitation.state in ("accepted", "declined", "lapsed")
        assert Event.objects.of(invitation).count() == events + 1
        Invitation.objects.all().delete()


def test_an_organization_is_put_on_a_list_once(election: Election, organization: Organization, at: dt.datetime) -> None:
    plan = partial(plan_invitation, election=election, organization=organization, inviter=Inviter.MFA, by=None, at=at)

    results = race([plan] * RACERS)

    assert errors_of(results) == []
    assert (Invitation.objects.count(), Event.objects.filter(verb="invitation_planned").count()) == (1, 1)


def test_of_those_who_correct_the_same_note_one_is_heard(
    election: Election, organization: Organization, at: dt.datetime
) -> None:
    invitation = sent(election, organization, Inviter.MFA, at)
    acts = [
        partial(
            amend_invitation,
            invitation=invitation,
            note=Note("1", DAY, ceiling=100 + number),
            replied_on=None,
            by=None,
            at=at,
            version=invitation.version,
        )
        for number in range(RACERS)
    ]

    results = race(acts)

    assert errors_of(results) == [InvitationChangedError] * (RACERS - 1)
    assert Event.objects.filter(verb="invitation_amended").count() == 1


def test_replies_to_three_authorities_at_once_add_up(
    election: Election, organization: Organization, mission: Mission, at: dt.datetime
) -> None:
    for _round in range(ROUNDS):
        acts = [
            partial(
                record_reply,
                invitation=sent(election, organization, inviter, at, places),
                accepted=True,
                replied_on=DAY,
                by=None,
                at=at,
            )
            for inviter, places in zip(INVITERS, (100, 20, 3), strict=True)
        ]

        assert errors_of(race(acts)) == []

        mission.refresh_from_db()
        assert mission.ceiling == 123
        Invitation.objects.all().delete()


def test_adding_up_without_the_lock_forgets_replies(
    election: Election, organization: Organization, mission: Mission, at: dt.datetime
) -> None:
    """The control: who sums up before the others have written leaves a ceiling that is too low."""
    rows = [sent(election, organization, inviter, at, 10) for inviter in INVITERS]
    everybody_has_summed = threading.Barrier(len(rows))

    def accept_unguarded(invitation: Invitation) -> None:
        accepted = Invitation.objects.accepted().filter(organization=organization).values_list("ceiling", flat=True)
        places = sum(ceiling or 0 for ceiling in accepted) + (invitation.ceiling or 0)
        everybody_has_summed.wait(timeout=30)
        Invitation.objects.filter(pk=invitation.pk).update(state=InvitationState.ACCEPTED, replied_on=DAY)
        Mission.objects.filter(pk=mission.pk).update(ceiling=places)

    race([partial(accept_unguarded, row) for row in rows])

    mission.refresh_from_db()
    assert mission.ceiling == 10  # and thirty were granted


def test_a_mission_that_is_settled_while_its_invitation_is_accepted_gets_its_places(
    election: Election, organization: Organization, at: dt.datetime
) -> None:
    facts = MissionFacts(
        code="ODIHR",
        name="ODIHR mission",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        organization=organization,
        parent=None,
        template_code="",
    )
    for _round in range(ROUNDS):
        accept = partial(
            record_reply,
            invitation=sent(election, organization, Inviter.MFA, at, 30),
            accepted=True,
            replied_on=DAY,
            by=None,
            at=at,
        )
        settle = partial(settle_mission, election=election, facts=facts, by=None, at=at)

        assert errors_of(race([accept, settle])) == []

        assert Mission.objects.get().ceiling == 30
        Mission.objects.all().delete()
        Invitation.objects.all().delete()
