"""What the page of one plan tells. The plan was fetched in scope; a page needs the same queries at any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from accreditation.models import Observer
from missions.admin.pages import local_text
from missions.countries import country_name
from missions.models import User
from stations.deployment.models import (
    AreaOfResponsibility,
    BreakGlass,
    DeploymentPlan,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)
from stations.deployment.records import OBSERVER, left_out_from_json
from stations.deployment.selectors import reads_whole
from stations.deployment.states import GapReason
from stations.models import PollingStation

TEAMS_PER_PAGE = 20
#: So many of those left out are named; the rest is counted.
NAMED = 12


def teams_of(plan: DeploymentPlan, user: User) -> "QuerySet[Team]":
    """The teams of a plan that the person may see."""
    # By key: the scope joins members, and counting over the joined rows would count a team once for each.
    return Team.objects.filter(pk__in=Team.objects.visible_to(user).filter(plan=plan).values("pk"))


def areas_of(plan: DeploymentPlan, user: User, *, chosen: str) -> list[dict[str, Any]]:
    """The areas with the number of their teams and their constituencies. Three queries."""
    teams = dict(teams_of(plan, user).order_by().values_list("area").annotate(count=Count("pk")))
    areas = AreaOfResponsibility.objects.visible_to(user).filter(plan=plan)
    return [
        {
            "key": area.pk,
            "name": area.name,
            "teams": teams.get(area.pk, 0),
            "constituencies": [constituency.number for constituency in area.constituencies.all()],
            "chosen": str(area.pk) == chosen,
        }
        for area in areas.prefetch_related("constituencies").order_by("name")
    ]


def teams_page(
    plan: DeploymentPlan, user: User, *, area: str, number: str
) -> tuple["Page[Team]", list[dict[str, Any]]]:
    """One page of the teams that the person may see, with members and routes; of one area if its key is given."""
    teams = teams_of(plan, user)
    if area.isascii() and area.isdecimal() and len(area) < 19:
        teams = teams.filter(area=int(area))
    found = Paginator(_with_parts(teams, user), TEAMS_PER_PAGE).get_page(number)
    return found, [_team(team) for team in found]


def team_card(plan: DeploymentPlan, user: User, *, number: int) -> dict[str, Any] | None:
    """The team of this number with members and route, if there is one that the person may see."""
    team = _with_parts(teams_of(plan, user), user).filter(number=number).first()
    return _team(team) if team else None


def _with_parts(teams: "QuerySet[Team]", user: User) -> "QuerySet[Team]":
    """The teams by number, with all that their cards tell."""
    return (
        teams.select_related("area", "constituency", "interpreter")
        .prefetch_related(
            Prefetch(
                "members",
                TeamMember.objects.with_gap(user)
                .select_related("observer", "nomination__mission")
                .defer("observer__passport_number", "observer__mrz"),
            ),
            Prefetch("visit_plans", VisitPlan.objects.order_by("day")),
            Prefetch("visit_plans__visits", Visit.objects.select_related("station").order_by("order")),
        )
        .order_by("number")
    )


def left_out_of(plan: DeploymentPlan, user: User) -> list[dict[str, Any]]:
    """Who and what is not in the plan, by reason, the first few by name. Two queries at most.

    Whom the pool leaves out is for those who read its plan whole.
    """
    if not reads_whole(plan, user):
        return []
    rows = left_out_from_json(plan.left_out)
    people = [key for row in rows if row.what == OBSERVER for key in row.ids[:NAMED]]
    places = [key for row in rows if row.what != OBSERVER for key in row.ids[:NAMED]]
    names = {
        OBSERVER: {
            observer.pk: observer.full_name
            for observer in Observer.objects.filter(pk__in=people).defer("passport_number", "mrz")
        }
        if people
        else {},
        "place": {station.pk: _place(station) for station in PollingStation.objects.filter(pk__in=places)}
        if places
        else {},
    }
    return [
        {
            "what": _counted(row.what, row.count),
            "reason": row.sentence,
            "names": _named(row.ids, names[OBSERVER if row.what == OBSERVER else "place"]),
            "more": max(0, row.count - NAMED),
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class LookLine:
    """One early look at a plan, as the page tells it."""

    key: int
    reader: str
    reason: str
    opened: str
    until: str
    is_open: bool


def looks_of(plan: DeploymentPlan, user: User, *, at: datetime) -> list[LookLine]:
    """Who of the ministry has read the plan, newest first, for those who may know it. One query."""
    zone = plan.election.zone
    return [
        LookLine(
            key=look.pk,
            reader=str(look.reader),
            reason=look.reason,
            opened=local_text(look.opened_at, zone),
            until=local_text(look.ended_at or look.closes_at, zone),
            is_open=look.is_open(at),
        )
        for look in BreakGlass.objects.visible_to(user).filter(plan=plan).select_related("reader").order_by("-pk")
    ]


def _counted(what: str, count: int) -> str:
    if what == OBSERVER:
        return ngettext("%d person", "%d people", count) % count
    return ngettext("%d station", "%d stations", count) % count


def _named(keys: Sequence[int], names: dict[int, str]) -> SafeString:
    """The names, each in its own direction: two in Arabic would else change places with the comma."""
    return format_html_join(", ", "<bdi>{}</bdi>", ((names[key],) for key in keys[:NAMED] if key in names))


def _place(station: PollingStation) -> str:
    return f"{station.code} {station.city}" if station.city else station.code


def _country(code: str) -> str:
    return country_name(code, get_language() or "en") if code else ""


def _team(team: Team) -> dict[str, Any]:
    members = [
        {
            "name": member.observer.full_name,
            "nationality": _country(member.observer.nationality),
            "mission": member.nomination.mission.code,
            "is_leader": member.is_leader,
            "gap": GapReason(member.gap).label if member.gap else "",  # type: ignore[attr-defined]  # annotated
        }
        for member in team.members.all()
    ]
    return {
        "key": team.pk,
        "number": team.number,
        "kind": team.get_kind_display(),
        "where": _country(team.country) or str(team.constituency or team.area or ""),
        "area": str(team.area or ""),
        "interpreter": team.interpreter.name if team.interpreter else "",
        "is_pair_pinned": team.is_pair_pinned,
        "is_place_pinned": team.is_place_pinned,
        "members": members,
        "days": [_day(day) for day in team.visit_plans.all()],
    }


def _day(day: VisitPlan) -> dict[str, Any]:
    visits = [_visit(visit) for visit in day.visits.all()]
    span = f"{visits[0]['arrives']}–{visits[-1]['leaves']}" if visits else ""
    return {"day": date_format(day.day, "l, j M Y"), "span": span, "visits": visits}


def _visit(visit: Visit) -> dict[str, Any]:
    zone = visit.station.zone
    return {
        "order": visit.order,
        "kind": visit.get_kind_display(),
        "code": visit.station.code,
        "name": visit.station.name,
        "station": visit.station_id,
        "is_out_of_use": visit.station.is_closed,
        "is_pinned": visit.is_pinned,
        "arrives": date_format(visit.arrives_at.astimezone(zone), "H:i"),
        "leaves": date_format(visit.leaves_at.astimezone(zone), "H:i"),
        "zone": visit.station.time_zone,
    }
