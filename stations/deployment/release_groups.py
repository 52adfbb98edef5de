"""The political groups of whom an owner of plans has accredited, beside their strength in the parliament (R32)."""

from collections import Counter

from django.db.models import Count

from accreditation.models import Accreditation
from missions.states import DeploymentMode
from stations.deployment.models import DeploymentPlan, DeploymentSettings
from stations.deployment.rules.facts import GroupCount


def groups_of(plan: DeploymentPlan, settings: DeploymentSettings | None) -> tuple[GroupCount, ...]:
    """Every group that has a strength or is named, by name; none where the owner gave no strengths. Two queries.

    Whoever is accredited and names a group counts, with whatever role, sent by the plan or not. Case parts no groups.
    """
    strengths = list(settings.group_strengths.values_list("name", "strength")) if settings else []
    if not strengths:
        return ()
    accredited = Accreditation.objects.counted(plan.election).exclude(application__nomination__political_group="")
    if plan.mission is not None:
        accredited = accredited.filter(application__nomination__mission=plan.mission)
    else:
        mode = DeploymentMode.HOST_COORDINATED
        accredited = accredited.filter(application__nomination__mission__deployment_mode=mode)
    named = accredited.order_by().values_list("application__nomination__political_group")
    people: Counter[str] = Counter()
    names = {name.casefold(): name for name, _strength in strengths}
    for name, count in named.annotate(count=Count("pk")).order_by("application__nomination__political_group"):
        people[name.casefold()] += count
        names.setdefault(name.casefold(), name)
    strength_of = {name.casefold(): strength for name, strength in strengths}
    return tuple(
        GroupCount(names[key], strength_of.get(key, 0), people[key])
        for key in sorted(names, key=lambda key: names[key])
    )
