"""Who is due a mail because of a timeline: a mission's leads, one day before each of its milestones."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from missions.law.calendar import local_instant
from missions.reminders.models import Message
from missions.reminders.rules import SUBJECT_MAX_LENGTH
from missions.reminders.sources import ReminderDraft
from missions.timeline import selectors
from missions.timeline.models import Milestone
from missions.timeline.zones import zone_or_utc

#: The mail goes out in the morning of the day before, by the clocks of the milestone's zone.
_SENT_AT = time(9)
_ONE_DAY = timedelta(days=1)
# The morning of the day before the last minute of a day, with an hour more where clocks are put back.
_FARTHEST = timedelta(hours=40)


class MilestoneSoon:
    """Tells the leads of a mission, on the local day before, that a milestone comes."""

    rule = "milestone_soon"

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft per coming milestone and lead, from the morning of the day before until it begins."""
        coming = [row for row in selectors.open_milestones_between(at, at + _FARTHEST) if _due_at(row) <= at]
        leads = selectors.lead_addresses({row.mission_id for row in coming})
        for milestone in coming:
            for address in leads.get(milestone.mission_id, ()):
                yield _draft(milestone, address)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The milestone stands on the day that was announced, has not happened, and the person still leads."""
        milestone = Milestone.objects.filter(
            pk=message.subject_id, actual_at=None, cancelled_at=None, planned_at__gt=at
        ).first()
        if milestone is None or selectors.local_day_of(milestone) - _ONE_DAY != message.slot:
            return False
        if milestone.planned_at != message.not_after:  # the hour in the text is no longer right
            return False
        leads = selectors.lead_addresses({milestone.mission_id})
        return message.to_address in leads.get(milestone.mission_id, ())


milestone_soon = MilestoneSoon()


def _due_at(milestone: Milestone) -> datetime:
    return local_instant(selectors.local_day_of(milestone) - _ONE_DAY, _SENT_AT, zone_or_utc(milestone.time_zone).key)


def _draft(milestone: Milestone, address: str) -> ReminderDraft:
    day = selectors.local_day_of(milestone)
    mission = milestone.mission
    facts = {
        "milestone": milestone.title,
        "mission": mission.name,
        "election": mission.election.name,
        "day": day.isoformat(),
        "time": milestone.planned_at.astimezone(zone_or_utc(milestone.time_zone)).strftime("%H:%M"),
        "zone": milestone.time_zone,
    }
    return ReminderDraft(
        to_address=address,
        subject_type=Milestone._meta.label_lower,
        subject_id=milestone.pk,
        slot=day - _ONE_DAY,
        due_at=_due_at(milestone),
        not_after=milestone.planned_at,
        mission_id=mission.pk,
        subject=(_("Tomorrow: %(milestone)s") % facts)[:SUBJECT_MAX_LENGTH],
        body=_("%(mission)s, %(election)s\n\n%(milestone)s\n%(day)s, %(time)s (%(zone)s)\n") % facts,
    )
