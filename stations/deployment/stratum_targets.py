"""What each stratum shall have of the visits: its share, and never so few that a rule calls it missed (R20)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.problem import Flags, Ints, Targets
from stations.deployment.parameters import Stratum, StratumShares
from stations.deployment.rules.balance import expected_of, least_of
from stations.deployment.rules.limits import BalanceLimits

#: Stands before the name of a region in its code.
REGION = "region:"


@dataclass(frozen=True, slots=True)
class WantedStratum:
    """A kind of station or a region (`code`), the stations that belong to it, and how many visits it shall have."""

    code: str
    member: Flags
    visits: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The stations at home by kind and region, and the `visits` that all teams can make, `day` of them each."""

    kinds: Mapping[Stratum, Flags]
    region: Ints
    regions: Sequence[str]
    visits: int
    day: int

    def strata(self, shares: StratumShares, limits: BalanceLimits) -> list[WantedStratum]:
        """All kinds, and the regions that shall have a team."""
        return [*self._kinds(shares, limits), *self._regions(limits)]

    def _kinds(self, shares: StratumShares, limits: BalanceLimits) -> Iterator[WantedStratum]:
        for kind in Stratum:
            member = self.kinds[kind]
            expected = expected_of(int(member.sum()), visited=self.visits, stations=len(self.region))
            share = self.visits * int(member.sum()) * shares.of(kind) // (max(1, len(self.region)) * 1_000)
            yield WantedStratum(kind.value, member, max(share, least_of(expected, limits)))

    def _regions(self, limits: BalanceLimits) -> Iterator[WantedStratum]:
        for number, name in enumerate(self.regions):
            member = self.region == number
            size = int(member.sum())
            expected = expected_of(size, visited=self.visits, stations=len(self.region), day=self.day)
            if visits := least_of(expected, limits):
                yield WantedStratum(f"{REGION}{name}", member, visits)


def targets_of(strata: Sequence[WantedStratum], points: int) -> Targets:
    """The optimizer's table, a row for each stratum."""
    return Targets(
        member=np.stack([row.member for row in strata]),
        wanted=np.array([row.visits for row in strata], np.int64),
        points=np.full(len(strata), points),
    )
