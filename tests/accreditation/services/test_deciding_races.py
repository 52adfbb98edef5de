"""Decisions on real connections at the same moment: one wins, the others are told so. On both databases."""

import datetime as dt
import threading
from functools import partial

import pytest
from django.db.models import F

from accreditation.errors import AgendaItemDecidedError, OrganizationRevokedError, RevocationClosedError
from accreditation.models import Accreditation, AgendaItem, Application, CommissionSession, Decision, Revocation
from accreditation.services import verdicts
from accreditation.services.agenda import schedule_application, schedule_list
from accreditation.services.applications import withdraw_application
from accreditation.services.decisions import accredit_application
from accreditation.services.revocations import decide_revocation, propose_revocation_of_organization
from accreditation.services.sessions import call_session
from accreditation.services.verdicts import Votes
from accreditation.services.voting import ACCREDIT, decide_item
from accreditation.states import ApplicationState
from missions.kernel.errors import ConflictError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Commission, Election, Mission, Organization, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20
_S = ApplicationState


@pytest.fixture
def against_all(
    organization: Organization, election: Election, mission: Mission, reviewer: User, at: dt.datetime
) -> Revocation:
    return propose_revocation_of_organization(
        organization=organization, election=election, ground="other_revocation", text="Why", by=reviewer, at=at
    )


def test_of_approval_and_withdrawal_one_wins_with_one_event_and_one_mail(
    make_application: MakeApplication, mission: Mission, approver: User, lead: User, at: dt.datetime
) -> None:
    Mission.objects.update(ceiling=None)
    for number in range(ROUNDS):
        application = make_application(_S.SCHEDULED, person=draft_number(number))
        accredit = partial(accredit_application, application=application, by=approver, at=at)
        withdraw = partial(withdraw_application, application=application, by=lead, at=at)

        results = race([accredit, withdraw] * (RACERS // 2))

        assert len(errors_of(results)) == RACERS - 1
        assert all(issubclass(error, ConflictError) for error in errors_of(results))
        application.refresh_from_db()
        plan_reminders(at=at)
        ends = Event.objects.of(application).filter(verb__in=("accredited", "withdrawn"))
        decisions = Decision.objects.filter(application=application)
        accreditations = Accreditation.objects.filter(application=application)
        mails = Message.objects.filter(rule="decision_made", subject_id__in=decisions.values("pk"))
        counts = (ends.count(), decisions.count(), accreditations.count(), mails.count())
        assert counts == ((1, 1, 1, 1) if application.state == "accredited" else (1, 0, 0, 0))


def test_reading_the_state_before_writing_without_the_lock_decides_twice(
    make_application: MakeApplication, approver: User, at: dt.datetime
) -> None:
    """The control: what the lock prevents does happen without it."""
    application = make_application(_S.SCHEDULED)
    row = Application.objects.filter(pk=application.pk)
    everybody_has_read = threading.Barrier(RACERS)

    def decide_unguarded() -> bool:
        state = row.values_list("state", flat=True).get()
        everybody_has_read.wait(timeout=30)
        row.update(state=_S.ACCREDITED, version=F("version") + 1)
        return state == _S.SCHEDULED

    assert race([decide_unguarded] * RACERS) == [True] * RACERS


def test_one_list_is_voted_on_once(
    make_application: MakeApplication, session: CommissionSession, reviewer: User, approver: User, at: dt.datetime
) -> None:
    people = [make_application(_S.RECOMMENDED, person=draft_number(number)) for number in range(4)]
    keys = [row.pk for row in people]
    schedule_list(session=session, title="Four", application_ids=keys, by=reviewer, at=at)
    item = AgendaItem.objects.get()

    results = race([partial(decide_item, item=item, verdict=ACCREDIT, votes=Votes(9), by=approver, at=at)] * RACERS)

    assert errors_of(results) == [AgendaItemDecidedError] * (RACERS - 1)
    numbers = list(Accreditation.objects.order_by("number").values_list("number", flat=True))
    assert (numbers, Decision.objects.count()) == ([1, 2, 3, 4], 4)
    assert Event.objects.filter(verb="agenda_item_decided").count() == 1


def test_of_two_sessions_one_gets_the_person(
    make_application: MakeApplication,
    session: CommissionSession,
    central_commission: Commission,
    reviewer: User,
    at: dt.datetime,
) -> None:
    other = call_session(commission=central_commission, number="8/24", held_at=at, by=reviewer, at=at)
    Mission.objects.update(ceiling=None)
    for number in range(ROUNDS):
        application = make_application(_S.RECOMMENDED, person=draft_number(number))
        acts = [
            partial(schedule_application, application=application, session=which, by=reviewer, at=at)
            for which in (session, other)
        ]

        results = race(acts * (RACERS // 2))

        assert errors_of(results) == [IllegalTransitionError] * (RACERS - 1)
        application.refresh_from_db()
        assert application.agenda_item is not None
        assert application.agenda_item.session == application.session
        assert AgendaItem.objects.count() == number + 1


def test_items_of_an_agenda_get_consecutive_positions(
    make_application: MakeApplication, session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    people = [make_application(_S.RECOMMENDED, person=draft_number(number)) for number in range(8)]

    results = race(
        [partial(schedule_application, application=row, session=session, by=reviewer, at=at) for row in people]
    )

    assert errors_of(results) == []
    assert list(AgendaItem.objects.values_list("position", flat=True)) == list(range(1, 9))


def test_who_is_approved_while_the_organization_is_revoked_is_revoked_or_refused(
    make_application: MakeApplication, against_all: Revocation, approver: User, at: dt.datetime
) -> None:
    people = [make_application(_S.SCHEDULED, person=draft_number(number)) for number in range(8)]
    revoke = partial(decide_revocation, revocation=against_all, by=approver, at=at)
    accredit = [partial(accredit_application, application=row, by=approver, at=at) for row in people]

    results = race([*accredit[:4], revoke, *accredit[4:]])

    refused = errors_of(results)
    assert set(refused) <= {OrganizationRevokedError}
    states = list(Accreditation.objects.values_list("state", flat=True))
    assert states == ["revoked"] * (len(people) - len(refused))
    assert Application.objects.filter(state=_S.SCHEDULED).count() == len(refused)


def test_without_the_bar_somebody_of_a_revoked_organization_stays_accredited(
    make_application: MakeApplication,
    against_all: Revocation,
    approver: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the check under the lock of the election is what stops the one who comes after."""
    application = make_application(_S.SCHEDULED)
    decide_revocation(revocation=against_all, by=approver, at=at)
    monkeypatch.setattr(verdicts, "_of_revoked_organizations", lambda applications: {})

    accredit_application(application=application, by=approver, at=at)

    assert Accreditation.objects.get().state == "active"


def test_a_revocation_is_decided_once(
    make_application: MakeApplication, against_all: Revocation, approver: User, at: dt.datetime
) -> None:
    accredit_application(application=make_application(_S.SCHEDULED), by=approver, at=at)

    results = race([partial(decide_revocation, revocation=against_all, by=approver, at=at)] * RACERS)

    assert errors_of(results) == [RevocationClosedError] * (RACERS - 1)
    assert Event.objects.filter(verb="revoked").count() == Event.objects.filter(verb="revocation_decided").count() == 1
