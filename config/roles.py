"""The ministry's roles as groups: who may see and do what. The table below is the whole truth; migrating applies it."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

#: What everybody at the ministry looks things up in.
REFERENCE = (
    "missions.election",
    "missions.commission",
    "missions.constituency",
    "missions.organization",
    "missions.mission",
    "missions.missionhead",
    "missions.delegation",
    "stations.pollingstation",
    "stations.accessrequirement",
    "register.registerversion",
    "timeline.milestone",
)
#: The files of the accreditation desk.
DESK = (
    "missions.invitation",
    "accreditation.observer",
    "accreditation.nomination",
    "accreditation.application",
    "accreditation.bulkreview",
    "accreditation.document",
    "accreditation.finding",
    "accreditation.commissionsession",
    "accreditation.agendaitem",
    "accreditation.decision",
    "accreditation.accreditation",
    "accreditation.revocation",
    "accreditation.stay",
    "accreditation.listedperson",
    "accreditation.categoryquota",
    "accreditation.exitpollresult",
)
#: Who goes where, as far as the host may read it at all (stations.deployment.querysets).
DEPLOYMENT = (
    "deployment.deploymentplan",
    "deployment.deploymentsettings",
    "deployment.visitshares",
    "deployment.planrun",
    "plan_files.planfile",
    "deployment.areaofresponsibility",
    "deployment.team",
    "deployment.teammember",
    "deployment.visitplan",
    "deployment.visit",
    "deployment.observerslot",
    "samples.stationsample",
    "presence.presencereport",
    "presence.rollcall",
    "travel.travelmatrix",
)
#: Who of the host has read a mission's own plan, when and why.
EARLY_LOOKS = ("deployment.breakglass",)
#: People with accounts, and what they may act for.
ACCOUNTS = ("missions.user", "auth.group", "missions.membership", "missions.apitoken")
MAIL = (
    "reminders.message",
    "reminders.mailpause",
    "reminders.outboxfreeze",
    "reminders.broadcast",
    "reminders.digestchoice",
    "reminders.reminderrule",
)
#: Who comes to the minister, the chair, the hall and the press centre, and when.
PROGRAMME = (
    "programme.programme",
    "programme.booking",
    "programme.heldslot",
    "programme.meetingrequest",
    "programme.protocolrank",
    "programme.sharedresource",
    "programme.openwindow",
    "programme.closure",
    "programme.interpreterpool",
)
FILES = ("intake.nominationimport", "citizens.citizenfile")
HISTORY = ("kernel.event",)
#: That there are reports, and from when on; what stands in them the host reads when everybody does.
REPORTS = ("reports.report",)
#: What reports recommend, and what became of it.
ADVICE = ("recommendations.recommendation", "recommendations.hostanswer", "recommendations.assessment")
#: How many came, counted by us and by others.
FIGURES = ("figures.frozenfigures", "figures.figureclaim")
#: Who may enter special-access stations: it tells where missions go.
ACCESS = ("access.accessgrant", "access.escortrun")
LETTERS = ("letters.letter", "letters.letterbatch")
BADGES = ("badges.badge", "badges.printbatch")
#: The checks at the doors, by whom and of whom.
CHECKS = ("badges.checkdevice", "badges.scan", "badges.scanalert", "badges.keylist", "badges.revocationlist")


@dataclass(frozen=True, slots=True)
class Role:
    """One group: the models whose rows it may look at, and the acts that it may do besides."""

    name: str
    views: tuple[str, ...]
    acts: tuple[str, ...] = ()

    @property
    def permissions(self) -> frozenset[str]:
        """All of it as permission names ("app.codename")."""
        looks = (f"{app}.view_{model}" for app, model in (label.split(".") for label in self.views))
        return frozenset((*looks, *self.acts))


ROLES = (
    Role(
        "registrar",
        views=(
            *REFERENCE,
            *DESK,
            *LETTERS,
            *BADGES,
            *CHECKS,
            *FILES,
            *MAIL,
            *PROGRAMME,
            *REPORTS,
            *FIGURES,
            *ADVICE,
            *ACCESS,
            "missions.membership",
        ),
        acts=(
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
        ),
    ),
    Role(
        "reviewer",
        views=(*REFERENCE, *DESK, *LETTERS, *FILES),
        acts=("accreditation.read_document_file", "accreditation.review_application"),
    ),
    Role(
        "approver",
        views=(*REFERENCE, *DESK, *LETTERS, *REPORTS, *FIGURES, *ADVICE),
        acts=(
            "accreditation.decide_application",
            "accreditation.read_document_file",
            "figures.publish_figures",
            "missions.move_election",
            "recommendations.answer_recommendation",
        ),
    ),
    Role(
        "planner",
        views=(*REFERENCE, *DEPLOYMENT, "accreditation.nomination", "accreditation.accreditation"),
        acts=(
            "deployment.make_plan",
            "deployment.release_plan",
            "samples.draw_sample",
            "presence.call_roll",
            "presence.report_presence",
            "travel.measure_travel",
            "stations.close_pollingstation",
        ),
    ),
    Role(
        "protocol",
        views=(
            *REFERENCE,
            *LETTERS,
            *BADGES,
            *MAIL,
            *PROGRAMME,
            *REPORTS,
            *FIGURES,
            *ADVICE,
            *ACCESS,
            "missions.invitation",
            "accreditation.nomination",
            "accreditation.accreditation",
            "accreditation.stay",
        ),
        acts=(
            "access.grant_access",
            "accreditation.change_stay",
            "badges.hand_over_badge",
            "badges.issue_badge",
            "letters.issue_letter",
            "missions.change_invitation",
            "timeline.change_milestone",
            "programme.make_programme",
            "programme.release_programme",
            "reminders.retry_message",
            "reminders.send_broadcast",
            "figures.record_claim",
        ),
    ),
    Role(
        "auditor",
        views=(
            *REFERENCE,
            *DESK,
            *LETTERS,
            *BADGES,
            *CHECKS,
            *DEPLOYMENT,
            *EARLY_LOOKS,
            *PROGRAMME,
            *ACCOUNTS,
            *MAIL,
            *FILES,
            *HISTORY,
            *REPORTS,
            *FIGURES,
            *ADVICE,
            *ACCESS,
        ),
    ),
    Role(
        "administrator",
        # Who may break the glass has the pages to read a plan on.
        views=(
            *REFERENCE,
            *ACCOUNTS,
            *HISTORY,
            *EARLY_LOOKS,
            "deployment.deploymentplan",
            "deployment.areaofresponsibility",
            "deployment.team",
            "deployment.teammember",
            "deployment.visitplan",
            "deployment.visit",
            "reminders.outboxfreeze",
            "reminders.reminderrule",
        ),
        acts=(
            "deployment.break_glass",
            "missions.add_membership",
            "missions.add_user",
            "missions.change_user",
            "missions.delete_apitoken",
            "reminders.change_reminderrule",
            "reminders.thaw_outbox",
        ),
    ),
)


def apply_roles(apps: Apps, using: str) -> None:
    """Make the groups of `ROLES` hold exactly the permissions of the table.

    What is not migrated yet is left out; the run that migrates it applies the roles again.
    """
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        return
    labels = {name.split(".")[0] for role in ROLES for name in role.permissions}
    for config in installed_apps.get_app_configs():
        if config.label in labels:
            create_permissions(config, verbosity=0, using=using, apps=apps)
    rows = permission_model.objects.using(using).filter(content_type__app_label__in=labels)
    known = {f"{app}.{name}": pk for app, name, pk in rows.values_list("content_type__app_label", "codename", "pk")}
    for role in ROLES:
        group, _created = group_model.objects.using(using).get_or_create(name=role.name)
        group.permissions.set(known[name] for name in role.permissions & known.keys())


def apply_roles_after_migrating(*, apps: Apps = installed_apps, using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate, called once per run (config.apps)."""
    apply_roles(apps, using)
