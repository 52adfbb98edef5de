"""The beat: rings for every job when it starts and then at the job's interval. It knows nothing and keeps no file.

What is due stands in the database, so that two beats do no more than one, and one that was off for hours has missed
nothing that its first ring does not find.
"""

from time import monotonic
from typing import Any

from celery.beat import Scheduler

from config.observability.pulse import beat_pulse


class StaticScheduler(Scheduler):
    """The schedule of the settings, told off by a stopwatch: a step of the machine's clock moves no ring."""

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)
        self._every = {name: entry["schedule"].total_seconds() for name, entry in self.app.conf.beat_schedule.items()}
        self._next_at = dict.fromkeys(self._every, monotonic())

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Ring for all that is due; the seconds until the next ring. A ring that fails is logged by Celery."""
        beat_pulse()
        now = monotonic()
        for name in (name for name, at in self._next_at.items() if at <= now):
            self.apply_entry(self.schedule[name], producer=self.producer)
            self._next_at[name] = now + self._every[name]
        return max(0.0, min(self._next_at.values()) - monotonic())
