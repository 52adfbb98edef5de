"""What became of the requests of a load: taken, refused, sent away, lost, done twice; and how long it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.benchmarks.doors_load import Answer, percentile

#: Refused by a rule of the product, such as that of the places: an answer as good as any.
REFUSED = 422
SENT_AWAY = 429


@dataclass(frozen=True, slots=True)
class Target:
    """Milliseconds within which so many percent of the answers have come; none: no target."""

    p95: float | None = None
    p99: float | None = None

    def is_met(self, answers: Sequence[Answer]) -> bool:
        return all(
            limit is None or percentile(answers, percent) <= limit
            for percent, limit in ((95, self.p95), (99, self.p99))
        )

    def __str__(self) -> str:
        return ", ".join(
            f"p{percent} {limit:.0f} ms" for percent, limit in ((95, self.p95), (99, self.p99)) if limit is not None
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """One line of the table. `lost` was answered as taken and is not there; `double` is there more than once."""

    name: str
    answers: Sequence[Answer]
    target: Target
    lost: int = 0
    double: int = 0

    @property
    def taken(self) -> int:
        return sum(200 <= answer.status < 300 for answer in self.answers)

    @property
    def errors(self) -> Counter[int]:
        """Whatever else was answered; 0 for what was not answered at all."""
        known = {REFUSED, SENT_AWAY}
        return Counter(
            answer.status for answer in self.answers if not 200 <= answer.status < 300 and answer.status not in known
        )

    @property
    def is_right(self) -> bool:
        """Nothing was lost or done twice, and nothing broke; whether it was fast is another question."""
        broken = sum(count for status, count in self.errors.items() if status not in {0, 503})
        return not (self.lost or self.double or broken)

    def told(self, status: int) -> int:
        return sum(answer.status == status for answer in self.answers)


def tally(name: str, answers: Sequence[Answer], target: Target, *, stored: Mapping[str, int] | None = None) -> Tally:
    """Hold the answers against the rows that are stored, each with how often it is there; None: none are made."""
    if stored is None:
        return Tally(name, answers, target)
    taken = {answer.call.name for answer in answers if 200 <= answer.status < 300}
    sent = {answer.call.name for answer in answers}
    lost = sum(stored.get(each, 0) == 0 for each in taken)
    double = sum(max(stored.get(each, 0) - 1, 0) for each in sent)
    return Tally(name, answers, target, lost, double)


def show_tallies(title: str, tallies: Sequence[Tally]) -> None:
    """Print the table. A missed time is marked; it is no error, for the machine may be busy."""
    columns = ("load", "offered", "taken", "422", "429", "errors", "p50", "p95", "p99 ms", "lost", "double")
    table = Table(*columns, "target", "", title=title)
    for one in tallies:
        errors = ", ".join(f"{count} of {status}" for status, count in sorted(one.errors.items()))
        times = (f"{percentile(one.answers, percent):,.0f}" for percent in (50, 95, 99))
        counts = (len(one.answers), one.taken, one.told(REFUSED), one.told(SENT_AWAY))
        verdict = "" if not str(one.target) else "ok" if one.target.is_met(one.answers) else "missed"
        cells = [*(f"{count:,}" for count in counts), errors or "0", *times, str(one.lost), str(one.double)]
        table.add_row(one.name, *cells, str(one.target), verdict if one.is_right else "WRONG")
    Console(width=170).print(table)
