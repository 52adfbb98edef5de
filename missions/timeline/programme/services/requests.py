"""What missions ask for: asking, withdrawing, fixing a time, and the usual requests of all missions at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import EventDraft, record_event, record_events
from missions.kernel.integrity import broken_constraint
from missions.kernel.transitions import ensure_transition
from missions.law.calendar import local_instant
from missions.models import Election, Mission, MissionHead, User
from missions.states import MissionKind, OrganizationKind
from missions.timeline.programme.errors import RequestRefusedError, RequestThereError
from missions.timeline.programme.loading import use_of
from missions.timeline.programme.models import InterpreterPool, MeetingRequest, ProtocolRank, SharedResource
from missions.timeline.programme.models.requests import LOWEST_RANK
from missions.timeline.programme.rules import request_violations
from missions.timeline.programme.slots import slots_of
from missions.timeline.programme.standards import Day, StandardRequest, load_standards
from missions.timeline.programme.states import (
    REQUEST_TRANSITIONS,
    WISHED_KINDS,
    RequestKind,
    RequestState,
    ResourceKind,
)
from missions.timeline.scheduler.problem import SLOT_MINUTES
from missions.timeline.services.rows import hold_missions


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """One thing to ask for. `part` counts from 1; `head_id` names one of the mission's heads."""

    kind: RequestKind
    size: int
    earliest_at: datetime
    latest_at: datetime
    language: str = ""
    head_id: int | None = None
    part: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """How many requests were written, and the codes of missions of whose size nothing is known."""

    requests: int
    without_size: tuple[str, ...]


def ask_for(*, mission: Mission, draft: RequestDraft, by: User | None, at: datetime) -> MeetingRequest:
    """Take one request of a mission. What the ministry owes everybody is a must, the rest a wish.

    Records "meeting_asked". Raises RequestRefusedError with each fault, RequestThereError if the mission has asked
    for that part of that kind already.
    """
    try:
        with transaction.atomic():
            locked = Mission.objects.select_for_update(of=("self",)).select_related("election").get(pk=mission.pk)
            refuse_faults(locked, draft)
            row = MeetingRequest.objects.create(
                mission=locked,
                kind=draft.kind,
                part=draft.part,
                size=draft.size,
                language=draft.language,
                head_id=draft.head_id,
                earliest_at=draft.earliest_at,
                latest_at=draft.latest_at,
                is_must=draft.kind not in WISHED_KINDS,
                note=draft.note.strip(),
                asked_at=at,
                asked_by=by,
            )
            record_event("meeting_asked", row, by=by, at=at, scope_id=locked.pk, to_state=row.state)
    except IntegrityError as error:
        if broken_constraint(error, MeetingRequest) == "request_once_per_kind":
            raise RequestThereError from error
        raise
    return row


def withdraw_request(*, request: MeetingRequest, reason: str = "", by: User | None, at: datetime) -> MeetingRequest:
    """Take a request back for good. A place that it holds in the released programme is cancelled with it.

    Records "meeting_withdrawn". Raises IllegalTransitionError if it is withdrawn already.
    """
    with transaction.atomic():
        row = lock_request(request)
        source = RequestState(row.state)
        ensure_transition(REQUEST_TRANSITIONS, source, RequestState.WITHDRAWN)
        row.state, row.pinned_at = RequestState.WITHDRAWN, None
        row.version += 1
        row.save(update_fields=["state", "pinned_at", "version"])
        record_event(
            "meeting_withdrawn",
            row,
            by=by,
            at=at,
            scope_id=row.mission_id,
            from_state=source,
            to_state=row.state,
            reason=reason.strip(),
        )
    return row


def pin_request(*, request: MeetingRequest, starts_at: datetime, by: User | None, at: datetime) -> MeetingRequest:
    """Fix the beginning by hand: every programme made from now on keeps it. Records "meeting_pinned".

    Raises RequestRefusedError if it does not lie in the window of the request, is not on full five minutes, or has
    passed.
    """
    with transaction.atomic():
        row = lock_request(request)
        ensure_asked(row)
        if starts_at < at:
            violation = Violation("starts_at", "pin-in-past", _("This time has passed."))
            raise RequestRefusedError(violations=[violation])
        if starts_at < row.earliest_at or starts_at >= row.latest_at or starts_at.minute % SLOT_MINUTES:
            message = _("The time does not lie in the window of the request, on full five minutes.")
            raise RequestRefusedError(violations=[Violation("starts_at", "pin-outside-window", message)])
        pin_row(row, starts_at)
        local = starts_at.astimezone(row.mission.election.zone)
        record_event(
            "meeting_pinned", row, by=by, at=at, scope_id=row.mission_id, reason=date_format(local, "j M Y, H:i")
        )
    return row


def unpin_request(*, request: MeetingRequest, by: User | None, at: datetime) -> MeetingRequest:
    """Let the programme choose the time again. Records "meeting_unpinned"; doing it again nothing."""
    with transaction.atomic():
        row = lock_request(request)
        if row.pinned_at is not None:
            pin_row(row, None)
            record_event("meeting_unpinned", row, by=by, at=at, scope_id=row.mission_id)
    return row


def pin_row(row: MeetingRequest, starts_at: datetime | None) -> None:
    """Write the fixed beginning of a locked request."""
    row.pinned_at = starts_at
    row.version += 1
    row.save(update_fields=["pinned_at", "version"])


def ensure_asked(row: MeetingRequest) -> None:
    """Raise RequestRefusedError for a request that is withdrawn."""
    if row.state != RequestState.ASKED:
        violation = Violation("request", "request-withdrawn", _("The request was withdrawn."))
        raise RequestRefusedError(violations=[violation])


def ask_standards(*, election: Election, by: User | None, at: datetime) -> Generated:
    """The usual requests of every mission, by its kind and size, and ranks where none is set yet.

    A mission that has asked for a kind by itself keeps what it asked; doing it again writes nothing. A mission of
    whose size nothing is known (nobody nominated, no ceiling) is left out and named. Records "meetings_asked" on
    each mission that got requests.
    """
    standards = load_standards()
    with transaction.atomic():
        hold_missions(set(Mission.objects.filter(election=election).values_list("pk", flat=True)))
        missions = list(
            Mission.objects.filter(election=election).select_related("organization").prefetch_related("heads")
        )
        _set_missing_ranks(missions, standards.ranks)
        there = set(MeetingRequest.objects.asked().filter(mission__election=election).values_list("mission", "kind"))
        sizes = _sizes(missions)
        new = [
            row
            for mission in missions
            if sizes[mission.pk]
            for standard in standards.requests
            if MissionKind(mission.kind) in standard.missions and (mission.pk, standard.kind.value) not in there
            for row in _standard_rows(election, mission, standard, sizes[mission.pk], by, at)
        ]
        MeetingRequest.objects.bulk_create(new, batch_size=500)
        asking = {row.mission_id: row.mission for row in new}
        events = [EventDraft("meetings_asked", mission, scope_id=pk) for pk, mission in sorted(asking.items())]
        record_events(events, by=by, at=at)
    return Generated(len(new), tuple(mission.code for mission in missions if not sizes[mission.pk]))


def refuse_faults(mission: Mission, draft: RequestDraft) -> None:
    """Raise RequestRefusedError with each fault of what the mission asks for."""
    election = mission.election
    serving = [row for row in SharedResource.objects.filter(election=election) if draft.kind in row.serves]
    violations = request_violations(
        draft,
        e_day_starts=local_instant(election.e_day, time(0), election.time_zone),
        minutes=_minutes(draft, serving),
        most_persons=serving[0].capacity if serving and serving[0].kind == ResourceKind.HALL else 0,
        languages=set(
            InterpreterPool.objects.filter(election=election, count__gte=1).values_list("language", flat=True)
        ),
    )
    if draft.head_id is not None and not MissionHead.objects.filter(pk=draft.head_id, mission=mission).exists():
        violations.append(Violation("head", "head-unknown", _("This is no head of the mission.")))
    if violations:
        raise RequestRefusedError(violations=violations)


def _minutes(draft: RequestDraft, serving: list[SharedResource]) -> int:
    """How long it takes where it is held; 0 while nothing serves it."""
    if not serving or draft.size < 1:
        return 0
    if serving[0].kind == ResourceKind.POOL:
        return use_of(draft.size, serving)[0] * SLOT_MINUTES
    return slots_of(serving[0].minutes) * SLOT_MINUTES


def lock_request(request: MeetingRequest) -> MeetingRequest:
    """The request under its lock, the mission's first as everywhere."""
    mission = Mission.objects.select_for_update(of=("self",)).select_related("election").get(pk=request.mission_id)
    row = MeetingRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    row.mission = mission
    return row


def _set_missing_ranks(missions: Iterable[Mission], ranks: Mapping[OrganizationKind, int]) -> None:
    there = set(ProtocolRank.objects.filter(mission__in=missions).values_list("mission", flat=True))
    ProtocolRank.objects.bulk_create(
        ProtocolRank(mission=mission, rank=_usual_rank(mission, ranks))
        for mission in missions
        if mission.pk not in there
    )


def _usual_rank(mission: Mission, ranks: Mapping[OrganizationKind, int]) -> int:
    """By the kind of the organization; a joint mission, which has none, comes first."""
    if mission.organization is None:
        return min(ranks.values(), default=LOWEST_RANK)
    return ranks.get(OrganizationKind(mission.organization.kind), LOWEST_RANK)


def _sizes(missions: Iterable[Mission]) -> dict[int, int]:
    """How many people each mission has: nominated, or granted; a joint mission has those of its parts."""
    own = {mission.pk: mission.places_taken or mission.ceiling or 0 for mission in missions}
    return {
        mission.pk: own[mission.pk] or sum(own[part.pk] for part in missions if part.parent_id == mission.pk)
        for mission in missions
    }


def _standard_rows(
    election: Election, mission: Mission, standard: StandardRequest, size: int, by: User | None, at: datetime
) -> Iterable[MeetingRequest]:
    head = next(iter(mission.heads.all()), None) if standard.kind in WISHED_KINDS else None
    for part, persons in enumerate(standard.sizes(size), start=1):
        yield MeetingRequest(
            mission=mission,
            kind=standard.kind,
            part=part,
            size=persons,
            language=standard.language,
            head=head,
            earliest_at=_instant(election.e_day, standard.first, election.time_zone),
            latest_at=_instant(election.e_day, standard.last, election.time_zone),
            is_must=standard.kind not in WISHED_KINDS,
            asked_at=at,
            asked_by=by,
        )


def _instant(e_day: date, day: Day, zone: str) -> datetime:
    return local_instant(e_day + timedelta(days=day.offset_days), day.time, zone)
