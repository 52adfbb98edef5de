"""What a change would touch, as a page of its preview tells it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from missions.impact import Impact, Weight
from missions.kernel.errors import Text

_WEIGHTS: dict[Weight, tuple[str, Text]] = {
    Weight.SPOILS: ("danger", _("spoiled")),
    Weight.ALTERS: ("warning", _("changes")),
    Weight.TELLS: ("info", _("to know")),
}


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One impact as the page tells it."""

    tone: str
    label: Text
    subject: Text
    sentence: Text
    url: str


def impact_groups(impacts: Iterable[Impact]) -> list[tuple[str, list[ImpactLine]]]:
    """The impacts under their headings, each heading where it comes first."""
    groups: dict[str, list[ImpactLine]] = {}
    for impact in impacts:
        groups.setdefault(str(impact.group), []).append(_line(impact))
    return list(groups.items())


def _line(impact: Impact) -> ImpactLine:
    tone, label = _WEIGHTS[impact.weight]
    return ImpactLine(tone, label, impact.subject, impact.sentence, impact.url)
