"""Celery's door to the desk's own jobs: one service call each."""

from celery import shared_task

from accreditation.services.paper_files import sweep_files


@shared_task(name="accreditation.sweep_files")
def sweep_paper_files() -> int:
    """Erase private files that no row speaks of; returns how many."""
    return sweep_files()
