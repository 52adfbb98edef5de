"""By hand: the stations that a team visits."""

import datetime as dt
from itertools import pairwise

import pytest

from missions.kernel.errors import DomainError
from missions.models import Election
from stations.deployment.errors import (
    DayFullError,
    NothingChangesError,
    NotInPlanError,
    StationNotUsableError,
    VisitHoursError,
    VisitTwiceError,
)
from stations.deployment.hand_acts import AddVisit, ChangeVisit, Hours, MoveVisit, PinVisit, RemoveVisit
from stations.deployment.models import Visit
from stations.deployment.states import VisitKind
from stations.models import PollingStation
from tests.stations.deployment import builders
from tests.stations.deployment.services.hand.conftest import Change, Desk

pytestmark = pytest.mark.django_db

CLOSED = dt.datetime(2024, 1, 2, tzinfo=dt.UTC)


def _hours(begin: str, end: str) -> Hours:
    """Hours of election day by the clocks of Baku."""
    zone = dt.timezone(dt.timedelta(hours=4))
    first, last = (dt.datetime.combine(dt.date(2024, 2, 7), dt.time.fromisoformat(text), zone) for text in (begin, end))
    return Hours(first, last)


def test_a_visit_comes_before_the_closing_and_the_day_is_laid_anew(desk: Desk, change: Change) -> None:
    work = change(AddVisit(1, desk.stations[3].code))

    assert desk.route(1) == ["00101 opening", "00102 voting", "00104 voting", "00103 closing_count"]
    visits = list(Visit.objects.filter(visit_plan__team=desk.team(1)).order_by("order"))
    assert all(before.leaves_at < after.arrives_at for before, after in pairwise(visits))
    assert not [one for one in work.judgement.findings if one.finding.rule == "R16" and "drive" in one.finding.code]
    assert work.change.facts == {"teams": "1", "station": "00104"}


def test_a_day_that_is_laid_anew_has_its_meal_and_keeps_it_while_there_is_time(desk: Desk, change: Change) -> None:
    def meals() -> list[str]:
        visits = Visit.objects.filter(visit_plan__team=desk.team(1)).order_by("order")
        zone = desk.plan.election.zone
        return [f"{visit.meal_at.astimezone(zone):%H:%M}" if visit.meal_at else "" for visit in visits]

    change(AddVisit(1, desk.stations[3].code))
    laid = meals()
    [at] = [number for number, meal in enumerate(laid) if meal]
    assert 11 <= int(laid[at][:2]) < 15

    change(ChangeVisit(1, 1, hours=_hours("07:00", "08:00")))
    assert meals() == laid
    before = ChangeVisit(1, at, hours=_hours("08:30", "15:30"))
    change(before)
    assert meals() == ["", "", "", ""]


@pytest.mark.parametrize(
    ("position", "route"),
    [
        (1, ["00104 opening", "00101 voting", "00102 voting", "00103 closing_count"]),
        (4, ["00101 opening", "00102 voting", "00103 voting", "00104 closing_count"]),
    ],
)
def test_a_visit_comes_where_it_was_put(desk: Desk, change: Change, position: int, route: list[str]) -> None:
    change(AddVisit(1, desk.stations[3].code, position))

    assert desk.route(1) == route


def test_a_team_without_visits_stays_at_its_first_station_all_day(desk: Desk, change: Change) -> None:
    change(AddVisit(3, desk.stations[3].code))
    change(AddVisit(3, desk.stations[4].code))

    assert desk.route(3) == ["00104 opening", "00105 closing_count"]

    change(RemoveVisit(3, 2))
    assert desk.route(3) == ["00104 opening", "00104 voting", "00104 closing_count"]

    change(RemoveVisit(3, 2))
    assert desk.route(3) == []


def test_a_visit_with_hours_leaves_all_others_as_they_are(desk: Desk, change: Change) -> None:
    before = list(Visit.objects.filter(visit_plan__team=desk.team(1)).order_by("order").values_list("arrives_at"))

    change(AddVisit(1, desk.stations[3].code, hours=_hours("20:30", "22:00"), kind=VisitKind.CLOSING_COUNT))

    after = list(Visit.objects.filter(visit_plan__team=desk.team(1)).order_by("order").values_list("arrives_at"))
    assert desk.route(1) == ["00101 opening", "00102 voting", "00103 closing_count", "00104 closing_count"]
    assert (after[:3], after[3]) == (before, (dt.datetime(2024, 2, 7, 16, 30, tzinfo=dt.UTC),))


def test_a_stop_is_moved_and_keeps_its_pin(desk: Desk, change: Change) -> None:
    change(PinVisit(1, 3, is_pinned=True))
    change(MoveVisit(1, 3, 1))

    assert desk.route(1) == ["00103 opening", "00101 voting", "00102 closing_count"]
    pinned = Visit.objects.filter(visit_plan__team=desk.team(1), is_pinned=True)
    assert list(pinned.values_list("station__code", flat=True)) == ["00103"]


def test_a_visit_changes_its_kind_and_its_hours_alone(desk: Desk, change: Change) -> None:
    team = 1

    change(ChangeVisit(team, 3, kind=VisitKind.VOTING))
    change(ChangeVisit(team, 1, hours=_hours("09:00", "10:00")))

    assert desk.route(1) == ["00101 opening", "00102 voting", "00103 voting"]
    first = Visit.objects.get(visit_plan__team=desk.team(1), order=1)
    assert (first.arrives_at, first.leaves_at) == (
        dt.datetime(2024, 2, 7, 5, tzinfo=dt.UTC),
        dt.datetime(2024, 2, 7, 6, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize("kind", [None, VisitKind.OPENING])
def test_a_visit_that_stays_as_it_is_was_not_changed(desk: Desk, change: Change, kind: VisitKind | None) -> None:
    with pytest.raises(NothingChangesError):
        change(ChangeVisit(1, 1, kind=kind))

    assert not desk.plan.hand_changes.exists()


def test_a_station_abroad_that_nobody_visits_any_more_is_left_out(desk: Desk, change: Change) -> None:
    seoul = desk.stations[15]
    assert desk.route(4) == ["90001 opening", "90001 voting", "90001 closing_count"]

    change(RemoveVisit(4, 1))
    desk.plan.refresh_from_db()
    assert desk.plan.left_out == [{"what": "overseas_station", "reason": "by_hand", "ids": [seoul.pk]}]

    change(AddVisit(4, seoul.code))
    desk.plan.refresh_from_db()
    assert (desk.plan.left_out, desk.route(4)[0]) == ([], "90001 opening")
    assert Visit.objects.get(visit_plan__team__number=4, order=1).arrives_at == dt.datetime(
        2024, 2, 6, 22, 30, tzinfo=dt.UTC
    )


def test_what_no_team_can_do_has_a_name(desk: Desk, change: Change, election: Election) -> None:
    team = 1
    closed, other = desk.stations[3], desk.stations[4]
    PollingStation.objects.filter(pk=closed.pk).update(closed_at=CLOSED, closed_reason="Burnt down")
    elsewhere = Election.objects.get(pk=election.pk)
    elsewhere.pk, elsewhere.code = None, "xx-2031"
    elsewhere.save()
    foreign = builders.overseas_station(elsewhere, "90009", "KOR", "Asia/Seoul")
    refused: list[tuple[type[DomainError], str, object]] = [
        (StationNotUsableError, "station-unknown", AddVisit(team, "99999")),
        (StationNotUsableError, "station-unknown", AddVisit(team, foreign.code)),
        (StationNotUsableError, "station-out-of-use", AddVisit(team, closed.code)),
        (VisitTwiceError, "", AddVisit(team, desk.stations[0].code)),
        (
            VisitTwiceError,
            "",
            AddVisit(team, desk.stations[0].code, kind=VisitKind.OPENING, hours=_hours("10:00", "11:00")),
        ),
        (VisitHoursError, "", AddVisit(team, other.code, hours=_hours("11:00", "11:00"))),
        (NotInPlanError, "position-unknown", AddVisit(team, other.code, 5)),
        (NotInPlanError, "visit-unknown", RemoveVisit(team, 4)),
        (NotInPlanError, "visit-unknown", PinVisit(team, 0, is_pinned=True)),
        (NotInPlanError, "position-unknown", MoveVisit(team, 1, 4)),
        (NothingChangesError, "", MoveVisit(team, 2, 2)),
        (VisitHoursError, "", ChangeVisit(team, 1, hours=_hours("11:00", "10:00"))),
        (NotInPlanError, "team-unknown", RemoveVisit(10**9, 1)),
    ]

    for error, code, act in refused:
        with pytest.raises(error) as caught:
            change(act)  # type: ignore[arg-type]  # acts
        assert [violation.code for violation in caught.value.violations] == ([code] if code else [])

    assert (len(desk.route(1)), desk.plan.hand_changes.count()) == (3, 0)


def test_a_visit_far_from_election_day_is_refused(desk: Desk, change: Change) -> None:
    hours = _hours("10:00", "11:00")
    later = Hours(hours.arrives_at + dt.timedelta(days=2), hours.leaves_at + dt.timedelta(days=2))

    with pytest.raises(VisitHoursError):
        change(AddVisit(1, desk.stations[3].code, hours=later))


def test_a_day_without_room_for_another_stop_is_refused(desk: Desk, change: Change) -> None:
    place = desk.place(1)
    far = PollingStation.objects.create(
        election=place.election,
        code="00199",
        name="Far",
        kind="permanent",
        constituency=place,
        latitude=30,
        longitude=48,
        voters=10,
        country="AZE",
        time_zone="Asia/Baku",
        opens_at=place.election.opens_at,
        closes_at=place.election.closes_at,
    )

    with pytest.raises(DayFullError):
        change(AddVisit(1, far.code, 3))

    assert len(desk.route(1)) == 3
