"""Celery's doors to the snapshot and to the sweeping of files."""

from celery import shared_task

from missions.reports.services.changes import BELL
from missions.reports.services.files import sweep_report_files
from missions.reports.services.publishing import write_pages


@shared_task(name=BELL)
def write_public_pages() -> int:
    """Make the snapshot of this machine fresh; returns how many addresses it has."""
    return write_pages()


@shared_task(name="reports.sweep_files")
def sweep_files() -> int:
    """Erase what no row speaks of; returns how many."""
    return sweep_report_files()
