"""Who goes where: plans with areas, teams and visits, the runs that make them, slots that exclude double booking."""

from stations.deployment.models.break_glass import BreakGlass
from stations.deployment.models.changes import PlanChange
from stations.deployment.models.crowding import CrowdingPicture
from stations.deployment.models.overrides import RuleOverride
from stations.deployment.models.plans import DeploymentPlan, PlanAcknowledgement, PlanNotice
from stations.deployment.models.runs import PlanRun
from stations.deployment.models.settings import (
    DeploymentSettings,
    GroupStrength,
    Interpreter,
    ListedNationality,
    RestrictedArea,
)
from stations.deployment.models.shares import VisitShares
from stations.deployment.models.teams import AreaOfResponsibility, ObserverSlot, Team, TeamMember
from stations.deployment.models.visits import Visit, VisitPlan

__all__ = [
    "AreaOfResponsibility",
    "BreakGlass",
    "CrowdingPicture",
    "DeploymentPlan",
    "DeploymentSettings",
    "GroupStrength",
    "Interpreter",
    "ListedNationality",
    "ObserverSlot",
    "PlanAcknowledgement",
    "PlanChange",
    "PlanNotice",
    "PlanRun",
    "RestrictedArea",
    "RuleOverride",
    "Team",
    "TeamMember",
    "Visit",
    "VisitPlan",
    "VisitShares",
]
