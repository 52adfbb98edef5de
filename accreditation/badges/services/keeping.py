"""Badges of people who keep their accreditations for the vote that follows: the same cards, of the new accreditation.

A badge stays a badge of the vote that it was issued for, whose keys signed it and whose lists name it if it is revoked;
whether it is good depends on the accreditation that its holder has now.
"""

from collections.abc import Mapping
from datetime import datetime

from accreditation.badges.models import Badge
from accreditation.models import Accreditation
from missions.kernel.events import EventDraft, record_events
from missions.models import User

_BATCH = 500


def carry_badges(*, successors: Mapping[int, int], by: User | None, at: datetime) -> int:
    """Hang all badges of these accreditations, the dead ones too, on those that hold now; returns how many.

    To be called within the transaction that keeps the accreditations. Records "badge_kept" on each live one.
    """
    held = Badge.objects.select_for_update(no_key=True).filter(accreditation__in=successors).order_by("pk")
    badges = list(held.defer("token"))
    people = Accreditation.objects.filter(pk__in=successors.values()).values_list(
        "pk", "application__nomination__mission"
    )
    missions = dict(people)
    for badge in badges:
        badge.accreditation_id = successors[badge.accreditation_id]
        badge.mission_id = missions[badge.accreditation_id]
        badge.version += 1
    Badge.objects.bulk_update(badges, ["accreditation", "mission", "version"], batch_size=_BATCH)
    kept = [EventDraft("badge_kept", row, scope_id=row.mission_id) for row in badges if row.ended_at is None]
    record_events(kept, by=by, at=at)
    return len(badges)
