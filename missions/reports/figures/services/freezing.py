"""Freezing the public figure of an instant, and publishing what is frozen."""

from datetime import datetime

from django.db import IntegrityError, transaction

from missions.headline import headline_of
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User
from missions.reports.figures.errors import FiguresAheadError, FiguresFrozenError, FiguresPublishedError
from missions.reports.figures.models import FrozenFigures
from missions.reports.services.changes import pages_changed


def freeze_figures(*, election: Election, as_of: datetime, by: User | None, at: datetime) -> FrozenFigures:
    """Count for the instant and keep the numbers, whom they name, and the rule. An instant of the past is as good.

    Records `figures_frozen`. Raises FiguresAheadError, FiguresFrozenError.
    """
    if as_of > at:
        raise FiguresAheadError
    try:
        with transaction.atomic():
            counted = headline_of(election, at=as_of)
            figures = FrozenFigures.objects.create(
                election=election,
                as_of=as_of,
                observers=counted.observers,
                organizations=counted.organizations,
                countries=counted.countries,
                by_organization=dict(counted.by_organization),
                by_country=dict(counted.by_country),
                rule_code=counted.rule.code,
                rule_version=counted.rule.version,
                rule_words=counted.rule.words,
                digest=counted.digest,
                frozen_at=at,
                frozen_by=by,
            )
            record_event("figures_frozen", figures, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, FrozenFigures) == "figures_once":
            raise FiguresFrozenError from error
        raise
    return figures


def publish_figures(*, figures: FrozenFigures, by: User | None, at: datetime) -> FrozenFigures:
    """Put frozen figures on the public page of their election, for good. They need not be the latest.

    Records `figures_published`. Raises FiguresPublishedError.
    """
    with transaction.atomic():
        locked = FrozenFigures.objects.select_for_update(of=("self",)).get(pk=figures.pk)
        if locked.published_at is not None:
            raise FiguresPublishedError
        locked.published_at, locked.published_by = at, by
        locked.save(update_fields=["published_at", "published_by"])
        record_event("figures_published", locked, by=by, at=at)
        pages_changed()
    return locked
