"""Where a plan does not hold any more: people whose accreditation is gone, and stations that are out of use.

Nothing of it is stored: it is read from accreditations and stations whenever somebody looks.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from missions.models import Election, User
from stations.deployment.models import DeploymentPlan, TeamMember, Visit
from stations.deployment.states import GapReason, PlanState


@dataclass(frozen=True, slots=True)
class Gap:
    """Somebody or something that dropped out of a team: the name of the person, or the code of the station."""

    team_id: int
    number: int
    reason: GapReason
    name: str
    observer_id: int | None = None
    station_id: int | None = None

    @property
    def sentence(self) -> str:
        """The gap in words."""
        facts = {"number": self.number, "name": self.name, "reason": self.reason.label}
        return _("Team %(number)d, %(name)s: %(reason)s") % facts


def gaps_of(plan: DeploymentPlan, reader: User) -> tuple[Gap, ...]:
    """The gaps in the teams of a plan that somebody may see, by the number of the team. Two queries."""
    members = TeamMember.objects.visible_to(reader).filter(plan=plan).missing(reader).select_related("observer", "team")
    visits = Visit.objects.visible_to(reader).filter(visit_plan__team__plan=plan, station__closed_at__isnull=False)
    stations = visits.order_by("visit_plan__team__number", "station__code").values_list(
        "visit_plan__team", "visit_plan__team__number", "station__code", "station"
    )
    gaps = [
        *(_missing(member) for member in members.defer("observer__passport_number", "observer__mrz")),
        *(
            Gap(
                team_id, number, GapReason.STATION_CLOSED, _("station %(code)s") % {"code": code}, station_id=station_id
            )
            for team_id, number, code, station_id in stations.distinct()
        ),
    ]
    return tuple(sorted(gaps, key=lambda gap: (gap.number, gap.name)))


def gap_counts(mission_ids: Collection[int]) -> Counter[int]:
    """How many gaps the teams of released plans with people of each mission have. Two queries."""
    people = TeamMember.objects.filter(plan__state=PlanState.RELEASED, nomination__mission__in=mission_ids).missing()
    stations = Visit.objects.filter(
        visit_plan__team__plan__state=PlanState.RELEASED,
        visit_plan__team__members__nomination__mission__in=mission_ids,
        station__closed_at__isnull=False,
    )
    mission = "visit_plan__team__members__nomination__mission"
    counts = Counter(dict(people.order_by().values_list("nomination__mission").annotate(count=Count("pk"))))
    counts.update(dict(stations.order_by().values_list(mission).annotate(count=Count("station", distinct=True))))
    return counts


def pool_gap_count(election: Election) -> int:
    """How many gaps the released plan of the pool has. Two queries."""
    plan = Q(election=election, mission=None, state=PlanState.RELEASED)
    plans = DeploymentPlan.objects.filter(plan).values("pk")
    stations = Visit.objects.filter(visit_plan__team__plan__in=plans, station__closed_at__isnull=False)
    people = TeamMember.objects.filter(plan__in=plans).missing().count()
    return people + stations.values("visit_plan__team", "station").distinct().count()


def _missing(member: TeamMember) -> Gap:
    reason = GapReason(member.gap)  # type: ignore[attr-defined]  # annotated by missing()
    person = member.observer
    return Gap(member.team_id, member.team.number, reason, person.full_name, observer_id=person.pk)


def _closed(team_id: int, number: int, code: str, station_id: int) -> Gap:
    name = _("station %(code)s") % {"code": code}
    return Gap(team_id, number, GapReason.STATION_CLOSED, name, station_id=station_id)


def holds_nobody() -> Exists:
    """The condition on slots whose person's accreditation for that plan has ended: they are free for other plans.

    A suspension may be lifted, so it frees nobody.
    """
    gone = TeamMember.objects.filter(team=OuterRef("team"), observer=OuterRef("observer")).missing()
    return Exists(gone.filter(gap__in=(GapReason.ENDED, GapReason.ELSEWHERE)))  # type: ignore[misc]  # annotated
