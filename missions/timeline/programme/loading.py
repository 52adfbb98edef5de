"""From the rows of an election to the scheduler's problem. What cannot be placed at all is left out and named.

Ids of the problem are the keys of the rows as text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from missions.kernel.text import fold_key
from missions.models import Election
from missions.timeline.programme.models import InterpreterPool, MeetingRequest, ProtocolRank, SharedResource
from missions.timeline.programme.models.requests import LOWEST_RANK
from missions.timeline.programme.parameters import DEFAULTS, ProgrammeParameters
from missions.timeline.programme.slots import SlotClock, slots_of
from missions.timeline.programme.states import RequestKind, ResourceKind
from missions.timeline.scheduler.facts import places_of
from missions.timeline.scheduler.problem import (
    After,
    Family,
    Hall,
    Host,
    Interpreters,
    Pin,
    Problem,
    Request,
    Resource,
    Span,
    Use,
)

#: More sessions than fit into a day: as good as no limit.
_ANY_NUMBER = 288
_PLACED = (ResourceKind.HOST, ResourceKind.PRESS)


class Unfit(StrEnum):
    """Why a request cannot be placed whatever the others ask."""

    NOT_SERVED = "not-served"
    LANGUAGE_UNKNOWN = "language-unknown"
    TOO_MANY_PERSONS = "too-many-persons"
    OVER = "over"
    WINDOW_TOO_SHORT = "window-too-short"
    NO_OPEN_PLACE = "no-open-place"


@dataclass(frozen=True, slots=True)
class Past:
    """What is planned no more: nothing begins before `until`, and what had begun by then stays where it was.

    `begun`: the beginnings in the released version, by request.
    """

    until: datetime
    begun: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class LoadedProblem:
    """The problem with the way back: where slot 0 lies, the rows by id, and the requests that fit nowhere."""

    problem: Problem
    clock: SlotClock
    requests: dict[str, MeetingRequest]
    resources: dict[str, SharedResource]
    unfit: dict[str, Unfit]

    @property
    def digest(self) -> str:
        """A name for the problem: the same whenever the same is asked and offered."""
        rows = json.dumps(asdict(self.problem), sort_keys=True, default=str)
        return hashlib.sha256(f"{self.clock}{rows}".encode()).hexdigest()


def load_problem(
    election: Election, *, past: Past | None = None, parameters: ProgrammeParameters = DEFAULTS
) -> LoadedProblem:
    """All that is asked and all that there is, as it stands now. Seven queries, however much it is.

    Without a past every hour counts as one to come: so versions are judged, whenever that is done.
    """
    resources = list(SharedResource.objects.filter(election=election).prefetch_related("windows", "closures"))
    asked = MeetingRequest.objects.asked().filter(mission__election=election).select_related("mission", "head")
    requests = list(asked.order_by("asked_at", "pk"))
    ranks = dict(ProtocolRank.objects.filter(mission__election=election).values_list("mission", "rank"))
    pools = list(InterpreterPool.objects.filter(election=election, count__gte=1))
    clock = SlotClock(_first_day(election, resources, requests), election.time_zone)
    builder = _Builder(clock, resources, {pool.language for pool in pools}, ranks, parameters, past)
    unfit = {str(row.pk): reason for row in requests if (reason := builder.unfit(row))}
    fit = [row for row in requests if str(row.pk) not in unfit]
    problem = Problem(
        requests=builder.requests(fit),
        hosts=tuple(builder.host(row) for row in builder.open if row.kind in _PLACED),
        halls=tuple(builder.hall(row) for row in builder.open if row.kind == ResourceKind.HALL),
        resources=tuple(builder.pool(row) for row in builder.open if row.kind == ResourceKind.POOL),
        interpreters=tuple(Interpreters(pool.language, pool.count) for pool in pools),
        families=tuple(_families(fit)),
        pins=tuple(Pin(str(row.pk), clock.floor(at)) for row in fit if (at := builder.fixed_at(row)) is not None),
        travel=slots_of(parameters.travel_minutes),
    )
    return LoadedProblem(
        problem, clock, {str(row.pk): row for row in requests}, {str(row.pk): row for row in resources}, unfit
    )


def use_of(request_size: int, pools: Sequence[SharedResource]) -> tuple[int, tuple[Use, ...]]:
    """How many slots a request of the size lasts at the pools, and how many units of each it takes meanwhile.

    Where a pool has fewer units than it would take at once, they work in turns and it lasts longer.
    """
    length, uses = 0, []
    for pool in pools:
        units = -(-request_size // pool.unit_persons)
        turns = -(-units // pool.capacity)
        uses.append(Use(str(pool.pk), -(-units // turns)))
        length = max(length, turns * slots_of(pool.minutes))
    return length, tuple(uses)


class _Builder:
    """Rows of the database as rows of the problem."""

    def __init__(
        self,
        clock: SlotClock,
        resources: Iterable[SharedResource],
        languages: set[str],
        ranks: dict[int, int],
        parameters: ProgrammeParameters,
        past: Past | None,
    ) -> None:
        self.clock, self.languages, self.ranks, self.parameters = clock, languages, ranks, parameters
        self.past = past
        self.open = [row for row in resources if row.windows.all()]
        self.serving = {kind: [row for row in self.open if kind in row.serves] for kind in RequestKind}

    def host(self, row: SharedResource) -> Host:
        return Host(
            id=str(row.pk),
            windows=self._windows(row),
            meeting=slots_of(row.minutes),
            changeover=slots_of(row.gap_minutes),
            capacity=row.capacity,
            closed=self._closed(row),
        )

    def hall(self, row: SharedResource) -> Hall:
        return Hall(
            id=str(row.pk),
            windows=self._windows(row),
            session=slots_of(row.minutes),
            seats=row.capacity,
            booths=row.languages_per_session or max(1, len(self.languages)),
            sessions_a_day=row.sessions_per_day or _ANY_NUMBER,
            changeover=slots_of(row.gap_minutes),
            closed=self._closed(row),
        )

    def pool(self, row: SharedResource) -> Resource:
        return Resource(id=str(row.pk), windows=self._windows(row), capacity=row.capacity, closed=self._closed(row))

    def unfit(self, row: MeetingRequest) -> Unfit | None:
        """Why the request fits nowhere even if nobody else asked; None if it does."""
        serving = self.serving[RequestKind(row.kind)]
        if not serving:
            return Unfit.NOT_SERVED
        if row.language and row.language not in self.languages:
            return Unfit.LANGUAGE_UNKNOWN
        first = serving[0]
        if first.kind == ResourceKind.HALL and row.size > first.capacity:
            return Unfit.TOO_MANY_PERSONS
        if self._is_over(row):
            return Unfit.OVER
        window = self._window(row)
        length = use_of(row.size, serving)[0] if first.kind == ResourceKind.POOL else slots_of(first.minutes)
        if window.end - window.start < length:
            return Unfit.WINDOW_TOO_SHORT
        return None if self._has_place(serving, window, length) else Unfit.NO_OPEN_PLACE

    def requests(self, rows: Sequence[MeetingRequest]) -> tuple[Request, ...]:
        by_mission: dict[int, list[MeetingRequest]] = {}
        for row in rows:
            by_mission.setdefault(row.mission_id, []).append(row)
        return tuple(
            self._request(row, by_mission[row.mission_id], received) for received, row in enumerate(rows, start=1)
        )

    def _request(self, row: MeetingRequest, own: Sequence[MeetingRequest], received: int) -> Request:
        kind, rank = RequestKind(row.kind), self.ranks.get(row.mission_id, LOWEST_RANK)
        serving = self.serving[kind]
        first = serving[0]
        length, uses = use_of(row.size, serving) if first.kind == ResourceKind.POOL else (0, ())
        is_hosted = first.kind in _PLACED
        return Request(
            id=str(row.pk),
            mission=str(row.mission_id),
            kind=kind.value,
            windows=(self._window(row),),
            host=str(first.pk) if is_hosted else "",
            hall=str(first.pk) if first.kind == ResourceKind.HALL else "",
            uses=uses,
            length=length,
            after=tuple(self._after(kind, own)),
            head=fold_key(row.head.name) if is_hosted and row.head else "",
            language=row.language if first.kind != ResourceKind.POOL else "",
            persons=row.size,
            weight=self.parameters.weight(kind, rank),
            must=row.is_must,
            coef=self.parameters.delay(rank),
            received=received,
        )

    def fixed_at(self, row: MeetingRequest) -> datetime | None:
        """When it has begun, or else the time that was fixed by hand."""
        begun = self.past.begun.get(row.pk) if self.past else None
        return begun or row.pinned_at

    def _is_over(self, row: MeetingRequest) -> bool:
        """Whether it has not begun, and can begin no more."""
        if self.past is None or row.pk in self.past.begun:
            return False
        return row.latest_at <= self.past.until or (row.pinned_at is not None and row.pinned_at < self.past.until)

    def _window(self, row: MeetingRequest) -> Span:
        if self.past is None or row.pk in self.past.begun:
            return self.clock.span(row.earliest_at, row.latest_at)
        return self.clock.span(max(row.earliest_at, self.past.until), row.latest_at)

    def _after(self, kind: RequestKind, own: Sequence[MeetingRequest]) -> list[After]:
        """What the mission has to have behind it: the nearest step of the chain that it asks for at all."""
        chain = list(self.parameters.chain)
        if kind in self.parameters.meetings:
            before = chain
        elif kind in chain:
            before = chain[: chain.index(kind)]
        else:
            before = [RequestKind.PRESS] if kind is RequestKind.DEPARTURE else []
        for step in reversed(before):
            earlier = [row for row in own if row.kind == step]
            if earlier:
                landing = self.parameters.landing_minutes if step is RequestKind.ARRIVAL else 0
                return [After(str(row.pk), slots_of(landing)) for row in earlier]
        return []

    def _has_place(self, serving: Sequence[SharedResource], window: Span, length: int) -> bool:
        first = serving[0]
        if first.kind != ResourceKind.POOL:
            places = places_of(self._windows(first), length, slots_of(first.gap_minutes))
            return any(window.start <= start <= window.end - length for start in places)
        left = [window]
        for pool in serving:
            left = [
                Span(max(one.start, hours.start), min(one.end, hours.end))
                for one in left
                for hours in self._windows(pool)
            ]
        return any(one.end - one.start >= length for one in left)

    def _windows(self, row: SharedResource) -> tuple[Span, ...]:
        return tuple(sorted(self.clock.span(window.opens_at, window.closes_at) for window in row.windows.all()))

    def _closed(self, row: SharedResource) -> tuple[Span, ...]:
        return tuple(sorted(self.clock.cover(one.starts_at, one.ends_at) for one in row.closures.all()))


def _families(rows: Sequence[MeetingRequest]) -> Iterable[Family]:
    """A child's press conference is never held at the time of its parent's."""
    press = [row for row in rows if row.kind == RequestKind.PRESS]
    return (
        Family(str(parent.pk), str(child.pk))
        for child in press
        for parent in press
        if child.mission.parent_id == parent.mission_id
    )


def _first_day(election: Election, resources: Iterable[SharedResource], requests: Iterable[MeetingRequest]) -> date:
    instants: list[datetime] = [window.opens_at for row in resources for window in row.windows.all()]
    instants += [closure.starts_at for row in resources for closure in row.closures.all()]
    instants += [row.earliest_at for row in requests]
    return min((at.astimezone(election.zone).date() for at in instants), default=election.e_day)
