"""From a row of a file to a draft: what no single cell can settle, such as a telephone number without its country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pycountry
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accreditation.intake.schema import NominationRow, draft_of
from accreditation.services.drafts import NominationDraft
from accreditation.vetting.mrz import MrzError, parse_mrz
from missions.countries import country_name
from missions.kernel.spreadsheets.contacts import NationalNumber, with_country
from missions.kernel.spreadsheets.table import ParsedRow, RowFinding, Severity
from missions.kernel.spreadsheets.values import CellError
from missions.kernel.text import mask


@dataclass(frozen=True, slots=True)
class NumberedDraft:
    """A row of the file as a draft."""

    number: int
    draft: NominationDraft


def draft_rows(
    rows: Sequence[ParsedRow[NominationRow]], *, today: date
) -> tuple[list[NumberedDraft], list[RowFinding]]:
    """The rows as drafts, and what was found on the way; a row with an error gives a draft all the same."""
    drafts: list[NumberedDraft] = []
    findings: list[RowFinding] = []
    for row in rows:
        draft = draft_of(row.value)
        phone = row.value.phone
        if isinstance(phone, NationalNumber):
            read, finding = _completed(row.number, phone, draft.sending_state)
            draft = replace(draft, phone=read)
            findings.append(finding)
        if draft.mrz:
            zone = _zone(row.number, draft.mrz, today)
            if isinstance(zone, str):
                draft = replace(draft, mrz=zone)
            else:
                findings += zone
        drafts.append(NumberedDraft(row.number, draft))
    return drafts, findings


def _completed(row: int, phone: NationalNumber, sending_state: str) -> tuple[str, RowFinding]:
    """The number as one of the sending state, which is said; without a sending state nothing is guessed."""
    found = pycountry.countries.get(alpha_3=sending_state) if sending_state else None
    if found is None:
        message = _("The country of the number is not known; write it with a plus, such as +994 50 123 45 67.")
        return "", RowFinding(row, "phone", "phone_without_country", message, phone.digits)
    try:
        read = with_country(phone, found.alpha_2)
    except CellError as error:
        return "", RowFinding(row, "phone", error.code, error.message, phone.digits)
    message = _("Read as a number of the sending state, %(country)s: %(number)s.")
    plain = _("Read as a number of the sending state.")
    told = message % {"country": country_name(sending_state, get_language() or "en"), "number": read}
    return read, RowFinding(row, "phone", "phone_country_assumed", told, phone.digits, Severity.WARNING, plain=plain)


def _zone(row: int, text: str, today: date) -> str | list[RowFinding]:
    """The zone in its normal form, or its faults; neither repeats what stands in it."""
    try:
        return parse_mrz(text, today=today).text
    except MrzError as error:
        return list(_faults(row, text, error))


def _faults(row: int, text: str, error: MrzError) -> Iterator[RowFinding]:
    for fault in error.faults:
        yield RowFinding(row, "mrz", fault.code, fault.message, mask(text))
