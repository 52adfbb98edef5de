"""The pages of reminder rules: words, preview, form, and who may do what."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, User
from missions.reminders.models import Message, ReminderRule
from missions.reminders.specs import spec_of
from missions.states import MailLanguage
from tests.missions.reminders import rule_fakes
from tests.missions.reminders.fakes import NOON
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
LIST = "/admin/reminders/reminderrule/"


@pytest.fixture(autouse=True)
def _condition(settings: Settings, lead: User) -> None:
    settings.REMINDER_CONDITIONS = [rule_fakes.CONDITION]
    clock.set_to(NOON)


@pytest.fixture
def rule(mission: Mission) -> ReminderRule:
    rule_fakes.cases.append(rule_fakes.case(mission))
    return rule_fakes.stored_rule()


@pytest.fixture
def desk() -> Client:
    return browser_of(in_role("registrar"))


def _page(rule: ReminderRule, view: str = "change") -> str:
    return f"{LIST}{rule.pk}/{view}/"


def _typed(**changes: object) -> dict[str, Any]:
    """What a person types for a rule with one step."""
    return {
        "title": "Parcels wait",
        "code": "parcels_wait",
        "occasion": "parcels/arrived",
        "steps-TOTAL_FORMS": "2",
        "steps-INITIAL_FORMS": "0",
        "steps-0-audience": "leads",
        "steps-0-group": "",
        "steps-0-days": "0",
        "steps-0-direction": "after",
        "steps-0-local_time": "08:00",
        "steps-0-clock": "host",
        "steps-0-every_days": "1",
        "steps-0-times": "3",
        "steps-0-subject_en": "{count} parcels",
        "steps-0-body_en": "{mission}\r\n\r\n{count} {count:parcel|parcels}",
        "steps-1-audience": "leads",
        "steps-1-group": "",
        "steps-1-direction": "before",
        "steps-1-clock": "host",
        "steps-1-every_days": "1",
        "steps-1-times": "1",
        **changes,
    }


def test_the_list_says_in_words_what_a_rule_is_about_and_when_it_tells(rule: ReminderRule, desk: Client) -> None:
    ReminderRule.objects.exclude(pk=rule.pk).delete()

    text = desk.get(LIST).content.decode()

    assert "parcels wait for a mission" in text
    assert "on the day of “the first parcel arrived”, at 08:00 by the host&#x27;s clocks; every day, at most 3" in text


def test_a_rule_whose_condition_is_not_known_here_is_shown_as_unknown(rule: ReminderRule, desk: Client) -> None:
    ReminderRule.objects.filter(pk=rule.pk).update(condition="gone")

    response = desk.get(_page(rule))

    assert (response.status_code, response.context["preview"]) == (200, None)
    assert "unknown here: gone" in response.content.decode()


def test_the_page_tells_who_gets_it_now_and_plans_nothing(
    rule: ReminderRule, desk: Client, lead: User, other_mission: Mission
) -> None:
    rule_fakes.cases.append(rule_fakes.case(other_mission))

    preview = desk.get(_page(rule)).context["preview"]

    assert [(line.about, line.address, line.step, line.due, line.note) for line in preview.now] == [
        ("ODIHR", lead.email, 1, "1 Feb 2024, 08:00 (Asia/Baku)", "will be planned")
    ]
    assert ("PABSEC", "There is nobody: the leads of the mission.") in preview.left_out
    assert preview.samples[0][1].body == "ODIHR mission\n\n2 parcels"
    assert not Message.objects.exists()


def test_of_what_is_private_to_a_mission_there_is_no_preview(
    rule: ReminderRule, desk: Client, lead: User, settings: Settings
) -> None:
    settings.REMINDER_CONDITIONS = [rule_fakes.SECRET_CONDITION]

    page = desk.get(_page(rule))
    tried = desk.post(f"{LIST}add/", _typed(preview="1"))

    for answer in (page, tried):
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Whom this tells is known to the missions alone" in text
        assert lead.email not in text


def test_the_preview_says_why_somebody_is_left_out(rule: ReminderRule, mission: Mission, desk: Client) -> None:
    User.objects.update(is_active=False)
    registrar = browser_of(in_role("registrar", "active@desk.example"))
    rule_fakes.cases += [
        rule_fakes.case(mission, subject_id=8, label="Without instant", anchors={}),
        rule_fakes.case(mission, subject_id=9, label="Lost place", host_zone="Asia/Atlantis"),
    ]
    Message.objects.create(
        rule=rule.code,
        to_address="gone@odihr.example",
        subject_type="missions.mission",
        subject_id=77,
        slot=NOON.date(),
        subject="1 parcel",
        planned_at=NOON,
        due_at=NOON,
        not_after=NOON,
    )

    left_out = registrar.get(_page(rule)).context["preview"].left_out

    assert left_out == [
        ("ODIHR", "There is nobody: the leads of the mission."),
        ("ODIHR", "The account of lead@odihr.example is not active."),
        ("Without instant", "It is not known when: the first parcel arrived."),
        ("Lost place", "The time zone is not known here: No time zone found with key Asia/Atlantis."),
        ("1 parcel", "The mail to gone@odihr.example waits and will not be sent: its reason is gone."),
    ]


def test_a_rule_is_tried_on_the_form_before_it_is_kept(desk: Client, mission: Mission, lead: User) -> None:
    rule_fakes.cases.append(rule_fakes.case(mission))

    response = desk.post(f"{LIST}add/", _typed(preview="1"))

    assert response.status_code == 200
    assert [line.address for line in response.context["preview"].now] == [lead.email]
    assert not ReminderRule.objects.filter(code="parcels_wait").exists()


def test_a_new_rule_is_kept_and_rests(desk: Client) -> None:
    response = desk.post(f"{LIST}add/", _typed())

    rule = ReminderRule.objects.get(code="parcels_wait")
    (step,) = spec_of(rule).steps
    assert (response.status_code, response["Location"]) == (302, _page(rule))
    assert (rule.is_active, rule.condition, rule.anchor) == (False, "parcels", "arrived")
    assert (step.timing.times, step.timing.local_time) == (3, dt.time(8))
    assert step.texts[MailLanguage.EN].body == "{mission}\n\n{count} {count:parcel|parcels}"
    assert list(Event.objects.of(rule).values_list("verb", flat=True)) == ["reminder_rule_added"]


@pytest.mark.parametrize(
    ("changes", "field", "line"),
    [
        ({"steps-0-subject_en": "{parcel}"}, "subject_en", "There is no value “parcel” here."),
        ({"steps-0-body_en": "{count"}, "body_en", "A brace stands alone. A place for a value looks like {name}."),
        ({"steps-0-subject_en": ""}, "subject_en", "Subject and text go together."),
        ({"steps-0-audience": "turn"}, "audience", "This condition cannot tell who staff whose turn it is are."),
        ({"steps-0-audience": "group"}, "group", "There is no group “”."),
        ({"steps-0-times": "0"}, "times", "Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(desk: Client, changes: dict[str, str], field: str, line: str) -> None:
    response = desk.post(f"{LIST}add/", _typed(**changes))

    assert response.status_code == 422
    assert response.context["steps"][0].errors[field] == [line]
    assert not ReminderRule.objects.filter(code="parcels_wait").exists()


def test_a_code_that_is_taken_is_refused(desk: Client, rule: ReminderRule) -> None:
    response = desk.post(f"{LIST}add/", _typed(code=rule.code))

    assert response.context["form"].non_field_errors() == ["There is a rule with this code"]


def test_the_form_shows_the_rule_and_keeps_the_change(desk: Client, rule: ReminderRule) -> None:
    page = desk.get(_page(rule, "edit"))
    typed = _typed(version=rule.version, **{"steps-INITIAL_FORMS": "1", "steps-0-days": "2"}, is_urgent="on")

    response = desk.post(_page(rule, "edit"), typed)

    assert page.context["steps"][0].initial["subject_en"] == "{count} {count:parcel waits|parcels wait}"
    assert response.status_code == 302
    rule.refresh_from_db()
    assert (rule.title, rule.version, rule.steps.get().offset_days) == ("Parcels wait", 2, 2)
    assert Event.objects.of(rule).get().changed == ["steps"]


def test_whoever_read_an_older_rule_changes_nothing(desk: Client, rule: ReminderRule) -> None:
    typed = _typed(version=rule.version, title="Late", **{"steps-INITIAL_FORMS": "1"})
    ReminderRule.objects.filter(pk=rule.pk).update(version=5)

    response = desk.post(_page(rule, "edit"), typed)

    assert response.context["form"].non_field_errors() == [
        "Somebody has changed the rule in the meantime; please look at it again"
    ]
    assert ReminderRule.objects.get(pk=rule.pk).title == "Parcels wait"


def test_a_rule_is_rested_and_activated_by_its_buttons(desk: Client, rule: ReminderRule) -> None:
    desk.post(_page(rule, "rest"))
    rests = ReminderRule.objects.get(pk=rule.pk).is_active
    desk.post(_page(rule, "activate"))

    assert (rests, ReminderRule.objects.get(pk=rule.pk).is_active) == (False, True)
    assert list(Event.objects.of(rule).values_list("verb", flat=True)) == [
        "reminder_rule_rested",
        "reminder_rule_activated",
    ]


@pytest.mark.parametrize("role", ["auditor", "protocol"])
def test_others_look_and_change_nothing(rule: ReminderRule, role: str) -> None:
    desk = browser_of(in_role(role))

    page = desk.get(_page(rule))

    assert (page.status_code, page.context["moves"], page.context["edit_url"]) == (200, [], "")
    assert desk.get(_page(rule, "edit")).status_code == 403
    assert desk.post(f"{LIST}add/", _typed()).status_code == 403
    assert desk.post(_page(rule, "rest")).status_code == 403


@pytest.mark.parametrize("role", ["administrator", "registrar"])
def test_administrator_and_registrar_change_rules(rule: ReminderRule, role: str) -> None:
    assert browser_of(in_role(role)).get(_page(rule, "edit")).status_code == 200


@pytest.mark.parametrize(("role", "leads_on"), [("administrator", False), ("registrar", True)])
def test_a_rule_leads_to_its_messages_whoever_may_see_them(rule: ReminderRule, role: str, leads_on: bool) -> None:
    desk = browser_of(in_role(role))

    url = desk.get(_page(rule)).context["messages_url"]

    assert url == (f"/admin/reminders/message/?rule={rule.code}" if leads_on else "")
    assert desk.get(f"/admin/reminders/message/?rule={rule.code}").status_code == (200 if leads_on else 403)


def test_leads_do_not_see_rules(rule: ReminderRule, lead: User) -> None:
    assert Membership.objects.filter(user=lead).exists()
    assert browser_of(lead).get(_page(rule)).status_code == 302
