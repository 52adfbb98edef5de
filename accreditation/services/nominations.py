"""The one door for nominations: a single person, a list, and a file go through the same function."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accreditation.errors import NominationsRefusedError, OnePerCommissionError, RegisterChangedError
from accreditation.models import Application, Document, Nomination, Observer
from accreditation.services.applications import receive_document
from accreditation.services.drafts import NominationDraft, NominationResult, draft_violations
from accreditation.services.moves import lock_mission
from accreditation.services.people import PERSON_FIELDS, Person
from accreditation.services.precincts import ensure_one_per_commission, exclusive_keys
from accreditation.services.quotas import give_back, place_refusal, take_places
from accreditation.services.sorting import Change, Comparison, Sorting, Stored, compare_nominations
from accreditation.services.vetting import local_day
from accreditation.states import ApplicationState, Category
from missions.kernel.errors import DomainError, Violation
from missions.kernel.events import EventDraft, record_events
from missions.kernel.integrity import broken_constraint
from missions.kernel.text import fold_key
from missions.models import Constituency, Delegation, Election, Mission, User

_BATCH = 500
_NOMINATION_FIELDS = (
    "role",
    "sending_state",
    "documents_on",
    "arrives_on",
    "departs_on",
    "initiative",
    "political_group",
    "delegation",
    "category",
    "holds_place",
)


def nominate_observers(
    *,
    mission: Mission,
    drafts: Sequence[NominationDraft],
    by: User | None,
    at: datetime,
    category: Category = Category.INTERNATIONAL_OBSERVER,
) -> NominationResult:
    """Take the nominations of a mission, all or none; a repeated one changes nothing.

    A nomination is known by its reference, a person by election, issuer and passport. New nominations take places
    in the category and get a draft application with the enclosed documents, unless the person has a live one
    already. A nomination whose application is over gets a new one, and takes a place again if it holds none. What
    is stored about a person is corrected only while nobody else has nominated the person. Delegations are made as
    they are named. One event per nomination and per application. The number of queries grows only with blocks of
    rows. `by` is None for a file that no person brought.

    Raises CeilingReachedError, NominationsRefusedError (every contradiction by reference), OnePerCommissionError and
    RegisterChangedError (somebody wrote the same fact or person at this moment), MissingError.
    """
    with _conflicts_named(), transaction.atomic():
        locked = lock_mission(mission.pk)
        _ensure_sound(drafts, last_day_of_papers(locked.election, at))
        return _nominate(locked, compare_nominations(locked, drafts, category), category, by=by, at=at)


def nominate_compared(
    *, mission: Mission, compared: Comparison, by: User | None, at: datetime, category: Category
) -> NominationResult:
    """The same of sound drafts, for who has locked the mission in this transaction and compared them since."""
    with _conflicts_named(), transaction.atomic():
        return _nominate(mission, compared, category, by=by, at=at)


def _nominate(
    mission: Mission, compared: Comparison, category: Category, *, by: User | None, at: datetime
) -> NominationResult:
    stored, sorting = compared.stored, compared.sorting
    if sorting.violations:
        raise NominationsRefusedError(violations=sorting.violations)
    _take_places(mission, sorting, category)
    _add_delegations(mission, [person.draft for person in compared.people], stored)
    events = _change(sorting.changed, stored)
    events += [_event("renominated", change.nomination, mission) for change in sorting.renominated]
    added = _add(mission, sorting.new, stored, category, at)
    events += [_event("nominated", row, mission) for row in added.values()]
    wanting = _without_application(sorting, added, stored)
    applications = _apply(mission, wanting, stored, category)
    events += [
        _event("application_drafted", row, mission, to_state=ApplicationState.DRAFT) for row in applications.values()
    ]
    record_events(events, by=by, at=at)
    _hand_in(sorting.changed, stored, by=by, at=at)
    late = {change.person.draft.reference for change in sorting.unchanged} & applications.keys()
    return NominationResult(
        added=len(sorting.new),
        changed=len(sorting.changed) + len(late),
        unchanged=len(sorting.unchanged) - len(late),
        without_application=tuple(sorted(wanting.keys() - applications.keys())),
        renominated=len(sorting.renominated),
    )


def _take_places(mission: Mission, sorting: Sorting, category: Category) -> None:
    """Take what the request needs, before its rows are written; who changes the category leaves a place behind."""
    take_places(mission, category, sorting.places)
    for change in sorting.renominated:
        nomination = change.nomination
        if nomination.holds_place and nomination.category != category:
            give_back(mission.pk, nomination.category)
        nomination.holds_place, nomination.category = True, category


def last_day_of_papers(election: Election, at: datetime) -> date:
    """The last day for which a nomination announces its papers: that of the vote, or today where that is over."""
    return max(election.e_day, local_day(election, at))


def _ensure_sound(drafts: Iterable[NominationDraft], last_day: date) -> None:
    faults = [
        Violation(f"{draft.reference}.{fault.field}", fault.code, fault.detail)
        for draft in drafts
        for fault in draft_violations(draft, last_day=last_day)
    ]
    if faults:
        raise NominationsRefusedError(violations=faults)


def _add_delegations(mission: Mission, drafts: Iterable[NominationDraft], stored: Stored) -> None:
    names = {fold_key(draft.delegation): draft.delegation for draft in drafts if draft.delegation}
    new = [Delegation(mission=mission, name=name) for key, name in names.items() if key not in stored.delegations]
    for row in Delegation.objects.bulk_create(new):
        stored.delegations[fold_key(row.name)] = row


def _change(changes: Iterable[Change], stored: Stored) -> list[EventDraft]:
    """Write what differs; returns one event per nomination."""
    events, nominations, observers = [], [], []
    for change in changes:
        nomination, draft = change.nomination, change.person.draft
        for name in change.fields:
            if name == "delegation":
                nomination.delegation = stored.delegations.get(fold_key(draft.delegation))
            elif name != "category":
                setattr(nomination, name, getattr(draft, name))
        for name in change.person_fields:
            setattr(nomination.observer, name, getattr(change.person.described, name))
        if change.fields or change.again:
            nominations.append(nomination)
        if change.person_fields:
            observers.append(nomination.observer)
        fields = (*change.fields, *change.person_fields)
        if fields:
            events.append(_event("nomination_changed", nomination, nomination.mission, changed=fields))
    Nomination.objects.bulk_update(nominations, _NOMINATION_FIELDS, batch_size=_BATCH)
    Observer.objects.bulk_update(observers, PERSON_FIELDS, batch_size=_BATCH)
    return events


def _add(
    mission: Mission, people: Sequence[Person], stored: Stored, category: Category, at: datetime
) -> dict[str, Nomination]:
    """Write new nominations and the people among them who are new; by reference."""
    strangers = [person.described for person in people if person.passport not in stored.observers]
    Observer.objects.bulk_create(strangers, batch_size=_BATCH)
    stored.observers.update((person.passport, person.described) for person in people if person.described.pk)
    rows = Nomination.objects.bulk_create(
        [_nomination(mission, person, stored, category, at) for person in people], batch_size=_BATCH
    )
    return {row.reference: row for row in rows}


def _nomination(mission: Mission, person: Person, stored: Stored, category: Category, at: datetime) -> Nomination:
    draft = person.draft
    return Nomination(
        mission=mission,
        observer=stored.observers[person.passport],
        delegation=stored.delegations.get(fold_key(draft.delegation)) if draft.delegation else None,
        category=category,
        role=draft.role,
        reference=draft.reference,
        sending_state=draft.sending_state,
        documents_on=draft.documents_on,
        arrives_on=draft.arrives_on,
        departs_on=draft.departs_on,
        initiative=draft.initiative,
        political_group=draft.political_group,
        created_at=at,
    )


def _without_application(
    sorting: Sorting, added: dict[str, Nomination], stored: Stored
) -> dict[str, tuple[NominationDraft, Nomination]]:
    """Nominations of the request that have no application, or once more none that lives, by reference."""
    wanting = {person.draft.reference: (person.draft, added[person.draft.reference]) for person in sorting.new}
    for change in (*sorting.changed, *sorting.unchanged):
        if change.again or change.nomination.pk not in stored.applications:
            wanting[change.person.draft.reference] = (change.person.draft, change.nomination)
    return wanting


def _apply(
    mission: Mission, wanting: dict[str, tuple[NominationDraft, Nomination]], stored: Stored, category: Category
) -> dict[str, Application]:
    """Write draft applications, with the enclosed documents, for people without a live one; by reference."""
    free = {
        reference: (draft, nomination)
        for reference, (draft, nomination) in wanting.items()
        if nomination.observer_id not in stored.applied_for
    }
    drafts = [draft for draft, _nomination in free.values()]
    constituencies = _constituencies(mission, drafts)
    keys = exclusive_keys(mission, category, drafts)
    ensure_one_per_commission(mission.election, category, keys)
    applications = Application.objects.bulk_create(
        [
            Application(
                election=mission.election,
                observer=nomination.observer,
                nomination=nomination,
                category=category,
                constituency_id=None if draft.constituency is None else constituencies[draft.constituency],
                precinct_code=draft.precinct_code,
                exclusive_key=keys[draft.reference],
            )
            for draft, nomination in free.values()
        ],
        batch_size=_BATCH,
    )
    Document.objects.bulk_create(
        [
            Document(application=application, kind=kind, received_on=draft.documents_on)
            for application, (draft, _nomination) in zip(applications, free.values(), strict=True)
            for kind in sorted(draft.documents)
        ],
        batch_size=_BATCH,
    )
    return dict(zip(free, applications, strict=True))


def _constituencies(mission: Mission, drafts: Sequence[NominationDraft]) -> dict[int, int]:
    """The keys of the constituencies that are named, by number. Raises NominationsRefusedError for an unknown one."""
    named = {draft.constituency for draft in drafts if draft.constituency is not None}
    rows = Constituency.objects.filter(election=mission.election, number__in=named)
    known = dict(rows.values_list("number", "pk"))
    detail = gettext("The election has no constituency of this number.")
    unknown = [
        Violation(f"{draft.reference}.constituency", "unknown_constituency", detail)
        for draft in drafts
        if draft.constituency is not None and draft.constituency not in known
    ]
    if unknown:
        raise NominationsRefusedError(violations=unknown)
    return known


def _hand_in(changes: Iterable[Change], stored: Stored, *, by: User | None, at: datetime) -> None:
    """Papers that a repeated nomination encloses anew arrive as any other paper does."""
    for change in changes:
        for kind in change.papers:
            receive_document(application=stored.applications[change.nomination.pk], kind=kind, by=by, at=at)


def _event(
    verb: str,
    row: Nomination | Application,
    mission: Mission,
    *,
    to_state: str = "",
    changed: Sequence[str] = (),
) -> EventDraft:
    return EventDraft(verb=verb, obj=row, scope_id=mission.pk, to_state=to_state, changed=changed)


@contextmanager
def _conflicts_named() -> Iterator[None]:
    """What the database refused is told as what it means."""
    try:
        yield
    except IntegrityError as error:
        raise _named(error) from error


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Mission, Observer, Nomination, Application, Delegation):
        case "application_one_per_commission":
            return OnePerCommissionError()
        case "observer_passport_once" | "nomination_once" | "nomination_reference_once" | "application_one_live":
            return RegisterChangedError()
        case "delegation_name_once":
            return RegisterChangedError()
    if refusal := place_refusal(error):
        return refusal
    raise error
