"""Constituencies put together as zones for the optimizer, and who is not sent to which of them (R04)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stations.deployment.columns import ints, numbered
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.problem_rows import ConstituencyRow

#: The owner's list (R04): for each nationality the constituencies where its nationals are not sent.
Listed = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Zoning:
    """zone [a]: that of each constituency; language [z]: the languages spoken there; barred [c,z] by nationality."""

    zone: Ints
    language: Ints
    barred: Flags


@dataclass(frozen=True, slots=True)
class Ground:
    """What zones are made of: constituencies, the languages spoken in each as bits, the list, countries by number."""

    constituencies: Sequence[ConstituencyRow]
    spoken: Sequence[int]
    listed: Listed
    country: Mapping[str, int]

    def whole_regions(self) -> Zoning:
        """Each region is a zone, barred to a nationality that is sent nowhere in it.

        Somebody who looks after a region of which only a part is listed need not go to that part.
        """
        return self._zoning([row.region for row in self.constituencies])

    def parts_of_regions(self) -> Zoning:
        """Each region is cut where a list cuts it: who may go to one constituency of a zone may go to all of them."""
        return self._zoning([(row.region, *self._not_sent(row.constituency_id)) for row in self.constituencies])

    def _not_sent(self, place: int) -> list[str]:
        return sorted(code for code, places in self.listed.items() if place in places)

    def _zoning(self, parts: Sequence[Hashable]) -> Zoning:
        number = numbered(parts)
        zone = ints(number[part] for part in parts)
        language = np.zeros(len(number), np.int64)
        np.bitwise_or.at(language, zone, ints(self.spoken))
        barred: Flags = np.zeros((len(self.country), len(number)), np.bool_)
        for code in self.listed.keys() & self.country.keys():
            is_open = [row.constituency_id not in self.listed[code] for row in self.constituencies]
            barred[self.country[code]] = np.bincount(zone, is_open, len(number)) == 0
        return Zoning(zone, language, barred)
