"""What a nomination file is checked for beyond single cells: rows by themselves, against each other, and the register.

Errors keep the whole file out. Warnings are what the desk will find later; nothing here names another mission.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accreditation.services.drafts import NominationDraft, draft_violations
from accreditation.services.people import Person
from accreditation.services.sorting import Sorting, Stored
from accreditation.states import Category
from accreditation.vetting import findings as vetting
from accreditation.vetting.facts import ApplicantFacts
from missions.kernel.spreadsheets.table import RowFinding, Severity
from missions.kernel.text import fold_key, mask
from missions.law.profile import RuleProfile
from missions.models import Mission

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
}
#: The column in which a contradiction with the register stands.
_CONTRADICTIONS = {"reference_taken": "reference", "nominated_already": "passport_number"}


@dataclass(frozen=True, slots=True)
class NumberedDraft:
    """A row of the file as a draft."""

    number: int
    draft: NominationDraft


def check_drafts(rows: Sequence[NumberedDraft]) -> Iterator[RowFinding]:
    """Rows by themselves and against each other: two rows with one passport or one reference are both marked."""
    for row in rows:
        for fault in draft_violations(row.draft):
            yield _finding(row, fault.field, fault.code, fault.detail)
        if not row.draft.given_names:
            message = _("There is no given name; that is right for people with a single name only.")
            yield _finding(row, "given_names", "no_given_name", message, Severity.WARNING)
    message = _("The same passport is in row %(rows)s.")
    yield from _repeated(rows, "passport_number", message, lambda draft: (draft.passport_issuer, draft.passport_number))
    message = _("The same reference is in row %(rows)s.")
    yield from _repeated(rows, "reference", message, lambda draft: draft.reference)


def check_law(rows: Sequence[NumberedDraft], *, profile: RuleProfile, e_day: date, today: date) -> Iterator[RowFinding]:
    """What vetting will say of each person, as far as the file tells; its rules are the only ones."""
    for row in rows:
        facts = _facts(row.draft, e_day=e_day, today=today)
        found = (
            *vetting.host_citizenship(facts, profile=profile),
            *vetting.passport_expiry(facts, profile=profile),
            *vetting.stay(facts, profile=profile),
            *vetting.age(facts, profile=profile),
            *vetting.missing_documents(facts, profile=profile),
        )
        for finding in found:
            if finding.code == "departs_before_arrival":
                continue  # an error of the draft already
            severity = Severity.ERROR if finding.code in _ERRORS else Severity.WARNING
            yield _finding(row, _COLUMNS.get(finding.code, ""), finding.code, str(finding.sentence), severity)


def check_register(
    rows: Sequence[NumberedDraft], people: Sequence[Person], sorting: Sorting, stored: Stored, mission: Mission
) -> Iterator[RowFinding]:
    """The file against what is stored: contradictions, other nominations, new delegations, and the ceiling."""
    by_reference = {row.draft.reference: row for row in rows}
    for violation in sorting.violations:
        if violation.code not in ("duplicate_reference", "duplicate_passport"):  # marked in both rows already
            row = by_reference[violation.field]
            yield _finding(row, _CONTRADICTIONS.get(violation.code, ""), violation.code, violation.detail)
    elsewhere = stored.shared | stored.applied_for - {row.observer_id for row in stored.by_passport.values()}
    for person in people:
        row = by_reference[person.draft.reference]
        known = stored.observers.get(person.passport)
        if known is not None and known.pk in elsewhere:
            message = _("The ministry will look at this person's papers.")
            yield _finding(row, "passport_number", "ministry_check", message, Severity.WARNING)
    yield from _new_delegations(rows, stored)
    yield from _over_ceiling(by_reference, sorting, mission)


def _new_delegations(rows: Sequence[NumberedDraft], stored: Stored) -> Iterator[RowFinding]:
    named = {fold_key(row.draft.delegation): row for row in reversed(rows) if row.draft.delegation}
    for key, row in named.items():
        if key not in stored.delegations:
            message = _("The mission has no delegation of this name; it will be added.")
            yield _finding(row, "delegation", "new_delegation", message, Severity.WARNING)


def _over_ceiling(by_reference: dict[str, NumberedDraft], sorting: Sorting, mission: Mission) -> Iterator[RowFinding]:
    if mission.ceiling is None:
        return
    free = max(mission.ceiling - mission.places_taken, 0)
    if len(sorting.new) <= free:
        return
    message = _("The mission has %(ceiling)d places, %(free)d of them free; the file has %(new)d new people.")
    detail = message % {"ceiling": mission.ceiling, "free": free, "new": len(sorting.new)}
    yield _finding(by_reference[sorting.new[free].draft.reference], "", "ceiling_reached", detail)


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


def _facts(draft: NominationDraft, *, e_day: date, today: date) -> ApplicantFacts:
    return ApplicantFacts(
        nomination=0,
        category=Category.INTERNATIONAL_OBSERVER,
        surname=draft.surname,
        given_names=draft.given_names,
        birth_date=draft.birth_date,
        nationalities=tuple(code for code in (draft.nationality, draft.second_nationality) if code),
        passport_issuer=draft.passport_issuer,
        passport_key="",
        passport_expires_on=draft.passport_expires_on,
        documents=frozenset(kind.value for kind in draft.documents),
        arrives_on=draft.arrives_on,
        departs_on=draft.departs_on,
        e_day=e_day,
        as_of=today,
    )


def _finding(
    row: NumberedDraft, column: str, code: str, message: str, severity: Severity = Severity.ERROR
) -> RowFinding:
    value = getattr(row.draft, column, "") if column else ""
    shown = mask(row.draft.passport_number) if column == "passport_number" else str(value or "")
    return RowFinding(row.number, column, code, message, shown, severity)
