"""What the sheets of teams say: read in the scope of whoever prints them, in a few queries for all teams of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise, zip_longest

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from missions.countries import country_name
from missions.models import Membership, User
from missions.states import MembershipRole
from stations.deployment.driving import Leg, drives
from stations.deployment.gaps import gaps_of
from stations.deployment.maps import places_around, team_picture
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.sheets.rendering import SheetBlock, SheetStop, TeamSheet, render_sheets
from stations.deployment.states import TeamKind
from stations.maps.places import Place
from stations.maps.sketch import sketch

#: Pixels of the drawing; on paper it is as wide as the text.
_MAP_WIDTH, _MAP_HEIGHT = 760, 300
_HOURS = "H:i"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the sheets of one plan share: times on the road by visit, stations by constituency, and whom to call.

    The gaps are those of each team by now.
    """

    drives: dict[int, timedelta]
    around: dict[int | None, list[Place]]
    leads: tuple[str, ...]
    supervisors: dict[int, tuple[str, ...]]
    gaps: dict[int, list[str]]
    printed: str


def team_sheets(plan: DeploymentPlan, reader: User, *, at: datetime, team: int | None = None) -> bytes | None:
    """The PDF with a sheet for each team of the plan that the reader may see and that has visits, or of one of them.

    None where there is nothing to print.
    """
    teams = list(_teams(plan, reader, team))
    if not teams:
        return None
    facts = _facts(plan, reader, teams, at)
    sheets = [_sheet(plan, row, day, facts) for row in teams for day in row.visit_plans.all()]
    return render_sheets(sheets, at=at)


def sheets_name(plan: DeploymentPlan, team: int | None) -> str:
    """What the file is called: it names a mission and no place."""
    owner = plan.mission.code if plan.mission else "pool"
    return f"teams-{owner}-v{plan.version}{'' if team is None else f'-{team}'}.pdf"


def _teams(plan: DeploymentPlan, reader: User, number: int | None) -> "QuerySet[Team]":
    own = Team.objects.visible_to(reader).filter(plan=plan, visit_plans__visits__isnull=False)
    if number is not None:
        own = own.filter(number=number)
    members = TeamMember.objects.select_related("observer", "nomination__mission").defer(
        "observer__passport_number", "observer__mrz"
    )
    return (
        Team.objects.filter(pk__in=own.values("pk"))
        .select_related("area", "constituency", "interpreter")
        .prefetch_related(
            Prefetch("members", members),
            Prefetch("visit_plans", VisitPlan.objects.order_by("day")),
            Prefetch("visit_plans__visits", Visit.objects.select_related("station").order_by("order")),
        )
        .order_by("number")
    )


def _facts(plan: DeploymentPlan, reader: User, teams: Sequence[Team], at: datetime) -> _Facts:
    days = [list(day.visits.all()) for team in teams for day in team.visit_plans.all()]
    legs = [
        Leg(
            before.pk,
            before.station_id,
            after.station_id,
            (before.station.constituency_id, after.station.constituency_id),
        )
        for visits in days
        for before, after in pairwise(visits)
    ]
    supervising = Team.objects.visible_to(reader).filter(
        plan=plan, kind=TeamKind.LONG_TERM, area__in={team.area_id for team in teams if team.area_id}
    )
    missions = {member.nomination.mission_id for team in teams for member in team.members.all()}
    leads = Membership.objects.filter(
        mission__in=[plan.mission_id] if plan.mission_id else missions, role=MembershipRole.LEAD, user__is_active=True
    )
    members = TeamMember.objects.filter(team__in=supervising.values("pk")).select_related("observer", "team")
    supervisors: dict[int, tuple[str, ...]] = {}
    for member in members.defer("observer__passport_number", "observer__mrz").order_by("team", "-is_leader", "pk"):
        area = member.team.area_id
        if area is not None:
            supervisors[area] = (*supervisors.get(area, ()), _person(member))
    gaps: dict[int, list[str]] = {}
    for gap in gaps_of(plan, reader):
        gaps.setdefault(gap.team_id, []).append(gap.sentence)
    local = at.astimezone(plan.election.zone)
    around: dict[int | None, list[Place]] = {}
    for place in places_around(plan, {team.constituency_id for team in teams if team.constituency_id}):
        around.setdefault(place.constituency_id, []).append(place)
    return _Facts(
        drives=drives(plan.election, plan.mission, legs),
        around=around,
        leads=tuple(
            f"{row.user.email} ({row.mission.code})"
            for row in leads.select_related("user", "mission").order_by("mission__code", "user__email")
        ),
        supervisors=supervisors,
        gaps=gaps,
        printed=f"{date_format(local, 'j M Y')}, {local:%H:%M}",
    )


def _sheet(plan: DeploymentPlan, team: Team, day: VisitPlan, facts: _Facts) -> TeamSheet:
    visits = list(day.visits.all())
    language = get_language() or "en"
    where = country_name(team.country, language) if team.country else str(team.constituency or team.area or "")
    owner = plan.mission.code if plan.mission else _("Pool")
    footer = {
        "owner": owner,
        "version": plan.version,
        "state": plan.get_state_display(),
        "zone": visits[0].station.time_zone,
        "printed": facts.printed,
    }
    return TeamSheet(
        title=f"{owner} · {_('Team %d') % team.number}",
        day=date_format(day.day, "l, j F Y"),
        subtitle=" · ".join(part for part in (where, str(team.area or ""), plan.election.name) if part),
        blocks=_blocks(team, visits, facts),
        warnings=(*_warnings(plan, day.day), *facts.gaps.get(team.pk, ())),
        map=_drawing(plan, team, visits, facts),
        columns=("", _("Time"), _("Station"), _("Name and address"), _("Visit"), _("To the next")),
        rows=tuple(_stop(visit, following, facts) for visit, following in zip_longest(visits, visits[1:])),
        footer=_("%(owner)s, plan version %(version)d (%(state)s) · times of %(zone)s · printed %(printed)s") % footer,
    )


def _blocks(team: Team, visits: Sequence[Visit], facts: _Facts) -> tuple[SheetBlock, ...]:
    people = (*(_person(member) for member in team.members.all()), *_interpreter(team))
    contacts = [*facts.supervisors.get(team.area_id or 0, ()), *facts.leads]
    contacts += dict.fromkeys(visit.station.embassy_contact for visit in visits if visit.station.embassy_contact)
    return (SheetBlock(_("In the team"), people), SheetBlock(_("To call or write to"), tuple(contacts)))


def _person(member: TeamMember) -> str:
    observer = member.observer
    parts = [observer.full_name, country_name(observer.nationality, get_language() or "en")]
    parts += [observer.phone] if observer.phone else []
    parts += [_("leader")] if member.is_leader else []
    return " · ".join(parts)


def _interpreter(team: Team) -> tuple[str, ...]:
    if team.interpreter is None:
        return ()
    who = team.interpreter
    parts = (who.name, _("interpreter"), ", ".join(who.languages), who.contact)
    return (" · ".join(part for part in parts if part),)


def _warnings(plan: DeploymentPlan, day: date) -> tuple[str, ...]:
    found = []
    if plan.released_at is None:
        found.append(_("This is a draft: nobody is booked by it."))
    if day != plan.election.e_day:
        found.append(_("The plan is for another day than election day, %(day)s.") % {"day": plan.election.e_day})
    return tuple(found)


def _stop(visit: Visit, following: Visit | None, facts: _Facts) -> SheetStop:
    station = visit.station
    begin, end = (date_format(at.astimezone(station.zone), _HOURS) for at in (visit.arrives_at, visit.leaves_at))
    return SheetStop(
        number=str(visit.order),
        time=f"{begin}–{end}",
        code=station.code,
        name=station.name,
        address=station.address or station.city,
        kind=visit.get_kind_display(),
        onward=_onward(visit, following, facts),
    )


def _onward(visit: Visit, following: Visit | None, facts: _Facts) -> str:
    """The drive to the next station, and the meal that the day has on the way."""
    if following is None:
        return ""
    told = []
    if visit.pk in facts.drives:
        minutes = -(-int(facts.drives[visit.pk].total_seconds()) // 60)
        told.append(ngettext("%d minute", "%d minutes", minutes) % minutes)
    if following.meal_at is not None:
        meal = date_format(following.meal_at.astimezone(visit.station.zone), _HOURS)
        told.append(_("meal at %(time)s") % {"time": meal})
    return ", ".join(told)


def _drawing(plan: DeploymentPlan, team: Team, visits: Sequence[Visit], facts: _Facts) -> str:
    """The team's way among the other stations of its constituency; nothing where no station has a place."""
    picture = team_picture(plan, team, visits, facts.around.get(team.constituency_id, []))
    return "" if picture is None else sketch(picture, width=_MAP_WIDTH, height=_MAP_HEIGHT)
