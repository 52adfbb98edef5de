"""What leads are told of decisions, suspensions and revocations: once for each act, and only about their own people."""

import datetime as dt

import pytest

from accreditation.models import Accreditation, AgendaItem, Application, CommissionSession
from accreditation.notice_sources import WORDINGS, accreditation_stopped, decision_made
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.agenda import schedule_list
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.services.revocations import decide_revocation, propose_revocation_of_organization
from accreditation.services.verdicts import Verdict, Votes
from accreditation.services.voting import ACCREDIT, carry_out_item, decide_item
from accreditation.states import AgendaOutcome, ApplicationState
from missions.models import Membership, Mission, Organization, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.states import MailLanguage, MembershipRole
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
GROUND = "information_not_confirmed"
REFUSE = Verdict(AgendaOutcome.REFUSED, GROUND, "A neighbour said so.")


@pytest.fixture
def item(make_application: MakeApplication, session: CommissionSession, reviewer: User, at: dt.datetime) -> AgendaItem:
    """A list of three people."""
    people = [make_application(ApplicationState.RECOMMENDED, person=draft_number(number)) for number in range(3)]
    keys = [row.pk for row in people]
    schedule_list(session=session, title="Three", application_ids=keys, by=reviewer, at=at)
    return AgendaItem.objects.get()


@pytest.mark.usefixtures("other_lead")
def test_a_list_is_one_mail_with_its_refusals_their_ground_and_the_time_to_appeal(
    item: AgendaItem, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> None:
    refused = {item.applications.order_by("pk")[1].pk: REFUSE}
    decide_item(item=item, verdict=ACCREDIT, votes=Votes(9), exceptions=refused, by=approver, at=at)

    (draft,) = decision_made.due(at=at)

    assert (draft.to_address, draft.mission_id, draft.subject) == (
        lead.email,
        mission.pk,
        "Decisions on 3 people: ODIHR",
    )
    assert (draft.due_at, draft.not_after, draft.slot) == (at, at + 3 * DAY, dt.date(2024, 1, 18))
    assert draft.body.splitlines()[:6] == [
        "ODIHR mission, Presidential election",
        "",
        "Accredited: 2",
        "Refused: 1",
        "",
        "R-1: The information in the application was not confirmed",
    ]
    assert draft.reason == "you lead ODIHR mission, and the commission has decided on people whom it nominated."
    assert "neighbour" not in draft.body


def test_each_lead_is_told_in_the_own_language(
    item: AgendaItem, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> None:
    second = User.objects.create_user("second@odihr.example", language=MailLanguage.RU)
    Membership.objects.create(user=second, mission=mission, role=MembershipRole.LEAD)
    decide_item(item=item, verdict=ACCREDIT, votes=Votes(9), by=approver, at=at)

    told = [(draft.to_address, draft.language, draft.subject) for draft in decision_made.due(at=at)]

    assert told == [
        (lead.email, "en", "Decisions on 3 people: ODIHR"),
        (second.email, "ru", "Решения в отношении 3 лиц: ODIHR"),
    ]


@pytest.mark.parametrize("language", MailLanguage.values)
def test_every_language_has_every_sentence(language: str) -> None:
    assert WORDINGS.sentences(language).keys() == WORDINGS.sentences("en").keys()


def test_each_act_is_planned_once_and_news_grow_old(
    make_application: MakeApplication, approver: User, lead: User, at: dt.datetime
) -> None:
    for number in (1, 2):
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        accredit_application(application=application, by=approver, at=at)

    assert [plan_reminders(at=at + HOUR), plan_reminders(at=at + 2 * HOUR)] == [2, 0]
    assert list(decision_made.due(at=at + 3 * DAY)) == []
    assert set(Message.objects.values_list("rule", "to_address")) == {("decision_made", lead.email)}


def test_the_mail_waits_an_hour_for_those_who_are_not_decided_on_yet(
    item: AgendaItem, lead: User, approver: User, at: dt.datetime
) -> None:
    Application.objects.filter(pk=item.applications.order_by("pk")[0].pk).update(reviewed_by=approver)
    decide_item(item=item, verdict=ACCREDIT, votes=Votes(9), by=approver, at=at)

    assert list(decision_made.due(at=at)) == []
    (draft,) = decision_made.due(at=at + HOUR)
    assert "Accredited: 2" in draft.body
    second = User.objects.create_user("second@ministry.example", is_staff=True)
    item.refresh_from_db()
    carry_out_item(item=item, by=second, at=at + DAY)
    (later,) = decision_made.due(at=at + DAY)
    assert later.slot == draft.slot + DAY  # a mail of its own


def test_nobody_is_told_who_does_not_lead_the_mission_any_more(
    make_application: MakeApplication, approver: User, lead: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED)
    refuse_application(application=application, ground=GROUND, text="Why", by=approver, at=at)
    plan_reminders(at=at)
    message = Message.objects.get()

    assert decision_made.still_due(message, at=at)
    Membership.objects.all().delete()
    assert not decision_made.still_due(message, at=at)


def test_a_suspension_and_the_revocation_of_an_organization_are_a_mail_each(
    accreditation: Accreditation,
    make_application: MakeApplication,
    organization: Organization,
    reviewer: User,
    approver: User,
    lead: User,
    at: dt.datetime,
) -> None:
    suspend_accreditation(accreditation=accreditation, reason="A secret reason.", by=approver, at=at)
    (draft,) = accreditation_stopped.due(at=at)
    assert (draft.to_address, draft.subject) == (lead.email, "ODIHR: 1 accreditation was suspended")
    assert "00001 Meyer Anna" in draft.body
    assert "secret" not in draft.body

    application = make_application(ApplicationState.SCHEDULED, person=draft_number(2))
    accredit_application(application=application, by=approver, at=at)
    revocation = propose_revocation_of_organization(
        organization=organization,
        election=accreditation.election,
        ground="other_revocation",
        text="A secret reason.",
        by=reviewer,
        at=at,
    )
    decide_revocation(revocation=revocation, by=approver, at=at + HOUR)

    subjects = [draft.subject for draft in accreditation_stopped.due(at=at + HOUR)]
    assert subjects == ["ODIHR: 1 accreditation was suspended", "ODIHR: 2 accreditations were revoked"]
    assert DRAFT.passport_number not in "".join(draft.body for draft in accreditation_stopped.due(at=at + HOUR))
