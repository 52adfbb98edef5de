"""What a resource and a request must be to be taken: facts in, violations out. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.timeline.programme.states import SERVED_KINDS, RequestKind, ResourceKind
from missions.timeline.scheduler.problem import SLOT_MINUTES

#: Further from election day nothing of the programme lies.
FARTHEST = timedelta(days=150)
_LONGEST_MINUTES = 24 * 60
_MOST_PERSONS = 5_000


class ResourceFacts(Protocol):
    """A resource as somebody wants it."""

    @property
    def kind(self) -> ResourceKind: ...
    @property
    def serves(self) -> tuple[RequestKind, ...]: ...
    @property
    def name(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def gap_minutes(self) -> int: ...
    @property
    def capacity(self) -> int: ...
    @property
    def unit_persons(self) -> int: ...


def resource_violations(draft: ResourceFacts, served_elsewhere: Collection[str]) -> list[Violation]:
    """Faults of a resource. `served_elsewhere`: the kinds for which another host or hall is there already."""
    found = []
    if not draft.name.strip():
        found.append(Violation("name", "name-missing", _("Give it a name.")))
    if not draft.serves or set(draft.serves) - SERVED_KINDS[draft.kind]:
        found.append(Violation("serves", "kind-not-served", _("Such a resource cannot serve these requests.")))
    if draft.kind is not ResourceKind.POOL and set(draft.serves) & set(served_elsewhere):
        found.append(Violation("serves", "kind-served-elsewhere", _("Another resource serves these requests.")))
    if draft.capacity < 1 or (draft.kind is ResourceKind.HOST and draft.capacity != 1):
        found.append(
            Violation("capacity", "capacity-invalid", _("A host receives one at a time, all else takes at least one."))
        )
    if draft.unit_persons < 1:
        found.append(Violation("unit_persons", "capacity-invalid", _("A unit takes at least one person.")))
    if not 0 < draft.minutes <= _LONGEST_MINUTES or draft.minutes % SLOT_MINUTES:
        found.append(Violation("minutes", "minutes-invalid", _("Give minutes in steps of five, at least five.")))
    if not 0 <= draft.gap_minutes <= _LONGEST_MINUTES or draft.gap_minutes % SLOT_MINUTES:
        found.append(Violation("gap_minutes", "minutes-invalid", _("Give minutes in steps of five.")))
    return found


def window_violations(
    minutes: int, opens_at: datetime, closes_at: datetime, there: Sequence[tuple[datetime, datetime]], zone: ZoneInfo
) -> list[Violation]:
    """Faults of hours beside those that are `there`. `minutes`: what one place needs."""
    if any(at.astimezone(zone).minute % SLOT_MINUTES or at.second for at in (opens_at, closes_at)):
        return [Violation("opens_at", "window-off-grid", _("Hours begin and end on full five minutes."))]
    if closes_at - opens_at < timedelta(minutes=minutes):
        return [Violation("closes_at", "window-too-short", _("The hours are shorter than one place of it."))]
    if any(opens_at < end and start < closes_at for start, end in there):
        return [Violation("opens_at", "window-overlaps", _("It is open then already."))]
    return []


class RequestFacts(Protocol):
    """A request as somebody asks."""

    @property
    def kind(self) -> RequestKind: ...
    @property
    def size(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def earliest_at(self) -> datetime: ...
    @property
    def latest_at(self) -> datetime: ...


def request_violations(
    draft: RequestFacts, *, e_day_starts: datetime, minutes: int, most_persons: int, languages: Collection[str]
) -> list[Violation]:
    """Faults of a request. `minutes`: how long it takes where it is held (0: unknown). `most_persons`: who fit there
    (0: any number). `languages`: those that have interpreters."""
    found = []
    if not 1 <= draft.size <= _MOST_PERSONS:
        found.append(Violation("size", "size-invalid", _("Say how many people come, at least one.")))
    elif most_persons and draft.size > most_persons:
        message = _("At most %(count)d people fit in; ask in several parts.") % {"count": most_persons}
        found.append(Violation("size", "too-many-persons", message))
    if draft.language and draft.language not in languages:
        message = _("There are no interpreters of this language (%(code)s).") % {"code": draft.language}
        found.append(Violation("language", "language-unknown", message))
    if draft.latest_at <= draft.earliest_at:
        found.append(Violation("latest_at", "window-empty", _("The end lies before the beginning.")))
    elif draft.latest_at - draft.earliest_at < timedelta(minutes=minutes):
        message = _("The time is shorter than the %(count)d minutes that it takes.") % {"count": minutes}
        found.append(Violation("latest_at", "window-too-short", message))
    if any(abs(at - e_day_starts) > FARTHEST for at in (draft.earliest_at, draft.latest_at)):
        found.append(Violation("earliest_at", "window-too-far", _("This is too far from election day.")))
    return found
