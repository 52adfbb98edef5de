"""When election day moves, the programme moves with it as far as it is a wish: what was promised for a day is not."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.models import Election, User
from missions.timeline.programme.models import Closure, MeetingRequest, OpenWindow
from missions.timeline.programme.selectors import differences
from missions.timeline.programme.services.notices import tell_missions
from missions.timeline.programme.services.orders import discard_row, lock_programmes, order_rows
from missions.timeline.programme.services.releases import end_programme
from missions.timeline.programme.slots import shifted
from missions.timeline.programme.states import Method, ProgrammeState


def move_programme(*, election: Election, from_day: date, to_day: date, by: User | None, at: datetime) -> None:
    """Follow a move of election day.

    Hours of resources, time taken from them, requests and fixed times keep their hour of the wall clock and their
    distance from election day. The released version spoke of the old days: it ends, calendars show its places as
    cancelled, and each mission with a place is told. Drafts are put away; if there was a version at all, a new one is
    ordered. Nothing is promised for the new days before an officer has released it.
    """
    days = (to_day - from_day).days
    with transaction.atomic():
        versions = lock_programmes(election.pk)
        _shift(election, days)
        was_made = False
        for row in versions.values():
            if row.state == ProgrammeState.RELEASED:
                kept = row.bookings.select_related("request__mission__election", "resource")
                end_programme(row, reason=_("Election day moves"), by=by, at=at)
                tell_missions(differences(kept.order_by("starts_at"), ()), programme=row, by=by, at=at)
                was_made = True
            elif row.state in (ProgrammeState.ORDERED, ProgrammeState.DRAFT, ProgrammeState.FAILED):
                discard_row(row, reason=_("Election day moves"), by=by, at=at)
                was_made = True
        if was_made:
            order_rows(election, [Method.FRESH], base=None, by=by, at=at)


def _shift(election: Election, days: int) -> None:
    zone = election.time_zone
    for window in (windows := list(OpenWindow.objects.filter(resource__election=election))):
        window.opens_at, window.closes_at = shifted(window.opens_at, days, zone), shifted(window.closes_at, days, zone)
    for closure in (closures := list(Closure.objects.filter(resource__election=election))):
        closure.starts_at, closure.ends_at = (
            shifted(closure.starts_at, days, zone),
            shifted(closure.ends_at, days, zone),
        )
    for row in (requests := list(MeetingRequest.objects.asked().filter(mission__election=election))):
        row.earliest_at, row.latest_at = shifted(row.earliest_at, days, zone), shifted(row.latest_at, days, zone)
        row.pinned_at = row.pinned_at and shifted(row.pinned_at, days, zone)
        row.version += 1
    # The windows of a resource begin at different times before and after: none meets another on the way.
    ordered = sorted(windows, key=lambda window: window.opens_at, reverse=days > 0)
    for window in ordered:
        window.save(update_fields=["opens_at", "closes_at"])
    for closure in sorted(closures, key=lambda row: row.starts_at, reverse=days > 0):
        closure.save(update_fields=["starts_at", "ends_at"])
    MeetingRequest.objects.bulk_update(requests, ["earliest_at", "latest_at", "pinned_at", "version"], batch_size=200)
