"""The review of everybody of a mission who waits: ordered by one person, worked off by a job.

A person is opened, vetted and recommended exactly as one by one; tables are only read and written for five hundred at
a time, each in a transaction of its own. The states of the applications say what is done, so a job that was killed is
simply begun again, and two of them do no harm.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accreditation.errors import NobodyWaitsError, ReviewUnderWayError
from accreditation.models import Application, BulkReview
from accreditation.services.applications import open_blocks
from accreditation.services.moves import Step, chunks, lock_applications, move_applications
from accreditation.services.vetting import vet_many
from accreditation.states import ApplicationState, Category
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.kernel.leases import claim
from missions.models import Mission, User

logger = logging.getLogger(__name__)

#: Rung when a review waits; also the name of the job.
BELL = "accreditation.review_lists"
#: People of one order per turn of the job, so that a long list keeps no other job waiting.
PER_TURN = 10_000
#: Longer than a turn takes; then another worker may try.
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 3
_S = ApplicationState


def order_review(*, mission: Mission, category: Category, by: User, at: datetime) -> BulkReview:
    """Have everybody reviewed who waits in the category; `by` becomes the reviewer of those who are recommended.

    Records `review_ordered` and rings for the job. Raises NobodyWaitsError, and ReviewUnderWayError while an earlier
    order of the same is not done.
    """
    order = BulkReview(mission=mission, category=category, ordered_by=by, ordered_at=at)
    try:
        with transaction.atomic():
            order.save(force_insert=True)
            if not waiting_of(order).exists():
                raise NobodyWaitsError
            record_event("review_ordered", order, by=by, at=at, scope_id=mission.pk)
            ring_after_commit(BELL)
    except IntegrityError as error:
        if broken_constraint(error, BulkReview) == "bulk_review_one_open":
            raise ReviewUnderWayError from error
        raise
    return order


def waiting_of(order: BulkReview) -> "QuerySet[Application]":
    """Who waits to be opened and did so when the review was ordered; later ones are for a later order."""
    waiting = Application.objects.filter(
        nomination__mission=order.mission_id, category=order.category, state=_S.SUBMITTED
    )
    return waiting.filter(Q(complete_since=None) | Q(complete_since__lte=order.ordered_at))


def review_lists(*, at: datetime, limit: int = PER_TURN) -> int:
    """Work off the orders that are not done, the oldest first, each at most so many people further.

    Returns how many people were reviewed. An order that breaks stops no other; one that breaks again and again
    without coming forward is ended, and says so.
    """
    reviewed = 0
    for pk in BulkReview.objects.waiting_for_job().order_by("ordered_at", "pk").values_list("pk", flat=True):
        if claim(BulkReview.objects.waiting_for_job(), pk=pk, at=at, lease=LEASE):
            reviewed += _work_off(BulkReview.objects.select_related("ordered_by").get(pk=pk), at, limit)
    return reviewed


def _work_off(order: BulkReview, at: datetime, limit: int) -> int:
    if order.attempts > MAX_ATTEMPTS:
        _end(order, at=at, fault=_("The review broke off; open the others one by one, or tell the support."))
        return 0
    reviewed = 0
    try:
        keys = list(waiting_of(order).order_by("pk").values_list("pk", flat=True)[:limit])
        for chunk in chunks(keys):
            reviewed += _review_chunk(order, chunk, at=at)
        if len(keys) < limit:
            _end(order, at=at)
        else:
            _go_on(order)
    except Exception:  # the other orders must have their turn; the next turn begins where this one broke
        logger.exception("Review %s broke", order.pk)
        BulkReview.objects.filter(pk=order.pk).update(lease_until=None)
    return reviewed


def _review_chunk(order: BulkReview, keys: Collection[int], *, at: datetime) -> int:
    """Open, vet and recommend those of the applications that still wait; one event each per edge."""
    by = order.ordered_by
    with transaction.atomic():
        rows = [row for row in lock_applications(keys) if row.state == _S.SUBMITTED]
        if not rows:
            return 0
        move_applications(rows, Step(_S.UNDER_REVIEW, "review_opened"), by=by, at=at)
        vet_many(rows, by=by, at=at)
        blocked = open_blocks(rows)
        fit = [row for row in rows if row.pk not in blocked]
        if fit:
            values = {"reviewed_by_id": by.pk}
            move_applications(fit, Step(_S.RECOMMENDED, "recommended"), by=by, at=at, values=values)
        BulkReview.objects.filter(pk=order.pk).update(
            reviewed=F("reviewed") + len(rows),
            recommended=F("recommended") + len(fit),
            held_back=F("held_back") + len(rows) - len(fit),
            attempts=0,
        )
    return len(rows)


def _go_on(order: BulkReview) -> None:
    """Leave the rest to the next turn, at once."""
    with transaction.atomic():
        BulkReview.objects.filter(pk=order.pk).update(lease_until=None, attempts=0)
        ring_after_commit(BELL)


def _end(order: BulkReview, *, at: datetime, fault: str = "") -> None:
    with transaction.atomic():
        if BulkReview.objects.waiting_for_job().filter(pk=order.pk).update(done_at=at, lease_until=None, fault=fault):
            verb = "review_broken_off" if fault else "review_done"
            record_event(verb, order, by=None, at=at, scope_id=order.mission_id, reason=fault)
