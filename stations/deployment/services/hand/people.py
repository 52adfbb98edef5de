"""By hand: who works with whom."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accreditation.states import Role
from missions.kernel.errors import Violation
from stations.deployment.errors import NothingChangesError, NotInPlanError, ObserverInTeamError, RolesDifferError
from stations.deployment.hand_acts import AssignInterpreter, MakeTeam, PinTeam, SplitTeam, SwapObservers
from stations.deployment.models import Interpreter, Team, TeamMember
from stations.deployment.records import OBSERVER
from stations.deployment.services.hand.changing import Done, carry_out
from stations.deployment.services.hand.draft import Draft
from stations.deployment.services.hand.places import settle
from stations.deployment.states import ChangeKind


@carry_out.register
def _swap(act: SwapObservers, draft: Draft) -> Done:
    first, second = draft.person(act.first), draft.person(act.second)
    if first.team_id == second.team_id:  # both in one team, or both in none
        raise NothingChangesError
    _refuse_mixed_roles((first, second))
    teams = [member.team for member in (first, second) if _has_team(member)]
    TeamMember.objects.filter(pk__in=[first.pk, second.pk]).update(is_leader=False)
    first.is_leader = second.is_leader = False
    if _has_team(first) and _has_team(second):
        first.team, second.team = second.team, first.team
        TeamMember.objects.bulk_update([first, second], ["team"])
    else:
        leaving, coming = (first, second) if _has_team(first) else (second, first)
        coming.team = leaving.team
        leaving.delete()
        coming.save()
        draft.has_no_task(OBSERVER, [leaving.observer_id])
        draft.has_a_task(OBSERVER, coming.observer_id)
    for team in teams:
        _choose_leader(team)
    return Done(ChangeKind.SWAP, {"teams": _numbers(teams)})


@carry_out.register
def _make(act: MakeTeam, draft: Draft) -> Done:
    people = [draft.person(nomination) for nomination in act.people]
    if people[0].observer_id == people[1].observer_id:
        raise NothingChangesError(_("A team has two people; this is one person twice."))
    if any(_has_team(person) for person in people):
        raise ObserverInTeamError
    _refuse_mixed_roles(people)
    team = Team(plan=draft.plan, number=draft.next_number())
    settle(team, act.place, draft, is_long_term=people[0].nomination.role == Role.LTO)
    team.save()
    draft.made_teams.append(team)
    for person in people:
        person.team = team
    TeamMember.objects.bulk_create(people)
    _choose_leader(team)
    draft.has_a_task(OBSERVER, *(person.observer_id for person in people))
    return Done(ChangeKind.MAKE_TEAM, {"teams": _numbers([team])})


@carry_out.register
def _split(act: SplitTeam, draft: Draft) -> Done:
    team = draft.team(act.team)
    draft.has_no_task(OBSERVER, list(team.members.values_list("observer_id", flat=True)))
    numbers = _numbers([team])
    team.delete()
    return Done(ChangeKind.SPLIT_TEAM, {"teams": numbers})


@carry_out.register
def _pin(act: PinTeam, draft: Draft) -> Done:
    team = draft.team(act.team)
    pin_team(team, pair=act.pair, place=act.place)
    return Done(ChangeKind.PIN_TEAM, {"teams": _numbers([team])})


@carry_out.register
def _assign_interpreter(act: AssignInterpreter, draft: Draft) -> Done:
    team = draft.team(act.team)
    interpreter = _interpreter(draft, act.name) if act.name else None
    if interpreter == team.interpreter:
        raise NothingChangesError
    touched = [team]
    if interpreter is not None and (other := draft.team_of(interpreter)):
        other.interpreter = None
        other.save(update_fields=["interpreter"])
        touched.append(other)
    team.interpreter = interpreter
    team.save(update_fields=["interpreter"])
    return Done(ChangeKind.ASSIGN_INTERPRETER, {"teams": _numbers(touched)})


def _interpreter(draft: Draft, name: str) -> Interpreter:
    """Somebody on the list of the plan's owner. Raises NotInPlanError."""
    plan = draft.plan
    listed = Interpreter.objects.filter(settings__election=plan.election_id, settings__mission=plan.mission_id)
    found = listed.filter(name=name).first()
    if found is None:
        message = _("There is no interpreter of this name on the list.")
        raise NotInPlanError(violations=[Violation("name", "interpreter-unknown", message)])
    return found


def pin_team(team: Team, *, pair: bool | None, place: bool | None) -> None:
    """Set the pins that are not None."""
    if pair is not None:
        team.is_pair_pinned = pair
    if place is not None:
        team.is_place_pinned = place
    team.save(update_fields=["is_pair_pinned", "is_place_pinned"])


def _has_team(person: TeamMember) -> bool:
    """Whether the place is a row of the plan already."""
    return not person._state.adding


def _choose_leader(team: Team) -> None:
    """Who leads stays; otherwise the experienced one leads, or the first where that decides nothing."""
    members = list(team.members.select_related("observer").order_by("pk"))
    if not members or any(member.is_leader for member in members):
        return
    leader = max(members, key=lambda member: member.observer.is_experienced)
    leader.is_leader = True
    leader.save(update_fields=["is_leader"])


def _refuse_mixed_roles(people: Iterable[TeamMember]) -> None:
    """Long-term and short-term observers have different tasks, and other days in the country."""
    if len({person.nomination.role for person in people}) > 1:
        raise RolesDifferError


def _numbers(teams: Iterable[Team]) -> str:
    return ", ".join(str(team.number) for team in sorted(teams, key=lambda team: team.number))
