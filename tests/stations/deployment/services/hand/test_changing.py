"""Every act can be taken back, one after the other, to the start of the draft."""

import datetime as dt
from collections.abc import Callable

import pytest

from missions.kernel.models import Event
from missions.models import User
from stations.deployment.errors import NothingToUndoError, PlanChangedError, PlanNotDraftError
from stations.deployment.hand_acts import (
    Act,
    AddVisit,
    AssignInterpreter,
    ChangeVisit,
    ClearArea,
    DissolveArea,
    MakeArea,
    MakeTeam,
    MergeAreas,
    MoveAreaTeams,
    MoveConstituency,
    MoveTeam,
    MoveVisit,
    PinArea,
    PinTeam,
    PinVisit,
    Place,
    RemoveVisit,
    RenameArea,
    SplitTeam,
    SuperviseArea,
    SwapObservers,
)
from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    PlanChange,
    RuleOverride,
    Team,
    TeamMember,
    Visit,
)
from stations.deployment.services.copying import copy_plan
from stations.deployment.services.hand import change_by_hand, undo_change
from stations.deployment.services.hand.changing import carry_out
from stations.deployment.states import ChangeKind, PlanState, VisitKind
from tests.stations.deployment.services.hand.conftest import Change, Desk

pytestmark = pytest.mark.django_db

ACTS: dict[ChangeKind, Callable[[Desk], Act]] = {
    ChangeKind.SWAP: lambda d: SwapObservers(d.nomination(d.people[0]), d.nomination(d.people[2])),
    ChangeKind.MAKE_TEAM: lambda d: MakeTeam((d.nomination(d.idle[0]), d.nomination(d.idle[1])), Place(constituency=1)),
    ChangeKind.SPLIT_TEAM: lambda d: SplitTeam(1),
    ChangeKind.MOVE_TEAM: lambda d: MoveTeam(4, Place(constituency=3)),
    ChangeKind.PIN_TEAM: lambda d: PinTeam(1, pair=True),
    ChangeKind.ASSIGN_INTERPRETER: lambda d: AssignInterpreter(1, d.interpreter("Leyla").name),
    ChangeKind.ADD_VISIT: lambda d: AddVisit(1, d.stations[4].code),
    ChangeKind.REMOVE_VISIT: lambda d: RemoveVisit(1, 2),
    ChangeKind.MOVE_VISIT: lambda d: MoveVisit(1, 1, 3),
    ChangeKind.CHANGE_VISIT: lambda d: ChangeVisit(1, 3, kind=VisitKind.VOTING),
    ChangeKind.PIN_VISIT: lambda d: PinVisit(1, 2, is_pinned=True),
    ChangeKind.RENAME_AREA: lambda d: RenameArea(d.area("North").pk, "East"),
    ChangeKind.MOVE_CONSTITUENCY: lambda d: MoveConstituency(1, d.area("South").pk),
    ChangeKind.SUPERVISE_AREA: lambda d: SuperviseArea(d.area("South").pk, 3),
    ChangeKind.MOVE_AREA_TEAMS: lambda d: MoveAreaTeams(d.area("North").pk, 3),
    ChangeKind.MERGE_AREAS: lambda d: MergeAreas(d.area("North").pk, d.area("South").pk),
    ChangeKind.PIN_AREA: lambda d: PinArea(d.area("North").pk, pair=True, visits=True),
    ChangeKind.CLEAR_AREA: lambda d: ClearArea(d.area("North").pk),
    ChangeKind.MAKE_AREA: lambda d: MakeArea("Hills", 1, 3),
    ChangeKind.DISSOLVE_AREA: lambda d: DissolveArea(d.area("North").pk),
}


def _content(plan: DeploymentPlan) -> list[object]:
    """All of a plan, but the keys of the rows that nothing leads to."""
    place = ("area", "constituency", "country", "interpreter")
    teams = ("pk", "number", "key", "kind", *place, "is_pair_pinned", "is_place_pinned")
    day = ("visit_plan__team", "visit_plan__day", "order")
    visits = (*day, "station", "kind", "arrives_at", "leaves_at", "meal_at", "is_pinned")
    lifted = ("team", "rule", "code", "fingerprint", "reason", "overridden_at", "overridden_by")
    return [
        sorted(Team.objects.filter(plan=plan).values_list(*teams)),
        sorted(TeamMember.objects.filter(plan=plan).values_list("team", "observer", "nomination", "is_leader")),
        sorted(Visit.objects.filter(visit_plan__team__plan=plan).values_list(*visits)),
        sorted(AreaOfResponsibility.objects.filter(plan=plan).values_list("pk", "name", "constituencies")),
        sorted(RuleOverride.objects.filter(plan=plan).values_list(*lifted)),
        DeploymentPlan.objects.values_list("left_out", flat=True).get(pk=plan.pk),
    ]


@pytest.fixture
def lifted(desk: Desk, lead: User, at: dt.datetime) -> None:
    """A reason that was given for team 1."""
    RuleOverride.objects.create(
        plan=desk.plan,
        rule="R11",
        code="r11-no-experience",
        team=desk.team(1),
        fingerprint="0" * 64,
        reason="Nobody else",
        overridden_at=at,
        overridden_by=lead,
    )


@pytest.mark.parametrize("kind", ChangeKind)
def test_taking_an_act_back_leaves_the_draft_as_it_was(
    desk: Desk, change: Change, lifted: None, lead: User, at: dt.datetime, kind: ChangeKind
) -> None:
    before = _content(desk.plan)

    work = change(ACTS[kind](desk))
    after = _content(desk.plan)
    back = undo_change(plan=desk.plan, seen=1, by=lead, at=at)

    assert work.change.kind == kind
    assert after != before
    assert _content(desk.plan) == before
    assert (back.plan.revision, back.change.undone_at, back.change.undone_by) == (2, at, lead)


def test_every_act_is_known() -> None:
    assert len(carry_out.registry) - 1 == len(Act.__args__) == len(ChangeKind)  # one more for what is unknown


def test_changes_are_taken_back_one_after_the_other_to_the_start(
    desk: Desk, change: Change, lifted: None, lead: User, at: dt.datetime
) -> None:
    kinds = (
        ChangeKind.MERGE_AREAS, ChangeKind.ADD_VISIT, ChangeKind.SWAP, ChangeKind.SPLIT_TEAM, ChangeKind.MAKE_TEAM,
    )  # fmt: skip
    acts = [ACTS[kind](desk) for kind in kinds]
    contents = []
    for act in acts:
        contents.append(_content(desk.plan))
        change(act)

    for number, content in zip((5, 4, 3, 2, 1), reversed(contents), strict=True):
        work = undo_change(plan=desk.plan, seen=None, by=lead, at=at)
        assert (work.change.number, _content(desk.plan) == content) == (number, True)
    with pytest.raises(NothingToUndoError):
        undo_change(plan=desk.plan, seen=None, by=lead, at=at)
    assert PlanChange.objects.filter(undone_at=None).count() == 0


def test_changes_go_on_after_one_was_taken_back(desk: Desk, change: Change, lead: User, at: dt.datetime) -> None:
    change(ACTS[ChangeKind.PIN_TEAM](desk))
    undo_change(plan=desk.plan, seen=1, by=lead, at=at)
    change(ACTS[ChangeKind.ADD_VISIT](desk))
    undo_change(plan=desk.plan, seen=3, by=lead, at=at)

    numbers = PlanChange.objects.order_by("number").values_list("number", "undone_at")
    assert list(numbers) == [(1, at), (3, at)]
    with pytest.raises(NothingToUndoError):
        undo_change(plan=desk.plan, seen=4, by=lead, at=at)


def test_each_change_is_told_to_the_mission_and_hidden_from_the_host(
    desk: Desk, change: Change, lead: User, at: dt.datetime
) -> None:
    change(ACTS[ChangeKind.SWAP](desk))
    undo_change(plan=desk.plan, seen=1, by=lead, at=at)

    told = Event.objects.of(desk.plan).order_by("pk")
    assert [(e.verb, e.changed, e.actor, e.is_private, e.scope_id) for e in told] == [
        ("plan_changed", ["swap_observers"], lead, True, desk.plan.mission_id),
        ("plan_change_undone", ["swap_observers"], lead, True, desk.plan.mission_id),
    ]


def test_no_name_and_no_passport_is_kept_with_a_change(desk: Desk, change: Change) -> None:
    change(ACTS[ChangeKind.SPLIT_TEAM](desk))

    (row,) = PlanChange.objects.values_list("inverse", "facts")
    for person in desk.people:
        assert person.surname not in str(row)
        assert person.passport_number not in str(row)


def test_whoever_looked_at_an_older_revision_is_told(desk: Desk, lead: User, at: dt.datetime) -> None:
    act = ACTS[ChangeKind.PIN_TEAM](desk)
    change_by_hand(plan=desk.plan, act=act, seen=0, by=lead, at=at)

    for late in (0, 2):
        with pytest.raises(PlanChangedError):
            change_by_hand(plan=desk.plan, act=act, seen=late, by=lead, at=at)
        with pytest.raises(PlanChangedError):
            undo_change(plan=desk.plan, seen=late, by=lead, at=at)


@pytest.mark.parametrize("state", [PlanState.RELEASED, PlanState.SUPERSEDED, PlanState.DISCARDED])
def test_only_a_draft_is_changed(desk: Desk, lead: User, at: dt.datetime, state: PlanState) -> None:
    DeploymentPlan.objects.filter(pk=desk.plan.pk).update(state=state, released_at=at)

    with pytest.raises(PlanNotDraftError):
        change_by_hand(plan=desk.plan, act=ACTS[ChangeKind.SWAP](desk), seen=None, by=lead, at=at)
    with pytest.raises(PlanNotDraftError):
        undo_change(plan=desk.plan, seen=None, by=lead, at=at)


def test_a_copy_of_a_changed_draft_begins_with_nothing_to_take_back(
    desk: Desk, change: Change, lead: User, at: dt.datetime
) -> None:
    change(ACTS[ChangeKind.ADD_VISIT](desk))

    copy = copy_plan(plan=desk.plan, by=lead, at=at)

    assert (copy.revision, copy.hand_changes.count()) == (1, 0)  # its figures are not those of a solve either
    assert Visit.objects.filter(visit_plan__team__plan=copy, visit_plan__team__number=1).count() == 4
    with pytest.raises(NothingToUndoError):
        undo_change(plan=copy, seen=1, by=lead, at=at)
