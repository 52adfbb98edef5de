"""Coverage as a picture: a bar for each stratum against the share that falls to it. Pixels only, no markup."""

from collections.abc import Sequence
from dataclasses import dataclass

from stations.deployment.coverage import CoverageReport, StratumCoverage

_LEFT, _RIGHT, _WIDTH = 270, 210, 1080
_TOP, _ROW = 34, 26
#: Ends of the axis in thousandths, and how far its marks are apart.
_AXES = ((50, 10), (100, 20), (250, 50), (500, 100), (1_000, 200))


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis, in per cent of the stations of a stratum."""

    x: float
    percent: int


@dataclass(frozen=True, slots=True)
class BarRow:
    """One stratum: where it stands, and how long its bars are; `actual` is None where nothing is known of it."""

    stratum: StratumCoverage
    y: int
    planned: float
    actual: float | None


@dataclass(frozen=True, slots=True)
class CoverageChart:
    """The whole picture. `average` is where a stratum has its share of the plan, `limit` where it is far under it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    rows: tuple[BarRow, ...]
    ticks: tuple[Tick, ...]
    average: float
    limit: float


def draw_coverage(report: CoverageReport, strata: Sequence[StratumCoverage]) -> CoverageChart:
    """These strata below each other, in their order; the axis reaches the longest bar."""
    shares = [max(row.permille, row.actual_permille) for row in strata]
    end, step = next((axis for axis in _AXES if max(shares, default=0) <= axis[0]), _AXES[-1])
    right = _WIDTH - _RIGHT
    average = report.permille
    bottom = _TOP + _ROW * len(strata)
    return CoverageChart(
        width=_WIDTH,
        height=bottom + 8,
        left=_LEFT,
        right=right,
        top=_TOP,
        bottom=bottom,
        rows=tuple(
            BarRow(
                stratum=row,
                y=_TOP + _ROW * number,
                planned=_length(row.permille, end),
                actual=None if row.actual is None else _length(row.actual_permille, end),
            )
            for number, row in enumerate(strata)
        ),
        ticks=tuple(Tick(_LEFT + _length(mark, end), mark // 10) for mark in range(0, end + 1, step)),
        average=_LEFT + _length(average, end),
        limit=_LEFT + _length(average * report.limits.stratum_percent // 100, end),
    )


def _length(permille: int, end: int) -> float:
    return round((_WIDTH - _RIGHT - _LEFT) * min(permille, end) / end, 1)
