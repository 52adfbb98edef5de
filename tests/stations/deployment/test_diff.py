"""What people read of a change from one version to the next, to the word."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest

from stations.deployment.diff import Change, Horizon, MemberSeen, StopSeen, TeamSeen, affected_missions, changes_between
from stations.deployment.states import VisitKind

_OPENS = dt.datetime(2024, 2, 7, 4, tzinfo=dt.UTC)
NOVAK, SILVA = MemberSeen(1, 10, "A. Novak", is_leader=True), MemberSeen(2, 20, "B. Silva", is_leader=False)
ROSSI = MemberSeen(3, 30, "C. Rossi", is_leader=False)


def _stops(*codes: str, later_by: int = 0) -> tuple[StopSeen, ...]:
    """An opening, voting between, a count; an hour each."""
    kinds = [VisitKind.OPENING, *[VisitKind.VOTING] * (len(codes) - 2), VisitKind.CLOSING_COUNT]
    starts = [_OPENS + dt.timedelta(hours=hour, minutes=later_by) for hour in range(len(codes))]
    return tuple(
        StopSeen(code, kind, start, start + dt.timedelta(minutes=30))
        for code, kind, start in zip(codes, kinds, starts, strict=True)
    )


def _team(number: int = 3, key: int = 0) -> TeamSeen:
    return TeamSeen(
        key=UUID(int=key or number),
        number=number,
        place="Ganja",
        area="North",
        members=(NOVAK, SILVA),
        stops=_stops("0411", "0412", "0413", "0414"),
    )


def _told(before: list[TeamSeen], after: list[TeamSeen], horizon: Horizon | None = None) -> list[tuple[str, str]]:
    return [(change.code, change.sentence) for change in changes_between(before, after, horizon)]


TEAM = _team()


@pytest.mark.parametrize(
    ("later", "told"),
    [
        (TEAM, []),
        (
            replace(TEAM, number=14, place="Sheki", stops=()),
            ["Team 3 is now team 14", "Team 14 moves from Ganja to Sheki"],
        ),
        (
            replace(TEAM, members=(NOVAK, ROSSI)),
            ["Team 3: C. Rossi takes the place of B. Silva"],
        ),
        (replace(TEAM, members=(NOVAK,)), ["Team 3: B. Silva leaves"]),
        (replace(TEAM, members=(NOVAK, SILVA, ROSSI)), ["Team 3: C. Rossi joins"]),
        (
            replace(TEAM, members=(replace(SILVA, is_leader=True), replace(NOVAK, is_leader=False))),
            ["Team 3: B. Silva leads"],
        ),
        (
            replace(TEAM, members=(replace(SILVA, is_leader=True), ROSSI)),
            ["Team 3: C. Rossi takes the place of A. Novak", "Team 3: B. Silva leads"],
        ),
        (replace(TEAM, area="South"), ["Team 3 belongs to South and no longer to North"]),
        (
            replace(TEAM, supervisors={UUID(int=77): 1}),
            ["Team 3 is looked after by team 1 instead of nobody"],
        ),
        (
            replace(TEAM, stops=_stops("0417", "0412", "0413", "0414")),
            ["Team 3 opens station 0417 instead of 0411"],
        ),
        (
            replace(TEAM, stops=_stops("0411", "0412", "0413", "0417")),
            ["Team 3 sees the count at station 0417 instead of 0414"],
        ),
        (
            replace(TEAM, stops=_stops("0411", "0413", "0415", "0416", "0414")),
            ["Team 3 also visits stations 0415, 0416", "Team 3 no longer visits station 0412"],
        ),
        (
            replace(TEAM, stops=_stops("0411", "0413", "0412", "0414")),
            ["Team 3 visits its stations in another order"],
        ),
        (
            replace(TEAM, stops=_stops("0411", "0412", "0413", "0414", later_by=5)),
            ["Team 3 visits its stations at other times"],
        ),
    ],
)
def test_a_team_that_goes_on_says_what_is_different(later: TeamSeen, told: list[str]) -> None:
    assert [sentence for _code, sentence in _told([TEAM], [later])] == told


def test_an_area_that_grew_concerns_those_who_look_after_it() -> None:
    """The teams below have the same team above them, whatever its number and the area's name."""
    below = replace(TEAM, supervisors={UUID(int=77): 1})
    above = replace(_team(1, key=77), place="", stops=())

    told = _told(
        [above, below],
        [replace(above, area="North + South"), replace(below, area="North + South", supervisors={UUID(int=77): 2})],
    )

    assert told == [("area_changed", "Team 1 looks after North + South and no longer after North")]


def test_teams_come_and_go() -> None:
    new = replace(_team(210), members=(replace(ROSSI, is_leader=True),), place="Sheki")

    assert _told([TEAM], [new]) == [
        ("team_gone", "Team 3 is gone: A. Novak, B. Silva"),
        ("team_new", "Team 210 is new: C. Rossi, Sheki"),
    ]


def test_a_swap_is_told_for_both_teams() -> None:
    other = replace(_team(5), members=(replace(ROSSI, is_leader=True),))
    swapped = [replace(TEAM, members=(NOVAK, ROSSI)), replace(other, members=(replace(SILVA, is_leader=True),))]

    assert _told([TEAM, other], swapped) == [
        ("member_replaced", "Team 3: C. Rossi takes the place of B. Silva"),
        ("member_replaced", "Team 5: B. Silva takes the place of C. Rossi"),
    ]


def test_a_plan_made_afresh_follows_teams_by_their_people() -> None:
    again = replace(_team(7, key=99), members=(SILVA, NOVAK))

    assert _told([TEAM], [again]) == [("team_renumbered", "Team 3 is now team 7")]


def test_the_missions_of_both_versions_of_a_team_are_affected() -> None:
    changes = changes_between([TEAM, _team(8)], [replace(TEAM, members=(NOVAK, ROSSI)), _team(8)])

    assert affected_missions(changes) == {10, 20, 30}
    assert affected_missions(()) == frozenset()
    assert changes[0] == Change(
        "member_replaced", 3, "Team 3: C. Rossi takes the place of B. Silva", frozenset({10, 20, 30})
    )


def test_of_a_team_that_is_out_of_sight_on_one_side_only_own_people_are_told() -> None:
    left = Horizon(hidden_after=frozenset({TEAM.key}), own_missions=frozenset({20}))
    joined = Horizon(hidden_before=frozenset({TEAM.key}), own_missions=frozenset({10}))

    assert _told([TEAM], [], left) == [("member_left", "Team 3: B. Silva leaves")]
    assert _told([], [TEAM], joined) == [("member_joined", "Team 3: A. Novak joins")]
