"""Reads of figures: what is public, what counting again gives, and what others said beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from missions.headline import Headline, headline_of
from missions.models import Election
from missions.reports.figures.models import FigureClaim, FrozenFigures

#: The three numbers of a figure, in the order in which they are said.
NUMBERS = ("observers", "organizations", "countries")


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """One published count: so many observers of so many organizations from so many countries, true at `as_of`."""

    observers: int
    organizations: int
    countries: int
    as_of: datetime
    rule: str
    rule_words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that was one thing and is another: one of NUMBERS, or the people of an organization or a country."""

    of: str
    before: int
    now: int

    @property
    def by(self) -> int:
        """How many more now; below zero: fewer."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Recount:
    """Frozen figures beside the count of the same instant made now."""

    figures: FrozenFigures
    now: Headline
    differences: tuple[Difference, ...]

    @property
    def is_same_rule(self) -> bool:
        """Whether both were counted by the same version of the same rule."""
        return (self.figures.rule_code, self.figures.rule_version) == (self.now.rule.code, self.now.rule.version)

    @property
    def is_same(self) -> bool:
        """Whether exactly the same people count."""
        return self.is_same_rule and self.figures.digest == self.now.digest and not self.differences


@dataclass(frozen=True, slots=True)
class ClaimBeside:
    """What others said beside our count of the same instant and organization; of each number that the source gives."""

    claim: FigureClaim
    ours: Headline
    numbers: tuple[Difference, ...]


def figures_on_record(election: Election | None = None) -> Mapping[int, tuple[PublicFigures, ...]]:
    """The published figures of one election or of all, by its key, the earliest instant first. One query."""
    rows = FrozenFigures.objects.published().order_by("election", "as_of", "pk")
    if election is not None:
        rows = rows.filter(election=election)
    found: dict[int, tuple[PublicFigures, ...]] = {}
    for row in rows:
        rule = f"{row.rule_code}-{row.rule_version}"
        one = PublicFigures(row.observers, row.organizations, row.countries, row.as_of, rule, row.rule_words)
        found[row.election_id] = (*found.get(row.election_id, ()), one)
    return found


def recount(figures: FrozenFigures) -> Recount:
    """Count again for the same instant, and name whatever differs."""
    now = headline_of(figures.election, at=figures.as_of)
    differences = [
        Difference(name, getattr(figures, name), getattr(now, name))
        for name in NUMBERS
        if getattr(figures, name) != getattr(now, name)
    ]
    differences += _differences(figures.by_organization, now.by_organization)
    differences += _differences(figures.by_country, now.by_country)
    return Recount(figures, now, tuple(differences))


def claim_beside(claim: FigureClaim) -> ClaimBeside:
    """What was said, and what we count for that instant: `before` is theirs, `now` ours."""
    ours = headline_of(claim.election, at=claim.as_of, organization=claim.organization)
    numbers = [(name, getattr(claim, name)) for name in NUMBERS]
    return ClaimBeside(
        claim, ours, tuple(Difference(name, said, getattr(ours, name)) for name, said in numbers if said is not None)
    )


def series_of(election: Election) -> tuple[FrozenFigures, ...]:
    """All frozen figures of an election, the earliest instant first. One query."""
    return tuple(FrozenFigures.objects.filter(election=election).order_by("as_of", "pk"))


def claims_about(election: Election) -> tuple[ClaimBeside, ...]:
    """What others said about an election, withdrawn claims left out. One query, and one for each claim."""
    rows = FigureClaim.objects.filter(election=election, withdrawn_at=None).select_related("election", "organization")
    return tuple(claim_beside(row) for row in rows.order_by("as_of", "pk"))


def _differences(before: Mapping[str, int], now: Mapping[str, int]) -> list[Difference]:
    names = sorted(before.keys() | now.keys())
    return [
        Difference(name, before.get(name, 0), now.get(name, 0))
        for name in names
        if before.get(name, 0) != now.get(name, 0)
    ]
