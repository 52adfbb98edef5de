"""Where a plan does not hold any more: people whose accreditation is gone, and stations that are out of use.

Nothing of it is stored: it is read from accreditations and stations whenever somebody looks.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from missions.models import User
from stations.deployment.models import DeploymentPlan, TeamMember, Visit
from stations.deployment.states import GapReason


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
    return Exists(gone.filter(gap__in=(GapReason.ENDED, GapReason.ELSEWHERE)))
