"""By hand: the stations that a team visits, their order, their hours, and what is pinned of them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from stations.deployment.errors import (
    NothingChangesError,
    NotInPlanError,
    StationNotUsableError,
    VisitHoursError,
    VisitTwiceError,
)
from stations.deployment.hand_acts import AddVisit, ChangeVisit, Hours, MoveVisit, PinVisit, RemoveVisit
from stations.deployment.models import Team, Visit
from stations.deployment.services.hand.changing import Done, carry_out
from stations.deployment.services.hand.draft import Draft
from stations.deployment.services.hand.route import Halt, lay_day, visits_of, write_day
from stations.deployment.states import ChangeKind
from stations.models import PollingStation

#: Abroad, election day begins the evening before by the clocks of the host, and ends after it.
_AROUND = dt.timedelta(days=1)


@carry_out.register
def _add(act: AddVisit, draft: Draft) -> Done:
    team, station = draft.team(act.team), _station(act.station, draft)
    visits = visits_of(team)
    if act.hours is not None:
        if any((visit.station_id, visit.kind) == (station.pk, act.kind) for visit in visits):
            raise VisitTwiceError
        added = Visit(station=station, kind=act.kind)
        _set_hours(added, act.hours, draft)
        write_day(team, _by_time([*visits, added]), draft)
    else:
        halts = Halt.of(visits)
        if any(halt.station.pk == station.pk for halt in halts):
            raise VisitTwiceError
        usual = len(halts) if len(halts) > 1 else len(halts) + 1
        halts.insert(_position(act.position or usual, len(halts) + 1) - 1, Halt(station))
        lay_day(team, halts, draft)
    return _done(ChangeKind.ADD_VISIT, team, station)


@carry_out.register
def _remove(act: RemoveVisit, draft: Draft) -> Done:
    team, visits, halts, at = _found(act.team, act.order, draft)
    halts.pop(at)
    lay_day(team, halts, draft)
    return _done(ChangeKind.REMOVE_VISIT, team, visits[act.order - 1].station)


@carry_out.register
def _move(act: MoveVisit, draft: Draft) -> Done:
    team, visits, halts, at = _found(act.team, act.order, draft)
    to = _position(act.position, len(halts)) - 1
    if to == at:
        raise NothingChangesError
    halts.insert(to, halts.pop(at))
    lay_day(team, halts, draft)
    return _done(ChangeKind.MOVE_VISIT, team, visits[act.order - 1].station)


@carry_out.register
def _change(act: ChangeVisit, draft: Draft) -> Done:
    team, visits, _halts, _at = _found(act.team, act.order, draft)
    visit = visits[act.order - 1]
    before = (visit.kind, visit.arrives_at, visit.leaves_at)
    if act.kind is not None:
        others = [other for other in visits if other is not visit]
        if any((other.station_id, other.kind) == (visit.station_id, act.kind) for other in others):
            raise VisitTwiceError
        visit.kind = act.kind
    if act.hours is not None:
        _set_hours(visit, act.hours, draft)
    if (visit.kind, visit.arrives_at, visit.leaves_at) == before:
        raise NothingChangesError
    write_day(team, _by_time(visits) if act.hours is not None else visits, draft)
    return _done(ChangeKind.CHANGE_VISIT, team, visit.station)


@carry_out.register
def _pin(act: PinVisit, draft: Draft) -> Done:
    team, visits, _halts, _at = _found(act.team, act.order, draft)
    station = visits[act.order - 1].station
    Visit.objects.filter(visit_plan__team=team, station=station).update(is_pinned=act.is_pinned)
    return _done(ChangeKind.PIN_VISIT, team, station)


def _done(kind: ChangeKind, team: Team, station: PollingStation) -> Done:
    return Done(kind, {"teams": str(team.number), "station": station.code})


def _found(number: int, order: int, draft: Draft) -> tuple[Team, list[Visit], list[Halt], int]:
    """The team, its visits, its stops, and at which of them the visit of this order is. Raises NotInPlanError."""
    team = draft.team(number)
    visits = visits_of(team)
    if not 1 <= order <= len(visits):
        raise NotInPlanError(violations=[Violation("order", "visit-unknown", _("The team has no such visit."))])
    return team, visits, Halt.of(visits), len(Halt.of(visits[:order])) - 1


def _station(code: str, draft: Draft) -> PollingStation:
    """A station of the plan's election that is in use. Raises StationNotUsableError."""
    station = PollingStation.objects.filter(election=draft.plan.election_id, code=code).first()
    if station is None:
        message = _("The election has no such station.")
        raise StationNotUsableError(violations=[Violation("station", "station-unknown", message)])
    if station.is_closed:
        message = _("Station %(code)s is out of use.") % {"code": station.code}
        raise StationNotUsableError(violations=[Violation("station", "station-out-of-use", message)])
    return station


def _position(asked: int, last: int) -> int:
    if not 1 <= asked <= last:
        message = _("The route has the places 1 to %(last)d.") % {"last": last}
        raise NotInPlanError(violations=[Violation("position", "position-unknown", message)])
    return asked


def _set_hours(visit: Visit, hours: Hours, draft: Draft) -> None:
    """Raises VisitHoursError for hours that end before they begin, or are far from election day there."""
    day = draft.plan.election.e_day
    zone = ZoneInfo(visit.station.time_zone)
    begins, ends = hours.arrives_at.astimezone(zone).date(), hours.leaves_at.astimezone(zone).date()
    if hours.leaves_at <= hours.arrives_at or begins < day - _AROUND or ends > day + _AROUND:
        raise VisitHoursError
    visit.arrives_at, visit.leaves_at = hours.arrives_at, hours.leaves_at


def _by_time(visits: list[Visit]) -> list[Visit]:
    return sorted(visits, key=lambda visit: visit.arrives_at)
