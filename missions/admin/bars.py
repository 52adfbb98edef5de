"""Labelled amounts that pages draw as bars (desk/bars.html)."""

from dataclasses import dataclass

from django.utils.formats import number_format

from missions.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled amount with the length of its bar in per cent."""

    label: Text
    count: int
    percent: int
    note: str = ""
    tone: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """The amount for people."""
        return grouped(self.count)


def grouped(count: int) -> str:
    """A number for people, its thousands apart."""
    return number_format(count, force_grouping=True)


def percent(count: int, whole: int) -> int:
    """The share in per cent, rounded; nothing of nothing."""
    return round(100 * count / whole) if whole else 0
