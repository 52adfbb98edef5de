"""The ministry's first page: composes what the apps' selectors tell, for what the person may see."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accreditation.admin.queues import Pile, piles
from accreditation.admin.tones import APPLICATION_TONES, time_left
from accreditation.badges.admin.piles import work_piles
from accreditation.models import Application, Nomination
from accreditation.selectors import applications_by_state, applications_due_soon, figures, overdue_applications
from accreditation.states import ApplicationState, Category
from missions.admin.bars import Bar, grouped, percent
from missions.admin.pages import DAY_FORMAT, local_text, moment, words
from missions.kernel import clock
from missions.kernel.errors import Text
from missions.kernel.models import Event
from missions.law.calendar import e_offset, offset_label
from missions.models import Election, Invitation
from missions.reminders.selectors import holding_freeze
from missions.states import InvitationState
from stations.deployment.coverage import joint_coverage
from stations.deployment.gaps import pool_gap_count
from stations.deployment.selectors import Share, coverage, overseas_gaps

_S = ApplicationState
_NOT_SUBMITTED = (_S.DRAFT, _S.WITHDRAWN)
_REVIEWED = (_S.UNDER_REVIEW, _S.RECOMMENDED, _S.SCHEDULED, _S.ACCREDITED, _S.REFUSED, _S.APPEALED, _S.REFUSED_FINAL)
#: Rows of a short list.
SHORT = 6


def standing_notice(request: HttpRequest) -> list[str] | None:
    """The words of the banner on every page, none on an ordinary day.

    The simulated date while the clock of a rehearsal is set, in the latest host's time; and for staff, that a restore
    holds all mails back.
    """
    notices = []
    if clock.offset():
        zone = Election.objects.order_by("-e_day").values_list("time_zone", flat=True).first() or "UTC"
        date = local_text(moment(request), zone)
        notices.append(_("Simulated date: %(date)s, %(zone)s") % {"date": date, "zone": zone})
    freeze = holding_freeze() if _is_staff(request) else None
    if freeze is not None:
        restored = local_text(freeze.began_at, "UTC")
        notices.append(_("No mail goes out: the database was restored on %s UTC, see Restores") % restored)
    return [" · ".join(notices), "warning"] if notices else None


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_host


def dashboard_callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the first page shows to the admin index: of the election that is asked for, or else the latest."""
    elections = list(Election.objects.visible_to(request.user).order_by("-e_day"))
    chosen = request.GET.get("election")
    election = next((row for row in elections if row.code == chosen), elections[0] if elections else None)
    context.update({"title": _("Dashboard"), "elections": elections, "election": election})
    if election is None:
        return context
    at = moment(request)
    context["countdown"] = _countdown(election, at)
    context["as_of"] = local_text(at, election.zone)
    if request.user.has_perm("accreditation.view_accreditation"):
        context["figures"] = figures(election)
    if request.user.has_perm("accreditation.view_application"):
        context.update(_desk(request, election, at))
    context["badge_piles"] = work_piles(request, election)
    if request.user.has_perm("stations.view_pollingstation"):
        context.update(_deployment(election, at))
    if request.user.has_perm("kernel.view_event") or request.user.has_perm("accreditation.view_application"):
        context["latest"] = _latest(election)
    return context


def _countdown(election: Election, at: datetime) -> dict[str, str]:
    today = at.astimezone(election.zone).date()
    days = (election.e_day - today).days
    if days > 0:
        text = ngettext("%d day to election day", "%d days to election day", days) % days
    elif days == 0:
        text = _("Election day")
    else:
        text = ngettext("%d day after election day", "%d days after election day", -days) % -days
    return {
        "label": offset_label(e_offset(today, election.e_day)),
        "text": text,
        "today": date_format(today, DAY_FORMAT),
        "e_day": date_format(election.e_day, DAY_FORMAT),
    }


def _desk(request: HttpRequest, election: Election, at: datetime) -> dict[str, Any]:
    international = applications_by_state(election, user=request.user, category=Category.INTERNATIONAL_OBSERVER)
    return {
        "funnel": _funnel(election, international),
        "states": _states(applications_by_state(election, user=request.user)),
        "queues": _queues(request, election, at),
        "overdue": _short(overdue_applications(election, at=at, user=request.user), at, queue="overdue"),
        "due_soon": _short(applications_due_soon(election, at=at, user=request.user), at, queue="soon"),
    }


def _funnel(election: Election, states: dict[ApplicationState, int]) -> list[Bar]:
    """The way of the international observers: only their places are granted by invitations."""
    invitations = Invitation.objects.filter(election=election).aggregate(
        organizations=Count(
            "organization",
            distinct=True,
            filter=~Q(state__in=(InvitationState.PLANNED, InvitationState.NOT_INVITED)),
        ),
        places=Sum("ceiling", default=0, filter=Q(state=InvitationState.ACCEPTED)),
    )
    nominations = Nomination.objects.filter(mission__election=election)
    nominated = nominations.filter(category=Category.INTERNATIONAL_OBSERVER).count()
    submitted = sum(count for state, count in states.items() if state not in _NOT_SUBMITTED)
    reviewed = sum(states[state] for state in _REVIEWED)
    note = ngettext("%d organization", "%d organizations", invitations["organizations"]) % invitations["organizations"]
    steps = (
        (_("Places by invitation"), invitations["places"], note),
        (_("Nominated"), nominated, ""),
        (_("Submitted"), submitted, ""),
        (_("Review begun"), reviewed, ""),
        (_("Accredited"), states[_S.ACCREDITED], ""),
    )
    longest = max(count for _label, count, _note in steps)
    return [Bar(label, count, percent(count, longest), note=remark) for label, count, remark in steps]


def _states(states: dict[ApplicationState, int]) -> list[Bar]:
    address = reverse("admin:accreditation_application_changelist")
    longest = max(states.values())
    return [
        Bar(
            state.label,
            count,
            percent(count, longest),
            tone=APPLICATION_TONES.get(state, ""),
            url=f"{address}?state__exact={state}",
        )
        for state, count in states.items()
        if count
    ]


def _queues(request: HttpRequest, election: Election, at: datetime) -> list[Pile]:
    """The piles of the desk with their sizes; a step at which nobody stands is left out. One query."""
    by_queue, _by_category = piles(
        Application.objects.visible_to(request.user).filter(election=election),
        user=request.user,
        at=at,
        address=reverse("admin:accreditation_application_changelist"),
        chosen={},
    )
    return [pile for pile in by_queue if pile.count or not pile.queue.is_step]


def _short(applications: QuerySet[Application], at: datetime, *, queue: str) -> list[dict[str, Any]]:
    """The first few of a queue; who opens one goes on from there to the next. One query."""
    way = urlencode({"_changelist_filters": f"queue={queue}"})
    rows = applications.select_related("election").defer("observer__passport_number", "observer__mrz")[:SHORT]
    return [
        {
            "person": row.observer.full_name,
            "mission": row.nomination.mission.code,
            "left": time_left(row, at=at),
            "url": f"{reverse('admin:accreditation_application_change', args=(row.pk,))}?{way}",
        }
        for row in rows
    ]


def _deployment(election: Election, at: datetime) -> dict[str, Any]:
    """Counts over all released plans; nothing of a mission's own plan can be read from them."""
    reached = coverage(election)
    rows: tuple[tuple[Text, Share], ...] = (
        (_("Stations to be visited"), reached.stations),
        (_("Constituencies"), reached.constituencies),
        (_("Newly covered territory"), reached.newly_covered),
        (_("Countries abroad"), reached.overseas_countries),
        (_("Stations abroad"), reached.overseas_stations),
        (_("Stations with a camera"), reached.web_cameras),
        (_("Urban stations"), reached.urban),
        (_("Rural stations"), reached.rural),
    )
    return {
        "coverage": [
            Bar(
                label,
                share.reached,
                percent(share.reached, share.total),
                note=grouped(share.total),
            )
            for label, share in rows
        ],
        "strata_missed": joint_coverage(election, at=at).missed,
        "dropped_out": _dropped_out(pool_gap_count(election)),
        "gaps": [f"{gap.city} ({gap.code}): {gap.sentence}" for gap in overseas_gaps(election)],
    }


def _dropped_out(gaps: int) -> str:
    """How many gaps the pool's plan has, in words; nothing if it holds."""
    if not gaps:
        return ""
    sentence = ngettext(
        "%d person or station dropped out of the released plan of the pool.",
        "%d people or stations dropped out of the released plan of the pool.",
        gaps,
    )
    return sentence % gaps


def _latest(election: Election) -> list[dict[str, str]]:
    """What happened last, as far as the host may read it. One query."""
    events = Event.objects.filter(is_private=False).select_related("actor").order_by("-pk")[:8]
    return [
        {
            "at": local_text(event.at, election.zone),
            "act": words(event.verb),
            "label": event.object_label,
            "actor": str(event.actor or _("the system")),
        }
        for event in events
    ]
