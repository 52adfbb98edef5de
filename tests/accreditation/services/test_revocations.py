"""Revocations: two people, one person or a whole organization in one act, and what they bar from then on."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from accreditation.errors import (
    OrganizationRevokedError,
    ProposerDecidesError,
    RevocationClosedError,
    RevocationNotGroundedError,
    RevocationProposedError,
    SessionNotHeldYetError,
    SessionOfAnotherElectionError,
)
from accreditation.models import Accreditation, CommissionSession, Revocation
from accreditation.services.accreditations import restore_accreditation, return_accreditation
from accreditation.services.decisions import accredit_application
from accreditation.services.revocations import (
    carry_out_revocation,
    decide_revocation,
    drop_revocation,
    live_accreditations_of,
    propose_revocation,
    propose_revocation_of_organization,
)
from accreditation.states import ApplicationState
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, Organization, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

GROUND = "other_revocation"
TEXT = "Took part in the campaign."


@pytest.fixture
def proposal(accreditation: Accreditation, reviewer: User, at: dt.datetime) -> Revocation:
    return propose_revocation(accreditation=accreditation, ground=GROUND, text=f" {TEXT} ", by=reviewer, at=at)


@pytest.fixture
def accredited(make_application: MakeApplication, approver: User, lead: User, at: dt.datetime) -> list[Accreditation]:
    """Three people of the organization; the last one handed the card in."""
    people = [make_application(ApplicationState.SCHEDULED, person=draft_number(number)) for number in range(3)]
    rows = [accredit_application(application=row, by=approver, at=at) for row in people]
    return_accreditation(accreditation=rows[2], by=lead, at=at)
    return rows


@pytest.fixture
def against_all(
    accredited: list[Accreditation], organization: Organization, election: Election, reviewer: User, at: dt.datetime
) -> Revocation:
    return propose_revocation_of_organization(
        organization=organization, election=election, ground=GROUND, text=TEXT, by=reviewer, at=at
    )


def test_a_proposal_has_no_effect_until_somebody_else_decides(
    proposal: Revocation, accreditation: Accreditation, reviewer: User, approver: User, at: dt.datetime
) -> None:
    accreditation.refresh_from_db()
    assert (accreditation.state, proposal.text, live_accreditations_of(proposal)) == ("active", TEXT, 1)

    with pytest.raises(ProposerDecidesError):
        decide_revocation(revocation=proposal, by=reviewer, at=at)
    results = decide_revocation(revocation=proposal, by=approver, at=at)

    assert [(result.label, result.code) for result in results] == [("00001 Meyer Anna (ODIHR)", "")]
    accreditation.refresh_from_db()
    assert (accreditation.state, accreditation.reason, accreditation.revocation) == ("revoked", TEXT, proposal)
    assert (accreditation.ended_at, accreditation.application.closed_at) == (at, at)
    assert list(Event.objects.of(proposal).values_list("verb", "actor", "reason")) == [
        ("revocation_proposed", reviewer.pk, TEXT),
        ("revocation_decided", approver.pk, TEXT),
    ]
    assert Event.objects.of(accreditation).get(verb="revoked").actor == approver


def test_the_database_wants_two_people_reasons_and_one_subject(
    proposal: Revocation, approver: User, organization: Organization
) -> None:
    for columns, name in (
        (f"decided_by_id = {proposal.proposed_by_id}, decided_at = proposed_at", "revocation_by_two_people"),
        (f"decided_by_id = {approver.pk}", "revocation_decided_has_person"),
        ("text = ''", "revocation_has_reasons"),
        (f"organization_id = {organization.pk}", "revocation_of_one_or_all"),
        ("subject_id = NULL", "revocation_of_one_or_all"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE accreditation_revocation SET {columns}")  # noqa: S608  # our own text


@pytest.mark.parametrize(
    ("profile", "ground", "text", "codes"),
    [
        ("az-2024", "invented", "Why", ["unknown-ground"]),
        ("az-2024", "information_not_confirmed", "Why", ["unknown-ground"]),
        ("az-2024", "", " ", ["unknown-ground", "text-missing"]),
        ("", "", " ", ["text-missing"]),
    ],
)
def test_a_revocation_has_a_ground_of_the_law_and_reasons(
    accreditation: Accreditation,
    reviewer: User,
    at: dt.datetime,
    profile: str,
    ground: str,
    text: str,
    codes: list[str],
) -> None:
    accreditation.election.profile_code = profile

    with pytest.raises(RevocationNotGroundedError) as refused:
        propose_revocation(accreditation=accreditation, ground=ground, text=text, by=reviewer, at=at)

    assert [violation.code for violation in refused.value.violations] == codes


def test_without_a_known_law_the_reasons_are_enough(
    accreditation: Accreditation, reviewer: User, at: dt.datetime
) -> None:
    accreditation.election.profile_code = ""

    assert propose_revocation(accreditation=accreditation, ground="", text="Why", by=reviewer, at=at).ground == ""


def test_the_same_is_proposed_once_and_again_when_it_was_dropped(
    proposal: Revocation, accreditation: Accreditation, reviewer: User, at: dt.datetime
) -> None:
    with pytest.raises(RevocationProposedError):
        propose_revocation(accreditation=accreditation, ground=GROUND, text="Why", by=reviewer, at=at)

    drop_revocation(revocation=proposal, reason="A mistake.", by=reviewer, at=at)

    assert propose_revocation(accreditation=accreditation, ground=GROUND, text="Why", by=reviewer, at=at).pk


def test_what_is_decided_or_dropped_is_closed(
    proposal: Revocation, accreditation: Accreditation, approver: User, at: dt.datetime
) -> None:
    drop_revocation(revocation=proposal, reason="", by=approver, at=at)

    with pytest.raises(RevocationClosedError):
        decide_revocation(revocation=proposal, by=approver, at=at)
    with pytest.raises(RevocationClosedError):
        drop_revocation(revocation=proposal, reason="", by=approver, at=at)
    with pytest.raises(RevocationClosedError):
        carry_out_revocation(revocation=proposal, by=approver, at=at)


def test_what_has_ended_meanwhile_is_not_revoked(
    proposal: Revocation, accreditation: Accreditation, lead: User, reviewer: User, approver: User, at: dt.datetime
) -> None:
    return_accreditation(accreditation=accreditation, by=lead, at=at)
    accreditation.refresh_from_db()

    with pytest.raises(IllegalTransitionError):
        decide_revocation(revocation=proposal, by=approver, at=at)
    with pytest.raises(IllegalTransitionError):
        propose_revocation(accreditation=accreditation, ground=GROUND, text="Why", by=reviewer, at=at)

    proposal.refresh_from_db()
    assert proposal.decided_at is None


def test_an_organization_is_revoked_in_one_act_with_a_result_per_person(
    against_all: Revocation, accredited: list[Accreditation], mission: Mission, approver: User, at: dt.datetime
) -> None:
    assert live_accreditations_of(against_all) == 2

    results = decide_revocation(revocation=against_all, by=approver, at=at)

    assert [(result.label, result.code, result.detail) for result in results] == [
        ("00001 Adler Anna (ODIHR)", "", ""),
        ("00002 Brandt Anna (ODIHR)", "", ""),
        ("00003 Claus Anna (ODIHR)", "illegal-transition", "“returned” cannot become “revoked”."),
    ]
    assert list(Accreditation.objects.values_list("state", "revocation")) == [
        ("revoked", against_all.pk),
        ("revoked", against_all.pk),
        ("returned", None),
    ]


def test_from_then_on_nobody_of_the_organization_is_accredited(
    against_all: Revocation, make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED, person=draft_number(7))
    decide_revocation(revocation=against_all, by=approver, at=at)

    with pytest.raises(OrganizationRevokedError):
        accredit_application(application=application, by=approver, at=at)

    application.refresh_from_db()
    assert application.state == "scheduled"


def test_what_an_appeal_restored_is_not_taken_away_again(
    against_all: Revocation, accredited: list[Accreditation], approver: User, at: dt.datetime
) -> None:
    decide_revocation(revocation=against_all, by=approver, at=at)
    restore_accreditation(accreditation=accredited[0], reason="The court.", by=approver, at=at)
    against_all.refresh_from_db()

    results = carry_out_revocation(revocation=against_all, by=approver, at=at)

    assert [result.code for result in results] == ["illegal-transition"]
    assert Accreditation.objects.get(number=1).state == "active"


def test_an_interrupted_revocation_is_taken_up_where_it_ended(
    against_all: Revocation, approver: User, at: dt.datetime
) -> None:
    Revocation.objects.update(decided_by=approver, decided_at=at)  # and the process died here
    against_all.refresh_from_db()

    results = carry_out_revocation(revocation=against_all, by=approver, at=at)

    assert [result.code for result in results] == ["", "", "illegal-transition"]


@pytest.mark.parametrize("error", [SessionNotHeldYetError, SessionOfAnotherElectionError])
def test_a_session_that_decides_has_been_held_and_is_of_this_election(
    proposal: Revocation,
    session: CommissionSession,
    election: Election,
    approver: User,
    at: dt.datetime,
    error: type[DomainError],
) -> None:
    if error is SessionNotHeldYetError:
        session.held_at = at + dt.timedelta(seconds=1)
    else:
        election.pk, election.code = None, "other"
        election.save()
        session.election = election

    with pytest.raises(error):
        decide_revocation(revocation=proposal, session=session, by=approver, at=at)
