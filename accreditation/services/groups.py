"""The political group of a nominated member of a parliament: personal, and in no history or log."""

from datetime import datetime

from django.db import transaction

from accreditation.errors import PoliticalGroupRefusedError
from accreditation.models import Nomination
from accreditation.services.moves import lock_mission
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.text import TextRefusedError, clean_text
from missions.models import User

_LENGTH = Nomination._meta.get_field("political_group").max_length or 0


def note_political_group(*, nomination: Nomination, group: str, by: User, at: datetime) -> Nomination:
    """Note to which group of the parliament the person belongs, in the words of the mission; empty for none.

    Records `political_group_noted`, without the group; the same group again does nothing. Plans that are there stay,
    and are judged by it at once. Raises PoliticalGroupRefusedError, MissingError.
    """
    try:
        cleaned = clean_text(group, max_length=_LENGTH).text
    except TextRefusedError as refused:
        raise PoliticalGroupRefusedError(refused.message) from refused
    return _write(nomination, cleaned, by=by, at=at)


@transaction.atomic
def _write(nomination: Nomination, group: str, *, by: User, at: datetime) -> Nomination:
    mission = lock_mission(nomination.mission_id)
    locked = Nomination.objects.select_for_update(of=("self",), no_key=True)
    row = locked.filter(pk=nomination.pk, mission=mission).first()
    if row is None:
        raise MissingError
    if row.political_group != group:
        row.political_group = group
        row.save(update_fields=["political_group"])
        record_event("political_group_noted", row, by=by, at=at, scope_id=mission.pk, changed=["political_group"])
    return row
