"""Who is told of what by a rule, once in each slot, as long as the condition holds."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from missions.models import Membership, Mission, User
from missions.reminders.models import Message, ReminderRule
from missions.reminders.rule_sources import RuleSource, active_rule_sources, rule_source_of
from missions.reminders.schedule import Timing
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.planning import plan_reminders
from missions.reminders.sources import ReminderDraft
from missions.reminders.specs import RuleSpec, RuleStep
from missions.reminders.states import Audience, MessageState
from missions.states import MailLanguage, MembershipRole
from tests.missions.reminders import rule_fakes
from tests.missions.reminders.fakes import DAY, NOON
from tests.missions.reminders.rule_fakes import DAILY, EIGHT, PARCELS_WAIT, case, parcels, step, stored_rule
from tests.reminder_rules import message_of
from tests.staff import in_role

pytestmark = pytest.mark.django_db

MORNING = dt.datetime(2024, 2, 1, 4, tzinfo=dt.UTC)  # eight in Baku
MIDNIGHT = dt.datetime(2024, 2, 1, 20, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _condition(settings: Settings) -> None:
    settings.REMINDER_CONDITIONS = [rule_fakes.CONDITION]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ReminderRule.objects.all().delete()


def _source(*steps: RuleStep) -> RuleSource:
    return RuleSource(
        RuleSpec("parcels", "Parcels wait", "parcels", "arrived", steps or (DAILY,), is_urgent=True), parcels
    )


def test_a_private_condition_writes_private_mails(mission: Mission, lead: User, settings: Settings) -> None:
    rule_fakes.cases.append(case(mission))
    stored_rule()
    settings.REMINDER_CONDITIONS = [rule_fakes.SECRET_CONDITION]

    plan_reminders(at=NOON)

    assert list(Message.objects.values_list("to_address", "is_private")) == [(lead.email, True)]


def _told(source: RuleSource, at: dt.datetime) -> list[tuple[str, dt.date]]:
    return sorted((draft.to_address, draft.slot) for draft in source.due(at=at))


def test_a_draft_says_who_what_when_and_why(mission: Mission, lead: User) -> None:
    rule_fakes.cases.append(case(mission))

    assert list(_source().due(at=NOON)) == [
        ReminderDraft(
            to_address="lead@odihr.example",
            subject_type="missions.mission",
            subject_id=mission.pk,
            slot=dt.date(2024, 2, 1),
            due_at=MORNING,
            not_after=MIDNIGHT,
            mission_id=mission.pk,
            subject="2 parcels wait",
            body="ODIHR mission\n\n2 parcels",
            language=MailLanguage.EN,
            reason="you lead the mission, and the rule “Parcels wait” of the ministry applies to it.",
            may_wait=False,
        )
    ]


@pytest.mark.parametrize(
    ("language", "subject", "written_in"),
    [("fr", "2 colis attendent", "fr"), ("ru", "2 parcels wait", "en")],
    ids=["own", "none of its own: English"],
)
def test_everybody_reads_their_language(
    mission: Mission, lead: User, language: str, subject: str, written_in: str
) -> None:
    User.objects.update(language=language)
    rule_fakes.cases.append(case(mission))

    (draft,) = _source().due(at=NOON)

    assert (draft.subject, draft.language) == (subject, written_in)
    assert ("la règle" in draft.reason) == (language == "fr")


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience.LEADS, ["lead@odihr.example"]),
        (Audience.FOCAL_POINTS, ["focal@odihr.example"]),
        (Audience.MEMBERS, ["focal@odihr.example", "lead@odihr.example"]),
        (Audience.GROUP, ["registrar@desk.example"]),
    ],
)
@pytest.mark.usefixtures("other_lead", "lead")
def test_an_audience_has_the_active_people_of_the_mission_or_of_the_staff(
    mission: Mission, audience: Audience, expected: list[str]
) -> None:
    for name, role in (("focal", MembershipRole.FOCAL_POINT), ("gone", MembershipRole.LEAD)):
        user = User.objects.create_user(f"{name}@odihr.example", "a long enough password", is_active=name != "gone")
        Membership.objects.create(user=user, mission=mission, role=role)
    in_role("registrar")
    in_role("approver")
    former = in_role("registrar", "former@desk.example")
    User.objects.filter(pk=former.pk).update(is_active=False)
    guest = User.objects.create_user("guest@desk.example", "a long enough password")
    guest.groups.add(Group.objects.get(name="registrar"))
    rule_fakes.cases.append(case(mission))
    group = "registrar" if audience is Audience.GROUP else ""

    found = _told(_source(step(audience, group=group, texts=rule_fakes.TEXTS)), NOON)

    assert [address for address, _slot in found] == expected


@pytest.mark.usefixtures("lead")
def test_staff_whose_turn_it_is_are_told_the_number_of_their_own(mission: Mission) -> None:
    both = in_role("reviewer", "both@desk.example")
    both.groups.add(Group.objects.get(name="approver"))
    in_role("reviewer")
    in_role("auditor")
    turns = {"accreditation.review_application": 3, "accreditation.decide_application": 4, "letters.issue_letter": 0}
    rule_fakes.cases.append(case(mission, turns=turns))

    drafts = list(_source(step(Audience.TURN, texts=rule_fakes.TEXTS)).due(at=NOON))

    assert {draft.to_address: draft.subject for draft in drafts} == {
        "both@desk.example": "7 parcels wait",
        "reviewer@desk.example": "3 parcels wait",
    }


def test_nobody_is_no_error(mission: Mission) -> None:
    rule_fakes.cases += [case(mission), case(mission, subject_id=99, mission_id=None)]

    assert _told(_source(), NOON) == []


def test_one_person_in_two_roles_gets_one_mail_from_the_latest_step(mission: Mission, lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(is_staff=True)
    lead.groups.add(Group.objects.get(name="registrar"))
    rule_fakes.cases.append(case(mission))
    source = _source(DAILY, step(Audience.GROUP, 1, group="registrar"), step(Audience.MEMBERS, 0))

    assert _told(source, NOON) == [(lead.email, dt.date(2024, 2, 1))]
    assert _told(source, NOON + DAY) == [(lead.email, dt.date(2024, 2, 2))]
    (draft,) = source.due(at=NOON + DAY)
    assert "you are in the group “registrar”" in draft.reason


@pytest.mark.usefixtures("lead")
def test_a_step_goes_to_the_ministry_only_while_it_still_holds(mission: Mission) -> None:
    in_role("registrar")
    rule_fakes.cases.append(case(mission))
    source = _source(DAILY, step(Audience.GROUP, 2, group="registrar"))

    days = [[address for address, _slot in _told(source, NOON + number * DAY)] for number in range(4)]
    rule_fakes.cases.clear()

    assert days == [
        ["lead@odihr.example"],
        ["lead@odihr.example"],
        ["lead@odihr.example", "registrar@desk.example"],
        ["registrar@desk.example"],
    ]
    assert _told(source, NOON + 2 * DAY) == []


@pytest.mark.usefixtures("lead")
def test_a_case_without_the_anchor_is_told_to_nobody(mission: Mission) -> None:
    rule_fakes.cases.append(case(mission, anchors={}))

    assert _told(_source(), NOON) == []


@pytest.mark.usefixtures("lead")
def test_a_text_that_cannot_be_filled_stops_no_other(mission: Mission, caplog: pytest.LogCaptureFixture) -> None:
    rule_fakes.cases += [case(mission, subject_id=1, facts=dict), case(mission, subject_id=2)]

    assert [draft.subject_id for draft in _source().due(at=NOON)] == [2]
    assert [record.getMessage() for record in caplog.records] == ["Rule parcels cannot tell of missions.mission 1"]


@pytest.mark.usefixtures("lead")
def test_what_has_its_message_is_not_drafted_again(mission: Mission) -> None:
    rule_fakes.cases += [case(mission), case(mission, subject_id=mission.pk + 1)]
    stored_rule()

    assert (plan_reminders(at=NOON), plan_reminders(at=NOON + SECOND)) == (2, 0)
    (source,) = active_rule_sources()
    assert list(source.due(at=NOON)) == []
    assert plan_reminders(at=NOON + DAY) == 2


@pytest.mark.usefixtures("lead")
def test_an_address_list_in_one_field_becomes_a_failed_message(mission: Mission) -> None:
    User.objects.update(email="a@x.example, b@x.example")
    rule_fakes.cases.append(case(mission))
    stored_rule()

    plan_reminders(at=NOON)

    message = Message.objects.get()
    assert (message.state, message.error) == (MessageState.FAILED, "This is not one e-mail address.")


def test_a_mail_is_still_due_only_in_its_slot_to_its_person_for_its_case(mission: Mission, lead: User) -> None:
    rule_fakes.cases.append(case(mission))
    source = _source()
    (draft,) = source.due(at=NOON)
    message = message_of(draft)

    held = source.still_due(message, at=NOON)
    next_day = source.still_due(message, at=NOON + DAY)
    lead.memberships.all().delete()
    without_role = source.still_due(message, at=NOON)
    Membership.objects.create(user=lead, mission=mission, role=MembershipRole.LEAD)
    rule_fakes.cases.clear()
    without_case = source.still_due(message, at=NOON)

    assert (held, next_day, without_role, without_case) == (True, False, False, False)


@pytest.mark.usefixtures("lead")
def test_what_is_sent_is_what_is_true_by_then(mission: Mission, mailoutbox: list[object]) -> None:
    rule_fakes.cases.append(case(mission))
    stored_rule()
    plan_reminders(at=NOON)
    rule_fakes.cases[0] = case(mission, facts=lambda: {"mission": "ODIHR mission", "count": 1})

    counts = deliver_due(at=NOON)

    message = Message.objects.get()
    assert (counts.sent, message.subject, message.body) == (1, "1 parcel waits", "ODIHR mission\n\n1 parcel")


@pytest.mark.parametrize("ends", ["gone", "rested", "unknown"])
@pytest.mark.usefixtures("lead")
def test_a_planned_mail_is_cancelled_when_its_reason_its_rule_or_its_condition_is_gone(
    mission: Mission, settings: Settings, ends: str
) -> None:
    rule_fakes.cases.append(case(mission))
    rule = stored_rule()
    plan_reminders(at=NOON)
    if ends == "gone":
        rule_fakes.cases.clear()
    elif ends == "rested":
        ReminderRule.objects.filter(pk=rule.pk).update(is_active=False)
    else:
        settings.REMINDER_CONDITIONS = []

    assert deliver_due(at=NOON).cancelled == 1
    assert Message.objects.get().state == MessageState.CANCELLED


def test_rules_that_rest_or_are_not_known_here_are_no_sources() -> None:
    stored_rule(is_active=False)
    stored_rule(RuleSpec("other", "Other", "elsewhere", "arrived", (DAILY,)))

    assert active_rule_sources() == ()
    assert rule_source_of("parcels") is None
    assert rule_source_of("other") is None


@pytest.mark.usefixtures("lead")
def test_a_beat_that_was_off_for_days_catches_up_once(mission: Mission) -> None:
    rule_fakes.cases.append(case(mission))
    stored_rule(PARCELS_WAIT)
    five_days = NOON + 2 * DAY + dt.timedelta(hours=6)

    assert [plan_reminders(at=at) for at in (MORNING, five_days, five_days + SECOND)] == [1, 1, 0]
    assert sorted(Message.objects.values_list("slot", flat=True)) == [dt.date(2024, 2, 1), dt.date(2024, 2, 3)]
    assert deliver_due(at=five_days).expired == 1
    assert dict(Message.objects.values_list("slot", "state")) == {
        dt.date(2024, 2, 1): MessageState.EXPIRED,
        dt.date(2024, 2, 3): MessageState.SENT,
    }


@pytest.mark.usefixtures("lead")
def test_clocks_that_step_back_repeat_nothing(mission: Mission) -> None:
    rule_fakes.cases.append(case(mission))
    stored_rule()
    beats = [MORNING, MIDNIGHT - SECOND, MORNING, MORNING + DAY, MIDNIGHT - SECOND, MORNING + DAY, MIDNIGHT + SECOND]

    assert [plan_reminders(at=at) for at in beats] == [1, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("missions", [1, 3])
def test_planning_asks_the_same_queries_for_any_number_of_cases(
    mission: Mission, lead: User, missions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rule_fakes.cases += [case(mission, subject_id=number) for number in range(missions)]
    source = _source(DAILY, step(Audience.GROUP, 0, group="registrar", timing=Timing(0, EIGHT)))

    with django_assert_num_queries(3):  # the people of the missions, the group, and what is known
        assert len(list(source.due(at=NOON))) == missions
