"""What happens at the accreditation desk and what it means for badges; each signal calls one service."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.dispatch import receiver

from accreditation.badges.services.keeping import carry_badges
from accreditation.badges.services.spoiling import lock_live_badges, replace_corrected_badges
from accreditation.signals import accreditations_corrected, accreditations_kept, correction_begins
from missions.models import User


@receiver(correction_begins)
def lock_badges_of_people(*, accreditation_ids: Collection[int], **kwargs: object) -> None:
    lock_live_badges(accreditation_ids=accreditation_ids)


@receiver(accreditations_corrected)
def replace_badges_of_people(
    *, successors: Mapping[int, int], reason: str, by: User, at: datetime, **kwargs: object
) -> None:
    replace_corrected_badges(successors=successors, reason=reason, by=by, at=at)


@receiver(accreditations_kept)
def carry_badges_of_people(*, successors: Mapping[int, int], by: User | None, at: datetime, **kwargs: object) -> None:
    carry_badges(successors=successors, by=by, at=at)
