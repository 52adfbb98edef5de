"""The public figure of an election with its rule: what the provider of HEADLINE_SOURCES counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from missions.kernel.providers import providers_of
from missions.models import Election, Organization


@dataclass(frozen=True, slots=True)
class HeadlineRule:
    """What counts, in words. Whoever changes what is counted raises the version."""

    code: str
    version: int
    words: str


@dataclass(frozen=True, slots=True)
class Headline:
    """People, organizations and countries, each counted once.

    `by_organization` and `by_country` have the people of each; `digest` is a name for exactly these people.
    """

    rule: HeadlineRule
    observers: int
    organizations: int
    countries: int
    by_organization: Mapping[str, int]
    by_country: Mapping[str, int]
    digest: str


class HeadlineSource(Protocol):
    """The one app that knows who counts."""

    def headline_of(self, election: Election, *, at: datetime, organization: Organization | None = None) -> Headline:
        """The figure as it was at the instant, of all or of one organization. A fixed number of queries."""
        ...


def headline_of(election: Election, *, at: datetime, organization: Organization | None = None) -> Headline:
    """The public figure as it was at the instant, of all or of one organization."""
    source: HeadlineSource
    (source,) = providers_of("HEADLINE_SOURCES")
    return source.headline_of(election, at=at, organization=organization)
