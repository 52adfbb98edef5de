"""What a provider of AUDIENCE_TRAITS looks like: a state of a delegation by which a broadcast may choose missions."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from missions.kernel.errors import Text
from missions.kernel.providers import providers_of


@dataclass(frozen=True, slots=True)
class MissionTrait:
    """A fact that holds for some missions of an election at an instant. The code is stable and unique."""

    code: str
    title: Text
    mission_ids: Callable[[int, datetime], Collection[int]]


def mission_traits() -> Sequence[MissionTrait]:
    """All traits of the installation, in the order of its settings. Raises ImportError."""
    return providers_of("AUDIENCE_TRAITS")


def trait_of(code: str) -> MissionTrait | None:
    """The trait with this code; None where the installation does not know it."""
    return next((trait for trait in mission_traits() if trait.code == code), None)
