"""Reads of this app that more than one page needs."""

from missions.models import Election, Mission


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


def first_vote(election: Election) -> Election:
    """The vote that a run-off or a repeat follows in the end; itself if it follows none. A query for each step back."""
    while election.follows is not None:
        election = election.follows
    return election


def votes_until(election: Election) -> tuple[int, ...]:
    """The ids of the election and of those that it follows, itself first. A query for each step back."""
    found = [election.pk]
    while election.follows is not None:
        election = election.follows
        found.append(election.pk)
    return tuple(found)
