"""The day of the vote: teams report where they are, and one mission asks its people whether they are safe.

Of each mission every third team comes late, every fourth passes a station by, the first one goes where nobody planned
it to, the second has a clock that is ahead, and the last one is never heard of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from config.demo.deployment import Deployment
from missions.models import Mission, User
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.presence.models import PresenceReport, RollCall
from stations.deployment.presence.services.reports import ReportDraft, take_reports
from stations.deployment.presence.services.roll_calls import AnswerDraft, answer_roll_call, call_roll, close_roll_call
from stations.deployment.presence.states import PresenceKind, Reply
from stations.deployment.states import TeamKind
from stations.models import PollingStation

_AHEAD = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class PollingDay:
    """What the teams of some missions tell on the day."""

    deployment: Deployment

    def on(self, day: date) -> None:
        """On that day, once: what is told already is told by its nonce, and not again."""
        plot = self.deployment.story.plot["presence"]
        if not self.deployment.story.is_on(day, plot):
            return
        at = self.deployment.story.moment(plot)
        plans = DeploymentPlan.objects.filter(election=self.deployment.election).released()
        for plan in plans.filter(mission__code__in=plot["missions"]).select_related("mission").order_by("pk"):
            self._report(plan, _lead_of(plan.mission), at)
        self._call_roll(Mission.objects.get(election=self.deployment.election, code=plot["roll_call"]["mission"]))

    def _report(self, plan: DeploymentPlan, by: User, at: datetime) -> None:
        """Each team sends what it has kept on the way, in one batch."""
        if PresenceReport.objects.filter(team__plan=plan).exists():
            return
        teams = list(Team.objects.filter(plan=plan).exclude(kind=TeamKind.LONG_TERM).order_by("number"))
        for row, team in enumerate(teams[:-1], start=1):
            ahead = _AHEAD if row == 2 else timedelta(0)
            drafts = [replace(draft, client_time=draft.client_time + ahead) for draft in _day_of(team, row)]
            for taken in take_reports(drafts=drafts, device_now=at + ahead, by=by, at=at):
                if taken.error is not None:
                    raise taken.error

    def _call_roll(self, mission: Mission) -> None:
        """All but one answer; the one who needed help is safe in the end."""
        plot = self.deployment.story.plot["presence"]["roll_call"]
        if RollCall.objects.filter(mission=mission).exists():
            return
        by, at = _lead_of(mission), self.deployment.story.moment(plot)
        roll_call = call_roll(
            election=mission.election,
            mission=mission,
            reason=plot["reason"],
            answer_by=at + timedelta(minutes=plot["minutes"]),
            by=by,
            at=at,
        )
        asked = list(roll_call.asked.order_by("pk"))
        answers = [(person, AnswerDraft(Reply.SAFE, "safe", at + timedelta(minutes=9))) for person in asked[:-1]]
        answers.insert(0, (asked[0], AnswerDraft(Reply.NEEDS_HELP, "help", at + timedelta(minutes=4), plot["note"])))
        for person, draft in answers:
            then = draft.client_time
            answer_roll_call(roll_call=roll_call, asked=person, draft=draft, device_now=then, by=by, at=then)
        closed_at = self.deployment.story.moment({**plot, "time": plot["closed"]})
        close_roll_call(roll_call=roll_call, reason=plot["closed_because"], by=by, at=closed_at)


def _day_of(team: Team, row: int) -> Iterator[ReportDraft]:
    """What the team in this row of the list reports."""
    late = timedelta(minutes=25 if row % 3 == 0 else 4)
    visits = list(Visit.objects.filter(visit_plan__team=team).order_by("arrives_at"))
    numbers = count(1)

    def told(kind: PresenceKind, when: datetime, station: int | None = None) -> ReportDraft:
        return ReportDraft(team.pk, kind, f"{team.key.hex[:24]}-{next(numbers)}", when, station_id=station)

    if visits:
        yield told(PresenceKind.IN_AREA, visits[0].arrives_at - timedelta(minutes=30))
    for place, visit in enumerate(visits):
        if row % 4 == 0 and place == 2:
            continue
        arrives = visit.arrives_at + (late if place else timedelta(0))
        yield told(PresenceKind.ARRIVED, arrives, visit.station_id)
        yield told(PresenceKind.LEFT, max(visit.leaves_at, arrives + timedelta(minutes=10)), visit.station_id)
    if row == 1 and len(visits) > 1 and (other := _unplanned(team, visits)) is not None:
        passes = visits[0].leaves_at + timedelta(minutes=1)
        yield told(PresenceKind.ARRIVED, passes, other)
        yield told(PresenceKind.LEFT, passes + timedelta(minutes=3), other)


def _unplanned(team: Team, visits: Sequence[Visit]) -> int | None:
    """A station of the team's constituency that is not in its plan; abroad there is none."""
    if team.constituency is None:
        return None
    planned = {visit.station_id for visit in visits}
    near = PollingStation.objects.filter(constituency=team.constituency, closed_at=None).order_by("code")
    return next((key for key in near.values_list("pk", flat=True) if key not in planned), None)


def _lead_of(mission: Mission | None) -> User:
    return User.objects.filter(memberships__mission=mission).earliest("pk")
