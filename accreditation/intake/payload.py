"""Nominations as text, for the one encrypted field in which a row waits, and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from accreditation.services.drafts import NominationDraft
from accreditation.states import DatePrecision, DocumentKind, Role, Sex


def dump_draft(draft: NominationDraft) -> dict[str, Any]:
    """The draft as values that JSON has. It holds the passport number: store it encrypted only."""
    return {name: _plain(value) for name, value in asdict(draft).items()}


def load_draft(values: Mapping[str, Any]) -> NominationDraft:
    """The draft that `dump_draft` gave."""
    return NominationDraft(**{name: _READERS[name](value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Payload:
    """What a waiting row says: its draft, or what its cells show; per finding the sentence and the masked value."""

    draft: NominationDraft | None = field(repr=False)
    shown: Mapping[str, str] = field(repr=False)
    told: tuple[tuple[str, str], ...] = field(repr=False)


def dump_payload(draft: NominationDraft | None, shown: Mapping[str, str], told: list[tuple[str, str]]) -> str:
    """What a row says: its draft if it is readable, what its cells show, and sentence and value per finding."""
    content = {"draft": dump_draft(draft) if draft else None, "shown": dict(shown), "told": told}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def load_payload(text: str) -> Payload:
    """What `dump_payload` wrote."""
    content = json.loads(text)
    draft = load_draft(content["draft"]) if content["draft"] else None
    return Payload(draft, content["shown"], tuple((sentence, value) for sentence, value in content["told"]))


def read_draft(text: str) -> NominationDraft | None:
    """The draft of a row; None if its cells could not be read, or are erased."""
    return load_payload(text).draft if text else None


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def _same(value: Any) -> Any:
    return value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(NominationDraft.__dataclass_fields__, _same),
    **dict.fromkeys(
        ("birth_date", "passport_expires_on", "passport_issued_on", "documents_on", "arrives_on", "departs_on"), _day
    ),
    "sex": Sex,
    "role": Role,
    "birth_precision": DatePrecision,
    "languages": tuple,
    "documents": lambda kinds: frozenset(map(DocumentKind, kinds)),
}
