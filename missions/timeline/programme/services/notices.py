"""Telling missions of their places: to those whose places differ after a release or a move, and to nobody else."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from missions.kernel.events import EventDraft, record_events
from missions.kernel.models import Event
from missions.models import Mission, User
from missions.reminders.audiences import AudienceBook, Recipient
from missions.reminders.services.planning import post_message
from missions.reminders.sources import ReminderDraft
from missions.reminders.states import Audience
from missions.reminders.texts import Facts
from missions.reminders.wording import day_text
from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.notices import MAILS, RULE, SUBJECT_TYPE, VERB
from missions.timeline.programme.selectors import Difference, local_span, place_text
from missions.timeline.programme.states import RequestKind

#: Later, a mail about a changed place is of no use any more; the pages and calendars have it.
_NEWS = timedelta(days=3)


def tell_missions(changes: Sequence[Difference], *, programme: Programme, by: User | None, at: datetime) -> int:
    """Record "programme_changed" on each mission with a difference, and post a mail to each of its leads.

    A mail lists the mission's own places only, in the language of its reader; what is over is no news. Returns how
    many mails are new.
    """
    by_mission: dict[int, list[Difference]] = {}
    for change in changes:
        if not change.is_over(at):
            by_mission.setdefault(change.mission.pk, []).append(change)
    news = _record(by_mission, programme, by, at)
    book = AudienceBook()
    book.turn_to(by_mission.keys())
    drafts = [
        _draft(own, news[pk], person, programme, at)
        for pk, own in by_mission.items()
        for person in book.of_mission(pk, Audience.LEADS)
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


def _draft(
    own: Sequence[Difference], event_id: int, person: Recipient, programme: Programme, at: datetime
) -> ReminderDraft:
    election, mission = programme.election, own[0].mission
    facts: Facts = {
        "election": election.name,
        "version": programme.version,
        "mission": mission.name,
        "places": tuple(_line(change, programme, person.language) for change in own),
    }
    written = MAILS.write(RULE, facts, language=person.language)
    return ReminderDraft(
        to_address=person.address,
        subject_type=SUBJECT_TYPE,
        subject_id=event_id,
        slot=at.astimezone(election.zone).date(),
        due_at=at,
        not_after=at + _NEWS,
        mission_id=mission.pk,
        subject=written.subject,
        body=written.body,
        language=written.language,
        reason=written.reason,
    )


def _line(change: Difference, programme: Programme, language: str) -> str:
    """One place: new, moved, or cancelled, by the host's clocks."""
    facts = {"what": MAILS.say(f"kinds.{RequestKind(change.kind)}", language=language)}
    if change.before is not None:
        facts["before"] = _when(change.before, programme, language)
    if change.now is None:
        return MAILS.say("places.cancelled", facts, language=language)
    facts |= {"now": _when(change.now, programme, language), "where": place_text(change.now)}
    return MAILS.say("places.moved" if change.before is not None else "places.new", facts, language=language)


def _when(booking: Booking, programme: Programme, language: str) -> str:
    zone = programme.election.zone
    day = day_text(booking.starts_at.astimezone(zone).date(), language=language)
    return f"{day}, {local_span(booking, zone)}"
