"""Comparing nominations with what is stored: which are new, altered, the same, or in contradiction. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.models import Application, Document, Finding, Nomination, Observer
from accreditation.services.drafts import NominationDraft
from accreditation.services.people import (
    CHUNK,
    PassportKey,
    Person,
    describe_people,
    known_people,
    passport_of,
    person_differences,
)
from accreditation.states import ApplicationState, Category, DocumentKind
from missions.kernel.errors import Violation
from missions.kernel.text import fold_key
from missions.models import Delegation, Mission

_PLAIN_FIELDS = ("role", "sending_state", "documents_on", "arrives_on", "departs_on", "initiative")


@dataclass(slots=True)
class Stored:
    """What the database holds about the nominations of one mission that one request may mean, and its people."""

    by_reference: dict[str, Nomination]
    by_passport: dict[PassportKey, Nomination]
    category: Category
    observers: dict[PassportKey, Observer]
    # None is read where the request names none.
    delegations: dict[str, Delegation]
    # The latest application of each nomination, in whatever category.
    applications: dict[int, Application]
    documents: dict[int, set[str]]
    # Observers whom other missions have nominated too: their facts are no longer one mission's to correct.
    shared: set[int]
    # Observers with a live application of the category, by anybody.
    applied_for: set[int]


@dataclass(frozen=True, slots=True)
class Change:
    """A stored nomination and the fields in which the request differs; `papers` are enclosed and not there yet.

    With `again` its last application is over, and the mission applies for the person once more.
    """

    person: Person
    nomination: Nomination
    fields: tuple[str, ...] = ()
    person_fields: tuple[str, ...] = ()
    papers: tuple[DocumentKind, ...] = ()
    again: bool = False


@dataclass(slots=True)
class Sorting:
    """The request, sorted. With violations nothing may be written."""

    new: list[Person] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    @property
    def renominated(self) -> list[Change]:
        """Nominations that were over and get a new application."""
        return [change for change in self.changed if change.again]

    @property
    def places(self) -> int:
        """How many places the request takes, in its category."""
        return len(self.new) + sum(
            not change.nomination.holds_place or "category" in change.fields for change in self.renominated
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The people of a request beside what is stored of them. Good for one writing, under the lock of its mission."""

    people: Sequence[Person]
    stored: Stored
    sorting: Sorting

    def only(self, references: Collection[str]) -> "Comparison":
        """The same for a part of the request."""
        people = [person for person in self.people if person.draft.reference in references]
        return Comparison(people, self.stored, sort_nominations(people, self.stored))


def compare_nominations(mission: Mission, drafts: Sequence[NominationDraft], category: Category) -> Comparison:
    """Hold the drafts of one request against what is stored."""
    people = describe_people(mission.election, drafts)
    stored = read_stored(mission, people, category)
    return Comparison(people, stored, sort_nominations(people, stored))


def read_stored(mission: Mission, people: Sequence[Person], category: Category) -> Stored:
    """What is stored of the mission's nominations of these people, or under their references, and of the people.

    The number of queries grows only by 500 people.
    """
    observers = known_people(mission.election, [person.passport for person in people])
    ids = sorted(observer.pk for observer in observers.values())
    own = _own(mission, people, ids)
    nominations = list(own)
    for nomination in nominations:
        nomination.mission = mission
    shared: set[int] = set()
    applied_for: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        elsewhere = Nomination.objects.filter(observer__in=chunk).exclude(mission=mission)
        shared.update(elsewhere.values_list("observer_id", flat=True))
        live = Application.objects.live().filter(observer__in=chunk, category=category)
        applied_for.update(live.values_list("observer_id", flat=True))
    keys = own.order_by().values("pk")
    applications = Application.objects.filter(nomination__in=keys).select_related("constituency").order_by("pk")
    delegations = mission.delegations.order_by() if any(person.draft.delegation for person in people) else ()
    return Stored(
        by_reference={row.reference: row for row in nominations},
        by_passport={passport_of(row.observer): row for row in nominations},
        category=category,
        observers=observers,
        delegations={fold_key(row.name): row for row in delegations},
        applications={row.nomination_id: row for row in applications} if nominations else {},
        documents=_papers(keys) if nominations else defaultdict(set),
        shared=shared,
        applied_for=applied_for,
    )


def _own(mission: Mission, people: Sequence[Person], observers: Sequence[int]) -> QuerySet[Nomination]:
    """The mission's nominations that a request may mean; for a long request all of them, in one query."""
    secrets = ["observer__passport_number"]
    if not any(person.described.mrz for person in people):
        secrets.append("observer__mrz")  # read only to be compared
    own = Nomination.objects.filter(mission=mission).select_related("observer").defer(*secrets)
    if len(people) > CHUNK:
        return own
    return own.filter(Q(reference__in={person.draft.reference for person in people}) | Q(observer__in=observers))


def _papers(nominations: QuerySet[Nomination, Any]) -> dict[int, set[str]]:
    """Per application the documents that are there, or that the desk has asked for: a file brings neither again."""
    papers: dict[int, set[str]] = defaultdict(set)
    there = Document.objects.filter(application__nomination__in=nominations)
    for application_id, kind in there.values_list("application_id", "kind"):
        papers[application_id].add(kind)
    asked = Finding.objects.filter(
        application__nomination__in=nominations, code__startswith=rules.ASKED, closed_at=None
    )
    for application_id, code in asked.values_list("application_id", "code"):
        papers[application_id].add(code.removeprefix(rules.ASKED))
    return papers


def sort_nominations(people: Sequence[Person], stored: Stored) -> Sorting:
    """Sort the request by what has to be done. Every contradiction is named, with the reference as its field."""
    sorting = Sorting(violations=[*_repeated(people)])
    for person in people:
        nomination = stored.by_reference.get(person.draft.reference)
        named = stored.by_passport.get(person.passport)
        if nomination is None and named is None:
            sorting.new.append(person)
        elif nomination is None or nomination is not named:
            sorting.violations.append(_contradiction(person.draft, is_taken=nomination is not None))
        else:
            _sort_known(_compare(person, nomination, stored), stored, sorting)
    return sorting


def _sort_known(change: Change, stored: Stored, sorting: Sorting) -> None:
    violation = _objection(change, stored.applications.get(change.nomination.pk))
    if violation:
        sorting.violations.append(violation)
    elif change.again or change.fields or change.person_fields or change.papers:
        sorting.changed.append(change)
    else:
        sorting.unchanged.append(change)


def _objection(change: Change, application: Application | None) -> Violation | None:
    """What forbids the change: the nomination stands in another category, or its application says otherwise by now."""
    draft = change.person.draft
    if "category" in change.fields and not change.again:
        detail = _("The mission has nominated this person in another category already.")
        return Violation(draft.reference, "other_category", detail)
    if application is None or application.closed_at is not None:
        return None
    if change.person_fields and application.state not in rules.NOT_YET_JUDGED:
        detail = _("The application is under way; what it says of the person can no longer be changed by nomination.")
        return Violation(draft.reference, "person_frozen", detail)
    if _elsewhere(draft, application):
        detail = _("The application is for another constituency or precinct; withdraw it and nominate the person anew.")
        return Violation(draft.reference, "other_place", detail)
    return None


def _elsewhere(draft: NominationDraft, application: Application) -> bool:
    """Whether the request names another place than the application has; one that names none says nothing of it."""
    number = application.constituency.number if application.constituency else None
    differs = draft.constituency is not None and draft.constituency != number
    return differs or (draft.precinct_code != "" and draft.precinct_code != application.precinct_code)


def _compare(person: Person, nomination: Nomination, stored: Stored) -> Change:
    draft = person.draft
    fields = [name for name in _PLAIN_FIELDS if getattr(nomination, name) != getattr(draft, name)]
    if draft.political_group not in ("", nomination.political_group):  # who is silent about it takes nothing back
        fields.append("political_group")
    delegation = stored.delegations.get(fold_key(draft.delegation))
    if (nomination.delegation_id or 0) != (delegation.pk if delegation else 0) or (draft.delegation and not delegation):
        fields.append("delegation")
    observer = nomination.observer
    person_fields = [] if observer.pk in stored.shared else person_differences(observer, person.described)
    application = stored.applications.get(nomination.pk)
    if nomination.category != stored.category:
        fields.append("category")
    papers: set[str] = set()
    if application and application.state in (ApplicationState.DRAFT, ApplicationState.INCOMPLETE):
        papers = {kind.value for kind in draft.documents} - stored.documents[application.pk]
    return Change(
        person=person,
        nomination=nomination,
        fields=tuple(fields),
        person_fields=tuple(person_fields),
        papers=tuple(DocumentKind(kind) for kind in sorted(papers)),
        again=bool(application and application.closed_at and observer.pk not in stored.applied_for),
    )


def _repeated(people: Sequence[Person]) -> list[Violation]:
    """References and passports that stand more than once in the request itself."""
    references = Counter(person.draft.reference for person in people)
    passports = Counter(person.passport for person in people)
    violations = []
    for person in people:
        if references[person.draft.reference] > 1:
            detail = _("The reference stands more than once.")
            violations.append(Violation(person.draft.reference, "duplicate_reference", detail))
        if passports[person.passport] > 1:
            detail = _("The same passport stands more than once.")
            violations.append(Violation(person.draft.reference, "duplicate_passport", detail))
    return violations


def _contradiction(draft: NominationDraft, *, is_taken: bool) -> Violation:
    if is_taken:
        detail = _("The reference stands for another person already; use a new one.")
        return Violation(draft.reference, "reference_taken", detail)
    detail = _("The mission has nominated this person already, under another reference.")
    return Violation(draft.reference, "nominated_already", detail)
