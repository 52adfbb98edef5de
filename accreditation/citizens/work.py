"""The job of citizen files: each is claimed, checked or taken in, and put aside if it breaks too often."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import check_citizens, commit_citizens, give_up_citizens
from accreditation.citizens.states import FileState
from missions.kernel.errors import DomainError
from missions.kernel.leases import claim

logger = logging.getLogger(__name__)

#: Longer than the largest file takes; then another worker may try.
LEASE = timedelta(minutes=10)
MAX_ATTEMPTS = 3


def work_off_citizens(*, at: datetime) -> int:
    """Check and take in the files that wait, the oldest first; returns how many. One that breaks stops no other."""
    done = 0
    for pk in CitizenFile.objects.waiting_for_job().order_by("uploaded_at", "pk").values_list("pk", flat=True):
        if claim(CitizenFile.objects.waiting_for_job(), pk=pk, at=at, lease=LEASE):
            done += _work_off(CitizenFile.objects.select_related("election").get(pk=pk), at)
    return done


def _work_off(file: CitizenFile, at: datetime) -> int:
    try:
        if file.attempts > MAX_ATTEMPTS:
            give_up_citizens(file=file, fault=_("The file could not be worked off; please tell the support."), at=at)
        elif file.state == FileState.RECEIVED:
            check_citizens(file=file, at=at)
        else:
            commit_citizens(file=file, at=at)
    except DomainError as error:
        logger.warning("Citizen file %s waits for another attempt: %s", file.pk, error.code)
        CitizenFile.objects.filter(pk=file.pk).update(lease_until=None)
        return 0
    except Exception:  # the other files must have their turn; the lease ends, and the attempts are counted
        logger.exception("Citizen file %s broke", file.pk)
        return 0
    return 1
