"""Reads of this app that more than one page needs."""

from missions.models import Mission


def family_of(mission: Mission) -> tuple[int, ...]:
    """The ids of a mission and of all missions below it, itself first. One query."""
    rows = Mission.objects.filter(election=mission.election_id, parent__isnull=False).order_by("code")
    children: dict[int, list[int]] = {}
    for pk, parent_id in rows.values_list("pk", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    family = [mission.pk]
    for pk in family:
        family += children.get(pk, ())
    return tuple(family)
