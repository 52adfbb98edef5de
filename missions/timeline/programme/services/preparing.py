"""The usual beginning of a programme: what is shared and what is asked, from the standards, in one step."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from missions.models import Election, User
from missions.timeline.programme.services.requests import ask_standards
from missions.timeline.programme.services.resources import set_up_standards


@dataclass(frozen=True, slots=True)
class Prepared:
    """How much is new, and the missions of whose size nothing is known."""

    resources: int
    requests: int
    without_size: tuple[str, ...]


def prepare_programme(*, election: Election, by: User | None, at: datetime) -> Prepared:
    """Set up the usual resources and ask the usual requests of every mission, where they are not there yet.

    Doing it again changes nothing. Records what `set_up_standards` and `ask_standards` record.
    """
    with transaction.atomic():
        generated = ask_standards(election=election, by=by, at=at)  # locks missions: before the election's lock
        resources = set_up_standards(election=election, by=by, at=at)
    return Prepared(resources, generated.requests, generated.without_size)
