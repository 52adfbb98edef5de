"""By hand: who works with whom."""

import pytest
from django.db import IntegrityError, transaction

from accreditation.models import Accreditation
from accreditation.states import AccreditationState, Role
from missions.kernel.errors import DomainError
from missions.models import Constituency, Mission
from stations.deployment.errors import (
    NothingChangesError,
    NotInPlanError,
    ObserverInTeamError,
    ObserverNotDeployableError,
    PlaceMissingError,
    RolesDifferError,
)
from stations.deployment.hand_acts import AssignInterpreter, MakeTeam, PinTeam, Place, SplitTeam, SwapObservers
from stations.deployment.models import DeploymentSettings, Interpreter, Team, TeamMember
from tests.stations.deployment import builders
from tests.stations.deployment.services.hand.conftest import Change, Desk

pytestmark = pytest.mark.django_db


def test_two_people_change_places_and_each_team_keeps_a_leader(desk: Desk, change: Change) -> None:
    france, germany, italy, spain = desk.people[:4]

    work = change(SwapObservers(desk.nomination(france), desk.nomination(italy)))

    assert (set(desk.crew(1)), set(desk.crew(2))) == ({italy, germany}, {france, spain})
    assert TeamMember.objects.filter(plan=desk.plan, is_leader=True).count() == 4
    assert (work.change.kind, work.change.facts, work.plan.revision) == ("swap_observers", {"teams": "1, 2"}, 1)


def test_somebody_idle_takes_the_place_of_somebody_who_is_idle_afterwards(desk: Desk, change: Change) -> None:
    france, germany = desk.people[:2]
    greece = desk.idle[0]
    desk.plan.left_out = [{"what": "observer", "reason": "no_partner", "ids": [greece.pk, desk.idle[1].pk]}]
    desk.plan.save()

    change(SwapObservers(desk.nomination(france), desk.nomination(greece)))

    desk.plan.refresh_from_db()
    assert set(desk.crew(1)) == {germany, greece}
    assert desk.team(1).members.get(is_leader=True).observer == greece  # the only experienced one
    assert desk.plan.left_out == [
        {"what": "observer", "reason": "no_partner", "ids": [desk.idle[1].pk]},
        {"what": "observer", "reason": "by_hand", "ids": [france.pk]},
    ]


def test_a_swap_tells_what_the_rules_find_in_both_teams_and_forbids_nothing(
    desk: Desk, change: Change, mission: Mission
) -> None:
    twin = builders.deployed(mission, "DEU")

    work = change(SwapObservers(desk.nomination(desk.people[0]), desk.nomination(twin)))

    found = {(one.finding.code, one.finding.team) for one in work.judgement.findings}
    assert ("r02-common-nationality", 1) in found
    assert {team for _code, team in found} <= {1, None}  # nobody else was judged
    assert work.judgement.open_blocks >= 1


def test_idle_people_become_a_team_in_the_area_of_its_constituency(desk: Desk, change: Change) -> None:
    first, second = desk.idle

    change(MakeTeam((desk.nomination(first), desk.nomination(second)), Place(constituency=2)))

    made = desk.team(5)
    assert (made.kind, made.area, made.constituency, made.country) == ("sto", desk.area("North"), desk.place(2), "")
    assert (desk.crew(5), made.members.get(is_leader=True).observer) == ([first, second], first)


def test_a_team_is_split_and_its_people_are_left_out_by_hand(desk: Desk, change: Change) -> None:
    change(SplitTeam(1))

    desk.plan.refresh_from_db()
    assert list(desk.plan.teams.order_by("number").values_list("number", flat=True)) == [2, 3, 4]
    assert desk.plan.left_out == [
        {"what": "observer", "reason": "by_hand", "ids": [person.pk for person in desk.people[:2]]}
    ]


def test_pins_are_set_and_taken_out_one_by_one(desk: Desk, change: Change) -> None:
    change(PinTeam(1, pair=True))
    change(PinTeam(1, place=True))
    change(PinTeam(1, pair=False))

    team = desk.team(1)
    assert (team.is_pair_pinned, team.is_place_pinned) == (False, True)


def _stranger(desk: Desk, mission: Mission) -> int:
    return desk.nomination(builders.deployed(builders.pool_mission(desk.plan.election, "OTHER"), "GRC"))


def _suspended(desk: Desk, mission: Mission) -> int:
    Accreditation.objects.filter(observer=desk.idle[0]).update(state=AccreditationState.SUSPENDED, reason="Asked for")
    return desk.nomination(desk.idle[0])


def _not_accredited(desk: Desk, mission: Mission) -> int:
    return builders.nominate(mission, builders.observer(mission, "GRC")).pk


def _expert(desk: Desk, mission: Mission) -> int:
    return desk.nomination(builders.deployed(mission, "GRC", Role.CORE_TEAM_MEMBER))


@pytest.mark.parametrize("who", [_stranger, _suspended, _not_accredited, _expert, lambda _desk, _mission: 10**9])
def test_whoever_is_not_the_missions_to_deploy_is_refused_alike(
    desk: Desk, change: Change, mission: Mission, who: object
) -> None:
    nomination = who(desk, mission)  # type: ignore[operator]  # one of the functions above

    with pytest.raises(ObserverNotDeployableError) as caught:
        change(SwapObservers(desk.nomination(desk.people[0]), nomination))

    assert caught.value.violations == ()
    assert desk.plan.hand_changes.count() == 0


def test_what_cannot_be_a_team_has_a_name(desk: Desk, change: Change) -> None:
    def people(*chosen: object) -> tuple[int, int]:
        first, second = (desk.nomination(person) for person in chosen)  # type: ignore[arg-type]  # observers
        return first, second

    long_term, (idle, other), here = desk.people[4], desk.idle, Place(constituency=1)
    refused: list[tuple[type[DomainError], object]] = [
        (NothingChangesError, SwapObservers(*people(*desk.people[:2]))),
        (NothingChangesError, SwapObservers(*people(idle, other))),
        (RolesDifferError, SwapObservers(*people(desk.people[0], long_term))),
        (NothingChangesError, MakeTeam(people(idle, idle), here)),
        (ObserverInTeamError, MakeTeam(people(idle, desk.people[0]), here)),
        (PlaceMissingError, MakeTeam(people(idle, other), Place(area=desk.area("North").pk))),
        (NotInPlanError, MakeTeam(people(idle, other), Place(constituency=10**6))),
        (NotInPlanError, MakeTeam(people(idle, other), Place(country="ZZZ"))),
        (NotInPlanError, SplitTeam(10**9)),
    ]

    for error, act in refused:
        with pytest.raises(error) as caught:
            change(act)  # type: ignore[arg-type]  # acts
        if isinstance(act, MakeTeam) and error is NothingChangesError:
            assert caught.value.detail == "A team has two people; this is one person twice."

    assert (Team.objects.count(), desk.plan.hand_changes.count()) == (4, 0)


def test_an_interpreter_goes_from_one_team_to_another_and_the_finding_with_them(desk: Desk, change: Change) -> None:
    Constituency.objects.update(languages=["ru"])
    leyla = desk.interpreter("Leyla", "ru", "en")
    change(AssignInterpreter(2, "Leyla"))

    work = change(AssignInterpreter(1, "Leyla"))

    assert (desk.team(1).interpreter, desk.team(2).interpreter) == (leyla, None)
    silent = [row.finding.team for row in work.judgement.findings if row.finding.code == "r12-no-local-language"]
    assert (silent, work.change.facts) == ([2], {"teams": "1, 2"})


@pytest.mark.parametrize(
    ("name", "error"),
    [("Leyla", NothingChangesError), ("", None), ("Murad", NotInPlanError), ("Other", NotInPlanError)],
)
def test_an_interpreter_is_one_of_the_owners_list(
    desk: Desk, change: Change, other_mission: Mission, name: str, error: type[Exception] | None
) -> None:
    desk.interpreter("Leyla")
    change(AssignInterpreter(1, "Leyla"))
    others = DeploymentSettings.objects.create(election=desk.plan.election, mission=other_mission, profile="eu-like")
    Interpreter.objects.create(settings=others, name="Other", languages=["az"])

    if error is None:
        change(AssignInterpreter(1, name))
        assert desk.team(1).interpreter is None
        return
    with pytest.raises(error):
        change(AssignInterpreter(1, name))


def test_no_interpreter_is_with_two_teams_of_a_plan(desk: Desk) -> None:
    leyla = desk.interpreter("Leyla")
    Team.objects.filter(pk=desk.team(1).pk).update(interpreter=leyla)

    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=desk.team(2).pk).update(interpreter=leyla)
