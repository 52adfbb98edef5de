"""What people look at while a nomination file is on its way: its rows with their findings, its counts, its letters."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accreditation.intake.models import FileContent, NominationImport, StagedRow
from accreditation.intake.payload import Payload, load_payload
from accreditation.intake.states import RowAction, RowOutcome
from missions.kernel.errors import MissingError
from missions.kernel.spreadsheets.csvfile import ENCODINGS
from missions.kernel.spreadsheets.table import Severity
from missions.kernel.text import mask

_WORD = re.compile(r"[^\W\d_]+")
_WORDS_SHOWN = 8
_EMPTY = Payload(None, {}, ())


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing found in a row. `value` is masked where it is secret, and gone once the row is done."""

    column: str
    code: str
    is_error: bool
    message: str
    value: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of a file as people see it; `passport` is masked."""

    number: int
    reference: str
    name: str
    passport: str
    action: RowAction
    outcome: RowOutcome | None
    findings: tuple[FindingLine, ...]

    @property
    def status(self) -> str:
        """What became of the row; while it waits, what would."""
        return str((self.outcome or self.action).label)


@dataclass(frozen=True, slots=True)
class RowCounts:
    """The rows of a file by what became of them, and those that wait by what would."""

    waiting: int
    add: int
    change: int
    keep: int
    refuse: int
    warned: int
    sent_back: int

    @property
    def sound(self) -> int:
        """Rows that taking the file in would take."""
        return self.waiting - self.refuse


@dataclass(frozen=True, slots=True)
class EncodingSample:
    """How the words of a file read in one encoding; only words with other letters than A to Z tell a difference."""

    encoding: str
    words: tuple[str, ...]


def rows_of(nomination_import: NominationImport) -> QuerySet[StagedRow]:
    """The rows in the order of the file, with the nominations that they became."""
    rows = nomination_import.staged_rows.select_related("nomination__observer").defer("nomination__observer__mrz")
    return rows.order_by("number")


def with_errors(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    """Those that stay out, or were sent back."""
    return rows.filter(Q(outcome="", action=RowAction.REFUSE) | Q(outcome=RowOutcome.SENT_BACK))


def with_warnings(rows: QuerySet[StagedRow]) -> QuerySet[StagedRow]:
    """Those that are taken, but people should look at."""
    return rows.filter(has_warnings=True)


def lines_of(rows: Iterable[StagedRow]) -> Iterator[RowLine]:
    """The rows as people see them."""
    for row in rows:
        payload = load_payload(row.payload) if row.payload else _EMPTY
        name, passport = _person(row, payload)
        yield RowLine(
            number=row.number,
            reference=row.reference,
            name=name,
            passport=passport,
            action=RowAction(row.action),
            outcome=RowOutcome(row.outcome) if row.outcome else None,
            findings=tuple(_findings(row, payload)),
        )


def row_counts(nomination_import: NominationImport) -> RowCounts:
    """How many rows there are of each kind. One query."""
    waiting = Q(outcome="")
    counts = nomination_import.staged_rows.aggregate(
        waiting=Count("pk", filter=waiting),
        **{action.value: Count("pk", filter=waiting & Q(action=action)) for action in RowAction},
        warned=Count("pk", filter=Q(has_warnings=True)),
        sent_back=Count("pk", filter=Q(outcome=RowOutcome.SENT_BACK)),
    )
    return RowCounts(**counts)


def content_of(nomination_import: NominationImport) -> bytes:
    """The bytes of a file that waits to be read. Raises MissingError if they were erased."""
    row = FileContent.objects.filter(nomination_import=nomination_import).first()
    if row is None:
        raise MissingError
    return base64.b64decode(row.data)


def encoding_samples(nomination_import: NominationImport) -> list[EncodingSample]:
    """The encodings in which the file can be read at all, each with words for a person to recognise."""
    data = content_of(nomination_import)
    samples = []
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
        samples.append(EncodingSample(encoding, tuple(words)[:_WORDS_SHOWN]))
    return samples


def _person(row: StagedRow, payload: Payload) -> tuple[str, str]:
    """Name and masked passport: as the row says while it waits, as the register says once it is taken."""
    if payload.draft:
        names = (payload.draft.surname, payload.draft.given_names)
        return " ".join(filter(None, names)), mask(payload.draft.passport_number)
    if row.nomination:
        observer = row.nomination.observer
        return observer.full_name, observer.masked_passport
    names = (payload.shown.get("surname", ""), payload.shown.get("given_names", ""))
    return " ".join(filter(None, names)), ""


def _findings(row: StagedRow, payload: Payload) -> Iterator[FindingLine]:
    for index, finding in enumerate(row.findings):
        message, value = payload.told[index] if index < len(payload.told) else (finding["message"], "")
        yield FindingLine(
            column=finding["column"],
            code=finding["code"],
            is_error=finding["severity"] == Severity.ERROR.value,
            message=message,
            value=value,
        )
