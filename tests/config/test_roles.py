"""The groups of the ministry hold what the table says, whatever was set by hand."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from config.roles import ROLES, Role, apply_roles
from missions.models import User

ACTS = {
    "registrar": {
        "access.grant_access",
        "accreditation.add_nomination",
        "accreditation.add_commissionsession",
        "accreditation.add_exitpollresult",
        "accreditation.add_listedperson",
        "badges.add_checkdevice",
        "badges.annul_scan",
        "badges.hand_over_badge",
        "badges.issue_badge",
        "citizens.import_citizens",
        "accreditation.change_accreditation",
        "accreditation.change_categoryquota",
        "accreditation.change_stay",
        "accreditation.read_document_file",
        "accreditation.review_application",
        "letters.issue_letter",
        "missions.add_membership",
        "missions.change_election",
        "missions.change_invitation",
        "timeline.change_milestone",
        "reminders.change_digestchoice",
        "reminders.change_reminderrule",
        "reminders.retry_message",
        "reminders.send_broadcast",
        "reminders.thaw_outbox",
        "reports.register_report",
        "figures.freeze_figures",
        "figures.record_claim",
        "recommendations.assess_recommendation",
        "recommendations.split_recommendation",
    },
    "reviewer": {"accreditation.read_document_file", "accreditation.review_application"},
    "approver": {
        "accreditation.decide_application",
        "accreditation.read_document_file",
        "figures.publish_figures",
        "missions.move_election",
        "recommendations.answer_recommendation",
    },
    "planner": {
        "deployment.make_plan",
        "deployment.release_plan",
        "samples.draw_sample",
        "presence.call_roll",
        "presence.report_presence",
        "travel.measure_travel",
        "stations.close_pollingstation",
    },
    "protocol": {
        "access.grant_access",
        "accreditation.change_stay",
        "badges.hand_over_badge",
        "badges.issue_badge",
        "letters.issue_letter",
        "missions.change_invitation",
        "programme.make_programme",
        "programme.release_programme",
        "timeline.change_milestone",
        "reminders.retry_message",
        "reminders.send_broadcast",
        "figures.record_claim",
    },
    "auditor": set(),
    "administrator": {
        "deployment.break_glass",
        "missions.add_membership",
        "missions.add_user",
        "missions.change_user",
        "missions.delete_apitoken",
        "reminders.change_reminderrule",
        "reminders.thaw_outbox",
    },
}


def held_by(group: Group) -> set[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_role_does_what_its_name_says(role: Role) -> None:
    assert set(role.acts) == ACTS[role.name]


def test_nobody_both_reviews_and_decides() -> None:
    both = {"accreditation.review_application", "accreditation.decide_application"}

    assert [role.name for role in ROLES if both <= role.permissions] == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_migrating_makes_the_group_with_exactly_the_permissions_of_the_table(role: Role) -> None:
    assert held_by(Group.objects.get(name=role.name)) == role.permissions


@pytest.mark.django_db
def test_applying_again_undoes_what_was_set_by_hand() -> None:
    group = Group.objects.get(name="protocol")
    group.permissions.set(Permission.objects.filter(codename="decide_application"))

    apply_roles(apps, "default")

    assert held_by(group) == next(role.permissions for role in ROLES if role.name == "protocol")
    assert Group.objects.count() == len(ROLES)


@pytest.mark.django_db
def test_the_auditor_sees_what_the_host_has_and_writes_nothing() -> None:
    auditor = User.objects.create_user("auditor@ministry.example", "a long enough password", is_staff=True)
    auditor.groups.add(Group.objects.get(name="auditor"))

    held = auditor.get_all_permissions()

    assert {name for name in held if ".view_" not in name} == set()
    assert {label for role in ROLES for label in role.views} <= {name.replace("view_", "") for name in held}
