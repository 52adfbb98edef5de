"""Choosing the rules of deployment: whole, upon what was seen, and approvals that stay only where the area stays."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.deployment.errors import (
    ApprovalNotAskedForError,
    ApprovalWithoutNoteError,
    MissionPlannedInPoolError,
    RulesChangedError,
    RulesNotChosenError,
)
from stations.deployment.models import DeploymentSettings, RestrictedArea, Team
from stations.deployment.profile_choice import chosen_rules, parameters_of_owner, profile_of, profile_of_owner
from stations.deployment.rules.chosen import ChosenRules, GroupRow, InterpreterRow, ListedState, RestrictedPlaces
from stations.deployment.services.settings import approve_area, choose_rules
from stations.deployment.states import PlanState, RestrictionLevel
from tests.stations.deployment.builders import constituency, plan, team

pytestmark = pytest.mark.django_db

BORDER = RestrictedPlaces("Border", RestrictionLevel.APPROVAL, (1, 2), "Security officer")
COAST = RestrictedPlaces("Coast", RestrictionLevel.NO_GO, (2,))
LEYLA = InterpreterRow("Leyla", ("en", "az"), "+994 12 000 00 00")
CHOICE = ChosenRules("eu-like", listed=(ListedState("FRA", (2, 1)),), restricted=(COAST, BORDER), interpreters=(LEYLA,))


@pytest.fixture(autouse=True)
def _places(election: Election) -> None:
    for number in (1, 2):
        constituency(election, number, "North")


@pytest.fixture
def chosen(election: Election, mission: Mission, lead: User, at: dt.datetime) -> DeploymentSettings:
    return choose_rules(election=election, mission=mission, chosen=CHOICE, seen=0, by=lead, at=at)


def _again(settings: DeploymentSettings, chosen: ChosenRules, at: dt.datetime, seen: int = 1) -> DeploymentSettings:
    return choose_rules(election=settings.election, mission=settings.mission, chosen=chosen, seen=seen, by=None, at=at)


def test_a_choice_is_kept_whole_and_told_in_the_history(chosen: DeploymentSettings, lead: User) -> None:
    assert (chosen.version, chosen_rules(chosen)) == (1, CHOICE.in_order())
    event = Event.objects.get()
    assert (event.verb, event.changed, event.is_private, event.actor) == (
        "deployment_rules_chosen",
        ["profile", "listed", "restricted", "interpreters"],
        True,
        lead,
    )


def test_the_same_choice_in_another_order_changes_nothing(chosen: DeploymentSettings, at: dt.datetime) -> None:
    same = replace(CHOICE, listed=(ListedState("FRA", (1, 2)),), restricted=(BORDER, COAST))

    assert _again(chosen, same, at).version == 1
    assert Event.objects.count() == 1


def test_an_approval_stays_where_the_area_stays(chosen: DeploymentSettings, lead: User, at: dt.datetime) -> None:
    approve_area(area=RestrictedArea.objects.get(name="Border"), note=" Letter 4 ", by=lead, at=at)

    kept = _again(chosen, replace(CHOICE, restricted=(BORDER,)), at, seen=2)
    approved = RestrictedArea.objects.get(name="Border")
    moved = _again(chosen, replace(CHOICE, restricted=(replace(BORDER, constituencies=(1,)),)), at, seen=3)

    assert (kept.version, approved.approval_note, approved.approved_at, approved.approved_by) == (
        3,
        "Letter 4",
        at,
        lead,
    )
    assert (moved.version, RestrictedArea.objects.get().approved_at) == (4, None)
    verbs = Event.objects.order_by("pk").values_list("verb", "changed", "reason")
    assert list(verbs)[1:] == [
        ("restricted_area_approved", ["Border"], "Letter 4"),
        ("deployment_rules_chosen", ["restricted"], ""),
        ("deployment_rules_chosen", ["restricted"], ""),
    ]


def test_who_chose_upon_an_older_version_is_told(chosen: DeploymentSettings, at: dt.datetime) -> None:
    with pytest.raises(RulesChangedError):
        _again(chosen, ChosenRules("odihr-like"), at, seen=0)

    assert chosen_rules(chosen) == CHOICE.in_order()


def test_everything_wrong_is_told_at_once(election: Election, mission: Mission, at: dt.datetime) -> None:
    wrong = ChosenRules(
        "own",
        listed=(ListedState("ZZZ"), ListedState("FRA", (9,)), ListedState("FRA")),
        restricted=(
            replace(BORDER, approver=""),
            replace(BORDER, constituencies=()),
            replace(COAST, constituencies=(8,)),
        ),
    )

    with pytest.raises(RulesNotChosenError) as caught:
        choose_rules(election=election, mission=mission, chosen=wrong, seen=0, by=None, at=at)

    assert [(violation.field, violation.detail) for violation in caught.value.violations] == [
        ("profile", "There are no rules of deployment with this code."),
        ("listed", "ZZZ is no nationality."),
        ("listed", "There is no constituency 9."),
        ("listed", "FRA is listed twice."),
        ("restricted", "Say who approves going to Border."),
        ("restricted", "Border is restricted twice."),
        ("restricted", "Border has no constituencies."),
        ("restricted", "There is no constituency 8."),
    ]
    assert not DeploymentSettings.objects.exists()


def test_only_owners_of_plans_choose(election: Election, other_mission: Mission, at: dt.datetime) -> None:
    with pytest.raises(MissionPlannedInPoolError):
        choose_rules(election=election, mission=other_mission, chosen=CHOICE, seen=0, by=None, at=at)

    assert choose_rules(election=election, mission=None, chosen=CHOICE, seen=0, by=None, at=at).is_private is False


@pytest.mark.parametrize(
    ("name", "note", "error"),
    [("Border", " ", ApprovalWithoutNoteError), ("Coast", "Letter 4", ApprovalNotAskedForError)],
)
def test_an_approval_needs_a_note_and_an_area_that_asks_for_it(
    chosen: DeploymentSettings, lead: User, at: dt.datetime, name: str, note: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        approve_area(area=RestrictedArea.objects.get(name=name), note=note, by=lead, at=at)

    assert not RestrictedArea.objects.filter(approved_at__isnull=False).exists()


def test_the_database_refuses_an_approval_without_its_note(
    chosen: DeploymentSettings, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RestrictedArea.objects.filter(name="Border").update(approved_at=at, approved_by=lead)

    assert not RestrictedArea.objects.filter(approved_at__isnull=False).exists()


def test_plans_are_judged_and_made_by_what_was_chosen_and_released_ones_by_their_own(
    election: Election, mission: Mission, chosen: DeploymentSettings
) -> None:
    draft, released = plan(election, mission, version=2), plan(election, mission, state=PlanState.RELEASED)
    released.profile = "odihr-like"

    assert [profile_of(one).code for one in (draft, released)] == ["eu-like", "odihr-like"]
    assert profile_of_owner(election, None).code == "host-law"
    assert parameters_of_owner(election, mission).day.most_visits == 11


def test_an_interpreter_who_keeps_the_name_stays_with_the_team_and_one_who_goes_leaves_it(
    chosen: DeploymentSettings, at: dt.datetime
) -> None:
    """Murad comes to the list, Leyla speaks one language more, and then both are taken from it."""
    draft = plan(chosen.election, chosen.mission)
    made = team(draft, 1, [], [])
    leyla = chosen.interpreters.get()
    Team.objects.filter(pk=made.pk).update(interpreter=leyla)

    more = (replace(LEYLA, languages=("az", "en", "ru")), InterpreterRow("Murad", ("az",)))
    _again(chosen, replace(CHOICE, interpreters=more), at)

    leyla.refresh_from_db()
    made.refresh_from_db()
    assert (leyla.languages, made.interpreter) == (["az", "en", "ru"], leyla)
    assert [row.name for row in chosen.interpreters.all()] == ["Leyla", "Murad"]
    _again(chosen, replace(CHOICE, interpreters=()), at, seen=2)
    made.refresh_from_db()
    assert (chosen.interpreters.count(), made.interpreter) == (0, None)


def test_what_is_wrong_with_an_interpreter_is_told(election: Election, mission: Mission, at: dt.datetime) -> None:
    rows = (InterpreterRow("Leyla", ("xx",)), InterpreterRow("Leyla", ()))

    with pytest.raises(RulesNotChosenError) as caught:
        choose_rules(
            election=election, mission=mission, chosen=ChosenRules("eu-like", interpreters=rows), seen=0, by=None, at=at
        )

    assert [(row.field, row.code) for row in caught.value.violations] == [
        ("interpreters", "language-unknown"),
        ("interpreters", "interpreter-twice"),
        ("interpreters", "languages-missing"),
    ]


def test_strengths_of_groups_take_the_place_of_those_before(chosen: DeploymentSettings, at: dt.datetime) -> None:
    for seen, groups in enumerate(((GroupRow("Left", 20), GroupRow("Greens", 31)), (GroupRow("Greens", 32),)), 1):
        _again(chosen, replace(CHOICE, groups=groups), at, seen=seen)

    assert list(chosen.group_strengths.values_list("name", "strength")) == [("Greens", 32)]
    assert [event.changed for event in Event.objects.order_by("pk")][1:] == [["groups"]] * 2
    assert not any("Greens" in str(vars(event)) for event in Event.objects.all())


def test_strengths_that_cannot_be_are_told_together(election: Election, mission: Mission, at: dt.datetime) -> None:
    rows = (GroupRow("Left", 0), GroupRow("LEFT", 10_001))

    with pytest.raises(RulesNotChosenError) as refused:
        choose_rules(
            election=election, mission=mission, chosen=ChosenRules("eu-like", groups=rows), seen=0, by=None, at=at
        )

    assert [(row.field, row.code) for row in refused.value.violations] == [
        ("groups", "strength-out-of-range"),
        ("groups", "group-twice"),
        ("groups", "strength-out-of-range"),
    ]
