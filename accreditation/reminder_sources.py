"""Who is due a mail because of the desk: leads whose papers are missing, and staff whose decisions are due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.backends import ModelBackend
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accreditation.models import Application
from accreditation.selectors import MissingPapers, decisions_due_by, missing_papers
from accreditation.states import ApplicationState
from missions.law.calendar import local_instant
from missions.models import Election, Mission, User
from missions.reminders.models import Message
from missions.reminders.rules import SUBJECT_MAX_LENGTH
from missions.reminders.sources import ReminderDraft
from missions.timeline.selectors import lead_addresses

#: Mails go out in the morning by the host's clocks, and are of no use when that day is over.
_SENT_AT = time(8)
_DAY = timedelta(days=1)
#: Whose turn it is to act on an application.
_TURN = {
    ApplicationState.SUBMITTED: "accreditation.review_application",
    ApplicationState.UNDER_REVIEW: "accreditation.review_application",
    ApplicationState.RECOMMENDED: "accreditation.decide_application",
    ApplicationState.SCHEDULED: "accreditation.decide_application",
}


@dataclass(frozen=True, slots=True)
class _Morning:
    """The local day of an election that names a reminder, and the instants between which it is sent."""

    day: date
    opens: datetime
    ends: datetime


class DocumentsMissing:
    """Tells the leads of a mission, once per local day, which applications wait for papers."""

    rule = "documents_missing"

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft per mission with incomplete applications and lead, from the morning on, until election day."""
        papers: dict[Mission, list[MissingPapers]] = defaultdict(list)
        for row in missing_papers():
            papers[row.mission].append(row)
        leads = lead_addresses({mission.pk for mission in papers})
        for mission, rows in papers.items():
            morning = _morning(mission.election, at)
            if not _sends_now(morning, mission.election, at):
                continue
            for address in leads.get(mission.pk, ()):
                yield _papers_draft(mission, rows, address, morning)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The day is the same, papers are still missing, and the person still leads the mission."""
        waiting = Application.objects.filter(
            nomination__mission=message.subject_id, state=ApplicationState.INCOMPLETE
        ).select_related("nomination__mission__election")
        application = waiting.first()
        if application is None:
            return False
        mission = application.nomination.mission
        leads = lead_addresses({mission.pk}).get(mission.pk, ())
        return message.slot == _morning(mission.election, at).day and message.to_address in leads


class DecisionsDue:
    """Tells reviewers and approvers, once per local day, how many applications must be decided within a day."""

    rule = "decisions_due"

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft per election and person whose turn it is with an application that is due, from the morning on."""
        for election, counts in decisions_due_by(at + _DAY).items():
            morning = _morning(election, at)
            if _sends_now(morning, election, at):
                for address, count in _counts_by_address(counts).items():
                    yield _decisions_draft(election, count, address, morning)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The day is the same, and the person still has the turn with an application that is due."""
        for election, counts in decisions_due_by(at + _DAY, election_id=message.subject_id).items():
            if message.slot == _morning(election, at).day:
                return message.to_address in _counts_by_address(counts)
        return False


documents_missing = DocumentsMissing()
decisions_due = DecisionsDue()


def _morning(election: Election, at: datetime) -> _Morning:
    day = at.astimezone(election.zone).date()
    return _Morning(
        day=day,
        opens=local_instant(day, _SENT_AT, election.time_zone),
        ends=local_instant(day + _DAY, time(0), election.time_zone),
    )


def _sends_now(morning: _Morning, election: Election, at: datetime) -> bool:
    return morning.opens <= at and morning.day <= election.e_day


def _counts_by_address(counts: dict[ApplicationState, int]) -> dict[str, int]:
    """Per address how many of the applications are this person's to act on."""
    found: dict[str, int] = defaultdict(int)
    for permission in sorted(set(_TURN.values())):
        count = sum(counts.get(state, 0) for state, needed in _TURN.items() if needed == permission)
        if count:
            for address in _holders(permission):
                found[address] += count
    return dict(found)


def _holders(permission: str) -> Iterable[str]:
    backend = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"
    people = User.objects.with_perm(permission, include_superusers=False, backend=backend)
    return people.filter(is_staff=True).order_by("email").values_list("email", flat=True)


def _papers_draft(mission: Mission, rows: list[MissingPapers], address: str, morning: _Morning) -> ReminderDraft:
    count = len(rows)
    subject = ngettext("%(count)d application waits for documents", "%(count)d applications wait for documents", count)
    lines = "\n".join(f"{row.reference}: {', '.join(row.documents)}" for row in rows)
    intro = _("%(mission)s, %(election)s\n\nThese applications are incomplete; the decision waits for their documents:")
    return ReminderDraft(
        to_address=address,
        subject_type=Mission._meta.label_lower,
        subject_id=mission.pk,
        slot=morning.day,
        due_at=morning.opens,
        not_after=morning.ends,
        mission_id=mission.pk,
        subject=(subject % {"count": count})[:SUBJECT_MAX_LENGTH],
        body=f"{intro % {'mission': mission.name, 'election': mission.election.name}}\n\n{lines}\n",
    )


def _decisions_draft(election: Election, count: int, address: str, morning: _Morning) -> ReminderDraft:
    subject = ngettext(
        "%(count)d application must be decided within a day",
        "%(count)d applications must be decided within a day",
        count,
    )
    body = _("%(election)s\n\nApplications that must be decided within a day, or are overdue: %(count)d.\n")
    return ReminderDraft(
        to_address=address,
        subject_type=Election._meta.label_lower,
        subject_id=election.pk,
        slot=morning.day,
        due_at=morning.opens,
        not_after=morning.ends,
        mission_id=None,
        subject=(subject % {"count": count})[:SUBJECT_MAX_LENGTH],
        body=body % {"election": election.name, "count": count},
    )
