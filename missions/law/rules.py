"""The vocabulary of a rule profile: frozen values, no files, no arithmetic. Unknown is a value of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TypeVar

from missions.data.values import Wording

R = TypeVar("R", "Category", "Deadline", "Document", "Ground", "Inviter", "LegalEvent", "Source")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A rule that the sources do not give. Shown as unknown, it never blocks and never passes as met."""

    note: str


class Basis(StrEnum):
    """What a source is worth: binding text first, our own assumption last."""

    LAW = "law"
    INSTRUCTION = "instruction"
    PRACTICE = "practice"
    PRESS = "press"
    ASSUMPTION = "assumption"


class Anchor(StrEnum):
    """From which day a rule counts."""

    E_DAY = "e_day"
    FIXED = "fixed"


class Effect(StrEnum):
    """What happens at the instant: something may be done until then, or from then on."""

    CLOSES = "closes"
    OPENS = "opens"


class PollingEdge(StrEnum):
    """One end of the hours of voting."""

    OPENS = "polling_opens"
    CLOSES = "polling_closes"


class Weekday(StrEnum):
    """Days of the week as data files write them."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"

    @property
    def number(self) -> int:
        """As `date.weekday` counts: Monday is 0."""
        return list(Weekday).index(self)


class Scope(StrEnum):
    """Where an accreditation is good for."""

    COUNTRY = "country"
    CONSTITUENCY = "constituency"


class Decider(StrEnum):
    """Who decides: a commission of one level, or the foreign ministry."""

    CENTRAL = "central"
    CONSTITUENCY = "constituency"
    MINISTRY = "ministry"


class ValidityEvent(StrEnum):
    """The event with which accreditations expire."""

    RESULTS_PUBLISHED = "results_published"
    RESULTS_CONFIRMED = "results_confirmed"


class DocumentOwner(StrEnum):
    """Who hands a document in: each person, or the mission once for all of them."""

    PERSON = "person"
    MISSION = "mission"


class GroundUse(StrEnum):
    """What a ground supports: the refusal of an application, its inadmissibility, or the end of an accreditation."""

    REFUSAL = "refusal"
    INADMISSIBILITY = "inadmissibility"
    REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was read, and what that is worth."""

    code: str
    title: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Inviter:
    """An authority that may invite."""

    code: str
    title: Wording
    source: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of the calendar as data: anchor, offset in days, local time, and whether the named end counts.

    `zone` is an IANA name. Without `local_time` the rule speaks of the whole day. Where `categories` are
    named, it is their applications that close, and only those for `scope` if one is given.
    """

    code: str
    title: Wording
    effect: Effect
    anchor: Anchor
    offset_days: int
    fixed_on: date | None
    local_time: time | None
    zone: str
    inclusive: bool
    categories: tuple[str, ...]
    scope: Scope | None
    source: str


@dataclass(frozen=True, slots=True)
class LegalEvent:
    """Something that happens on a day of the calendar and closes or opens nothing; its hour where it is known."""

    code: str
    title: Wording
    offset_days: int
    local_time: time | None
    source: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """The deadlines with which the campaign begins and ends, and until which edge of voting silence is kept then."""

    begins: str
    ends: str
    silence_until: PollingEdge | Unknown
    source: str


@dataclass(frozen=True, slots=True)
class Broadcaster:
    """Who gives airtime: on which weekdays, from when (host's zone; None if it is not known), and how long."""

    code: str
    title: Wording
    weekdays: tuple[Weekday, ...]
    local_time: time | None
    minutes: int


@dataclass(frozen=True, slots=True)
class Airtime:
    """Free airtime: every broadcast gives each contestant a slot, in the order that was drawn."""

    broadcasters: tuple[Broadcaster, ...]
    slot: timedelta
    draw_order: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that an application needs, how many of it, and who hands it in."""

    code: str
    title: Wording
    count: int
    owner: DocumentOwner
    source: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One row of the lists of grounds on which an application may fail or an accreditation be revoked."""

    code: str
    title: Wording
    use: GroundUse
    source: str


@dataclass(frozen=True, slots=True)
class GroundLists:
    """Whether the grounds of each use are a closed list: with a closed one, nothing else supports the act."""

    refusal: bool | Unknown
    revocation: bool | Unknown


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """A scope in which a category is accredited, and who decides there."""

    scope: Scope
    decided_by: Decider


@dataclass(frozen=True, slots=True)
class CitedFlag:
    """A yes or no that was read elsewhere than the rules around it."""

    holds: bool
    source: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category of accreditation and its own rules.

    `decision_latest_offset` is the last day for a decision, in days from E-day, however many of `decision_days`
    are left then; None where the law has no such day. `one_per_commission`: an organization has at most one such
    person at one precinct commission. `valid_months` limits a term that does not end with an event.
    """

    code: str
    title: Wording
    scopes: tuple[ScopeRule, ...]
    decision_days: int | Unknown
    decision_latest_offset: int | None
    by_session: bool | Unknown
    host_citizens_excluded: bool | Unknown
    one_per_commission: CitedFlag | Unknown
    documents: tuple[str, ...] | Unknown
    application_deadline: Unknown | None
    valid_months: int | None
    source: str

    def decided_by(self, scope: Scope) -> Decider:
        """Who decides in the scope. Raises KeyError for a scope that the category lacks."""
        return {rule.scope: rule.decided_by for rule in self.scopes}[scope]


@dataclass(frozen=True, slots=True)
class PollingHours:
    """Local hours of voting, at home and in every place abroad by its own clock."""

    opens: time
    closes: time
    opens_title: Wording
    closes_title: Wording
    source: str


@dataclass(frozen=True, slots=True)
class Validity:
    """With which event accreditations expire."""

    ends_with: ValidityEvent
    source: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """The ways after a refusal, each in calendar days: to hand it over, to appeal from then, to judge the appeal."""

    delivery_days: int
    filing_days: int
    ruling_days: int
    source: str


@dataclass(frozen=True, slots=True)
class VettingLimits:
    """Limits of the findings: months of passport left after departure, days of stay, years of age."""

    passport_months_after_departure: int | Unknown
    longest_stay_days: int | Unknown
    minimum_age: int | Unknown
    maximum_age: int | Unknown
    source: str


@dataclass(frozen=True, slots=True)
class RuleProfile:
    """The law of one host for one kind of election, whole and unchangeable."""

    code: str
    title: Wording
    host_country: str
    zone: str
    languages: tuple[str, ...]
    grounds_closed: GroundLists
    polling: PollingHours | Unknown
    validity: Validity | Unknown
    appeal: Appeal | Unknown
    vetting: VettingLimits
    inviters: tuple[Inviter, ...] | Unknown
    categories: tuple[Category, ...]
    deadlines: tuple[Deadline, ...]
    campaign: Campaign | Unknown
    airtime: Airtime | Unknown
    events: tuple[LegalEvent, ...]
    documents: tuple[Document, ...]
    grounds: tuple[Ground, ...]
    sources: tuple[Source, ...]

    def category(self, code: str) -> Category:
        """The category. Raises KeyError if the profile has none of that code."""
        return _by_code(self.categories, code)

    def deadline(self, code: str) -> Deadline:
        """The deadline. Raises KeyError if the profile has none of that code."""
        return _by_code(self.deadlines, code)

    def document(self, code: str) -> Document:
        """The document. Raises KeyError if the profile has none of that code."""
        return _by_code(self.documents, code)

    def ground(self, code: str) -> Ground:
        """The ground. Raises KeyError if the profile has none of that code."""
        return _by_code(self.grounds, code)

    def grounds_for(self, use: GroundUse) -> tuple[Ground, ...]:
        """The grounds of one use, in the order of the file."""
        return tuple(ground for ground in self.grounds if ground.use is use)

    def source(self, code: str) -> Source:
        """The source. Raises KeyError if the profile has none of that code."""
        return _by_code(self.sources, code)

    def application_deadline(self, category: str, scope: Scope = Scope.COUNTRY) -> Deadline | Unknown:
        """When applications of the category close for the scope. Raises KeyError if there is no such pair."""
        rules = self.category(category)
        rules.decided_by(scope)
        for deadline in self.deadlines:
            if category in deadline.categories and deadline.scope in (scope, None):
                return deadline
        return rules.application_deadline or Unknown("No deadline is given for this scope.")

    def required_documents(self, category: str) -> tuple[Document, ...] | Unknown:
        """The documents of the category. Raises KeyError if the profile has no such category."""
        codes = self.category(category).documents
        return codes if isinstance(codes, Unknown) else tuple(self.document(code) for code in codes)

    def unknown_rules(self) -> tuple[tuple[str, str], ...]:
        """Every rule that is not known: its place in the profile, and the note that says why."""
        return tuple(_unknown_below(self, ""))


def _by_code(rows: tuple[R, ...], code: str) -> R:
    for row in rows:
        if row.code == code:
            return row
    raise KeyError(code)


def _unknown_below(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Unknown):
        yield path, value.note
    elif isinstance(value, tuple):
        for item in value:
            yield from _unknown_below(item, f"{path}.{getattr(item, 'code', '')}")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _unknown_below(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
