"""The first page of a mission's people: what comes next, and what is missing, of all missions that they act for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accreditation.models import Application
from accreditation.states import ApplicationState
from missions.admin.pages import DAY_FORMAT, local_text
from missions.law.calendar import e_offset, offset_label
from missions.models import Membership, Mission, User
from missions.states import MembershipRole
from missions.timeline.feeds.events import CalendarEvent, EventKind, Scope
from missions.timeline.feeds.selectors import events_of
from missions.timeline.selectors import Standing, TimelineRow, timelines_of
from missions.timeline.zones import zone_or_utc
from stations.deployment.gaps import gap_counts
from stations.deployment.models import BreakGlass

#: So many steps to come are shown of each mission.
STEPS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step to come, its instant by the clocks of its zone."""

    title: str
    planned: str
    label: str


@dataclass(frozen=True, slots=True)
class EarlyLook:
    """Somebody of the ministry reads the mission's own plan at this moment."""

    key: int
    sentence: str


@dataclass(frozen=True, slots=True)
class OwnMission:
    """One mission: who the person is in it, the next steps, who reads its plan, and in sentences what is missing.

    `can_plan`: the person may order a deployment plan for it, and election day is not over.
    """

    mission: Mission
    role: str
    steps: tuple[NextStep, ...]
    missing: tuple[str, ...]
    looks: tuple[EarlyLook, ...]
    can_plan: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next event of a kind, by the clocks of its zone."""

    title: str
    when: str
    zone: str
    where: str


@dataclass(frozen=True, slots=True)
class MissionHome:
    """All of the page."""

    missions: tuple[OwnMission, ...]
    meeting: Ahead | None
    deadline: Ahead | None


def mission_home(user: User, *, at: datetime) -> MissionHome:
    """What the person's missions have before them at the instant. The number of queries is that of one mission."""
    own = Membership.objects.filter(user=user).select_related("mission__election")
    memberships = list(own.order_by("-mission__election__e_day", "mission__code"))
    missions = {row.mission_id: row.mission for row in memberships}
    timelines = timelines_of(missions, at=at)
    waiting = _applications(missions, user)
    gaps = gap_counts(missions)
    looks = _looks(user)
    elections = frozenset(mission.election_id for mission in missions.values())
    events = events_of(Scope(user, frozenset(missions), elections), at=at)
    return MissionHome(
        missions=tuple(
            OwnMission(
                mission=row.mission,
                role=row.get_role_display(),
                steps=tuple(_next_steps(timelines.get(row.mission_id, ()), row.mission)),
                missing=(
                    *_missing(timelines.get(row.mission_id, ()), waiting.get(row.mission_id, {})),
                    *_dropped_out(gaps[row.mission_id]),
                ),
                looks=tuple(looks.get(row.mission_id, ())),
                can_plan=_can_plan(row, at),
            )
            for row in memberships
        ),
        meeting=_ahead(events, EventKind.BOOKING, at),
        deadline=_ahead(events, EventKind.DEADLINE, at),
    )


def _can_plan(row: Membership, at: datetime) -> bool:
    election = row.mission.election
    today = at.astimezone(election.zone).date()
    return row.role == MembershipRole.LEAD and row.mission.is_self_directed and today <= election.e_day


def _applications(missions: dict[int, Mission], user: User) -> dict[int, dict[str, int]]:
    """How many applications of each mission wait for the mission, by state. One query."""
    rows = Application.objects.visible_to(user).filter(
        nomination__mission__in=missions, state__in=[ApplicationState.DRAFT, ApplicationState.INCOMPLETE]
    )
    found: dict[int, dict[str, int]] = {}
    counted = rows.order_by().values_list("nomination__mission", "state").annotate(count=Count("pk", distinct=True))
    for mission_id, state, count in counted:
        found.setdefault(mission_id, {})[state] = count
    return found


def _next_steps(rows: tuple[TimelineRow, ...], mission: Mission) -> Iterator[NextStep]:
    for row in [row for row in rows if row.standing is Standing.COMING][:STEPS_SHOWN]:
        zone = zone_or_utc(row.zone)
        day = row.planned.astimezone(zone).date()
        yield NextStep(row.title, local_text(row.planned, zone), offset_label(e_offset(day, mission.election.e_day)))


def _missing(rows: tuple[TimelineRow, ...], waiting: dict[str, int]) -> Iterator[str]:
    if count := waiting.get(ApplicationState.DRAFT, 0):
        yield ngettext("%d application is not submitted.", "%d applications are not submitted.", count) % count
    if count := waiting.get(ApplicationState.INCOMPLETE, 0):
        yield ngettext("%d application waits for papers.", "%d applications wait for papers.", count) % count
    for row in rows:
        if row.standing is Standing.LATE:
            since = date_format(row.planned.astimezone(zone_or_utc(row.zone)), DAY_FORMAT)
            yield _("Late since %(day)s: %(step)s") % {"day": since, "step": row.title}
    if not rows:
        yield _("The host has laid no timeline yet.")


def _dropped_out(gaps: int) -> Iterator[str]:
    if gaps:
        sentence = ngettext(
            "%d person or station dropped out of the released deployment plan.",
            "%d people or stations dropped out of the released deployment plan.",
            gaps,
        )
        yield sentence % gaps


def _looks(user: User) -> dict[int | None, list[EarlyLook]]:
    """Who of the ministry reads the plan of which mission now. One query."""
    found: dict[int | None, list[EarlyLook]] = {}
    open_now = BreakGlass.objects.visible_to(user).open_now().select_related("reader", "plan__election")
    for look in open_now.order_by("pk"):
        sentence = _("%(reader)s of the ministry reads your deployment plan until %(until)s: %(reason)s") % {
            "reader": look.reader,
            "until": local_text(look.closes_at, look.plan.election.zone),
            "reason": look.reason,
        }
        found.setdefault(look.plan.mission_id, []).append(EarlyLook(look.pk, sentence))
    return found


def _ahead(events: tuple[CalendarEvent, ...], kind: EventKind, at: datetime) -> Ahead | None:
    """The first event of the kind that is not over, with the day alone where the law names no hour."""
    for event in events:
        if event.kind is kind and not event.is_cancelled and (event.ends_at or event.starts_at) > at:
            day = event.whole_day
            when = date_format(day, DAY_FORMAT) if day else local_text(event.starts_at, zone_or_utc(event.zone))
            return Ahead(str(event.title), when, event.zone, str(event.place))
    return None
