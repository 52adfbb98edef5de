"""One mission's timeline as a Gantt chart: a row for each step, from what must come before it to its instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from missions.timeline.pictures.axis import Tick, axis_over

_TITLES, _WIDTH, _MARGIN = 290, 1080, 40
_TOP, _ROW, _BOTTOM = 44, 30, 16


@dataclass(frozen=True, slots=True)
class GanttStep:
    """What the chart knows of a step. `after` are codes of steps; one that is not drawn is left out.

    Whether a step is late its timeline knows: of some nobody can tell whether they were made.
    """

    code: str
    title: str
    planned: datetime
    actual: datetime | None = None
    after: tuple[str, ...] = ()
    is_cancelled: bool = False
    is_late: bool = False
    is_violated: bool = False


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One row in pixels: the bar from `start` to `planned`, the mark of what happened, and where links come from."""

    step: GanttStep
    y: int
    start: float
    planned: float
    actual: float | None
    links: tuple[str, ...]

    @property
    def diamond(self) -> str:
        """The corners of the mark at the planned instant."""
        x, y, half = self.planned, self.y, 7
        return f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"


@dataclass(frozen=True, slots=True)
class Gantt:
    """The whole chart in pixels. `e_day` is the left edge and the width of election day; `now` is None outside."""

    width: int
    height: int
    titles: int
    top: int
    bottom: int
    ticks: tuple[Tick, ...]
    rows: tuple[GanttRow, ...]
    e_day: tuple[float, float]
    now: float | None


def draw_gantt(steps: Iterable[GanttStep], *, e_day: date, zone: str, at: datetime) -> Gantt | None:
    """The chart of the steps by the clocks of the zone, in their planned order; None if there is nothing to draw."""
    ordered = sorted(steps, key=lambda step: (step.planned, step.code))
    if not ordered:
        return None
    instants = [step.planned for step in ordered] + [step.actual for step in ordered if step.actual]
    axis = axis_over(instants, [e_day], zone=ZoneInfo(zone), left=_TITLES, right=_WIDTH - _MARGIN)
    places = {step.code: (axis.x(step.planned), _TOP + _ROW * row + _ROW // 2) for row, step in enumerate(ordered)}
    rows = []
    for step in ordered:
        x, y = places[step.code]
        before = [places[code] for code in step.after if code in places]
        rows.append(
            GanttRow(
                step=step,
                y=y,
                start=min(x, max((place[0] for place in before), default=x)),
                planned=x,
                actual=axis.x(step.actual) if step.actual else None,
                links=tuple(_link(place, (x, y)) for place in before),
            )
        )
    bottom = _TOP + _ROW * len(rows)
    return Gantt(
        width=_WIDTH,
        height=bottom + _BOTTOM,
        titles=_TITLES,
        top=_TOP,
        bottom=bottom,
        ticks=axis.ticks(),
        rows=tuple(rows),
        e_day=(axis.x_of_day(e_day), round((_WIDTH - _MARGIN - _TITLES) / axis.days, 1)),
        now=axis.x(at) if axis.contains(at) else None,
    )


def _link(before: tuple[float, int], after: tuple[float, int]) -> str:
    """The path from the mark of one step down (or up) to the row of the next."""
    (x1, y1), (x2, y2) = before, after
    return f"M{x1},{y1} V{y2} H{x2}"
