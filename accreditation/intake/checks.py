"""What a nomination file is checked for beyond single cells: rows by themselves, against each other, and the register.

Errors keep the whole file out. Warnings are what the desk will find later; nothing here names another mission.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from accreditation.intake.drafting import NumberedDraft
from accreditation.services.drafts import NominationDraft, draft_violations
from accreditation.services.sorting import Comparison, Sorting, Stored
from accreditation.states import Category
from accreditation.vetting import findings as vetting
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.mrz import Mrz, MrzError, parse_mrz
from accreditation.vetting.zone import zone_differences
from missions.kernel.crypto import keyed_hash
from missions.kernel.errors import Violation
from missions.kernel.spreadsheets.table import RowFinding, Severity
from missions.kernel.text import fold_key, mask
from missions.law.profile import RuleProfile
from missions.models import Constituency, Mission

#: What vetting finds that cannot become better: such a row is an error, all else is a warning.
_ERRORS = {"passport_expired": "passport_expires_on", "birth_in_future": "birth_date"}
_COLUMNS = {
    **_ERRORS,
    "host_citizenship": "nationality",
    "passport_expires_before_departure": "passport_expires_on",
    "passport_expires_soon": "passport_expires_on",
    "arrives_late": "arrives_on",
    "long_stay": "departs_on",
    "too_young": "birth_date",
    "too_old": "birth_date",
    "passport_issued_in_future": "passport_issued_on",
}
#: What vetting finds and `draft_violations` has named before.
_ERRORS_OF_DRAFTS = ("departs_before_arrival", "passport_issued_after_expiry", "passport_issued_before_birth")
_SECRET = ("passport_number", "mrz")
#: The column in which a contradiction with the register stands.
_CONTRADICTIONS = {"reference_taken": "reference", "nominated_already": "passport_number"}


def check_drafts(rows: Sequence[NumberedDraft], *, last_day: date, of_file: bool = True) -> Iterator[RowFinding]:
    """Rows by themselves and against each other: two rows with one passport or one reference are both marked.

    `last_day` is the last for which papers are announced. What came in no file is not said to be in a row.
    """
    for row in rows:
        for fault in draft_violations(row.draft, last_day=last_day):
            yield _finding(row, fault.field, fault.code, fault.detail)
        if not row.draft.given_names:
            message = _("There is no given name; that is right for people with a single name only.")
            yield _finding(row, "given_names", "no_given_name", message, Severity.WARNING)
    passport, reference = _("Number %(rows)s has the same passport."), _("Number %(rows)s has the same reference.")
    if of_file:
        passport, reference = _("The same passport is in row %(rows)s."), _("The same reference is in row %(rows)s.")
    yield from _repeated(
        rows, "passport_number", passport, lambda draft: (draft.passport_issuer, draft.passport_number)
    )
    yield from _repeated(rows, "reference", reference, lambda draft: draft.reference)


def check_law(
    rows: Sequence[NumberedDraft], *, category: Category, profile: RuleProfile, e_day: date, today: date
) -> Iterator[RowFinding]:
    """What vetting will say of each person, as far as the file tells; its rules are the only ones."""
    for row in rows:
        facts = _facts(row.draft, category=category, e_day=e_day, today=today)
        found = (
            *vetting.host_citizenship(facts, profile=profile),
            *vetting.passport_expiry(facts, profile=profile),
            *vetting.passport_issue(facts),
            *zone_differences(facts),
            *vetting.stay(facts, profile=profile),
            *vetting.age(facts, profile=profile),
            *vetting.missing_documents(facts, profile=profile),
        )
        for finding in found:
            if finding.code in _ERRORS_OF_DRAFTS:
                continue
            severity = Severity.ERROR if finding.code in _ERRORS else Severity.WARNING
            yield _finding(row, _COLUMNS.get(finding.code, ""), finding.code, str(finding.sentence), severity)


def check_register(rows: Sequence[NumberedDraft], compared: Comparison, mission: Mission) -> Iterator[RowFinding]:
    """The file against what is stored: contradictions, other nominations, new delegations, unknown constituencies."""
    sorting, stored = compared.sorting, compared.stored
    by_reference = {row.draft.reference: row for row in rows}
    # Repetitions inside the file are marked in both rows already.
    repeated = ("duplicate_reference", "duplicate_passport")
    yield from check_violations(rows, [row for row in sorting.violations if row.code not in repeated])
    elsewhere = stored.shared | stored.applied_for - {row.observer_id for row in stored.by_passport.values()}
    for person in compared.people:
        row = by_reference[person.draft.reference]
        known = stored.observers.get(person.passport)
        if known is not None and known.pk in elsewhere:
            message = _("The ministry will look at this person's papers.")
            yield _finding(row, "passport_number", "ministry_check", message, Severity.WARNING)
    for change in sorting.renominated:
        message = _("The earlier application is over; this nomination applies for the person again.")
        yield _finding(
            by_reference[change.person.draft.reference], "reference", "applies_again", message, Severity.WARNING
        )
    yield from _new_delegations(rows, stored)
    yield from _unknown_constituencies(rows, mission)


def check_violations(rows: Sequence[NumberedDraft], violations: Iterable[Violation]) -> Iterator[RowFinding]:
    """What a service says of the rows, by reference, as findings; a violation may name a field after the reference."""
    by_reference = {row.draft.reference: row for row in rows}
    for violation in violations:
        row = by_reference.get(violation.field)
        column = _CONTRADICTIONS.get(violation.code, "")
        if row is None:
            reference, _dot, column = violation.field.rpartition(".")
            row = by_reference.get(reference)
        if row is not None:
            yield _finding(row, column, violation.code, violation.detail)


def check_places(rows: Sequence[NumberedDraft], sorting: Sorting, free: int | None) -> Iterator[RowFinding]:
    """Every row for which no place is left, in the order of the file; None is no limit. Rows that are refused anyway
    are not among `rows` and take none."""
    if free is None:
        return
    needing = {person.draft.reference for person in sorting.new}
    needing |= {
        change.person.draft.reference
        for change in sorting.renominated
        if not change.nomination.holds_place or "category" in change.fields
    }
    message = _("The mission has %(free)d free places; %(needed)d are needed.")
    waiting = [row for row in rows if row.draft.reference in needing]
    for row in waiting[free:]:
        detail = message % {"free": free, "needed": len(waiting)}
        yield _finding(row, "", "ceiling_reached", detail)


def _new_delegations(rows: Sequence[NumberedDraft], stored: Stored) -> Iterator[RowFinding]:
    named = {fold_key(row.draft.delegation): row for row in reversed(rows) if row.draft.delegation}
    for key, row in named.items():
        if key not in stored.delegations:
            message = _("The mission has no delegation of this name; it will be added.")
            yield _finding(row, "delegation", "new_delegation", message, Severity.WARNING)


def _unknown_constituencies(rows: Sequence[NumberedDraft], mission: Mission) -> Iterator[RowFinding]:
    named = {row.draft.constituency for row in rows if row.draft.constituency is not None}
    known = set(
        Constituency.objects.filter(election=mission.election, number__in=named).values_list("number", flat=True)
    )
    for row in rows:
        if row.draft.constituency is not None and row.draft.constituency not in known:
            message = _("The election has no constituency of this number.")
            yield _finding(row, "constituency", "unknown_constituency", message)


def _repeated(
    rows: Sequence[NumberedDraft], column: str, message: str, key: Callable[[NominationDraft], object]
) -> Iterator[RowFinding]:
    groups: dict[object, list[NumberedDraft]] = defaultdict(list)
    for row in rows:
        groups[key(row.draft)].append(row)
    for group in groups.values():
        for row in group:
            others = ", ".join(str(other.number) for other in group if other is not row)
            if others:
                yield _finding(row, column, f"duplicate_{column.removesuffix('_number')}", message % {"rows": others})


def _facts(draft: NominationDraft, *, category: Category, e_day: date, today: date) -> ApplicantFacts:
    return ApplicantFacts(
        nomination=0,
        category=category,
        surname=draft.surname,
        given_names=draft.given_names,
        birth_date=draft.birth_date,
        nationalities=tuple(code for code in (draft.nationality, draft.second_nationality) if code),
        passport_issuer=draft.passport_issuer,
        passport_key=keyed_hash(draft.passport_number) if draft.mrz else "",
        passport_expires_on=draft.passport_expires_on,
        documents=frozenset(kind.value for kind in draft.documents),
        arrives_on=draft.arrives_on,
        departs_on=draft.departs_on,
        e_day=e_day,
        as_of=today,
        patronymic=draft.patronymic,
        sex=draft.sex,
        birth_precision=draft.birth_precision,
        passport_issued_on=draft.passport_issued_on,
        mrz=_zone(draft, today),
    )


def _zone(draft: NominationDraft, today: date) -> Mrz | None:
    """The zone of a draft; one with faults has its errors already."""
    try:
        return parse_mrz(draft.mrz, today=today) if draft.mrz else None
    except MrzError:
        return None


def _finding(
    row: NumberedDraft, column: str, code: str, message: str, severity: Severity = Severity.ERROR
) -> RowFinding:
    value = getattr(row.draft, column, "") if column else ""
    shown = mask(str(value or "")) if column in _SECRET else str(value or "")
    return RowFinding(row.number, column, code, message, shown, severity)
