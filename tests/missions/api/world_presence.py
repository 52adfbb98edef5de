"""Rows of the API's world about election day: where a team is, and who answered a roll call."""

import datetime as dt

from missions.models import Election, Mission
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall, RollCallAnswer
from stations.deployment.presence.states import PresenceKind, Reply
from stations.models import PollingStation


def add_presence(plan: DeploymentPlan, n: int, *, at: dt.datetime) -> PresenceReport:
    """The plan's team arrived at the first station, n hours before."""
    team = Team.objects.get(plan=plan)
    happened_at = at - dt.timedelta(hours=n)
    return PresenceReport.objects.create(
        team=team,
        team_key=team.key,
        kind=PresenceKind.ARRIVED,
        station=PollingStation.objects.get(election=plan.election_id, code="001"),
        nonce=f"nonce {n}",
        client_time=happened_at,
        skew_seconds=0,
        happened_at=happened_at,
        received_at=happened_at,
    )


def add_roll_call(election: Election, mission: Mission | None, n: int, *, people: Mission, at: dt.datetime) -> RollCall:
    """A roll call that asked one person, who is safe; the first one is open."""
    called_at = at - dt.timedelta(hours=n)
    made = RollCall.objects.create(
        election=election,
        mission=mission,
        number=n,
        reason=f"Drill {n}",
        called_at=called_at,
        answer_by=called_at + dt.timedelta(minutes=30),
        closed_at=None if n == 1 else called_at + dt.timedelta(hours=1),
    )
    nomination = people.nominations.order_by("pk")[0]
    asked = AskedObserver.objects.create(roll_call=made, observer=nomination.observer, nomination=nomination)
    RollCallAnswer.objects.create(
        asked=asked,
        reply=Reply.SAFE,
        nonce=f"nonce {n}",
        client_time=called_at,
        skew_seconds=0,
        happened_at=called_at,
        received_at=called_at,
    )
    return made
