"""Telling missions of their places: to those whose places differ after a release or a move, and to nobody else."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.kernel.events import EventDraft, record_events
from missions.kernel.models import Event
from missions.models import Mission, User
from missions.reminders.services.planning import post_message
from missions.reminders.sources import ReminderDraft
from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.notices import RULE, SUBJECT_TYPE, VERB
from missions.timeline.programme.selectors import Difference, local_span, place_text
from missions.timeline.programme.states import RequestKind
from missions.timeline.selectors import lead_addresses

#: Later, a mail about a changed place is of no use any more; the pages and calendars have it.
_NEWS = timedelta(days=3)


def tell_missions(changes: Sequence[Difference], *, programme: Programme, by: User | None, at: datetime) -> int:
    """Record "programme_changed" on each mission with a difference, and post a mail to each of its leads.

    A mail lists the mission's own places only. Returns how many mails are new.
    """
    by_mission: dict[int, list[Difference]] = {}
    for change in changes:
        by_mission.setdefault(change.mission.pk, []).append(change)
    news = _record(by_mission, programme, by, at)
    leads = lead_addresses(set(by_mission))
    drafts = [
        _draft(own, news[pk], address, programme, at) for pk, own in by_mission.items() for address in leads.get(pk, ())
    ]
    return sum(post_message(draft=draft, rule=RULE, at=at) for draft in drafts)


def _record(
    by_mission: dict[int, list[Difference]], programme: Programme, by: User | None, at: datetime
) -> dict[int, int]:
    """The event of each mission; it names the news."""
    drafts = [EventDraft(VERB, own[0].mission, scope_id=pk, reason=str(programme)) for pk, own in by_mission.items()]
    record_events(drafts, by=by, at=at)
    return _newest_events(by_mission.keys())


def _newest_events(missions: Collection[int]) -> dict[int, int]:
    events = Event.objects.filter(verb=VERB, object_type=Mission._meta.label_lower, object_id__in=missions)
    return dict(events.order_by("pk").values_list("object_id", "pk"))


def _draft(own: Sequence[Difference], event_id: int, address: str, programme: Programme, at: datetime) -> ReminderDraft:
    election, mission = programme.election, own[0].mission
    lines = "\n".join(_line(change, programme) for change in own)
    facts = {"election": election.name, "version": programme.version, "mission": mission.name, "lines": lines}
    return ReminderDraft(
        to_address=address,
        subject_type=SUBJECT_TYPE,
        subject_id=event_id,
        slot=at.astimezone(election.zone).date(),
        due_at=at,
        not_after=at + _NEWS,
        mission_id=mission.pk,
        subject=_("Your times in the ministry's programme, version %(version)d") % facts,
        body=_("%(election)s\n%(mission)s\n\nThe ministry's programme has changed for you:\n\n%(lines)s\n") % facts,
        reason=_("You lead the mission, and version %(version)d of the ministry's programme changes its times.")
        % facts,
    )


def _line(change: Difference, programme: Programme) -> str:
    """One place: new, moved, or cancelled, by the host's clocks."""
    facts = {"what": RequestKind(change.kind).label, "before": _when(change.before, programme)}
    if change.now is None:
        return _("- %(what)s: cancelled (was %(before)s)") % facts
    facts |= {"now": _when(change.now, programme), "where": place_text(change.now)}
    if change.before is None:
        return _("- %(what)s: %(now)s, %(where)s") % facts
    return _("- %(what)s: %(now)s, %(where)s (was %(before)s)") % facts


def _when(booking: Booking | None, programme: Programme) -> str:
    if booking is None:
        return ""
    zone = programme.election.zone
    return f"{date_format(booking.starts_at.astimezone(zone), 'j M Y')}, {local_span(booking, zone)}"
