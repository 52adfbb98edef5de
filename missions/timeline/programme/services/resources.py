"""What the ministry shares: setting it up, its hours, and hours that are lost later."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.law.calendar import local_instant
from missions.models import Election, Mission, User
from missions.timeline.programme.errors import ResourceChangedError, ResourceRefusedError
from missions.timeline.programme.models import (
    Closure,
    InterpreterPool,
    OpenWindow,
    ProtocolRank,
    SharedResource,
)
from missions.timeline.programme.rules import resource_violations, window_violations
from missions.timeline.programme.standards import StandardResource, load_standards
from missions.timeline.programme.states import RequestKind, ResourceKind


@dataclass(frozen=True, slots=True)
class ResourceDraft:
    """A resource as somebody wants it; the fields are those of SharedResource."""

    code: str
    name: str
    place: str
    kind: ResourceKind
    serves: tuple[RequestKind, ...]
    minutes: int
    capacity: int = 1
    unit_persons: int = 1
    gap_minutes: int = 0
    sessions_per_day: int = 0
    languages_per_session: int = 0


def add_resource(*, election: Election, draft: ResourceDraft, by: User | None, at: datetime) -> SharedResource:
    """A new resource, without hours yet. Records "resource_added".

    Raises ResourceRefusedError with each fault, ResourceChangedError if the code is taken.
    """
    try:
        with transaction.atomic():
            Election.objects.select_for_update().get(pk=election.pk)
            _refuse(resource_violations(draft, _hosted(election)))
            row = SharedResource.objects.create(election=election, **_fields(draft))
            record_event("resource_added", row, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, SharedResource) == "resource_code_once":
            raise ResourceChangedError from error
        raise
    return row


def change_resource(
    *, resource: SharedResource, draft: ResourceDraft, version: int, by: User | None, at: datetime
) -> SharedResource:
    """Other facts for a resource; code and kind stay. Records "resource_changed".

    `version` is the one that was read. Raises ResourceChangedError, ResourceRefusedError.
    """
    with transaction.atomic():
        row: SharedResource = (
            SharedResource.objects.select_for_update(of=("self",)).select_related("election").get(pk=resource.pk)
        )
        if row.version != version:
            raise ResourceChangedError
        kept = replace(draft, code=row.code, kind=ResourceKind(row.kind))
        _refuse(resource_violations(kept, _hosted(row.election, but=row)))
        wanted = _fields(kept)
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, wanted[name])
            row.version += 1
            row.save(update_fields=[*changed, "version"])
            record_event("resource_changed", row, by=by, at=at, changed=changed)
    return row


def open_resource(
    *, resource: SharedResource, opens_at: datetime, closes_at: datetime, by: User | None, at: datetime
) -> OpenWindow:
    """More hours for a resource. Its places are counted from the beginning of the window.

    Records "resource_opened". Raises ResourceRefusedError for hours that overlap others or are too short.
    """
    with transaction.atomic():
        row = _locked(resource)
        there = [(window.opens_at, window.closes_at) for window in row.windows.all()]
        _refuse(window_violations(row.minutes, opens_at, closes_at, there, row.election.zone))
        window = OpenWindow.objects.create(resource=row, opens_at=opens_at, closes_at=closes_at)
        _touch(row)
        record_event("resource_opened", row, by=by, at=at, reason=_hours_text(opens_at, closes_at, row.election))
    return window


def close_resource(
    *, resource: SharedResource, starts_at: datetime, ends_at: datetime, reason: str, by: User | None, at: datetime
) -> Closure:
    """Take time away from a resource: the places that it touches are lost, all others keep their hours.

    Nothing is moved by this. Bookings that lie there break the released programme until another is released.
    Records "resource_closed" with the reason. Raises ResourceRefusedError (no reason, no time, outside all hours),
    ResourceChangedError if the same time is closed already.
    """
    try:
        with transaction.atomic():
            row = _locked(resource)
            _refuse(_closure_violations(row, starts_at, ends_at, reason))
            closure = Closure.objects.create(
                resource=row, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), closed_at=at
            )
            _touch(row)
            told = f"{_hours_text(starts_at, ends_at, row.election)}: {closure.reason}"
            record_event("resource_closed", row, by=by, at=at, reason=told)
    except IntegrityError as error:
        if broken_constraint(error, Closure) == "closure_once":
            raise ResourceChangedError from error
        raise
    return closure


def reopen_resource(*, closure: Closure, by: User | None, at: datetime) -> SharedResource:
    """Give back time that was taken away. Records "resource_reopened". Raises ResourceChangedError if it is gone."""
    with transaction.atomic():
        row = _locked(closure.resource)
        if not Closure.objects.filter(pk=closure.pk).delete()[0]:
            raise ResourceChangedError
        _touch(row)
        told = _hours_text(closure.starts_at, closure.ends_at, row.election)
        record_event("resource_reopened", row, by=by, at=at, reason=told)
    return row


def set_interpreters(
    *, election: Election, language: str, count: int, by: User | None, at: datetime
) -> InterpreterPool:
    """So many interpreters of a language at any time; 0 for none. Records "interpreters_set" on the election."""
    if not (language.isascii() and language.isalpha() and language.islower() and len(language) in (2, 3)):
        raise ResourceRefusedError(
            violations=[Violation("language", "language-invalid", _("Give the ISO 639 code of a language."))]
        )
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        row, _created = InterpreterPool.objects.update_or_create(
            election=election, language=language, defaults={"count": count}
        )
        record_event("interpreters_set", election, by=by, at=at, changed=[f"{language}: {count}"])
    return row


def set_rank(*, mission: Mission, rank: int, by: User | None, at: datetime) -> ProtocolRank:
    """The mission's place in the order of protocol, 1 to 5. Records "protocol_rank_set"; setting it again nothing.

    Raises ResourceRefusedError for any other number.
    """
    if not 1 <= rank <= 5:
        raise ResourceRefusedError(violations=[Violation("rank", "rank-invalid", _("Ranks go from 1 to 5."))])
    with transaction.atomic():
        locked = Mission.objects.select_for_update(of=("self",)).get(pk=mission.pk)
        there: ProtocolRank | None = ProtocolRank.objects.filter(mission=locked).first()
        if there is not None and there.rank == rank:
            return there
        row, _created = ProtocolRank.objects.update_or_create(mission=locked, defaults={"rank": rank})
        record_event("protocol_rank_set", locked, by=by, at=at, scope_id=locked.pk, changed=["rank"], is_private=False)
    return row


def set_up_standards(*, election: Election, by: User | None, at: datetime) -> int:
    """The usual resources, hours and interpreters, as far as they are not there yet; returns how many are new.

    Records "resource_added" on each. Doing it again changes nothing.
    """
    standards = load_standards()
    with transaction.atomic():
        locked = Election.objects.select_for_update().get(pk=election.pk)
        there = set(SharedResource.objects.filter(election=locked).values_list("code", flat=True))
        new = [row for row in standards.resources if row.code not in there]
        for standard in new:
            _set_up(locked, standard, by, at)
        languages = set(InterpreterPool.objects.filter(election=locked).values_list("language", flat=True))
        InterpreterPool.objects.bulk_create(
            InterpreterPool(election=locked, language=language, count=count)
            for language, count in standards.interpreters
            if language not in languages
        )
    return len(new)


def _set_up(election: Election, standard: StandardResource, by: User | None, at: datetime) -> None:
    language = settings.LANGUAGE_CODE
    row = SharedResource.objects.create(
        election=election,
        code=standard.code,
        name=standard.name.text(language),
        place=standard.place.text(language),
        kind=standard.kind,
        serves=list(standard.serves),
        capacity=standard.capacity,
        unit_persons=standard.unit_persons,
        minutes=standard.minutes,
        gap_minutes=standard.gap_minutes,
        sessions_per_day=standard.sessions_per_day,
        languages_per_session=standard.languages_per_session,
    )
    OpenWindow.objects.bulk_create(
        OpenWindow(
            resource=row,
            opens_at=local_instant(election.e_day + timedelta(hours.offset_days), hours.opens, election.time_zone),
            closes_at=local_instant(election.e_day + timedelta(hours.offset_days), hours.closes, election.time_zone),
        )
        for hours in standard.windows
    )
    record_event("resource_added", row, by=by, at=at)


def _fields(draft: ResourceDraft) -> dict[str, object]:
    return {
        "code": draft.code,
        "name": draft.name.strip(),
        "place": draft.place.strip(),
        "kind": draft.kind,
        "serves": [kind.value for kind in draft.serves],
        "capacity": draft.capacity,
        "unit_persons": draft.unit_persons,
        "minutes": draft.minutes,
        "gap_minutes": draft.gap_minutes,
        "sessions_per_day": draft.sessions_per_day,
        "languages_per_session": draft.languages_per_session,
    }


def _hosted(election: Election, *, but: SharedResource | None = None) -> frozenset[str]:
    """The kinds of requests that one resource alone may serve and one does."""
    rows = SharedResource.objects.filter(election=election).exclude(kind=ResourceKind.POOL)
    taken = rows.exclude(pk=but.pk) if but else rows
    return frozenset(kind for serves in taken.values_list("serves", flat=True) for kind in serves)


def _locked(resource: SharedResource) -> SharedResource:
    rows = SharedResource.objects.select_for_update(of=("self",)).select_related("election")
    row: SharedResource = rows.get(pk=resource.pk)
    return row


def _touch(row: SharedResource) -> None:
    row.version += 1
    row.save(update_fields=["version"])


def _closure_violations(row: SharedResource, starts_at: datetime, ends_at: datetime, reason: str) -> list[Violation]:
    if not reason.strip():
        return [Violation("reason", "reason-missing", _("Say why the time is lost."))]
    if ends_at <= starts_at:
        return [Violation("ends_at", "window-empty", _("The end lies before the beginning."))]
    if not row.windows.filter(opens_at__lt=ends_at, closes_at__gt=starts_at).exists():
        return [Violation("starts_at", "window-not-open", _("It is not open at that time."))]
    return []


def _refuse(violations: list[Violation]) -> None:
    if violations:
        raise ResourceRefusedError(violations=violations)


def _hours_text(start: datetime, end: datetime, election: Election) -> str:
    first, last = start.astimezone(election.zone), end.astimezone(election.zone)
    return f"{date_format(first, 'j M Y, H:i')}–{last:%H:%M}"
