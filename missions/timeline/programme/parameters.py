"""Every number that the programme uses: what a request is worth, what waiting costs, what the solver is given."""

from dataclasses import dataclass

from missions.timeline.programme.states import RequestKind

_K = RequestKind


@dataclass(frozen=True, slots=True)
class ProgrammeParameters:
    """All of them.

    `weights` and `delays` go by protocol rank, the highest first: what granting is worth, and what each slot of five
    minutes after the earliest one costs. `lags`: minutes from the end of one kind to the next of the same mission.
    `travel_minutes`: what a head needs from one place to another. `memory_mb` caps the solver's address space;
    `grace_s`: how long after the seconds allowed it may still run.
    """

    weights: tuple[int, ...] = (100, 60, 35, 20, 10)
    delays: tuple[int, ...] = (10, 7, 4, 2, 1)
    minister_factor: int = 2
    chain: tuple[RequestKind, ...] = (_K.ARRIVAL, _K.BADGES, _K.BRIEFING)
    meetings: tuple[RequestKind, ...] = (_K.MINISTER, _K.CHAIR)
    landing_minutes: int = 60
    travel_minutes: int = 15
    default_seconds: int = 20
    memory_mb: int = 4_096
    grace_s: float = 60.0

    def weight(self, kind: RequestKind, rank: int) -> int:
        """What granting a request is worth."""
        return self.weights[rank - 1] * (self.minister_factor if kind is RequestKind.MINISTER else 1)

    def delay(self, rank: int) -> int:
        """What each slot after the earliest start costs."""
        return self.delays[rank - 1]


DEFAULTS = ProgrammeParameters()
