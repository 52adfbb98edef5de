"""By hand: areas of responsibility, and where teams work."""

import datetime as dt

import pytest

from missions.kernel.errors import DomainError
from missions.models import User
from stations.deployment.errors import (
    AreaNameError,
    NothingChangesError,
    NotInPlanError,
    NotLongTermError,
    PlaceMissingError,
)
from stations.deployment.hand_acts import (
    ClearArea,
    DissolveArea,
    MakeArea,
    MergeAreas,
    MoveAreaTeams,
    MoveConstituency,
    MoveTeam,
    PinArea,
    Place,
    RenameArea,
    SuperviseArea,
)
from stations.deployment.hand_words import change_sentence
from stations.deployment.models import AreaOfResponsibility, Visit
from stations.deployment.services.hand import undo_change
from tests.stations.deployment import builders
from tests.stations.deployment.services.hand.conftest import Change, Desk

pytestmark = pytest.mark.django_db


def test_a_team_moves_with_its_area_and_without_its_visits(desk: Desk, change: Change) -> None:
    change(MoveTeam(1, Place(constituency=3)))

    team = desk.team(1)
    assert (team.constituency, team.area, desk.route(1)) == (desk.place(3), desk.area("South"), [])


def test_a_team_goes_abroad_and_comes_home(desk: Desk, change: Change) -> None:
    change(MoveTeam(1, Place(country="USA")))
    abroad = desk.team(1)
    change(MoveTeam(1, Place(constituency=1)))
    home = desk.team(1)

    assert (abroad.kind, abroad.country, abroad.area, abroad.constituency) == ("overseas", "USA", None, None)
    assert (home.kind, home.country, home.area, home.constituency) == ("sto", "", desk.area("North"), desk.place(1))


def test_a_long_term_team_looks_after_the_area_that_is_named(desk: Desk, change: Change) -> None:
    work = change(SuperviseArea(desk.area("South").pk, 3))

    assert desk.team(3).area == desk.area("South")
    assert work.change.facts == {"teams": "3", "area": "South"}


def test_a_new_area_takes_its_first_constituency_with_the_teams_there(desk: Desk, change: Change) -> None:
    work = change(MakeArea("  Hills ", 1, 3))

    hills = desk.area("Hills")
    assert [place.number for place in hills.constituencies.all()] == [1]
    assert [place.number for place in desk.area("North").constituencies.all()] == [2]
    assert (desk.team(1).area, desk.team(3).area, desk.team(2).area) == (hills, hills, desk.area("South"))
    assert work.change.facts == {"area": "Hills", "constituency": "1"}
    assert change_sentence(work.change.kind, work.change.facts) == "Area Hills was made with constituency 1"


def test_a_dissolved_area_leaves_its_teams_where_they_are(desk: Desk, change: Change) -> None:
    route = desk.route(1)

    change(DissolveArea(desk.area("North").pk))

    assert list(AreaOfResponsibility.objects.filter(plan=desk.plan).values_list("name", flat=True)) == ["South"]
    assert (desk.team(1).area, desk.team(3).area, desk.team(1).constituency) == (None, None, desk.place(1))
    assert desk.route(1) == route


def test_both_are_taken_back_to_the_letter(desk: Desk, change: Change, lead: User, at: dt.datetime) -> None:
    def areas() -> list[tuple[object, ...]]:
        rows = AreaOfResponsibility.objects.filter(plan=desk.plan).order_by("pk")
        return [(area.pk, area.name, *area.constituencies.order_by("number"), *area.teams.all()) for area in rows]

    before = areas()
    change(MakeArea("Hills", 1, 3))
    change(DissolveArea(desk.area("North").pk))
    change(DissolveArea(desk.area("Hills").pk))

    for _undone in range(3):
        undo_change(plan=desk.plan, seen=None, by=lead, at=at)

    assert areas() == before


def test_a_constituency_goes_to_another_area_with_its_teams_and_their_visits(desk: Desk, change: Change) -> None:
    change(MoveConstituency(1, desk.area("South").pk))

    numbers = {
        area.name: sorted(place.number for place in area.constituencies.all())
        for area in AreaOfResponsibility.objects.filter(plan=desk.plan)
    }
    assert numbers == {"North": [2], "South": [1, 3]}
    assert (desk.team(1).area, len(desk.route(1))) == (desk.area("South"), 3)


def test_all_short_term_teams_of_an_area_move_together(desk: Desk, change: Change) -> None:
    builders.team(desk.plan, 5, desk.idle, desk.stations[5:8], within=desk.area("North"))

    change(MoveAreaTeams(desk.area("North").pk, 3))

    assert [desk.team(number).constituency for number in (1, 5)] == [desk.place(3)] * 2
    assert (desk.team(3).area, desk.route(1), desk.route(5)) == (desk.area("North"), [], [])


def test_an_area_becomes_a_part_of_another(desk: Desk, change: Change) -> None:
    change(MergeAreas(desk.area("North").pk, desk.area("South").pk))

    (area,) = AreaOfResponsibility.objects.filter(plan=desk.plan)
    assert sorted(place.number for place in area.constituencies.all()) == [1, 2, 3]
    assert [desk.team(number).area for number in (1, 2, 3)] == [area] * 3


def test_an_area_is_pinned_whole_and_cleared(desk: Desk, change: Change) -> None:
    north = desk.area("North").pk
    change(PinArea(north, pair=True, place=True, visits=True))
    change(PinArea(north, place=False))

    assert [(t.is_pair_pinned, t.is_place_pinned) for t in (desk.team(1), desk.team(2))] == [
        (True, False),
        (False, False),
    ]
    assert Visit.objects.filter(is_pinned=True).count() == 3

    change(ClearArea(north))
    assert (desk.route(1), len(desk.route(2))) == ([], 3)


def test_an_area_is_renamed(desk: Desk, change: Change) -> None:
    work = change(RenameArea(desk.area("North").pk, "  Ganja "))

    assert desk.area("Ganja").teams.count() == 2
    assert work.change.facts == {"area": "North", "name": "Ganja"}


def test_what_no_area_can_be_has_a_name(desk: Desk, change: Change) -> None:
    north, south = desk.area("North").pk, desk.area("South").pk
    empty = builders.area(desk.plan, "Empty").pk
    refused: list[tuple[type[DomainError], object]] = [
        (AreaNameError, RenameArea(north, " ")),
        (AreaNameError, RenameArea(north, "South")),
        (AreaNameError, MakeArea("South", 1)),
        (NotInPlanError, MakeArea("East", 99)),
        (NotLongTermError, MakeArea("East", 1, 1)),
        (NotInPlanError, DissolveArea(10**9)),
        (NotInPlanError, RenameArea(10**9, "East")),
        (NotInPlanError, MoveConstituency(10**9, south)),
        (NotLongTermError, SuperviseArea(south, 1)),
        (NothingChangesError, MergeAreas(north, north)),
        (NothingChangesError, MoveAreaTeams(empty, 1)),
        (NothingChangesError, PinArea(empty, pair=True)),
        (NothingChangesError, ClearArea(empty)),
        (PlaceMissingError, MoveTeam(1, Place())),
        (PlaceMissingError, MoveTeam(3, Place(constituency=1))),
    ]

    for error, act in refused:
        with pytest.raises(error):
            change(act)  # type: ignore[arg-type]  # acts

    assert desk.plan.hand_changes.count() == 0
