"""A calendar as a file of RFC 5545, made by the icalendar library."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import STATUS, Calendar, Event, vDuration

from missions.timeline.feeds.events import CalendarEvent
from missions.timeline.zones import zone_or_utc

_PRODUCT = "-//Observer Desk//Calendar feed//EN"
#: How often a calendar program should come by.
_REFRESH = timedelta(minutes=15)
_YEAR = timedelta(days=366)


def etag_of(name: str, events: Iterable[CalendarEvent]) -> str:
    """A name for what the calendar says: the same whenever it says the same."""
    said = [name, *(repr(_said(event)) for event in events)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def compose(name: str, events: tuple[CalendarEvent, ...], *, at: datetime) -> bytes:
    """The calendar file: every event in its own zone, and every zone that occurs told in full."""
    calendar = Calendar.new(name=name, prodid=_PRODUCT, method="PUBLISH", refresh_interval=_REFRESH)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    for event in events:
        calendar.add_component(_component(event, at))
    if events:
        first, last = events[0].starts_at - _YEAR, events[-1].starts_at + _YEAR
        calendar.add_missing_timezones(first.date(), last.date())
    data: bytes = calendar.to_ical()
    return data


def _component(event: CalendarEvent, at: datetime) -> Event:
    zone = zone_or_utc(event.zone)
    return Event.new(
        uid=f"{event.uid}@{settings.MESSAGE_ID_DOMAIN}",
        summary=str(event.title),
        start=event.whole_day or event.starts_at.astimezone(zone),
        end=event.ends_at.astimezone(zone) if event.ends_at else None,
        location=str(event.place) or None,
        description=str(event.details) or None,
        sequence=event.sequence,
        status=STATUS.CANCELLED if event.is_cancelled else STATUS.CONFIRMED,
        stamp=at.astimezone(UTC),
    )


def _said(event: CalendarEvent) -> tuple[object, ...]:
    return (
        event.uid,
        str(event.title),
        event.starts_at,
        event.ends_at,
        event.zone,
        str(event.place),
        str(event.details),
        event.whole_day,
        event.sequence,
        event.is_cancelled,
    )
