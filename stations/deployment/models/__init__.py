"""Who goes where: plans with their areas and teams, routes of visits, and the slots that exclude double booking."""

from stations.deployment.models.plans import DeploymentPlan, PlanAcknowledgement
from stations.deployment.models.teams import AreaOfResponsibility, ObserverSlot, Team, TeamMember
from stations.deployment.models.visits import Visit, VisitPlan

__all__ = [
    "AreaOfResponsibility",
    "DeploymentPlan",
    "ObserverSlot",
    "PlanAcknowledgement",
    "Team",
    "TeamMember",
    "Visit",
    "VisitPlan",
]
