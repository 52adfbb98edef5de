"""What goes into and comes out of a nomination: frozen values, the same for one person and for a file."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accreditation.states import DatePrecision, DocumentKind, Role, Sex
from missions.kernel.errors import Violation
from missions.kernel.text import TextRefusedError, normalise_code


@dataclass(frozen=True, slots=True)
class NominationDraft:
    """One person whom a mission proposes, with the papers that are enclosed.

    Countries are three-letter codes, languages ISO 639-1. The passport number may be written in any way; it is
    compared in its normal form and never shown. `delegation` is a name, empty for none; `constituency` a number,
    None for the whole country. Where the day or the month of birth is not known, the date has the first one.
    `political_group` is in the words of the mission; empty says nothing of it.
    """

    reference: str
    surname: str
    given_names: str
    patronymic: str
    sex: Sex
    birth_date: date
    nationality: str
    second_nationality: str
    passport_issuer: str
    passport_number: str = field(repr=False)
    passport_expires_on: date
    role: Role
    delegation: str
    sending_state: str
    languages: tuple[str, ...]
    residence_country: str
    is_experienced: bool
    documents_on: date
    arrives_on: date | None
    departs_on: date | None
    documents: frozenset[DocumentKind]
    is_synthetic: bool = False
    birth_precision: DatePrecision = DatePrecision.DAY
    passport_issued_on: date | None = None
    mrz: str = field(default="", repr=False)
    email: str = ""
    phone: str = ""
    initiative: str = ""
    constituency: int | None = None
    precinct_code: str = ""
    political_group: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NominationResult:
    """How many nominations were new, altered, or there already, and whose person is applied for elsewhere.

    `without_application` has the references of nominations that got no application, because the person has a live
    one already. `renominated` of the changed ones were over and got a new application.
    """

    added: int
    changed: int
    unchanged: int
    without_application: tuple[str, ...]
    renominated: int = 0


def draft_violations(draft: NominationDraft, *, last_day: date) -> list[Violation]:
    """What is wrong with a draft by itself, one violation per field; the message never repeats a secret.

    Papers may be announced for a day that is still to come, but for none after `last_day`.
    """
    violations = []
    if not draft.reference:
        violations.append(Violation("reference", "value_missing", _("The reference is empty.")))
    try:
        normalise_code(draft.passport_number)
    except TextRefusedError as refused:
        violations.append(Violation("passport_number", refused.code, refused.message))
    if draft.second_nationality and draft.second_nationality == draft.nationality:
        detail = _("The second nationality is the same as the first.")
        violations.append(Violation("second_nationality", "nationality_repeated", detail))
    if draft.passport_expires_on <= draft.birth_date:
        detail = _("The passport expires before the person was born.")
        violations.append(Violation("passport_expires_on", "expires_before_birth", detail))
    violations += _issue_violations(draft)
    if draft.documents_on > last_day:
        detail = _("Papers are handed in before the vote; this day is after it.")
        violations.append(Violation("documents_on", "documents_after_election", detail))
    if draft.arrives_on and draft.departs_on and draft.departs_on < draft.arrives_on:
        detail = _("The departure is before the arrival.")
        violations.append(Violation("departs_on", "departs_before_arrival", detail))
    return violations


def _issue_violations(draft: NominationDraft) -> list[Violation]:
    issued_on = draft.passport_issued_on
    if issued_on and issued_on > draft.passport_expires_on:
        detail = _("The passport was issued after it expires.")
        return [Violation("passport_issued_on", "passport_issued_after_expiry", detail)]
    if issued_on and issued_on < draft.birth_date:
        detail = _("The passport was issued before the person was born.")
        return [Violation("passport_issued_on", "passport_issued_before_birth", detail)]
    return []
