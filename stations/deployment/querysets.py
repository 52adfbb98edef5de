"""Who may read a deployment plan. A host user never reads a self-directed mission's plan (rule R30).

The host sees pooled plans and plans of host-coordinated missions; of a self-directed mission only what the
mission has released to it, and the plan that one person has broken the glass for, that person alone. A lead sees the
own mission's plans, and of the pool's plans that are or were released only the teams with own people.
"""

from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from accreditation.models import Accreditation
from accreditation.states import AccreditationState, Category
from missions.kernel.clock import clock_now
from missions.states import DeploymentMode, PlanSharing
from stations.deployment.states import GapReason, PlanState, RunState, VisitKind

if TYPE_CHECKING:
    from missions.models import User
    from stations.deployment.models import (
        AreaOfResponsibility,
        BreakGlass,  # noqa: F401 - named as a type argument below
        CrowdingPicture,  # noqa: F401 - named as a type argument below
        DeploymentPlan,
        DeploymentSettings,  # noqa: F401 - named as a type argument below
        PlanAcknowledgement,
        PlanChange,  # noqa: F401 - named as a type argument below
        PlanNotice,
        PlanRun,  # noqa: F401 - named as a type argument below
        RuleOverride,  # noqa: F401 - named as a type argument below
        Team,
        TeamMember,  # noqa: F401 - named as a type argument below
        Visit,
        VisitPlan,
        VisitShares,  # noqa: F401 - named as a type argument below
    )

Viewer = Union["User", AnonymousUser]
ModelT = TypeVar("ModelT", bound=Model)
#: Whoever read a plan when it was released may still compare with it.
_RELEASED_ONCE = (PlanState.RELEASED, PlanState.SUPERSEDED)


def _made_by_host(plan: str) -> Q:
    """What belongs to the pool, or to a mission that asks the ministry to plan."""
    return Q(**{f"{plan}mission": None}) | Q(**{f"{plan}mission__deployment_mode": DeploymentMode.HOST_COORDINATED})


def _host_sees(user: "User", plan: str, sharing: tuple[PlanSharing, ...]) -> Q:
    """Plans that this person of the host may read, `plan` being the lookup prefix to them ("" or "team__plan__")."""
    shown = Q(
        **{
            f"{plan}mission__plan_sharing__in": sharing,
            f"{plan}state__in": _RELEASED_ONCE,
        }
    )
    return _made_by_host(plan) | shown | looked_into(user, plan)


def looked_into(user: "User", plan: str) -> Q:
    """Plans that this person of the host has broken the glass for, as long as that lasts."""
    if not user.is_host or not user.has_perm("deployment.break_glass"):
        return Q(**{f"{plan}pk__in": []})
    return Q(**{f"{plan}pk__in": user.break_glasses.open_now().values("plan")})


def _scoped(
    queryset: "QuerySet[ModelT]",
    user: Viewer,
    *,
    plan: str,
    own_people: Q,
    sharing: tuple[PlanSharing, ...] = (PlanSharing.FULL,),
) -> "QuerySet[ModelT]":
    if not user.is_authenticated or not user.is_active:
        return queryset.none()
    if user.is_host:
        return queryset.filter(_host_sees(user, plan, sharing))
    own_plan = Q(**{f"{plan}mission__memberships__user": user})
    in_pool = Q(**{f"{plan}mission": None, f"{plan}state__in": _RELEASED_ONCE}) & own_people
    return queryset.filter(own_plan | in_pool).distinct()


class DeploymentPlanQuerySet(QuerySet["DeploymentPlan"]):
    def visible_to(self, user: Viewer) -> "QuerySet[DeploymentPlan]":
        own = Q(teams__members__nomination__mission__memberships__user=user.pk)
        return _scoped(self, user, plan="", own_people=own)

    def planned_by(self, user: Viewer) -> "DeploymentPlanQuerySet":
        """Those that the person's own side makes: what the rules find in a plan is not shared with it."""
        return self.filter(own_or_made_by_host(user, ""))

    def released(self) -> "DeploymentPlanQuerySet":
        return self.filter(state=PlanState.RELEASED)

    def of_another_day(self) -> "DeploymentPlanQuerySet":
        """Those that see polls open on a day that is not election day any more: it has moved since they were made."""
        return self.filter(pk__in=self._opening_elsewhen())

    def of_election_day(self) -> "DeploymentPlanQuerySet":
        """All the others."""
        return self.exclude(pk__in=self._opening_elsewhen())

    def _opening_elsewhen(self) -> "QuerySet[DeploymentPlan, Any]":
        openings = Q(teams__visit_plans__visits__kind=VisitKind.OPENING)
        e_day = F("election__e_day")
        other_day = Q(teams__visit_plans__day__lt=e_day) | Q(teams__visit_plans__day__gt=e_day)
        return self.model._default_manager.filter(openings & other_day).values("pk")


class PlanAcknowledgementQuerySet(QuerySet["PlanAcknowledgement"]):
    def visible_to(self, user: Viewer) -> "QuerySet[PlanAcknowledgement]":
        """Those of the plans that the host may read; for others those of the missions that they act for."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self.filter(_host_sees(user, "plan__", (PlanSharing.FULL,)))
        return self.filter(mission__memberships__user=user)


class PlanNoticeQuerySet(QuerySet["PlanNotice"]):
    def visible_to(self, user: Viewer) -> "QuerySet[PlanNotice]":
        """As acknowledgements: of the plans that the host may read; for others those of their missions."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self.filter(_host_sees(user, "plan__", (PlanSharing.FULL,)))
        return self.filter(mission__memberships__user=user)


def _is_open() -> Q:
    return Q(ended_at=None, closes_at__gt=clock_now())


class BreakGlassQuerySet(QuerySet["BreakGlass"]):
    def visible_to(self, user: Viewer) -> "BreakGlassQuerySet":
        """Those of the person's missions; for the host the own ones, and all for who sees to it that rules are kept."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self if user.has_perm("deployment.view_breakglass") else self.filter(reader=user)
        return self.filter(plan__mission__memberships__user=user)

    def open_now(self) -> "BreakGlassQuerySet":
        """Those by which somebody may read at this moment of the one clock."""
        return self.filter(_is_open())

    def with_standing(self) -> "BreakGlassQuerySet":
        """Each with `is_open_now`."""
        return self.annotate(is_open_now=Case(When(_is_open(), then=Value(value=True)), default=Value(value=False)))


class PlanRunQuerySet(QuerySet["PlanRun"]):
    def visible_to(self, user: Viewer) -> "PlanRunQuerySet":
        """The host's own for the host, whatever a mission shares; for others those of the missions they act for."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_host:
            return self.filter(_made_by_host(""))
        return self.filter(mission__memberships__user=user)

    def waiting_for_job(self) -> "PlanRunQuerySet":
        return self.filter(state=RunState.ORDERED)


class AreaQuerySet(QuerySet["AreaOfResponsibility"]):
    def visible_to(self, user: Viewer) -> "QuerySet[AreaOfResponsibility]":
        own = Q(teams__members__nomination__mission__memberships__user=user.pk)
        return _scoped(self, user, plan="plan__", own_people=own, sharing=(PlanSharing.AREAS, PlanSharing.FULL))


class TeamQuerySet(QuerySet["Team"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Team]":
        own = Q(members__nomination__mission__memberships__user=user.pk)
        return _scoped(self, user, plan="plan__", own_people=own)


class TeamMemberQuerySet(QuerySet["TeamMember"]):
    def visible_to(self, user: Viewer) -> "TeamMemberQuerySet":
        """The members of the teams that somebody may see."""
        own = Q(team__members__nomination__mission__memberships__user=user.pk)
        return cast("TeamMemberQuerySet", _scoped(self, user, plan="plan__", own_people=own))

    def with_gap(self, reader: "User | None" = None) -> "TeamMemberQuerySet":
        """Annotate `gap`: why a place is empty by now (GapReason), or nothing.

        It is read from accreditations and stays, so that it holds from the moment in which one ends. An accreditation
        that ended after election day leaves no gap, nor does a stay that ended on election day or later. Of the people
        of other missions a mission reads that they are absent, and not why.
        """
        whoever = Accreditation.objects.filter(
            election=OuterRef("plan__election"),
            observer=OuterRef("observer"),
            category=Category.INTERNATIONAL_OBSERVER,
        )
        own = whoever.filter(application__nomination=OuterRef("nomination"))
        served = own.annotate(last_day=TruncDate("ended_at", tzinfo=UTC)).filter(
            last_day__gt=OuterRef("plan__election__e_day")
        )
        left = TruncDate("nomination__stay__left_at", tzinfo=UTC)
        found = self.annotate(left_on=left).annotate(
            gap=Case(
                When(left_on__lt=F("plan__election__e_day"), then=Value(GapReason.LEFT)),
                When(Exists(own.filter(state=AccreditationState.ACTIVE)), then=Value("")),
                When(Exists(own.filter(state=AccreditationState.SUSPENDED)), then=Value(GapReason.SUSPENDED)),
                When(Exists(served), then=Value("")),
                When(Exists(whoever.live()), then=Value(GapReason.ELSEWHERE)),
                default=Value(GapReason.ENDED),
            )
        )
        if reader is None or reader.is_host:
            return found
        told = Q(gap="") | Q(nomination__mission__in=reader.memberships.values("mission"))
        narrowed: TeamMemberQuerySet = found.annotate(  # type: ignore[no-redef]  # the same column, for this reader
            gap=Case(When(told, then=F("gap")), default=Value(GapReason.ABSENT))
        )
        return narrowed

    def missing(self, reader: "User | None" = None) -> "TeamMemberQuerySet":
        """The places that are empty by now, with the reason in `gap`."""
        return self.with_gap(reader).exclude(gap="")  # type: ignore[misc]  # annotated there


class VisitPlanQuerySet(QuerySet["VisitPlan"]):
    def visible_to(self, user: Viewer) -> "QuerySet[VisitPlan]":
        own = Q(team__members__nomination__mission__memberships__user=user.pk)
        return _scoped(self, user, plan="team__plan__", own_people=own)


class VisitQuerySet(QuerySet["Visit"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Visit]":
        own = Q(visit_plan__team__members__nomination__mission__memberships__user=user.pk)
        return _scoped(self, user, plan="visit_plan__team__plan__", own_people=own)


class CrowdingQuerySet(QuerySet["CrowdingPicture"]):
    def visible_to(self, user: Viewer) -> "CrowdingQuerySet":
        """Those of the person's missions. The host has none, not even counts: who goes where is counted in them."""
        if not user.is_authenticated or not user.is_active or user.is_host:
            return self.none()
        return self.filter(mission__memberships__user=user)


class DeploymentSettingsQuerySet(QuerySet["DeploymentSettings"]):
    def visible_to(self, user: Viewer) -> "DeploymentSettingsQuerySet":
        """As runs: whom a mission does not send where is nothing that it shares with its plans."""
        return self.filter(own_or_made_by_host(user, ""))


class VisitSharesQuerySet(QuerySet["VisitShares"]):
    def visible_to(self, user: Viewer) -> "VisitSharesQuerySet":
        """As rules: what a mission wants of its plans is nothing that it shares with them."""
        return self.filter(own_or_made_by_host(user, ""))


class RuleOverrideQuerySet(QuerySet["RuleOverride"]):
    def visible_to(self, user: Viewer) -> "RuleOverrideQuerySet":
        """As runs: why a mission lets a rule be broken is nothing that it shares with its plans."""
        return self.filter(own_or_made_by_host(user, "plan__"))


class PlanChangeQuerySet(QuerySet["PlanChange"]):
    def visible_to(self, user: Viewer) -> "PlanChangeQuerySet":
        """As runs: what a mission changed by hand is nothing that it shares with its plans."""
        return self.filter(own_or_made_by_host(user, "plan__"))


def own_or_made_by_host(user: Viewer, plan: str) -> Q:
    """What never leaves the circle of those who plan: the host's own for the host, for others that of their missions.

    `plan` is the lookup prefix to what has a mission, or none for the pool.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_host:
        return _made_by_host(plan)
    return Q(**{f"{plan}mission__memberships__user": user})
