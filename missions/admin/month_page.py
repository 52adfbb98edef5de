"""The month of an election for the ministry: a sheet of weeks, and below it every entry in words."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from missions.admin.pages import PageAdmin, moment
from missions.law.calendar import ONE_DAY, local_instant
from missions.models import Election, User
from missions.timeline.feeds.events import EventKind, Scope
from missions.timeline.feeds.selectors import events_of
from missions.timeline.models import Milestone
from missions.timeline.pictures.month import Month, MonthEntry, draw_month
from missions.timeline.selectors import title_in

#: How far from election day the sheet can be turned.
_YEARS = 5


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month as picture and as list, with the months beside it as texts that the address takes."""

    title: str
    picture: Month
    days: tuple[tuple[date, int, tuple[MonthEntry, ...]], ...]
    before: str
    after: str


class MonthPages(PageAdmin):
    """Adds the month to the pages of an election."""

    def get_urls(self) -> list[URLPattern]:
        month = self.admin_site.admin_view(self.month_view)
        return [path("<path:object_id>/month/", month, name="missions_election_month"), *super().get_urls()]

    def month_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The month of `?month=2024-02`; the month of election day where none is named."""
        election = self.find_or_404(request, object_id)
        first = month_of(request.GET.get("month", ""), otherwise=election.e_day)
        page = month_page(election, first, user=cast(User, request.user), at=moment(request))
        return self.render_page(request, "desk/month_page.html", title=page.title, election=election, page=page)


def month_page(election: Election, first: date, *, user: User, at: datetime) -> MonthPage:
    """What is on in the month of `first`: the law's days, the programme, and how many missions are at which step.

    Each on its day by the host's clocks. A few queries, however many missions there are.
    """
    entries = sorted(
        (*_events(election, first, user, at), *_steps(election, first, user)),
        key=lambda entry: (entry.day, entry.at is not None, entry.at or time(0), entry.title),
    )
    days = tuple(dict.fromkeys(entry.day for entry in entries))
    following = _next(first)
    return MonthPage(
        title=date_format(first, "F Y"),
        picture=draw_month(first, entries, e_day=election.e_day, today=at.astimezone(election.zone).date()),
        days=tuple(
            (day, (day - election.e_day).days, tuple(entry for entry in entries if entry.day == day)) for day in days
        ),
        before=f"{(first - ONE_DAY):%Y-%m}",
        after=f"{following:%Y-%m}",
    )


def month_of(text: str, *, otherwise: date) -> date:
    """The first day of a month written as 2024-02; that of `otherwise` for whatever else is written, or far from it."""
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        first = otherwise
    return (first if abs(first.year - otherwise.year) <= _YEARS else otherwise).replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _events(election: Election, first: date, user: User, at: datetime) -> Iterator[MonthEntry]:
    """What the person's own calendar says of this election. The programme's hundreds of places are summed up."""
    booked: dict[tuple[date, str], list[datetime]] = defaultdict(list)
    for event in events_of(Scope(user, frozenset(), frozenset({election.pk})), at=at):
        local = event.starts_at.astimezone(election.zone)
        day, hour = (event.whole_day, None) if event.whole_day else (local.date(), local.time())
        if event.is_cancelled or (day.year, day.month) != (first.year, first.month):
            continue
        if event.kind == EventKind.BOOKING:
            booked[day, str(event.place)].append(local)
        else:
            yield MonthEntry(day, str(event.title), event.kind, hour)
    for (day, place), hours in booked.items():
        count = ngettext("%d delegation", "%d delegations", len(hours)) % len(hours)
        text = gettext("%(title)s: %(who)s") % {"who": count, "title": place}
        yield MonthEntry(day, text, EventKind.BOOKING, min(hours).time())


def _steps(election: Election, first: date, user: User) -> Iterator[MonthEntry]:
    """Steps of missions at the same hour and of the same name are one entry with their count. One query."""
    begins = local_instant(first, time(0), election.time_zone)
    ends = local_instant(_next(first), time(0), election.time_zone)
    rows = Milestone.objects.visible_to(user).filter(
        mission__election=election, cancelled_at=None, planned_at__gte=begins, planned_at__lt=ends
    )
    language = get_language() or ""
    counted: Counter[tuple[datetime, str]] = Counter()
    only: dict[tuple[datetime, str], str] = {}
    for row in rows.select_related("mission__election", "shared_from__mission"):
        key = (row.planned_at, title_in(row, language))
        counted[key] += 1
        only[key] = row.mission.code
    for (instant, title), missions in counted.items():
        local = instant.astimezone(election.zone)
        who = only[instant, title] if missions == 1 else ngettext("%d mission", "%d missions", missions) % missions
        text = gettext("%(title)s: %(who)s") % {"who": who, "title": title}
        yield MonthEntry(local.date(), text, EventKind.STEP, local.time())
