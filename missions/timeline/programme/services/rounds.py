"""Ranks for a vote that follows upon another: those of the missions that go on."""

from missions.models import Mission
from missions.timeline.programme.models import ProtocolRank


def copy_ranks(*, election_id: int) -> int:
    """Give the missions of a new vote the ranks that they had for the vote before; returns how many.

    To be called within the transaction that opens the vote.
    """
    missions = Mission.objects.filter(election=election_id, continues__protocol_rank__isnull=False)
    rows = missions.order_by("pk").values_list("pk", "continues__protocol_rank__rank")
    return len(ProtocolRank.objects.bulk_create(ProtocolRank(mission_id=pk, rank=rank) for pk, rank in rows))
