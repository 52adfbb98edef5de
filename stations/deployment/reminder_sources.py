"""Who is due a mail because of a plan: the leads whose people a released plan sends out, two days before."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from missions.law.calendar import local_instant
from missions.models import Election
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.timeline.selectors import lead_addresses
from stations.deployment.models import DeploymentPlan, TeamMember

_SENT_AT = time(8)
_DAYS_BEFORE = timedelta(days=2)
# From the morning two days before until the polls close, wherever the host is on the globe.
_FARTHEST = timedelta(days=4)


class PlanReleased:
    """Tells the leads of every mission with people in a released plan that it is there to be read.

    The mail has counts only: where anybody goes stands in the plan, behind its scope.
    """

    rule = "plan_released"

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft per plan, mission and lead, from the morning of E-2 until the polls open. Two queries."""
        near = (at - _FARTHEST).date(), (at + _FARTHEST).date()
        going = TeamMember.objects.filter(
            plan__in=DeploymentPlan.objects.released().of_election_day().filter(election__e_day__range=near)
        )
        counted = list(
            going.order_by("plan", "nomination__mission")
            .values_list("plan", "nomination__mission")
            .annotate(observers=Count("pk"), teams=Count("team", distinct=True))
        )
        plans = DeploymentPlan.objects.select_related("election").in_bulk({row[0] for row in counted})
        leads = lead_addresses({row[1] for row in counted})
        for plan_id, mission_id, observers, teams in counted:
            election = plans[plan_id].election
            if _due_at(election) <= at < _not_after(election):
                for address in leads.get(mission_id, ()):
                    yield _draft(plan_id, election, mission_id, address, observers, teams)

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """The plan is still the released one, for that day, with the mission's people; the person still leads them."""
        if message.mission_id is None or at >= message.not_after:
            return False
        released = (
            DeploymentPlan.objects.released()
            .of_election_day()
            .filter(
                pk=message.subject_id,
                members__nomination__mission=message.mission_id,
                election__e_day=message.slot + _DAYS_BEFORE,
            )
        )
        return released.exists() and message.to_address in lead_addresses({message.mission_id}).get(
            message.mission_id, ()
        )


plan_released = PlanReleased()


def _slot(election: Election) -> date:
    return election.e_day - _DAYS_BEFORE


def _due_at(election: Election) -> datetime:
    return local_instant(_slot(election), _SENT_AT, election.time_zone)


def _not_after(election: Election) -> datetime:
    return local_instant(election.e_day, election.opens_at, election.time_zone)


def _draft(
    plan_id: int, election: Election, mission_id: int, address: str, observers: int, teams: int
) -> ReminderDraft:
    facts = {
        "election": election.name,
        "day": election.e_day.isoformat(),
        "observers": observers,
        "teams": teams,
    }
    body = _(
        "%(election)s, %(day)s\n\nThe deployment plan is released. Of your mission, %(observers)d observers go out "
        "in %(teams)d teams.\nSign in to read where and when.\n"
    )
    return ReminderDraft(
        to_address=address,
        subject_type=DeploymentPlan._meta.label_lower,
        subject_id=plan_id,
        slot=_slot(election),
        due_at=_due_at(election),
        not_after=_not_after(election),
        mission_id=mission_id,
        subject=_("Your deployment plan for %(day)s is released") % facts,
        body=body % facts,
    )
