"""The sidebars: of the staff's pages lists by the work that needs them, each only for those who may see it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Per group: title, label of the model, icon. After a colon: a page of the model other than its list.
_GROUPS: tuple[tuple[Promise, tuple[tuple[Promise, str, str], ...]], ...] = (
    (
        _("Desk"),
        (
            (_("Applications"), "accreditation.application", "inbox"),
            (_("Reviews of lists"), "accreditation.bulkreview", "checklist"),
            (_("Nomination files"), "intake.nominationimport", "upload_file"),
            (_("Nominations"), "accreditation.nomination", "group_add"),
            (_("Documents"), "accreditation.document", "description"),
            (_("Citizen observers"), "citizens.citizenfile", "groups"),
        ),
    ),
    (
        _("Commission"),
        (
            (_("Sessions"), "accreditation.commissionsession", "gavel"),
            (_("Accreditations"), "accreditation.accreditation", "badge"),
            (_("Decisions"), "accreditation.decision", "approval"),
            (_("Revocations"), "accreditation.revocation", "block"),
            (_("Letters"), "letters.letter", "article"),
            (_("Letters of sessions"), "letters.letterbatch", "drafts"),
        ),
    ),
    (
        _("Badges"),
        (
            (_("Badge desk"), "badges.badge:desk", "contact_emergency"),
            (_("Badges"), "badges.badge", "id_card"),
            (_("Print batches"), "badges.printbatch", "print"),
            (_("Checks at the doors"), "badges.scan", "qr_code_scanner"),
            (_("Alerts"), "badges.scanalert", "notification_important"),
            (_("Devices"), "badges.checkdevice", "smartphone"),
            (_("Keys and lists"), "badges.keylist:trust", "vpn_key"),
        ),
    ),
    (
        _("Missions"),
        (
            (_("Invitations"), "missions.invitation", "mail"),
            (_("Missions"), "missions.mission", "flag"),
            (_("Organizations"), "missions.organization", "corporate_fare"),
            (_("Reports"), "reports.report", "summarize"),
            (_("Recommendations"), "recommendations.recommendation", "recommend"),
            (_("Public figures"), "figures.frozenfigures", "functions"),
            (_("Figures said by others"), "figures.figureclaim", "format_quote"),
            (_("Quotas"), "accreditation.categoryquota", "pie_chart"),
        ),
    ),
    (
        _("To look up"),
        (
            (_("Observers"), "accreditation.observer", "person"),
            (_("Lists"), "accreditation.listedperson", "playlist_remove"),
            (_("Exit polls"), "accreditation.exitpollresult", "ballot"),
            (_("Elections"), "missions.election", "how_to_vote"),
            (_("Commissions"), "missions.commission", "account_balance"),
            (_("Constituencies"), "missions.constituency", "map"),
        ),
    ),
    (
        _("Stations"),
        (
            (_("Polling stations"), "stations.pollingstation", "location_on"),
            (_("Map"), "stations.pollingstation:map", "map"),
            (_("Now voting"), "stations.pollingstation:voting", "schedule"),
            (_("Register versions"), "register.registerversion", "history"),
            (_("Special access"), "access.accessgrant", "verified_user"),
            (_("Escorts and vehicles"), "access.escortrun", "airport_shuttle"),
            (_("Travel times"), "travel.travelmatrix", "timer"),
        ),
    ),
    (
        _("Deployment"),
        (
            (_("Plans"), "deployment.deploymentplan", "route"),
            (_("Planning runs"), "deployment.planrun", "model_training"),
            (_("Files with plans"), "plan_files.planfile", "upload_file"),
            (_("Rules of deployment"), "deployment.deploymentsettings", "fact_check"),
            (_("Shares of visits"), "deployment.visitshares", "percent"),
            (_("Coverage"), "deployment.deploymentplan:joint_coverage", "donut_small"),
            (_("Coverage on the map"), "deployment.deploymentplan:coverage_map", "layers"),
            (_("Teams"), "deployment.team", "group"),
            (_("Visits"), "deployment.visit", "event_available"),
            (_("Station samples"), "samples.stationsample", "casino"),
            (_("Roll calls"), "presence.rollcall", "crisis_alert"),
            (_("Early looks at plans"), "deployment.breakglass", "visibility"),
        ),
    ),
    (
        _("Programme"),
        (
            (_("Programme"), "programme.programme", "event"),
            (_("Requests of missions"), "programme.meetingrequest", "pan_tool"),
            (_("Bookings"), "programme.booking", "event_seat"),
            (_("What is shared"), "programme.sharedresource", "meeting_room"),
            (_("Interpreters"), "programme.interpreterpool", "translate"),
            (_("Order of protocol"), "programme.protocolrank", "military_tech"),
        ),
    ),
    (
        _("Timeline and mail"),
        (
            (_("Election calendar"), "timeline.milestone:calendar", "calendar_month"),
            (_("Milestones"), "timeline.milestone", "timeline"),
            (_("Broadcasts"), "reminders.broadcast", "campaign"),
            (_("Messages"), "reminders.message", "outgoing_mail"),
            (_("One mail a day"), "reminders.digestchoice", "stacked_email"),
            (_("Reminder rules"), "reminders.reminderrule", "rule"),
            (_("Pauses of mails"), "reminders.mailpause", "pause_circle"),
            (_("Restores"), "reminders.outboxfreeze", "settings_backup_restore"),
        ),
    ),
    (
        _("Administration"),
        (
            (_("Accounts"), "missions.user", "manage_accounts"),
            (_("Roles"), "auth.group", "shield_person"),
            (_("Who acts for missions"), "missions.membership", "handshake"),
            (_("API tokens"), "missions.apitoken", "key"),
            (_("History"), "kernel.event", "history_edu"),
        ),
    ),
)

#: What a mission's people have, in groups: title, name of the page, icon.
_MISSION_GROUPS: tuple[tuple[Promise, tuple[tuple[Promise, str, str], ...]], ...] = (
    (
        _("Timeline"),
        (
            (_("Steps"), "admin:timeline_milestone_changelist", "timeline"),
            (_("Election calendar"), "admin:timeline_milestone_calendar", "calendar_month"),
            (_("Programme"), "admin:programme_booking_changelist", "event_seat"),
            (_("Requests"), "admin:programme_meetingrequest_changelist", "pan_tool"),
        ),
    ),
    (
        _("Stations"),
        (
            (_("Polling stations"), "admin:stations_pollingstation_changelist", "location_on"),
            (_("Map of stations"), "admin:stations_pollingstation_map", "map"),
            (_("Special access"), "admin:access_accessgrant_changelist", "verified_user"),
            (_("Travel times"), "admin:travel_travelmatrix_changelist", "timer"),
            (_("Station samples"), "admin:samples_stationsample_changelist", "casino"),
        ),
    ),
    (
        _("Deployment"),
        (
            (_("Deployment plans"), "admin:deployment_deploymentplan_changelist", "route"),
            (_("Planning runs"), "admin:deployment_planrun_changelist", "model_training"),
            (_("Files with plans"), "admin:plan_files_planfile_changelist", "upload_file"),
            (_("Rules of deployment"), "admin:deployment_deploymentsettings_changelist", "fact_check"),
            (_("Shares of visits"), "admin:deployment_visitshares_changelist", "percent"),
            (_("Coverage"), "admin:deployment_deploymentplan_joint_coverage", "donut_small"),
            (_("Where others go"), "admin:deployment_deploymentplan_crowding", "blur_on"),
            (_("Early looks of the ministry"), "admin:deployment_breakglass_changelist", "visibility"),
        ),
    ),
    (
        _("Election day and after"),
        (
            (_("Now voting"), "admin:stations_pollingstation_voting", "schedule"),
            (_("Roll calls"), "admin:presence_rollcall_changelist", "crisis_alert"),
            (_("Reports"), "admin:reports_report_changelist", "summarize"),
        ),
    ),
    (
        _("People"),
        ((_("Who acts for your missions"), "admin:missions_membership_changelist", "handshake"),),
    ),
    (
        _("Yourself"),
        (
            (_("Calendar addresses"), "account:calendars", "rss_feed"),
            (_("Your account"), "account:home", "account_circle"),
        ),
    ),
)


def stylesheet(request: HttpRequest) -> str:
    """The address of the product's own style sheet."""
    return static("desk/desk.css")


def picture_styles(request: HttpRequest) -> str:
    """The address of the style sheet of pictures."""
    return static("desk/pictures.css")


def icon(request: HttpRequest) -> str:
    """The address of the product's icon."""
    return static("desk/icon.svg")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation in the form that the theme takes. Needs no query of its own."""
    home = {"title": _("Dashboard"), "icon": "dashboard", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [
        {"title": title, "separator": True, "items": [_item(*entry) for entry in entries]} for title, entries in _GROUPS
    ]
    _mark_place([item for group in groups for item in group["items"]], request.path)
    return [{"title": "", "items": [home]}, *groups]


def mission_sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The same for the people of missions, who see all of it. Needs no query."""
    home = _mission_item(_("Your missions"), "admin:index", "flag")
    groups: list[dict[str, Any]] = [
        {"title": title, "separator": True, "items": [_mission_item(*page) for page in pages]}
        for title, pages in _MISSION_GROUPS
    ]
    _mark_place([item for group in groups for item in group["items"]], request.path)
    return [{"title": "", "items": [home]}, *groups]


def _mission_item(title: Promise, name: str, icon: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(name, current_app="mission")}


def _mark_place(items: list[dict[str, Any]], path: str) -> None:
    """Pages of their own lie below the lists of their models; the longest link is the one that the reader is at."""
    links = [item["link"] for item in items if path.startswith(item["link"])]
    for item in items:
        item["active"] = bool(links) and item["link"] == max(links, key=len)


def _item(title: Promise, label: str, icon: str) -> dict[str, Any]:
    label, _colon, page = label.partition(":")
    app, model = label.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{app}_{model}_{page or 'changelist'}"),
        "permission": _may_view(f"{app}.view_{model}"),
    }


def _may_view(permission: str) -> Callable[[HttpRequest], bool]:
    def may_view(request: HttpRequest) -> bool:
        return request.user.has_perm(permission)

    return may_view
