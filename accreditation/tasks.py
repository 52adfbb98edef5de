"""Celery's door to the desk's own jobs: one service call each."""

from celery import shared_task

from accreditation.services.endings import expire_due
from accreditation.services.keeping import keep_due
from accreditation.services.paper_files import sweep_files
from accreditation.services.revetting import revet_after_list_changes
from accreditation.services.reviewing import review_lists
from missions.kernel import clock


@shared_task(name="accreditation.sweep_files")
def sweep_paper_files() -> int:
    """Erase private files that no row speaks of; returns how many."""
    return sweep_files()


@shared_task(name="accreditation.revet")
def revet_elections() -> int:
    """Vet again where a list has changed; returns of how many applications the findings changed."""
    return revet_after_list_changes(at=clock.now())


@shared_task(name="accreditation.review_lists", soft_time_limit=900)
def review_ordered_lists() -> int:
    """Review everybody whose review was ordered for a whole list; returns how many."""
    return review_lists(at=clock.now())


@shared_task(name="accreditation.expire_due")
def expire_due_accreditations() -> int:
    """End the accreditations whose event or term has come; returns how many."""
    return expire_due(at=clock.now())


@shared_task(name="accreditation.keep_due", soft_time_limit=900)
def keep_due_accreditations() -> int:
    """Keep the accreditations of votes that others follow upon; returns how many."""
    return keep_due(at=clock.now())
