"""What a change would touch, asked of all apps before it is made: what a provider of IMPACT_SOURCES answers.

A kind of change is a frozen subclass of `Change` in the app that makes it. A source answers for the kinds that it
knows and is silent about all others, so that a new kind asks for no change here.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.contrib.auth.models import AnonymousUser

from missions.kernel.errors import Text
from missions.kernel.providers import providers_of
from missions.models import User

Viewer = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Change:
    """Something about to be done in an election. It carries ids and values, never rows."""

    election_id: int


class Weight(StrEnum):
    """What becomes of a thing that a change touches."""

    SPOILS = "spoils"
    ALTERS = "alters"
    TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that a change touches: SPOILS it, ALTERS what it counts or holds, or only TELLS people about it.

    `code` is stable and names the kind of impact, `key` the thing, together unique among the impacts of one change.
    `group` is the heading under which people find it, `subject` the thing in words, `sentence` what becomes of it.
    `facts` are what the judgement rests on: if they differ later, or another thing is touched, a preview that showed
    them is out of date; None for what moves under everybody's hands, such as a count. `url` is the page of the thing;
    empty if there is none, or the person may not open it.
    """

    code: str
    key: str
    weight: Weight
    group: Text
    subject: Text
    sentence: Text
    facts: tuple[str | int, ...] | None = ()
    url: str = ""


class ImpactSource(Protocol):
    """What one upper app knows of the consequences of changes. Every answer takes a bounded number of queries."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterable[Impact]:
        """What the change would touch, as far as this person may know it.

        Neither the texts nor the facts, nor whether there is an impact at all, may depend on what the person may
        not see.
        """
        ...


def impacts_of(change: Change, *, user: Viewer, at: datetime) -> tuple[Impact, ...]:
    """What all sources say about the change, in the order of the settings."""
    sources: tuple[ImpactSource, ...] = providers_of("IMPACT_SOURCES")
    return tuple(impact for source in sources for impact in source.of_change(change, user=user, at=at))


def digest_of(impacts: Iterable[Impact], *facts: str | int) -> str:
    """A name for the impacts and the facts beside them: the same in every language, another if anything differs."""
    rows = [[row.code, row.key, row.weight, *row.facts] for row in impacts if row.facts is not None]
    return hashlib.sha256(json.dumps([facts, rows]).encode()).hexdigest()
