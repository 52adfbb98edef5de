"""By hand: areas of responsibility, and all teams of one at a time."""

from stations.deployment.errors import AreaNameError, NothingChangesError, NotLongTermError
from stations.deployment.hand_acts import (
    ClearArea,
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
def _rename(act: RenameArea, draft: Draft) -> Done:
    area, name = draft.area(act.area), act.name.strip()
    others = AreaOfResponsibility.objects.filter(plan=draft.plan).exclude(pk=area.pk)
    if not name or others.filter(name=name).exists():
        raise AreaNameError
    before, area.name = area.name, name
    area.save(update_fields=["name"])
    return Done(ChangeKind.RENAME_AREA, {"area": before, "name": name})


@carry_out.register
def _move_constituency(act: MoveConstituency, draft: Draft) -> Done:
    place, area = draft.constituency(act.constituency), draft.area(act.area)
    holders = list(AreaOfResponsibility.objects.filter(plan=draft.plan, constituencies=place).exclude(pk=area.pk))
    draft.touch_areas(*(holder.pk for holder in holders))
    for holder in holders:
        holder.constituencies.remove(place)
    area.constituencies.add(place)
    teams = Team.objects.filter(plan=draft.plan, constituency=place)
    draft.touch(*teams.values_list("pk", flat=True))
    teams.update(area=area)
    return Done(ChangeKind.MOVE_CONSTITUENCY, {"constituency": str(place.number), "area": area.name})


@carry_out.register
def _supervise(act: SuperviseArea, draft: Draft) -> Done:
    area, team = draft.area(act.area), draft.team(act.team)
    if team.kind != TeamKind.LONG_TERM:
        raise NotLongTermError
    team.area = area
    team.save(update_fields=["area"])
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


def _refuse_nothing(teams: list[Team]) -> None:
    if not teams:
        raise NothingChangesError
