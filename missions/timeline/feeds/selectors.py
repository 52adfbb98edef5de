"""Reads on calendars: the address of a secret, and what its reader's calendar holds now."""

from datetime import date, datetime, timedelta

from missions.kernel.providers import providers_of
from missions.models import Election, Mission
from missions.timeline.feeds.events import CalendarEvent, CalendarSource, Scope
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import digest_of

#: A person's own calendar forgets an election so long after its day.
_REMEMBERED = timedelta(days=180)


def address_of(secret: str) -> FeedAddress | None:
    """The address with this secret, unless it is revoked, or its person may not sign in any more."""
    found = FeedAddress.objects.filter(digest=digest_of(secret), revoked_at=None, user__is_active=True)
    return found.select_related("user", "mission").first()


def scope_of(address: FeedAddress, *, today: date) -> Scope | None:
    """What the address is about by the rights that its person has now; None if its mission is out of their sight."""
    reader = address.user
    own = Mission.objects.visible_to(reader)
    if address.mission_id is not None:
        own = own.filter(pk=address.mission_id)
    elif reader.is_host:
        recent = Election.objects.visible_to(reader).filter(e_day__gte=today - _REMEMBERED)
        return Scope(reader, frozenset(), frozenset(recent.values_list("pk", flat=True)))
    rows = list(own.values_list("pk", "election_id"))
    if address.mission_id is not None and not rows:
        return None
    return Scope(reader, frozenset(pk for pk, _election in rows), frozenset(election for _pk, election in rows))


def events_of(scope: Scope, *, at: datetime) -> tuple[CalendarEvent, ...]:
    """The events of all sources, by their beginning."""
    sources: tuple[CalendarSource, ...] = providers_of("CALENDAR_SOURCES")
    found = [event for source in sources for event in source.events(scope, at=at)]
    return tuple(sorted(found, key=lambda event: (event.starts_at, event.uid)))
