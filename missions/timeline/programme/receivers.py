"""What happens below and touches the programme: election day moves, and another vote follows."""

from datetime import date, datetime

from django.dispatch import receiver

from missions.models import Election, User
from missions.signals import election_moved, round_opened
from missions.timeline.programme.services.moving import move_programme
from missions.timeline.programme.services.rounds import copy_ranks


@receiver(election_moved)
def follow_election_day(
    *, election_id: int, from_day: date, to_day: date, by: User | None, at: datetime, **kwargs: object
) -> None:
    """The hours and wishes follow; what was promised for the old days ends."""
    election = Election.objects.get(pk=election_id)
    move_programme(election=election, from_day=from_day, to_day=to_day, by=by, at=at)


@receiver(round_opened)
def take_over_ranks(*, election_id: int, **kwargs: object) -> None:
    copy_ranks(election_id=election_id)
