"""What happens to elections as far as it concerns the accreditation desk; each signal calls one service."""

from datetime import datetime

from django.dispatch import receiver

from accreditation.services.redating import lock_undecided, redate_decisions
from missions.models import User
from missions.signals import election_move_begins, election_moved


@receiver(election_move_begins)
def lock_what_is_undecided(*, election_id: int, **kwargs: object) -> None:
    lock_undecided(election_id=election_id)


@receiver(election_moved)
def redate_what_is_undecided(*, election_id: int, by: User, at: datetime, **kwargs: object) -> None:
    redate_decisions(election_id=election_id, by=by, at=at)
