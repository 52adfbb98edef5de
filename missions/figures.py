"""Counts that upper apps know about elections and missions: what a provider of FIGURE_SOURCES answers.

A figure is true at the instant at which it was asked for. Whoever shows it says that instant.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.contrib.auth.models import AnonymousUser

from missions.kernel.errors import Text
from missions.kernel.providers import providers_of
from missions.models import Election, Mission, User

Viewer = User | AnonymousUser


class Part(StrEnum):
    """Where a figure stands among the others of its group."""

    TOTAL = "total"
    STEP = "step"
    BESIDE = "beside"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Figure:
    """One count. `code` is stable and unique within its group; `group` is what is counted apart, as a category.

    `limit` is what the count may not exceed; None: nothing limits it. Of a step, `waiting` of the people have come
    no further (None: nobody waits at the goal). `url` is the host's page that lists those who wait, or whom the figure
    counts; empty if there is none.
    """

    code: str
    label: Text
    value: int
    part: Part = Part.TOTAL
    group: Text = ""
    limit: int | None = None
    waiting: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many international observers of one mission are accredited now, and how many have arrived."""

    accredited: int = 0
    arrived: int = 0


class FigureSource(Protocol):
    """What one upper app can count. Every answer takes a fixed number of queries."""

    def of_election(self, election: Election, *, at: datetime) -> tuple[Figure, ...]:
        """The public figures of an election as they were at the instant; people count once."""
        ...

    def of_mission(self, mission: Mission, *, user: Viewer, at: datetime) -> tuple[Figure, ...]:
        """What the person may know about a mission; for the host with all missions below it, people counted once."""
        ...

    def head_counts(self, missions: Collection[int], *, user: Viewer) -> Mapping[int, HeadCount]:
        """For lists: the heads of each of the missions alone, by its id; one without people may be left out."""
        ...


def figures_of_election(election: Election, *, at: datetime) -> tuple[Figure, ...]:
    """What all sources count in an election, in the order of the settings."""
    return tuple(figure for source in _sources() for figure in source.of_election(election, at=at))


def figures_of_mission(mission: Mission, *, user: Viewer, at: datetime) -> tuple[Figure, ...]:
    """What all sources count in a mission and may tell this person, in the order of the settings."""
    return tuple(figure for source in _sources() for figure in source.of_mission(mission, user=user, at=at))


def head_counts(missions: Collection[int], *, user: Viewer) -> dict[int, HeadCount]:
    """The heads of each of the missions; zero where nobody is known or the person may not know."""
    counts = dict.fromkeys(missions, HeadCount())
    for source in _sources():
        for mission_id, count in source.head_counts(missions, user=user).items():
            before = counts[mission_id]
            counts[mission_id] = HeadCount(before.accredited + count.accredited, before.arrived + count.arrived)
    return counts


def _sources() -> tuple[FigureSource, ...]:
    return providers_of("FIGURE_SOURCES")
