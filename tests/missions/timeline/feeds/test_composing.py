"""The file, read back by the library: zones, sequences, cancellations, and texts that try to be more than text."""

import datetime as dt
from dataclasses import replace

from icalendar import Calendar

from missions.timeline.feeds.composing import compose, etag_of
from missions.timeline.feeds.events import CalendarEvent, EventKind

AT = dt.datetime(2024, 2, 1, 9, tzinfo=dt.UTC)
MEETING = CalendarEvent(
    uid="booking-7",
    kind=EventKind.BOOKING,
    title="Meeting with the minister",
    starts_at=dt.datetime(2024, 2, 5, 6, 30, tzinfo=dt.UTC),
    ends_at=dt.datetime(2024, 2, 5, 6, 55, tzinfo=dt.UTC),
    zone="Asia/Baku",
    place="Ministry, hall 2",
    sequence=3,
)


def _read(*events: CalendarEvent) -> Calendar:
    calendar = Calendar.from_ical(compose("SCO", events, at=AT))
    assert isinstance(calendar, Calendar)
    return calendar


def test_an_event_stands_in_its_own_zone_which_is_told_in_full() -> None:
    calendar = _read(MEETING)

    (event,) = calendar.events
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Baku"
    assert (event.start.isoformat(), event.end.isoformat()) == (
        "2024-02-05T10:30:00+04:00",
        "2024-02-05T10:55:00+04:00",
    )
    assert event["UID"] == "booking-7@observer-desk.example"
    assert (event["SEQUENCE"], event["STATUS"], event["SUMMARY"]) == (3, "CONFIRMED", "Meeting with the minister")


def test_what_is_cancelled_stays_as_cancelled() -> None:
    (event,) = _read(replace(MEETING, is_cancelled=True, sequence=4)).events

    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 4)


def test_every_zone_that_occurs_is_told_once() -> None:
    abroad = replace(MEETING, uid="opening-1", zone="Asia/Kolkata")

    calendar = _read(MEETING, abroad, replace(abroad, uid="opening-2"))

    assert sorted(str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")) == ["Asia/Baku", "Asia/Kolkata"]


def test_a_whole_day_has_no_hour() -> None:
    (event,) = _read(replace(MEETING, ends_at=None, whole_day=dt.date(2024, 2, 2))).events

    assert (event["DTSTART"].to_ical(), event.start) == (b"20240202", dt.date(2024, 2, 2))


def test_a_moment_has_no_end() -> None:
    (event,) = _read(replace(MEETING, ends_at=None)).events

    assert "DTEND" not in event


def test_a_text_cannot_become_a_line_of_its_own() -> None:
    sly = replace(MEETING, title="Lunch\r\nEND:VEVENT\r\nBEGIN:VEVENT", details="a;b,c\\n\nSTATUS:CANCELLED")

    (event,) = _read(sly).events

    assert event["STATUS"] == "CONFIRMED"
    assert str(event["DESCRIPTION"]) == "a;b,c\\n\nSTATUS:CANCELLED"


def test_a_long_title_in_other_letters_comes_back_whole() -> None:
    title = "Şuşa və Xocalı: görüş · Встреча с председателем Центральной избирательной комиссии " * 3

    (event,) = _read(replace(MEETING, title=title)).events

    assert str(event["SUMMARY"]) == title


def test_an_empty_calendar_is_a_calendar() -> None:
    assert _read().events == []


def test_the_name_of_what_is_said_changes_with_anything_that_readers_must_hear() -> None:
    others = (
        replace(MEETING, sequence=4),
        replace(MEETING, is_cancelled=True),
        replace(MEETING, place="Ministry, hall 3"),
        replace(MEETING, zone="Asia/Tbilisi"),
    )

    names = {etag_of("SCO", (event,)) for event in (MEETING, *others)}

    assert len(names) == 1 + len(others)
    assert etag_of("SCO", (MEETING,)) == etag_of("SCO", (replace(MEETING),))
