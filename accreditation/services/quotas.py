"""Places of a mission, counted per category: on the mission itself for international observers, in quotas for others.

A nomination holds one place at most, and says so itself; the database refuses more places than the ceiling. Whoever
takes or frees a place has locked the mission, so that the counts and the nominations agree at every commit.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import ngettext

from accreditation.errors import CeilingReachedError, QuotaByInvitationError
from accreditation.models import CategoryQuota, Nomination
from accreditation.services.moves import lock_mission
from accreditation.states import Category
from missions.errors import CeilingBelowNominationsError
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User

#: What the database refuses when the last place is gone.
FULL = ("mission_within_ceiling", "quota_within_ceiling")


def take_places(mission: Mission, category: str, count: int) -> None:
    """Take places of a locked mission. The database refuses too many by an IntegrityError that names one of FULL."""
    if count and category == Category.INTERNATIONAL_OBSERVER:
        Mission.objects.filter(pk=mission.pk).update(places_taken=F("places_taken") + count)
    elif count:
        CategoryQuota.objects.get_or_create(mission=mission, category=category)
        CategoryQuota.objects.filter(mission=mission, category=category).update(taken=F("taken") + count)


def take_place(nomination: Nomination) -> None:
    """Let a nomination of a locked mission hold a place; once it does, nothing happens."""
    if Nomination.objects.filter(pk=nomination.pk, holds_place=False).update(holds_place=True):
        take_places(nomination.mission, nomination.category, 1)
    nomination.holds_place = True


def free_place(nomination: Nomination) -> None:
    """Give the place of a nomination back, whose mission is locked; if it holds none, nothing happens."""
    if Nomination.objects.filter(pk=nomination.pk, holds_place=True).update(holds_place=False):
        give_back(nomination.mission_id, nomination.category)
    nomination.holds_place = False


def give_back(mission_id: int, category: str) -> None:
    """One place less in the counts of a locked mission. The caller sees to it that the nomination held it."""
    if category == Category.INTERNATIONAL_OBSERVER:
        Mission.objects.filter(pk=mission_id).update(places_taken=F("places_taken") - 1)
    else:
        CategoryQuota.objects.filter(mission=mission_id, category=category).update(taken=F("taken") - 1)


def free_places(mission: Mission, category: str) -> int | None:
    """How many places are left in the category; None where nothing limits them. At most one query."""
    if category == Category.INTERNATIONAL_OBSERVER:
        ceiling, taken = mission.ceiling, mission.places_taken
    else:
        quota = CategoryQuota.objects.filter(mission=mission, category=category).first() or CategoryQuota()
        ceiling, taken = quota.ceiling, quota.taken
    return None if ceiling is None else max(ceiling - taken, 0)


def set_quota(
    *, mission: Mission, category: Category, ceiling: int | None, by: User | None, at: datetime
) -> CategoryQuota:
    """Grant a mission so many places in a category (None: without limit). Setting the same again changes nothing.

    Records `quota_set` on the quota. Raises QuotaByInvitationError for international observers, whose places come
    with the invitations, CeilingBelowNominationsError if more people are nominated already, MissingError.
    """
    if category == Category.INTERNATIONAL_OBSERVER:
        raise QuotaByInvitationError
    try:
        with transaction.atomic():
            locked = lock_mission(mission.pk)
            quota, is_new = CategoryQuota.objects.get_or_create(mission=locked, category=category)
            if is_new or quota.ceiling != ceiling:
                quota.ceiling = ceiling
                quota.save(update_fields=["ceiling"])
                record_event("quota_set", quota, by=by, at=at, scope_id=locked.pk, changed=["ceiling"])
    except IntegrityError as error:
        if broken_constraint(error, CategoryQuota) == "quota_within_ceiling":
            raise CeilingBelowNominationsError(_below(mission, category)) from error
        raise
    return quota


def place_refusal(error: IntegrityError) -> CeilingReachedError | None:
    """The named error if the database refused a place; None if it refused something else."""
    return CeilingReachedError() if broken_constraint(error, Mission, CategoryQuota) in FULL else None


def _below(mission: Mission, category: Category) -> str:
    taken = CategoryQuota.objects.get(mission=mission, category=category).taken
    sentence = ngettext(
        "%(mission)s has taken %(taken)d place already.", "%(mission)s has taken %(taken)d places already.", taken
    )
    return sentence % {"mission": mission.code, "taken": taken}
