"""The revision of a plan as its ETag: how often the draft was changed by hand, taking back included."""

from dataclasses import dataclass

from rest_framework.response import Response

from missions.kernel.web.writes import etag_of
from stations.deployment.models import DeploymentPlan


@dataclass(slots=True)
class Revision:
    """What If-Match compares. `version` of the plan itself counts the plans of its owner."""

    version: int


def revision_of(plan: DeploymentPlan) -> Revision:
    """The revision of the plan as it was read."""
    return Revision(plan.revision)


def with_revision(response: Response, plan: DeploymentPlan) -> Response:
    """The answer about the plan, with the ETag that acts on it name."""
    response["ETag"] = etag_of(revision_of(plan))
    return response
