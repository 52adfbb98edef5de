"""Taking what teams report: each stored once per team and nonce, whatever is sent again, early, late or in disorder.

No events: a report is its own history. Two copies of a batch that arrive together both find the rows that the first
one stored, by the unique constraint and without a lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import DomainError, MissingError, RefusedError
from missions.models import User
from stations.deployment.errors import PlanNotReleasedError
from stations.deployment.models import Team, Visit
from stations.deployment.presence.errors import (
    NonceReusedError,
    OtherTeamsVisitError,
    PresencePlaceError,
    StationElsewhereError,
    StationOtherSideError,
    TooManyReportsError,
)
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.permissions import teams_spoken_for
from stations.deployment.presence.services.clocks import corrected
from stations.deployment.presence.states import PresenceKind
from stations.deployment.states import PlanState, TeamKind
from stations.models import PollingStation
from stations.states import StationKind

#: The most reports of one batch.
BATCH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a device tells of a team. `client_time` is an aware instant by its own clock.

    With a planned visit the station may be left out: it is the visit's.
    """

    team_id: int
    kind: PresenceKind
    nonce: str
    client_time: datetime
    station_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one draft: the stored report, new or known; or why it was refused."""

    report: PresenceReport | None
    is_new: bool = False
    error: DomainError | None = None


@dataclass(frozen=True, slots=True)
class _World:
    """What drafts are judged by, fetched at once for all of them, in no order."""

    teams: Mapping[int, Team]
    spoken_for: frozenset[int]
    standing: Mapping[UUID, Team]
    stations: Mapping[int, PollingStation]
    visits: Mapping[int, Visit]


def report_presence(*, draft: ReportDraft, device_now: datetime, by: User, at: datetime) -> Taken:
    """Store one report, or find the one that its nonce stored before. Raises as `take_reports` refuses."""
    (taken,) = take_reports(drafts=[draft], device_now=device_now, by=by, at=at)
    if taken.error is not None:
        raise taken.error
    return taken


def take_reports(*, drafts: Sequence[ReportDraft], device_now: datetime, by: User, at: datetime) -> tuple[Taken, ...]:
    """Store what is new among the drafts, and tell of each, in their order, what became of it.

    `device_now` is the device's clock as it sends them. A draft about a team of an earlier version goes to the team
    that continues it in the released plan. Refused are, each by itself: MissingError and RefusedError for a team out
    of sight or not spoken for, PlanNotReleasedError, PresencePlaceError, StationElsewhereError,
    StationOtherSideError, OtherTeamsVisitError, NonceReusedError. Raises TooManyReportsError.
    """
    if len(drafts) > BATCH_LIMIT:
        raise TooManyReportsError
    with transaction.atomic():
        world = _world_of(drafts, by)
        judged = [_judged(draft, world, device_now, by, at) for draft in drafts]
        fresh = [row for row in judged if isinstance(row, PresenceReport)]
        known = _stored(fresh)
        PresenceReport.objects.bulk_create(
            [row for row in fresh if _name_of(row) not in known], ignore_conflicts=True, batch_size=BATCH_LIMIT
        )
        stored = _stored(fresh)
    return tuple(_taken(row, stored, known) for row in judged)


def _world_of(drafts: Iterable[ReportDraft], by: User) -> _World:
    team_ids = {draft.team_id for draft in drafts}
    visit_ids = {draft.visit_id for draft in drafts if draft.visit_id is not None}
    seen = Team.objects.visible_to(by).filter(pk__in=team_ids).select_related("plan").order_by()
    teams = {team.pk: team for team in seen}
    spoken_for = Team.objects.filter(teams_spoken_for(by), pk__in=teams)
    replaced = [team.key for team in teams.values() if team.plan.state == PlanState.SUPERSEDED]
    standing = Team.objects.filter(key__in=replaced, plan__state=PlanState.RELEASED).select_related("plan").order_by()
    visits = Visit.objects.filter(pk__in=visit_ids).select_related("visit_plan__team").order_by()
    found = {visit.pk: visit for visit in visits}
    station_ids = {draft.station_id for draft in drafts if draft.station_id is not None}
    station_ids |= {visit.station_id for visit in found.values()}
    return _World(
        teams=teams,
        spoken_for=frozenset(spoken_for.values_list("pk", flat=True)),
        standing={team.key: team for team in standing if replaced},
        stations=PollingStation.objects.in_bulk(station_ids),
        visits=found,
    )


def _judged(
    draft: ReportDraft, world: _World, device_now: datetime, by: User, at: datetime
) -> PresenceReport | DomainError:
    """The row as it would be stored, or why it is not."""
    try:
        team = _team_of(draft, world)
        visit = _visit_of(draft, team, world)
        station = _station_of(draft, team, visit, world)
    except DomainError as error:
        return error
    time = corrected(draft.client_time, device_now=device_now, at=at)
    return PresenceReport(
        team=team,
        team_key=team.key,
        kind=draft.kind,
        station=station,
        visit=visit,
        nonce=draft.nonce,
        client_time=draft.client_time,
        skew_seconds=time.skew_seconds,
        happened_at=time.happened_at,
        received_at=at,
        by=by,
    )


def _team_of(draft: ReportDraft, world: _World) -> Team:
    team = world.teams.get(draft.team_id)
    if team is None:
        raise MissingError
    if team.pk not in world.spoken_for:
        raise RefusedError(_("Only leads of the team's missions, and the host's staff for the pool, may report of it."))
    if team.plan.state == PlanState.SUPERSEDED:
        team = world.standing.get(team.key, team)
    if team.plan.state != PlanState.RELEASED:
        raise PlanNotReleasedError
    return team


def _visit_of(draft: ReportDraft, team: Team, world: _World) -> Visit | None:
    if draft.visit_id is None:
        return None
    visit = world.visits.get(draft.visit_id)
    if visit is None or visit.visit_plan.team.key != team.key:
        raise OtherTeamsVisitError
    if draft.station_id not in (None, visit.station_id):
        raise OtherTeamsVisitError
    return visit


def _station_of(draft: ReportDraft, team: Team, visit: Visit | None, world: _World) -> PollingStation | None:
    key = visit.station_id if visit is not None else draft.station_id
    if (key is None) != (draft.kind == PresenceKind.IN_AREA):
        raise PresencePlaceError
    if key is None:
        return None
    station = world.stations.get(key)
    if station is None or station.election_id != team.plan.election_id:
        raise StationElsewhereError
    if (station.kind == StationKind.OVERSEAS) != (team.kind == TeamKind.OVERSEAS):
        raise StationOtherSideError
    if team.kind == TeamKind.OVERSEAS and station.country != team.country:
        raise StationOtherSideError
    return station


def _name_of(row: PresenceReport) -> tuple[UUID, str]:
    return row.team_key, row.nonce


def _stored(rows: Iterable[PresenceReport]) -> dict[tuple[UUID, str], PresenceReport]:
    """The stored reports that have the team and nonce of one of the rows. One query."""
    names = {_name_of(row) for row in rows}
    found = PresenceReport.objects.filter(
        team_key__in={key for key, _nonce in names}, nonce__in={nonce for _key, nonce in names}
    )
    return {_name_of(row): row for row in found.select_related("team", "station").order_by() if _name_of(row) in names}


def _taken(
    row: PresenceReport | DomainError,
    stored: Mapping[tuple[UUID, str], PresenceReport],
    known: Mapping[tuple[UUID, str], PresenceReport],
) -> Taken:
    if isinstance(row, DomainError):
        return Taken(None, error=row)
    kept = stored[_name_of(row)]
    if _content_of(kept) != _content_of(row):
        return Taken(None, error=NonceReusedError())
    return Taken(kept, is_new=_name_of(row) not in known and kept.received_at == row.received_at)


def _content_of(row: PresenceReport) -> tuple[object, ...]:
    return row.kind, row.station_id, row.visit_id, row.client_time
