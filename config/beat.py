"""The beat: rings for every job when it starts and then at the job's interval. It knows nothing and keeps no file.

What is due stands in the database, so that two beats do no more than one, and one that was off for hours has missed
nothing that its first ring does not find.
"""

from time import monotonic

from celery.beat import Scheduler


class StaticScheduler(Scheduler):
    """The schedule of the settings, told off by a stopwatch: a step of the machine's clock moves no ring."""

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)
        self._next_at = dict.fromkeys(self.schedule, monotonic())

    def tick(self) -> float:
        """Ring for all that is due; the seconds until the next ring. A ring that fails is logged by Celery."""
        now = monotonic()
        for name in (name for name, at in self._next_at.items() if at <= now):
            entry = self.schedule[name]
            self.apply_entry(entry, producer=self.producer)
            self._next_at[name] = now + entry.schedule.run_every.total_seconds()
        return max(0.0, min(self._next_at.values()) - monotonic())
