"""Writing down what others say about the figures, and showing it beside ours. It changes none of ours."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from missions.kernel.events import record_event
from missions.models import Election, Organization, User
from missions.reports.figures.errors import (
    ClaimEmptyError,
    ClaimPublishedError,
    ClaimReasonMissingError,
    ClaimWithdrawnError,
    FiguresNotPublicError,
)
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.services.changes import pages_changed


@dataclass(frozen=True, slots=True)
class Said:
    """What the source says, and about whom; a number that it does not give is None."""

    source: str
    said_on: date
    as_of: datetime
    text: str
    observers: int | None = None
    organizations: int | None = None
    countries: int | None = None
    organization: Organization | None = None


def record_claim(*, election: Election, said: Said, by: User | None, at: datetime) -> FigureClaim:
    """Keep a figure that somebody else gave. Records `figure_claim_recorded`. Raises ClaimEmptyError."""
    if said.observers is None and said.organizations is None and said.countries is None:
        raise ClaimEmptyError
    with transaction.atomic():
        claim = FigureClaim.objects.create(
            election=election,
            organization=said.organization,
            source=said.source,
            said_on=said.said_on,
            as_of=said.as_of,
            text=said.text,
            observers=said.observers,
            organizations=said.organizations,
            countries=said.countries,
            recorded_at=at,
            recorded_by=by,
        )
        record_event("figure_claim_recorded", claim, by=by, at=at)
    return claim


def publish_claim(*, claim: FigureClaim, by: User | None, at: datetime) -> FigureClaim:
    """Show the claim on the public page of its election, beside our own published figure nearest before it.

    Records `figure_claim_published`. Raises ClaimWithdrawnError, ClaimPublishedError, and FiguresNotPublicError while
    no figure of ours is public.
    """
    with transaction.atomic():
        locked = _lock(claim)
        if locked.published_at is not None:
            raise ClaimPublishedError
        if not FrozenFigures.objects.published().filter(election=locked.election_id).exists():
            raise FiguresNotPublicError
        locked.published_at, locked.published_by = at, by
        locked.save(update_fields=["published_at", "published_by"])
        record_event("figure_claim_published", locked, by=by, at=at)
        pages_changed()
    return locked


def withdraw_claim(*, claim: FigureClaim, reason: str, by: User | None, at: datetime) -> FigureClaim:
    """Take back what was recorded wrongly. It leaves the public page, and stays readable for staff with the reason.

    Records `figure_claim_withdrawn`. Raises ClaimReasonMissingError, ClaimWithdrawnError.
    """
    if not reason.strip():
        raise ClaimReasonMissingError
    with transaction.atomic():
        locked = _lock(claim)
        locked.withdrawn_at, locked.withdrawal_reason = at, reason.strip()
        locked.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        record_event("figure_claim_withdrawn", locked, by=by, at=at, reason=reason.strip())
        if locked.published_at is not None:
            pages_changed()
    return locked


def _lock(claim: FigureClaim) -> FigureClaim:
    locked = FigureClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if locked.withdrawn_at is not None:
        raise ClaimWithdrawnError
    return locked
