"""Dates of the law: from rules and E-day to instants. Pure; all instants are aware and in UTC.

Days are subtracted plainly; a local date and time becomes an instant only at the very end, in its own zone.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from missions.data.values import Wording
from missions.law.rules import Anchor, Deadline, Effect, LegalEvent, PollingEdge, RuleProfile, Unknown

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One line of the election calendar: what, on which local day, at which instant, by which source.

    `effect` is None for what only happens on its day. From `over_at` on the line is past.
    """

    code: str
    title: Wording
    effect: Effect | None
    day: date
    offset_days: int
    local_time: time | None
    zone: str
    at: datetime
    over_at: datetime
    source: str

    @property
    def label(self) -> str:
        """The offset from E-day in words, such as `E-10`."""
        return offset_label(self.offset_days)


def e_offset(day: date, e_day: date) -> int:
    """Days from E-day to the day; negative before it."""
    return (day - e_day).days


def offset_label(offset_days: int) -> str:
    """`E-10`, `E`, `E+1`."""
    return f"E{offset_days:+d}" if offset_days else "E"


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def local_instant(day: date, at: time, zone: str) -> datetime:
    """The instant at which the clocks of the zone show this date and time.

    If they show it twice (clocks put back), the first time. If they never show it (clocks put forward), the
    first instant after the gap.
    """
    tz = ZoneInfo(zone)
    wall = datetime.combine(day, at)
    earlier, later = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    # In a gap, and only there, the second reading comes before the first; the change lies between the two.
    return earlier if earlier <= later else _change_between(later, earlier, tz)


def deadline_day(deadline: Deadline, *, e_day: date) -> date:
    """The local day that the deadline names. Plain subtraction of days; no working days, no holidays."""
    if deadline.fixed_on is not None:
        return deadline.fixed_on
    return e_day + timedelta(days=deadline.offset_days)


def deadline_instant(deadline: Deadline, *, e_day: date) -> datetime:
    """The instant (UTC) at which the door closes or opens: `closes_at` or `opens_at` of whoever stores it.

    With a local time it is that minute in the deadline's zone. Without one the rule is about a whole day: an
    inclusive one closes when the day ends and opens when it begins; one that is not inclusive, the reverse.
    """
    day = deadline_day(deadline, e_day=e_day)
    if deadline.local_time is not None:
        return local_instant(day, deadline.local_time, deadline.zone)
    at_its_end = deadline.inclusive == (deadline.effect is Effect.CLOSES)
    return local_instant(day + ONE_DAY if at_its_end else day, MIDNIGHT, deadline.zone)


def is_in_time(deadline: Deadline, *, e_day: date, submitted_at: datetime) -> bool:
    """Whether the instant keeps the deadline: not too late if it closes, not too early if it opens.

    The named instant itself counts if the rule has a local time and is inclusive ("until 17:00" includes
    17:00:00 sharp and not a microsecond more), or if a day opens with it. Raises ValueError if it is naive.
    """
    if submitted_at.utcoffset() is None:
        raise ValueError("submitted_at has no time zone")
    named = deadline_instant(deadline, e_day=e_day)
    if submitted_at == named:
        return deadline.inclusive if deadline.local_time is not None else deadline.effect is Effect.OPENS
    return (submitted_at < named) == (deadline.effect is Effect.CLOSES)


def decide_by(profile: RuleProfile, category: str, complete_since: datetime, *, e_day: date) -> datetime | Unknown:
    """The instant (UTC) before which an application that is complete since then must be decided.

    Calendar days in the host's zone; the day of completion is not counted and the last day counts whole. Where the
    law has a last day for decisions, it ends with that day at the latest, even if the application was completed
    after it. Unknown where the profile does not know the time. Raises KeyError if the category is not in the profile.
    """
    rules = profile.category(category)
    latest = rules.decision_latest_offset
    last_day = None if latest is None else e_day + timedelta(days=latest)
    if not isinstance(rules.decision_days, Unknown):
        by_days = _local_day(complete_since, profile) + timedelta(days=rules.decision_days)
        last_day = by_days if last_day is None else min(by_days, last_day)
    elif last_day is None:
        return rules.decision_days
    return _end_of(last_day, profile)


def appeal_until(profile: RuleProfile, refused_at: datetime) -> datetime | Unknown:
    """The instant (UTC) before which a refusal must be appealed: the days to appeal, from the day of its delivery."""
    appeal = profile.appeal
    if isinstance(appeal, Unknown):
        return appeal
    days = timedelta(days=appeal.delivery_days + appeal.filing_days)
    return _end_of(_local_day(refused_at, profile) + days, profile)


def ruling_due(profile: RuleProfile, appealed_at: datetime) -> datetime | Unknown:
    """The instant (UTC) before which an appeal must be judged."""
    appeal = profile.appeal
    if isinstance(appeal, Unknown):
        return appeal
    return _end_of(_local_day(appealed_at, profile) + timedelta(days=appeal.ruling_days), profile)


def election_calendar(profile: RuleProfile, e_day: date) -> tuple[CalendarEntry, ...]:
    """Deadlines and events of the profile, and the polling hours if they are known, by instant and then by code."""
    entries = [_entry(deadline, e_day) for deadline in (*profile.deadlines, *_polling(profile))]
    entries += [_event_entry(event, profile, e_day) for event in profile.events]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.code)))


def silence_period(profile: RuleProfile, e_day: date) -> tuple[datetime, datetime] | Unknown:
    """From the end of the campaign to the edge of voting until which silence is kept, as instants (UTC)."""
    if isinstance(profile.campaign, Unknown):
        return profile.campaign
    until = profile.campaign.silence_until
    if isinstance(until, Unknown):
        return until
    if isinstance(profile.polling, Unknown):
        return profile.polling
    hour = profile.polling.opens if until is PollingEdge.OPENS else profile.polling.closes
    begins = deadline_instant(profile.deadline(profile.campaign.ends), e_day=e_day)
    return begins, local_instant(e_day, hour, profile.zone)


def _polling(profile: RuleProfile) -> tuple[Deadline, ...]:
    hours = profile.polling
    if isinstance(hours, Unknown):
        return ()
    ends = (
        (PollingEdge.OPENS.value, hours.opens_title, Effect.OPENS, hours.opens),
        (PollingEdge.CLOSES.value, hours.closes_title, Effect.CLOSES, hours.closes),
    )
    return tuple(
        Deadline(
            code=code,
            title=title,
            effect=effect,
            anchor=Anchor.E_DAY,
            offset_days=0,
            fixed_on=None,
            local_time=at,
            zone=profile.zone,
            inclusive=True,
            categories=(),
            scope=None,
            source=hours.source,
        )
        for code, title, effect, at in ends
    )


def _local_day(at: datetime, profile: RuleProfile) -> date:
    return at.astimezone(ZoneInfo(profile.zone)).date()


def _end_of(day: date, profile: RuleProfile) -> datetime:
    """The first instant after the day in the host's zone."""
    return local_instant(day + ONE_DAY, MIDNIGHT, profile.zone)


def _event_entry(event: LegalEvent, profile: RuleProfile, e_day: date) -> CalendarEntry:
    """An event without an hour is past when its day is."""
    day = e_day + timedelta(days=event.offset_days)
    at = local_instant(day, event.local_time or MIDNIGHT, profile.zone)
    return CalendarEntry(
        code=event.code,
        title=event.title,
        effect=None,
        day=day,
        offset_days=event.offset_days,
        local_time=event.local_time,
        zone=profile.zone,
        at=at,
        over_at=at if event.local_time else _end_of(day, profile),
        source=event.source,
    )


def _entry(deadline: Deadline, e_day: date) -> CalendarEntry:
    day = deadline_day(deadline, e_day=e_day)
    at = deadline_instant(deadline, e_day=e_day)
    return CalendarEntry(
        code=deadline.code,
        title=deadline.title,
        effect=deadline.effect,
        day=day,
        offset_days=e_offset(day, e_day),
        local_time=deadline.local_time,
        zone=deadline.zone,
        at=at,
        over_at=at,
        source=deadline.source,
    )


def _change_between(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The first whole second after `before`, up to `after`, at which the zone's offset has changed."""
    offset = after.astimezone(tz).utcoffset()
    low, high = 0, round((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(tz).utcoffset() == offset:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)
