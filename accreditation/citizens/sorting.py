"""Comparing the rows of a file with what is stored: which are new, altered, the same, or refused, and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.citizens.schema import CitizenRow
from accreditation.citizens.stored import Sender, Stored, StoredApplication
from accreditation.services.precincts import CODE as ONE_PER_COMMISSION
from accreditation.states import Category, Initiative
from missions.kernel.crypto import keyed_hash
from missions.kernel.spreadsheets.table import ParsedRow, RowFinding, Severity
from missions.law.profile import RuleProfile
from missions.law.rules import Scope, Unknown

CATEGORY = Category.DOMESTIC_OBSERVER
PassportKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row with what it refers to."""

    number: int
    row: CitizenRow
    sender: Sender
    passport: PassportKey
    constituency_id: int | None
    exclusive_key: str

    @property
    def place(self) -> tuple[int, str]:
        """By what a nomination is known: its mission and the mission's own reference."""
        return self.sender.mission_id, self.row.reference

    @property
    def scope(self) -> Scope:
        return Scope.COUNTRY if self.constituency_id is None else Scope.CONSTITUENCY

    @property
    def values(self) -> tuple[object, ...]:
        """What may change about a known person, in the order of `stored.VALUES`."""
        row = self.row
        return (
            row.surname,
            row.given_names,
            row.patronymic,
            row.sex,
            row.birth_date,
            row.nationality,
            row.document_expires_on,
            row.initiative,
            self.constituency_id,
            row.precinct,
        )


@dataclass(slots=True)
class Sorting:
    """A file, sorted. What is refused has a finding of severity ERROR and is in none of the lists."""

    new: list[Entry] = field(default_factory=list)
    changed: list[tuple[Entry, StoredApplication]] = field(default_factory=list)
    unchanged: int = 0
    findings: list[RowFinding] = field(default_factory=list)

    def refuse(self, number: int, column: str, code: str, message: str, value: str = "") -> None:
        """Name what is wrong; `value` is what the cell says, where people must see it and it is no secret."""
        self.findings.append(RowFinding(number, column, code, message, value))

    def warn(self, number: int, column: str, code: str, message: str) -> None:
        self.findings.append(RowFinding(number, column, code, message, "", Severity.WARNING))


def sort_rows(
    rows: Sequence[ParsedRow[CitizenRow]], stored: Stored, *, profile: RuleProfile | None, today: date
) -> Sorting:
    """Sort the rows of a file that was read. Every refused row is named with its reason."""
    sorting = Sorting()
    entries = [entry for parsed in rows if (entry := _entry(parsed, stored, profile, sorting)) is not None]
    sound = _only_sound(entries, _law(profile, today), sorting)
    sound = _only_once(sound, sorting)
    fresh = [entry for entry in sound if _is_fresh(entry, stored, sorting)]
    fresh = _one_per_commission(fresh, stored, sorting)
    sorting.new = _within_quotas(fresh, stored, sorting)
    return sorting


def _entry(
    parsed: ParsedRow[CitizenRow], stored: Stored, profile: RuleProfile | None, sorting: Sorting
) -> Entry | None:
    row = parsed.value
    sender = stored.senders.get(row.sender)
    if sender is None:
        message = _("No mission of this election has this code.")
        sorting.refuse(parsed.number, "sender", "unknown_sender", message, row.sender)
        return None
    constituency_id = None
    if row.constituency is not None:
        constituency_id = stored.constituencies.get(row.constituency)
        if constituency_id is None:
            message = _("The election has no constituency of this number.")
            sorting.refuse(parsed.number, "constituency", "unknown_constituency", message, str(row.constituency))
            return None
    sender_id = None if row.initiative == Initiative.SELF else sender.organization_id
    key = rules.exclusive_key(profile, CATEGORY, sender_id=sender_id, precinct_code=row.precinct)
    passport = (row.document_issuer, keyed_hash(row.document_number))
    return Entry(parsed.number, row, sender, passport, constituency_id, key)


Check = Callable[[Entry, Sorting], bool]


def _law(profile: RuleProfile | None, today: date) -> Check:
    """A check of one row by itself: dates that cannot be, and what the law says of age."""
    youngest = profile.vetting.minimum_age if profile is not None else None
    born_by = None if youngest is None or isinstance(youngest, Unknown) else _years_before(today, youngest)

    def is_sound(entry: Entry, sorting: Sorting) -> bool:
        row = entry.row
        if row.birth_date > today:
            sorting.refuse(entry.number, "birth_date", "birth_in_future", _("The date of birth is in the future."))
            return False
        if row.document_expires_on <= row.birth_date:
            message = _("The document expires before the person was born.")
            sorting.refuse(entry.number, "document_expires_on", "expires_before_birth", message)
            return False
        if row.document_expires_on < today:
            sorting.warn(entry.number, "document_expires_on", "document_expired", _("The document has expired."))
        if born_by is not None and row.birth_date > born_by:
            sorting.warn(entry.number, "birth_date", "too_young", _("The person is younger than the law asks for."))
        return True

    return is_sound


def _only_sound(entries: Iterable[Entry], is_sound: Check, sorting: Sorting) -> list[Entry]:
    return [entry for entry in entries if is_sound(entry, sorting)]


def _only_once(entries: Sequence[Entry], sorting: Sorting) -> list[Entry]:
    """Those whose reference and document stand once in the file; of others no row is taken, since none is right."""
    references = Counter(entry.place for entry in entries)
    passports = Counter(entry.passport for entry in entries)
    if len(references) == len(entries) == len(passports):
        return list(entries)
    kept = []
    for entry in entries:
        if references[entry.place] > 1:
            message = _("The reference stands more than once.")
            sorting.refuse(entry.number, "reference", "duplicate_reference", message)
        elif passports[entry.passport] > 1:
            message = _("The same document stands more than once.")
            sorting.refuse(entry.number, "document_number", "duplicate_passport", message)
        else:
            kept.append(entry)
    return kept


def _is_fresh(entry: Entry, stored: Stored, sorting: Sorting) -> bool:
    """Whether the row asks for a new application; a known one is compared, a contradiction refused."""
    known = stored.by_reference.get(entry.place)
    if known is None:
        return _is_stranger(entry, stored, sorting)
    if known.passport != entry.passport:
        message = _("The reference stands for another person already; use a new one.")
        sorting.refuse(entry.number, "reference", "reference_taken", message)
    elif known.application_id is None:
        return _is_free(entry, stored, sorting)
    elif known.values == entry.values:
        sorting.unchanged += 1
    elif known.state not in rules.NOT_YET_JUDGED:
        message = _("The application is under way; what it says of the person can no longer be changed by a file.")
        sorting.refuse(entry.number, "", "person_frozen", message)
    else:
        sorting.changed.append((entry, known))
    return False


def _is_stranger(entry: Entry, stored: Stored, sorting: Sorting) -> bool:
    if (entry.sender.mission_id, entry.passport) in stored.nominated:
        message = _("The mission has nominated this person already, under another reference.")
        sorting.refuse(entry.number, "document_number", "nominated_already", message)
        return False
    return _is_free(entry, stored, sorting)


def _is_free(entry: Entry, stored: Stored, sorting: Sorting) -> bool:
    if entry.passport in stored.applied_for:
        message = _("For this person there is an application in this category already.")
        sorting.refuse(entry.number, "document_number", "applied_for_already", message)
        return False
    return True


def _one_per_commission(entries: Sequence[Entry], stored: Stored, sorting: Sorting) -> list[Entry]:
    asked = Counter(entry.exclusive_key for entry in entries if entry.exclusive_key)
    if not asked:
        return list(entries)
    kept = []
    for entry in entries:
        if entry.exclusive_key and (asked[entry.exclusive_key] > 1 or entry.exclusive_key in stored.exclusive_keys):
            message = _("The law allows one person of a sender at a precinct commission, and there is another one.")
            sorting.refuse(entry.number, "precinct", ONE_PER_COMMISSION, message)
        else:
            kept.append(entry)
    return kept


def _within_quotas(entries: Sequence[Entry], stored: Stored, sorting: Sorting) -> list[Entry]:
    """As many of each sender as its quota has room for, in the order of the file."""
    room = dict(stored.room)
    kept = []
    for entry in entries:
        left = room.get(entry.sender.mission_id)
        known = stored.by_reference.get(entry.place)
        if left is not None and not (known and known.holds_place):
            if left <= 0:
                sorting.refuse(entry.number, "sender", "ceiling_reached", _("The sender has no more places."))
                continue
            room[entry.sender.mission_id] = left - 1
        kept.append(entry)
    return kept


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
