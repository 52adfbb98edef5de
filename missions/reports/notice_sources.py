"""Who hears that a report is public: the leads of its missions and the protocol desk, once, and only after the instant.

It is asked again right before sending: what was retracted in the meantime is announced to nobody.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from missions.reminders.audiences import AudienceBook, Recipient
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.reminders.states import Audience
from missions.reminders.wording import Wordings, Written, instant_text
from missions.reports.models import Report
from missions.reports.selectors import missions_behind
from missions.reports.web import addresses

MAILS = Wordings(Path(__file__).parent / "mails")
#: Who hears it at the ministry.
STAFF = "protocol"
#: Older publications are no news.
_NEWS = timedelta(days=3)


class ReportPublished:
    """Tells of each report that became public in the last three days."""

    rule = "report_published"

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft for each lead of the missions behind the report, and for each of the protocol desk."""
        fresh = Report.objects.published_between(at - _NEWS, at)
        reports = list(fresh.select_related("mission", "election").prefetch_related("mission__children"))
        book = AudienceBook()
        book.turn_to({key for report in reports for key in missions_behind(report)})
        for report in reports:
            yield from _drafts(report, book)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The report is public still, and the person is among those who hear it."""
        report = Report.objects.published_between(at - _NEWS, at).filter(pk=message.subject_id).first()
        if report is None:
            return False
        book = AudienceBook()
        book.turn_to(missions_behind(report))
        return message.to_address in {person.address for person, _mission in _people(report, book)}


report_published = ReportPublished()


def _people(report: Report, book: AudienceBook) -> Iterator[tuple[Recipient, int | None]]:
    """Each person once, with the mission for which they hear it."""
    heard = set()
    leads = [(person, key) for key in missions_behind(report) for person in book.of_mission(key, Audience.LEADS)]
    for person, mission_id in [*leads, *((person, report.mission_id) for person in book.of_group(STAFF))]:
        if person.address not in heard:
            heard.add(person.address)
            yield person, mission_id


def _drafts(report: Report, book: AudienceBook) -> Iterator[ReminderDraft]:
    published_at = report.embargo_until
    if published_at is None:
        return
    write = cache(lambda language: _written(report, published_at, language))
    for person, mission_id in _people(report, book):
        written = write(person.language)
        yield ReminderDraft(
            to_address=person.address,
            subject_type=Report._meta.label_lower,
            subject_id=report.pk,
            slot=published_at.astimezone(report.election.zone).date(),
            due_at=published_at,
            not_after=published_at + _NEWS,
            mission_id=mission_id,
            subject=written.subject,
            body=written.body,
            language=written.language,
            reason=written.reason,
        )


def _written(report: Report, published_at: datetime, language: str) -> Written:
    page = f"{addresses.election_path(report.election.code)}{report.number}/"
    facts = {
        "mission": report.mission.name,
        "election": report.election.name,
        "kind": MAILS.say(f"kinds.{report.kind}", language=language),
        "title": report.title,
        "instant": instant_text(published_at, report.election.time_zone, language=language),
        "address": addresses.whole(page),
    }
    return MAILS.write("report_published", facts, language=language)
