"""What the page of one version tells: what it reached, who has no place, and a day of it. Bounded queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.timeline.programme.loading import LoadedProblem
from missions.timeline.programme.models import Booking, MeetingRequest, Programme, ProtocolRank
from missions.timeline.programme.models.requests import LOWEST_RANK
from missions.timeline.programme.records import (
    PartRecord,
    SolutionRecord,
    left_out_from_json,
    solution_from_json,
)
from missions.timeline.programme.selectors import bookings_on, days_of, local_span
from missions.timeline.programme.states import Method, ProgrammeState
from missions.timeline.programme.wording import left_out_text, rivals_text
from missions.timeline.scheduler.problem import SLOT_MINUTES


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of the objective in words: reached, what nobody can better, and how far apart."""

    title: str
    reached: str
    limit: str
    gap_text: str
    first_come: str


@dataclass(frozen=True, slots=True)
class RepairLine:
    """One way to repair the released version."""

    url: str
    programme: Programme
    sentence: str
    is_this: bool


def part_lines(solution: SolutionRecord | None) -> list[PartLine]:
    """Weight, delay and idle time. No query."""
    if solution is None:
        return []
    served = solution.first_come
    return [
        PartLine(
            _("Weight of the requests with a place, of %(asked)s asked") % {"asked": _number(solution.asked)},
            _number(solution.granted.value),
            _number(solution.granted.bound),
            _gap(solution.granted),
            _number(served.granted) if served else "",
        ),
        PartLine(
            _("Waiting after the earliest possible time, weighed by rank"),
            _number(solution.delay.value),
            _number(solution.delay.bound) if solution.delay.bound else "",
            _gap(solution.delay),
            _number(served.delay) if served else "",
        ),
        PartLine(
            _("Hours that heads wait between two meetings of a day"),
            _hours(solution.idle.value),
            "",
            _("from %(before)s") % {"before": _hours(solution.idle_before)},
            "",
        ),
    ]


def first_come_text(solution: SolutionRecord | None) -> str:
    """What an office that serves in the order of letters would have reached, in words; empty if it was asked."""
    if solution is None or solution.first_come is None or solution.is_in_turn:
        return ""
    served = solution.first_come
    more = 100 * (solution.granted.value / served.granted - 1) if served.granted else 0.0
    text = _("First come, first served would grant a weight of %(granted)s; this version grants %(more)s %% more.") % {
        "granted": _number(served.granted),
        "more": number_format(more, 0),
    }
    if not served.failed:
        return text
    failed = ngettext(
        "It would leave %(count)d request without a place that must have one.",
        "It would leave %(count)d requests without a place that must have one.",
        served.failed,
    )
    return f"{text} {failed % {'count': served.failed}}"


def repair_lines(programme: Programme) -> list[RepairLine]:
    """The repairs that were ordered together, side by side, in words. One query."""
    if programme.method == Method.FRESH:
        return []
    beside = Programme.objects.filter(
        election=programme.election_id, base=programme.base_id, ordered_at=programme.ordered_at
    ).exclude(method=Method.FRESH)
    return [
        RepairLine(
            url=reverse("admin:programme_programme_change", args=(row.pk,)),
            programme=row,
            sentence=_repair_text(row),
            is_this=row.pk == programme.pk,
        )
        for row in beside.order_by("version")
    ]


def left_out_lines(programme: Programme, loaded: LoadedProblem) -> list[dict[str, Any]]:
    """The requests without a place, the highest rank first, each with the reason in words. Three queries."""
    rows = {row.request_id: row.code for row in left_out_from_json(programme.left_out)}
    requests = MeetingRequest.objects.filter(pk__in=rows).select_related("mission")
    ranks = dict(ProtocolRank.objects.filter(mission__meeting_requests__in=rows).values_list("mission", "rank"))
    bookings = list(programme.bookings.select_related("request__mission"))
    return [
        {
            "url": reverse("admin:programme_meetingrequest_change", args=(row.pk,)),
            "label": str(row),
            "rank": ranks.get(row.mission_id, LOWEST_RANK),
            "must": row.is_must,
            "reason": left_out_text(rows[row.pk]),
            "rivals": rivals_text(loaded, row, bookings, ranks.get(row.mission_id, LOWEST_RANK)),
        }
        for row in sorted(
            requests, key=lambda row: (ranks.get(row.mission_id, LOWEST_RANK), row.kind, row.mission.code)
        )
    ]


def day_tabs(programme: Programme, chosen: str) -> tuple[date | None, list[dict[str, Any]]]:
    """The day to show, and all days of the version. One query."""
    days = days_of(programme)
    day = next((one for one in days if one.isoformat() == chosen), None)
    day = day or next((one for one in days if one == _busiest(programme, days)), None)
    sheet = "admin:programme_programme_sheet"
    tabs = [
        {
            "key": one.isoformat(),
            "label": date_format(one, "D j M"),
            "chosen": one == day,
            "sheet": reverse(sheet, args=(programme.pk, one.isoformat())),
        }
        for one in days
    ]
    return day, tabs


def day_tables(programme: Programme, day: date | None) -> list[dict[str, Any]]:
    """One table for each host, hall and pool with its bookings of the day. Two queries."""
    if day is None:
        return []
    bookings = sorted(bookings_on(programme, day), key=lambda row: (row.resource.kind, row.resource.code))
    zone = programme.election.zone
    return [
        {
            "name": rows[0].resource.name,
            "place": rows[0].resource.place,
            "rows": [
                {
                    "url": reverse("admin:programme_booking_change", args=(row.pk,)),
                    "time": local_span(row, zone),
                    "room": row.room,
                    "mission": row.request.mission,
                    "head": row.request.head or "",
                    "persons": row.request.size,
                    "language": row.request.language,
                    "fixed": row.request.pinned_at is not None,
                }
                for row in sorted(rows, key=lambda row: (row.starts_at, row.room))
            ],
        }
        for rows in _by_resource(bookings)
    ]


def solution_of(programme: Programme) -> SolutionRecord | None:
    """What the version keeps of its solve."""
    return solution_from_json(programme.solution)


def _by_resource(bookings: Sequence[Booking]) -> list[list[Booking]]:
    return [list(rows) for _key, rows in groupby(bookings, key=lambda row: row.resource_id)]


def _busiest(programme: Programme, days: Sequence[date]) -> date | None:
    """The first day on which a host receives; the first day at all if none does."""
    first: datetime | None = (
        programme.bookings.filter(resource__kind="host")
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    if first is not None:
        return first.astimezone(programme.election.zone).date()
    return days[0] if days else None


def _repair_text(row: Programme) -> str:
    solution = solution_of(row)
    if row.state in (ProgrammeState.ORDERED, ProgrammeState.FAILED) or solution is None or solution.repair is None:
        return f"{row.get_method_display()}: {row.get_state_display()}"
    repair = solution.repair
    weight = 100 * (solution.granted.value / repair.weight_before - 1) if repair.weight_before else 0.0
    facts = {
        "method": row.get_method_display(),
        "changed": ngettext("%(count)d change", "%(count)d changes", len(repair.changed))
        % {"count": len(repair.changed)},
        "cancelled": len(repair.cancelled),
        "new": len(repair.new),
        "forced": len(repair.forced),
        "weight": _number(solution.granted.value),
        "percent": f"{weight:+.1f}",
        "proof": _("proven: no repair of this kind changes less")
        if len(repair.changed) == repair.fewest
        else _("at least %(count)d is proven") % {"count": repair.fewest},
    }
    return (
        _(
            "%(method)s: %(changed)s (%(cancelled)d cancelled, %(new)d new, %(forced)d forced by the loss), "
            "weight %(weight)s (%(percent)s %%); %(proof)s."
        )
        % facts
    )


def _gap(part: PartRecord) -> str:
    if not part.bound and part.value:
        return _("not proven")
    return _("proven best") if part.value == part.bound else f"{number_format(100 * part.gap, 2)} %"


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _hours(slots: int) -> str:
    return number_format(slots * SLOT_MINUTES / 60, 1)
