"""Accreditations that end in great numbers: with their organization, or by the event or term that the law names.

Five hundred in a transaction. Each is ended once, whoever else is at it: what has ended already is reported.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accreditation import rules
from accreditation.models import Accreditation, Application, Revocation
from accreditation.services.moves import chunks
from accreditation.services.profiles import profile_of
from accreditation.states import ACCREDITATION_TRANSITIONS, AccreditationState
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import EventDraft, record_events
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, User

_S = AccreditationState


@dataclass(frozen=True, slots=True)
class EndingResult:
    """What became of one accreditation in an act on many: ended if `code` is empty, else the code and why not."""

    accreditation_id: int
    label: str = ""
    code: str = ""
    detail: str = ""


def end_accreditations(
    keys: Sequence[int],
    target: AccreditationState,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    revocation: Revocation | None = None,
) -> list[EndingResult]:
    """End these accreditations for good, with their applications, at most one chunk of them.

    To be called within a transaction. Records one event for each that ends.
    """
    rows = _lock(keys)
    ended = [row for row in rows.values() if target in ACCREDITATION_TRANSITIONS[_S(row.state)]]
    events = [
        EventDraft(
            verb=verb,
            obj=row,
            scope_id=row.application.nomination.mission_id,
            from_state=row.state,
            to_state=target,
            reason=reason,
        )
        for row in ended
    ]
    done = {row.pk for row in ended}
    Accreditation.objects.filter(pk__in=done).update(state=target, reason=reason, ended_at=at, revocation=revocation)
    applications = Application.objects.filter(pk__in=[row.application_id for row in ended])
    applications.update(closed_at=at, version=F("version") + 1)
    record_events(events, by=by, at=at)
    return [_result(key, rows.get(key), None if key in done else _refusal(rows.get(key), target)) for key in keys]


def expire_accreditations(*, election: Election, by: User | None, at: datetime) -> int:
    """End every live accreditation of the election whose event or term has come; returns how many ended.

    Nothing ends by itself where the law does not say when. Again, or twice at a time, it does nothing more.
    """
    profile = profile_of(election)
    live = Accreditation.objects.live().filter(election=election)
    ended = 0
    for category in live.order_by().values_list("category", flat=True).distinct():
        before = rules.ended_if_given_before(
            profile, category, results_published_at=election.results_published_at, at=at
        )
        if before is None:
            continue
        keys = live.filter(category=category, valid_from__lt=before).order_by("pk").values_list("pk", flat=True)
        for chunk in chunks(list(keys)):
            with transaction.atomic():
                results = end_accreditations(chunk, _S.EXPIRED, "expired", by=by, at=at)
            ended += sum(not result.code for result in results)
    return ended


def expire_due(*, at: datetime) -> int:
    """`expire_accreditations` for every election with live ones; returns how many ended."""
    live = Accreditation.objects.live().order_by().values("election")
    elections = Election.objects.filter(pk__in=live).order_by("pk")
    return sum(expire_accreditations(election=election, by=None, at=at) for election in elections)


def _lock(keys: Collection[int]) -> dict[int, Accreditation]:
    """The accreditations, locked in the order of their keys after their applications."""
    held = Application.objects.filter(accreditation__in=keys).order_by("pk")
    list(held.select_for_update(of=("self",), no_key=True).only("pk"))
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    joined = rows.select_related("observer", "application__nomination__mission")
    return {row.pk: row for row in joined.defer("observer__passport_number")}


def _result(key: int, row: Accreditation | None, error: DomainError | None) -> EndingResult:
    label = f"{row} ({row.application.nomination.mission.code})" if row else ""
    return EndingResult(key, label, error.code, error.sentence) if error else EndingResult(key, label)


def _refusal(row: Accreditation | None, target: AccreditationState) -> DomainError:
    return IllegalTransitionError(_S(row.state), target) if row else MissingError()
