"""By hand: areas of responsibility, and all teams of one at a time."""

from missions.models import Constituency
from stations.deployment.errors import AreaNameError, NothingChangesError, NotLongTermError
from stations.deployment.hand_acts import (
    ClearArea,
    DissolveArea,
    MakeArea,
    MergeAreas,
    MoveAreaTeams,
    MoveConstituency,
    PinArea,
    Place,
    RenameArea,
    SuperviseArea,
)
from stations.deployment.models import AreaOfResponsibility, Team, Visit
from stations.deployment.services.hand.changing import Done, carry_out
from stations.deployment.services.hand.draft import Draft
from stations.deployment.services.hand.people import pin_team
from stations.deployment.services.hand.places import move_team
from stations.deployment.services.hand.route import clear_days
from stations.deployment.states import ChangeKind, TeamKind


@carry_out.register
def _make(act: MakeArea, draft: Draft) -> Done:
    place = draft.constituency(act.constituency)
    area = AreaOfResponsibility.objects.create(plan=draft.plan, name=_free_name(act.name, draft))
    draft.made_areas.append(area)
    _take_in(area, place, draft)
    if act.team is not None:
        _look_after(area, draft.team(act.team))
    return Done(ChangeKind.MAKE_AREA, {"area": area.name, "constituency": str(place.number)})


@carry_out.register
def _rename(act: RenameArea, draft: Draft) -> Done:
    area = draft.area(act.area)
    name = _free_name(act.name, draft, but=area.pk)
    before, area.name = area.name, name
    area.save(update_fields=["name"])
    return Done(ChangeKind.RENAME_AREA, {"area": before, "name": name})


@carry_out.register
def _move_constituency(act: MoveConstituency, draft: Draft) -> Done:
    place, area = draft.constituency(act.constituency), draft.area(act.area)
    _take_in(area, place, draft)
    return Done(ChangeKind.MOVE_CONSTITUENCY, {"constituency": str(place.number), "area": area.name})


@carry_out.register
def _supervise(act: SuperviseArea, draft: Draft) -> Done:
    area, team = draft.area(act.area), draft.team(act.team)
    _look_after(area, team)
    return Done(ChangeKind.SUPERVISE_AREA, {"teams": str(team.number), "area": area.name})


@carry_out.register
def _move_teams(act: MoveAreaTeams, draft: Draft) -> Done:
    area = draft.area(act.area)
    teams = draft.teams_of_area(area, kind=TeamKind.SHORT_TERM)
    _refuse_nothing(teams)
    for team in teams:
        move_team(team, Place(constituency=act.constituency), draft)
    return Done(ChangeKind.MOVE_AREA_TEAMS, {"area": area.name, "constituency": str(act.constituency)})


@carry_out.register
def _merge(act: MergeAreas, draft: Draft) -> Done:
    area, into = draft.area(act.area), draft.area(act.into, field="into")
    if area.pk == into.pk:
        raise NothingChangesError
    teams = draft.teams_of_area(area)
    Team.objects.filter(pk__in=[team.pk for team in teams]).update(area=into)
    into.constituencies.add(*area.constituencies.all())
    name = area.name
    area.delete()
    return Done(ChangeKind.MERGE_AREAS, {"area": name, "name": into.name})


@carry_out.register
def _pin(act: PinArea, draft: Draft) -> Done:
    area = draft.area(act.area)
    teams = draft.teams_of_area(area)
    _refuse_nothing(teams)
    for team in teams:
        pin_team(team, pair=act.pair, place=act.place)
    if act.visits is not None:
        Visit.objects.filter(visit_plan__team__in=teams).update(is_pinned=act.visits)
    return Done(ChangeKind.PIN_AREA, {"area": area.name})


@carry_out.register
def _clear(act: ClearArea, draft: Draft) -> Done:
    area = draft.area(act.area)
    teams = draft.teams_of_area(area)
    _refuse_nothing(teams)
    clear_days(teams, draft)
    return Done(ChangeKind.CLEAR_AREA, {"area": area.name})


@carry_out.register
def _dissolve(act: DissolveArea, draft: Draft) -> Done:
    area = draft.area(act.area)
    teams = draft.teams_of_area(area)
    Team.objects.filter(pk__in=[team.pk for team in teams]).update(area=None)
    name = area.name
    area.delete()
    return Done(ChangeKind.DISSOLVE_AREA, {"area": name})


def _free_name(asked: str, draft: Draft, *, but: int = 0) -> str:
    """The name, unless another area of the plan has it. Raises AreaNameError."""
    name = asked.strip()
    others = AreaOfResponsibility.objects.filter(plan=draft.plan).exclude(pk=but)
    if not name or others.filter(name=name).exists():
        raise AreaNameError
    return name


def _take_in(area: AreaOfResponsibility, place: Constituency, draft: Draft) -> None:
    """Give the area a constituency with the teams that work there; whoever had it has it no more."""
    holders = list(AreaOfResponsibility.objects.filter(plan=draft.plan, constituencies=place).exclude(pk=area.pk))
    draft.touch_areas(*(holder.pk for holder in holders))
    for holder in holders:
        holder.constituencies.remove(place)
    area.constituencies.add(place)
    teams = Team.objects.filter(plan=draft.plan, constituency=place)
    draft.touch(*teams.values_list("pk", flat=True))
    teams.update(area=area)


def _look_after(area: AreaOfResponsibility, team: Team) -> None:
    """Put the area under a long-term team. Raises NotLongTermError."""
    if team.kind != TeamKind.LONG_TERM:
        raise NotLongTermError
    team.area = area
    team.save(update_fields=["area"])


def _refuse_nothing(teams: list[Team]) -> None:
    if not teams:
        raise NothingChangesError
