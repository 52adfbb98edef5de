"""The kinds of change that this app makes, as those see them who are asked what a change would spoil."""

from dataclasses import dataclass

from missions.impact import Change


@dataclass(frozen=True, slots=True)
class StationClosing(Change):
    """Polling stations are taken out of use."""

    station_ids: tuple[int, ...]
