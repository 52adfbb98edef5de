"""What happens to elections as far as it concerns the register; each signal calls one service."""

from datetime import datetime

from django.dispatch import receiver

from missions.models import User
from missions.signals import round_opened
from stations.register.copying import copy_register


@receiver(round_opened)
def take_over_the_register(*, election_id: int, by: User | None, at: datetime, **kwargs: object) -> None:
    copy_register(election_id=election_id, by=by, at=at)
