"""The shares of visits that hold for an owner of plans: chosen, or the usual ones."""

from dataclasses import asdict, dataclass

from missions.models import Election, Mission
from stations.deployment.models import VisitShares
from stations.deployment.parameters import StratumShares

_USUAL = StratumShares()


@dataclass(frozen=True, slots=True)
class Shares:
    """For each kind of station, per cent of what falls to it by its number of stations."""

    rural: int = _USUAL.rural // 10
    urban: int = _USUAL.urban // 10
    camera: int = _USUAL.camera // 10
    newly_covered: int = _USUAL.newly_covered // 10

    def as_parameters(self) -> StratumShares:
        """As the optimizer's input counts them: in thousandths."""
        return StratumShares(**{name: percent * 10 for name, percent in asdict(self).items()})


def chosen_shares(election: Election, mission: Mission | None) -> VisitShares | None:
    """What the mission, or the pool (None), has chosen; None where it has chosen nothing. One query."""
    return VisitShares.objects.filter(election=election, mission=mission).first()


def shares_of(row: VisitShares | None) -> Shares:
    """The chosen shares as values, or the usual ones."""
    return Shares() if row is None else Shares(row.rural, row.urban, row.camera, row.newly_covered)
