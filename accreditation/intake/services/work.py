"""The job behind long files: each is claimed for a while, tried a few times, and never keeps another one waiting."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accreditation.intake.models import NominationImport
from accreditation.intake.services.commits import commit_asked, put_back
from accreditation.intake.services.staging import give_up, read_received
from accreditation.intake.states import ImportState
from missions.kernel.errors import ConflictError, DomainError
from missions.kernel.leases import claim

logger = logging.getLogger(__name__)

#: How long a worker may be silent before another one takes over. Taking over twice does no harm.
LEASE = timedelta(minutes=5)
#: A file that broke its worker so often is put aside.
MOST_ATTEMPTS = 5


def work_off_imports(*, at: datetime) -> int:
    """Read the files that wait and take in those that were handed over; returns how many were brought forward.

    An attempt is counted before it begins, so that a file which kills its worker is put aside after MOST_ATTEMPTS.
    """
    return sum(_work_on(row, at=at) for row in NominationImport.objects.waiting_for_job().order_by("uploaded_at", "pk"))


def _work_on(row: NominationImport, *, at: datetime) -> bool:
    if not claim(NominationImport.objects.filter(state=row.state), pk=row.pk, at=at, lease=LEASE):
        return False
    if row.attempts >= MOST_ATTEMPTS:
        _put_aside(row, _("The file could not be worked on; please call for help."), at=at)
        return True
    try:
        read_received(row, at=at) if row.state == ImportState.RECEIVED else commit_asked(row, at=at)
    except ConflictError:
        NominationImport.objects.filter(pk=row.pk).update(lease_until=None)  # the next turn may find it settled
        return False
    except DomainError as error:
        _put_aside(row, error.detail, at=at)
    except Exception:  # one broken file must not keep the others waiting; its lease ends and it is tried again
        logger.exception("Nomination file %s broke at attempt %s", row.pk, row.attempts + 1)
        return False
    return True


def _put_aside(row: NominationImport, fault: str, *, at: datetime) -> None:
    if row.state == ImportState.RECEIVED:
        give_up(row, fault, at=at)
    else:
        put_back(row, fault, at=at)
