"""What has come about: the facts that show that steps were made, asked of all apps through PROGRESS_SOURCES.

A fact is computed when it is asked for and stored nowhere. An app tells only that it is so and since when: a timeline
is read by people who may not read what lies behind it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from missions.kernel.errors import Text
from missions.kernel.providers import providers_of
from missions.timeline.plan import ProvenBy


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so about a mission, since when (aware instant), and how the page says it."""

    mission_id: int
    code: ProvenBy
    happened_at: datetime
    words: Text


class ProgressSource(Protocol):
    """What one upper app knows. Every answer takes a fixed number of queries, however many missions are asked for."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterable[Fact]:
        """The facts about these missions that are true at the instant, each kind at most once per mission."""
        ...


def facts_of(mission_ids: Collection[int], *, at: datetime) -> dict[tuple[int, ProvenBy], Fact]:
    """What all sources know of the missions, by mission and kind; of two answers that of the earlier source."""
    if not mission_ids:
        return {}
    sources: tuple[ProgressSource, ...] = providers_of("PROGRESS_SOURCES")
    found: dict[tuple[int, ProvenBy], Fact] = {}
    for source in sources:
        for fact in source.facts_of(mission_ids, at=at):
            found.setdefault((fact.mission_id, fact.code), fact)
    return found
