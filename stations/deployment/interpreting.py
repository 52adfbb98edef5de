"""Which interpreter goes with which team: an assignment of integers, so that as many teams as possible have one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.engines import lap


@dataclass(frozen=True, slots=True)
class Silent:
    """A team that speaks no language of its place: those languages, its own, and the interpreter it had before."""

    local: frozenset[str]
    spoken: frozenset[str]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """An interpreter by key, with the languages."""

    key: int
    languages: frozenset[str]


def interpreters_for(teams: Sequence[Silent], speakers: Sequence[Speaker]) -> list[int | None]:
    """The key of the interpreter of each team, None where there is none left that would help.

    As many teams as possible have one, and of those as many as possible the one that they had before: no other
    assignment has more of either. Equal for equal input.
    """
    size = max(len(teams), len(speakers))
    if not teams or not speakers:
        return [None] * len(teams)
    worth = np.zeros((size, size), np.int64)
    for row, team in enumerate(teams):
        for column, speaker in enumerate(speakers):
            if team.local & speaker.languages and team.spoken & speaker.languages:
                worth[row, column] = size + 1 + (team.before == speaker.key)
    chosen = lap(worth)
    return [
        speakers[column].key if column < len(speakers) and worth[row, column] else None
        for row, column in enumerate(chosen[: len(teams)].tolist())
    ]
