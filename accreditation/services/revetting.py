"""Vetting again what is under way, when something changes that no single application shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accreditation.models import Application
from accreditation.services.moves import lock_application
from accreditation.services.vetting import update_findings
from accreditation.states import ApplicationState
from missions.kernel.events import record_event
from missions.kernel.models import Event
from missions.models import Election, User
from missions.timeline.moving.services import ELECTION_MOVED

#: What was vetted and is not decided.
VETTED_STATES = (ApplicationState.UNDER_REVIEW, ApplicationState.RECOMMENDED, ApplicationState.SCHEDULED)
#: Verbs of the election's history after which its findings may no longer be true.
LIST_CHANGED = "lists_changed"
CAUSES = (LIST_CHANGED, ELECTION_MOVED)
_REVETTED = "election_revetted"


@dataclass(frozen=True, slots=True)
class Revetting:
    """How many applications were vetted again, and of how many the findings changed."""

    looked_at: int
    changed: int


def revet_election(*, election: Election, by: User | None, at: datetime) -> Revetting:
    """Vet again every application of the election that is under review and not decided.

    Each in a transaction of its own, so that nobody waits for all of them; one that moves on in the meantime is
    left alone. Records one event on the election, which says up to where its history was taken into account.
    """
    seen = _last_event(election.pk, CAUSES)
    waiting = Application.objects.filter(election=election, state__in=VETTED_STATES).order_by("pk")
    looked_at = changed = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = lock_application(Application(pk=pk))
            if locked.state not in VETTED_STATES:
                continue
            looked_at += 1
            changed += update_findings(locked, by=by, at=at)[1]
    record_event(_REVETTED, election, by=by, at=at, changed=[str(seen)])
    return Revetting(looked_at, changed)


def revet_after_list_changes(*, at: datetime) -> int:
    """Vet the elections again whose lists have changed, or whose day has moved, since that was done last.

    Returns of how many applications the findings changed. A job: it does nothing where nothing changed, and what
    breaks off is begun again at the next run.
    """
    events = Event.objects.filter(object_type=Election._meta.label_lower, verb__in=CAUSES)
    last_changes = dict(events.order_by("object_id").values_list("object_id").annotate(last=Max("pk")))
    due = [pk for pk, last in last_changes.items() if last > _seen_before(pk)]
    elections = Election.objects.filter(pk__in=due).order_by("pk")
    return sum(revet_election(election=election, by=None, at=at).changed for election in elections)


def _last_event(election_id: int, verbs: Collection[str]) -> int:
    rows = Event.objects.filter(object_type=Election._meta.label_lower, object_id=election_id, verb__in=verbs)
    return rows.aggregate(last=Max("pk"))["last"] or 0


def _seen_before(election_id: int) -> int:
    done = Event.objects.filter(pk=_last_event(election_id, [_REVETTED])).first()
    return int(done.changed[0]) if done else 0
