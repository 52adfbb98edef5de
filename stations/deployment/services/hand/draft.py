"""A draft that is being changed: it knows what belongs to it, and remembers how the touched parts were."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from accreditation.states import AccreditationState
from missions.kernel.errors import Violation
from missions.models import Constituency
from stations.deployment.errors import NotInPlanError, ObserverNotDeployableError
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Interpreter, Team, TeamMember
from stations.deployment.problem_rows import accreditations_of
from stations.deployment.records import LeftOut, left_out_from_json, left_out_to_json
from stations.deployment.services.hand.images import images_of_areas, images_of_teams
from stations.deployment.states import LeftOutReason


class Draft:
    """The locked draft of one change. Whoever changes a team or an area touches it first."""

    def __init__(self, plan: DeploymentPlan) -> None:
        self.plan = plan
        self.made_teams: list[Team] = []
        self.made_areas: list[AreaOfResponsibility] = []
        self._teams: dict[int, dict[str, Any]] = {}
        self._areas: dict[int, dict[str, Any]] = {}
        self._left_out = plan.left_out

    @property
    def touched(self) -> list[int]:
        """The keys of the teams that were touched or made, as far as they are still there."""
        return [*self._teams, *(team.pk for team in self.made_teams)]

    @property
    def inverse(self) -> dict[str, Any]:
        """What takes the change back."""
        return {
            "teams": list(self._teams.values()),
            "areas": list(self._areas.values()),
            "made": [team.pk for team in self.made_teams],
            "made_areas": [area.pk for area in self.made_areas],
            "left_out": self._left_out,
        }

    def touch(self, *keys: int) -> None:
        """Remember how these teams are."""
        new = [key for key in keys if key not in self._teams]
        self._teams.update({image["pk"]: image for image in images_of_teams(new)})

    def touch_areas(self, *keys: int) -> None:
        """Remember how these areas are."""
        new = [key for key in keys if key not in self._areas]
        self._areas.update({image["pk"]: image for image in images_of_areas(new)})

    def team(self, number: int) -> Team:
        """The team of this number, touched. Raises NotInPlanError."""
        team = Team.objects.filter(plan=self.plan, number=number).first()
        if team is None:
            raise NotInPlanError(violations=[Violation("team", "team-unknown", _("The plan has no such team."))])
        self.touch(team.pk)
        return team

    def team_of(self, interpreter: Interpreter) -> Team | None:
        """The team that this interpreter is with in the draft, touched; None if there is none."""
        team = Team.objects.filter(plan=self.plan, interpreter=interpreter).first()
        if team is not None:
            self.touch(team.pk)
        return team

    def area(self, key: int, *, field: str = "area") -> AreaOfResponsibility:
        """An area of the plan, touched. Raises NotInPlanError."""
        area = AreaOfResponsibility.objects.filter(plan=self.plan, pk=key).first()
        if area is None:
            raise NotInPlanError(violations=[Violation(field, "area-unknown", _("The plan has no such area."))])
        self.touch_areas(area.pk)
        return area

    def constituency(self, number: int) -> Constituency:
        """The constituency of this number in the plan's election. Raises NotInPlanError."""
        found = Constituency.objects.filter(election=self.plan.election_id, number=number).first()
        if found is None:
            message = _("The election has no such constituency.")
            raise NotInPlanError(violations=[Violation("constituency", "constituency-unknown", message)])
        return found

    def area_of(self, place: Constituency) -> AreaOfResponsibility | None:
        """The plan's area that the constituency belongs to."""
        return AreaOfResponsibility.objects.filter(plan=self.plan, constituencies=place).order_by("pk").first()

    def teams_of_area(self, area: AreaOfResponsibility, **kinds: object) -> list[Team]:
        """The teams of an area, touched, by number."""
        teams = list(Team.objects.filter(plan=self.plan, area=area, **kinds).order_by("number"))
        self.touch(*(team.pk for team in teams))
        return teams

    def person(self, nomination: int) -> TeamMember:
        """Somebody's place in the plan, the team touched; a row that is not saved for who has none.

        Raises ObserverNotDeployableError for whoever is not of the plan's owner, or is not accredited to be deployed.
        """
        members = TeamMember.objects.select_related("team", "nomination")
        member = members.filter(plan=self.plan, nomination=nomination).first()
        if member is not None:
            self.touch(member.team_id)
            return member
        standing = accreditations_of(self.plan.election, self.plan.mission).filter(state=AccreditationState.ACTIVE)
        accredited = standing.select_related("application__nomination")
        found = accredited.filter(application__nomination=nomination).first()
        if found is None or self._has_place(found.observer_id):
            raise ObserverNotDeployableError
        return TeamMember(
            plan=self.plan, observer_id=found.observer_id, nomination=found.application.nomination, is_leader=False
        )

    def next_number(self) -> int:
        """A number that no team of the plan has."""
        last: int | None = Team.objects.filter(plan=self.plan).aggregate(last=Max("number"))["last"]
        return (last or 0) + 1

    def has_a_task(self, what: str, *keys: int) -> None:
        """These people or stations are not left out any more."""
        rows = left_out_from_json(self.plan.left_out)
        kept = [
            LeftOut(row.what, row.reason, tuple(key for key in row.ids if row.what != what or key not in keys))
            for row in rows
        ]
        self._set_left_out(row for row in kept if row.ids)

    def has_no_task(self, what: str, keys: Collection[int]) -> None:
        """These people or stations are left out from now on, because somebody wanted it so."""
        if not keys:
            return
        self.has_a_task(what, *keys)
        rows = left_out_from_json(self.plan.left_out)
        reason = LeftOutReason.BY_HAND
        before = [key for row in rows if (row.what, row.reason) == (what, reason) for key in row.ids]
        others = [row for row in rows if (row.what, row.reason) != (what, reason)]
        self._set_left_out([*others, LeftOut(what, reason, (*before, *keys))])

    def _set_left_out(self, rows: Iterable[LeftOut]) -> None:
        self.plan.left_out = left_out_to_json(rows)

    def _has_place(self, observer: int) -> bool:
        """Whether somebody is in the plan already, by another nomination."""
        return TeamMember.objects.filter(plan=self.plan, observer=observer).exists()
