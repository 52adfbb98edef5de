"""Reads of figures: what is public, what counting again gives, and what others said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
class PublicClaim:
    """What somebody else said, beside our published figure of the instant next before it.

    Of each number that the source gives: `before` is theirs, `now` ours, true at `ours_as_of`. `organization` is the
    acronym of the one whose observers it counts, empty if it counts all. Of one organization we count the people only.
    """

    source: str
    said_on: date
    text: str
    organization: str
    numbers: tuple[Difference, ...]
    ours_as_of: datetime


@dataclass(frozen=True, slots=True)
class FiguresOnRecord:
    """The published figures of an election, the earliest instant first, and the published claims of others."""

    figures: tuple[PublicFigures, ...] = ()
    claims: tuple[PublicClaim, ...] = ()


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


def figures_on_record(election: Election | None = None) -> Mapping[int, FiguresOnRecord]:
    """What is published of one election or of all, by its key. Two queries."""
    rows = FrozenFigures.objects.published().order_by("election", "as_of", "pk")
    claims = FigureClaim.objects.public().select_related("organization").order_by("election", "as_of", "pk")
    if election is not None:
        rows, claims = rows.filter(election=election), claims.filter(election=election)
    ours: dict[int, list[FrozenFigures]] = {}
    for row in rows:
        ours.setdefault(row.election_id, []).append(row)
    theirs: dict[int, list[FigureClaim]] = {}
    for claim in claims:
        theirs.setdefault(claim.election_id, []).append(claim)
    return {
        key: FiguresOnRecord(
            tuple(_public_figures(row) for row in published),
            tuple(_public_claim(claim, published) for claim in theirs.get(key, ())),
        )
        for key, published in ours.items()
    }


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


def _public_figures(row: FrozenFigures) -> PublicFigures:
    rule = f"{row.rule_code}-{row.rule_version}"
    return PublicFigures(row.observers, row.organizations, row.countries, row.as_of, rule, row.rule_words)


def _public_claim(claim: FigureClaim, published: Sequence[FrozenFigures]) -> PublicClaim:
    ours = next((row for row in reversed(published) if row.as_of <= claim.as_of), published[0])
    organization = claim.organization.acronym if claim.organization else ""
    counts = {name: getattr(ours, name) for name in NUMBERS}
    if organization:
        counts = {"observers": ours.by_organization.get(organization, 0)}
    said = [(name, getattr(claim, name)) for name in counts]
    return PublicClaim(
        source=claim.source,
        said_on=claim.said_on,
        text=claim.text,
        organization=organization,
        numbers=tuple(Difference(name, theirs, counts[name]) for name, theirs in said if theirs is not None),
        ours_as_of=ours.as_of,
    )


def _differences(before: Mapping[str, int], now: Mapping[str, int]) -> list[Difference]:
    names = sorted(before.keys() | now.keys())
    return [
        Difference(name, before.get(name, 0), now.get(name, 0))
        for name in names
        if before.get(name, 0) != now.get(name, 0)
    ]
