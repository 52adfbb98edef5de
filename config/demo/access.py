"""Special access: missions ask for what their plans need, the authorities grant it, and everybody has a seat."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from missions.law.calendar import local_instant
from missions.models import Election, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import grant_access
from stations.access.services.runs import RunDraft, add_escort_run
from stations.access.states import SEATED, AccessState
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.access import request_plan_access
from stations.models import AccessRequirement, PollingStation
from stations.states import AccessCondition

#: From before the first opening until after the last count.
_DEPARTS, _BACK_AFTER = time(4), timedelta(hours=24)
_SEATS = 60


@dataclass(frozen=True, slots=True)
class SpecialAccess:
    """Of one election; the officer writes down what the authorities have granted."""

    election: Election
    officer: User

    def secure(self, plan: DeploymentPlan, *, by: User, at: datetime) -> int:
        """Ask for all that the plan needs and grant it; returns how much was granted."""
        request_plan_access(plan=plan, by=by, at=at)
        waiting = AccessGrant.objects.filter(mission__election=self.election, state=AccessState.REQUESTED)
        grants = list(waiting.select_related("station").order_by("pk"))
        for grant in grants:
            self._grant(grant, at)
        return len(grants)

    def _grant(self, grant: AccessGrant, at: datetime) -> None:
        condition = AccessCondition(grant.condition)
        authority = AccessRequirement.objects.get(station=grant.station, condition=condition).granted_by
        run = self._run_to(grant.station, condition, at) if condition in SEATED else None
        until = self._departure + 2 * _BACK_AFTER
        grant_access(grant=grant, granted_by=authority, valid_until=until, run=run, by=self.officer, at=at)

    def _run_to(self, station: PollingStation, condition: AccessCondition, at: datetime) -> EscortRun:
        """The drive to the station; set up when the first one needs it."""
        name = f"{condition.label} {station.code}"
        found = EscortRun.objects.filter(election=self.election, name=name).first()
        draft = RunDraft(condition, name, self._departure, self._departure + _BACK_AFTER, (station.code,), _SEATS)
        return found or add_escort_run(election=self.election, draft=draft, by=self.officer, at=at)

    @property
    def _departure(self) -> datetime:
        return local_instant(self.election.e_day, _DEPARTS, self.election.time_zone)
