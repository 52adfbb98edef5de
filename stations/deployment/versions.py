"""Versions of a plan beside each other: what is compared with what, and who may see how much of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from missions.countries import country_name
from missions.models import User
from stations.deployment.diff import Change, Horizon, MemberSeen, StopSeen, TeamSeen, changes_between
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.states import PlanState, TeamKind, VisitKind


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version beside an earlier one, as far as somebody may see both; beside nothing if there is none."""

    plan: DeploymentPlan
    against: DeploymentPlan | None
    teams_before: int
    teams_after: int
    changes: tuple[Change, ...]

    @property
    def against_id(self) -> int | None:
        """The key of the earlier version."""
        return self.against.pk if self.against else None

    @property
    def teams_changed(self) -> int:
        """How many teams have any change."""
        return len({change.number for change in self.changes})


def earlier_version(plan: DeploymentPlan) -> DeploymentPlan | None:
    """What a version is compared with unless somebody says otherwise. One query or two.

    A released one: the one that was released before it. A draft: the one that it was made from, or else the released.
    """
    owned = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id).exclude(pk=plan.pk)
    if plan.released_at is not None:
        sooner = Q(released_at__lt=plan.released_at) | Q(released_at=plan.released_at, version__lt=plan.version)
        return owned.filter(sooner).order_by("-released_at", "-version").first()
    return plan.made_from or owned.filter(state=PlanState.RELEASED).first()


def comparable_versions(plan: DeploymentPlan, user: User) -> "QuerySet[DeploymentPlan]":
    """The other versions of the same owner that somebody may see, the latest first."""
    visible = DeploymentPlan.objects.visible_to(user)
    owned = visible.filter(election=plan.election_id, mission=plan.mission_id).exclude(pk=plan.pk)
    return owned.select_related("mission").order_by("-version")


def compare(plan: DeploymentPlan, against: DeploymentPlan, *, reader: User | None) -> Comparison:
    """What changed from `against` to `plan`, two versions of one owner that the reader may see (None: all of it).

    Fourteen queries at most, whatever the size of the plans.
    """
    before, after = _teams(against, reader), _teams(plan, reader)
    return Comparison(
        plan=plan,
        against=against,
        teams_before=len(before),
        teams_after=len(after),
        changes=changes_between(before, after, _horizon(plan, against, before, after, reader)),
    )


def _horizon(
    plan: DeploymentPlan,
    against: DeploymentPlan,
    before: Iterable[TeamSeen],
    after: Iterable[TeamSeen],
    reader: User | None,
) -> Horizon:
    if reader is None or reader.is_host or plan.mission_id is not None:
        return Horizon()
    keys_before, keys_after = {team.key for team in before}, {team.key for team in after}
    return Horizon(
        hidden_before=frozenset(
            Team.objects.filter(plan=against, key__in=keys_after - keys_before).values_list("key", flat=True)
        ),
        hidden_after=frozenset(
            Team.objects.filter(plan=plan, key__in=keys_before - keys_after).values_list("key", flat=True)
        ),
        own_missions=frozenset(reader.memberships.values_list("mission", flat=True)),
    )


def _teams(plan: DeploymentPlan, reader: User | None) -> list[TeamSeen]:
    teams = Team.objects.all() if reader is None else Team.objects.visible_to(reader)
    rows = list(teams.filter(plan=plan).select_related("area", "constituency").order_by("number"))
    seen = Q() if reader is None else Q(team__in=[team.pk for team in rows])
    members: dict[int, list[MemberSeen]] = {}
    for member in (
        TeamMember.objects.filter(seen, plan=plan)
        .select_related("observer", "nomination")
        .defer("observer__passport_number", "observer__mrz")
    ):
        observer = member.observer
        given = observer.given_names[:1]
        members.setdefault(member.team_id, []).append(
            MemberSeen(
                observer_id=observer.pk,
                mission_id=member.nomination.mission_id,
                name=f"{given}. {observer.surname}" if given else observer.surname,
                is_leader=member.is_leader,
            )
        )
    stops: dict[int, list[StopSeen]] = {}
    visits = Visit.objects.filter(visit_plan__team__plan=plan).order_by("visit_plan__day", "order")
    for team_id, code, kind, arrives_at, leaves_at in visits.values_list(
        "visit_plan__team", "station__code", "kind", "arrives_at", "leaves_at"
    ):
        stops.setdefault(team_id, []).append(StopSeen(code, VisitKind(kind), arrives_at, leaves_at))
    supervisors: dict[int | None, dict[UUID, int]] = {}
    long_term = Team.objects.filter(plan=plan, kind=TeamKind.LONG_TERM, area__isnull=False)
    for area_id, key, number in long_term.values_list("area", "key", "number"):
        supervisors.setdefault(area_id, {})[key] = number
    return [
        TeamSeen(
            key=team.key,
            number=team.number,
            place=_place(team),
            area=team.area.name if team.area else "",
            members=tuple(members.get(team.pk, ())),
            stops=tuple(stops.get(team.pk, ())),
            supervisors=supervisors.get(team.area_id, {}),
        )
        for team in rows
    ]


def _place(team: Team) -> str:
    if team.country:
        return country_name(team.country, get_language() or "en")
    return team.constituency.name if team.constituency else ""
