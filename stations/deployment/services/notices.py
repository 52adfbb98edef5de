"""Whom a released plan concerns: kept with the release, so that nobody is told of what has not changed."""

from stations.deployment.diff import affected_missions
from stations.deployment.models import DeploymentPlan, PlanAcknowledgement, PlanNotice
from stations.deployment.versions import compare


def write_notices(plan: DeploymentPlan, before: DeploymentPlan | None) -> None:
    """Keep a notice for every mission that is to take note, in the transaction of the release.

    After `before`, the plan in whose place this one comes, those are the missions whose people's assignments differ,
    and those that had not taken note of `before` yet; without it, all that have people in the plan.
    """
    going = set(plan.members.values_list("nomination__mission", flat=True))
    if before is None:
        changed, owing = going, set[int]()
    else:
        changed = set(affected_missions(compare(plan, before, reader=None).changes))
        noted = PlanAcknowledgement.objects.filter(plan=before).values("mission")
        owing = set(before.notices.exclude(mission__in=noted).values_list("mission", flat=True)) & going
    PlanNotice.objects.bulk_create(
        [
            PlanNotice(plan=plan, mission_id=mission, is_changed=mission in changed)
            for mission in sorted(changed | owing)
        ]
    )
