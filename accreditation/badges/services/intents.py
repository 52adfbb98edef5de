"""The intent of badges: their rows, with number and code id, before anything is signed.

Portraits are drawn and kept before the transaction, as private files are; within it the accreditations are locked and
then the election, which makes the numbers follow each other. A number that was given is never given again.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max

from accreditation import rules as law
from accreditation.badges.composing import FOREIGN, Surroundings, surroundings_of, with_card_facts
from accreditation.badges.content import content_json
from accreditation.badges.errors import BadgeNotAccreditedError, BadgeSuspendedError, LiveBadgeError
from accreditation.badges.models import Badge
from accreditation.badges.portraits import portrait_of
from accreditation.badges.states import BadgeState
from accreditation.errors import RegisterChangedError
from accreditation.models import Accreditation, Document, StoredFile
from accreditation.services.paper_files import PORTRAITS, stored_file
from accreditation.services.profiles import profile_of
from accreditation.services.verdicts import lock_election
from accreditation.states import AccreditationState, DocumentKind
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import EventDraft, record_events
from missions.kernel.files import erase_forgotten, read_file_bytes
from missions.models import Election, User

#: Rung when badges wait for their signature; also the name of the job.
SIGN_BELL = "badges.sign_waiting"
_CODE_ID_BYTES = 8
_BATCH = 500
_WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class DrawnPortrait:
    """A portrait whose bytes are kept, and the photo that it was drawn from."""

    photo_sha256: str
    file: StoredFile
    digest: str


@dataclass(frozen=True, slots=True)
class Portraits:
    """The portraits of some accreditations by their ids, and why one could not be drawn."""

    drawn: Mapping[int, DrawnPortrait] = field(default_factory=dict)
    refused: Mapping[int, DomainError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intents:
    """The new badges, and those who had a live one, by accreditation; and the error for each who gets none."""

    added: Mapping[int, Badge] = field(default_factory=dict)
    there: Mapping[int, Badge] = field(default_factory=dict)
    refused: Mapping[int, DomainError] = field(default_factory=dict)


@contextmanager
def drawn_portraits(accreditation_ids: Collection[int], *, by: User | None, at: datetime) -> Iterator[Portraits]:
    """Draw and keep the portraits of those who have a photo; the block saves the rows that it uses.

    The bytes of the others are erased again, and all of them if the block raises.
    """
    photos = Document.objects.filter(
        application__accreditation__in=accreditation_ids, kind=DocumentKind.PHOTO, file__isnull=False
    )
    drawn: dict[int, DrawnPortrait] = {}
    refused: dict[int, DomainError] = {}
    with ExitStack() as kept:
        rows = photos.values_list("application__accreditation", "file__name_in_storage", "file__sha256")
        for accreditation_id, name, sha256 in rows.order_by("pk"):
            try:
                portrait = portrait_of(read_file_bytes(name))
                keeping = stored_file(portrait.data, folder=PORTRAITS, media_type=_WEBP, by=by, at=at)
                drawn[accreditation_id] = DrawnPortrait(sha256, kept.enter_context(keeping), portrait.digest.hex())
            except DomainError as error:
                refused[accreditation_id] = error
        yield Portraits(drawn, refused)
        erase_forgotten([row.file.name_in_storage for row in drawn.values() if row.file._state.adding])


def lock_accreditations(accreditation_ids: Collection[int]) -> list[Accreditation]:
    """The accreditations in the order of their keys, locked until the transaction ends, with all that cards ask."""
    rows = with_card_facts(Accreditation.objects.select_for_update(of=("self",), no_key=True))
    return list(rows.filter(pk__in=accreditation_ids).order_by("pk"))


def intend_locked(
    accreditations: Sequence[Accreditation],
    portraits: Portraits,
    *,
    by: User,
    at: datetime,
    foreign: str = FOREIGN,
) -> Intents:
    """Intend a badge for each of these locked accreditations that is due one.

    Locks the first votes of their elections. Records "badge_intended" for each. Who cannot get one is reported:
    BadgeNotAccreditedError, BadgeSuspendedError, BadgeOverError, NoLatinNameError, what the photo refuses,
    RegisterChangedError if the photo was replaced meanwhile. Raises LanguageNotOfferedError.
    """
    there = {row.accreditation_id: row for row in Badge.objects.live().filter(accreditation__in=accreditations)}
    refused: dict[int, DomainError] = dict(portraits.refused)
    added: dict[int, Badge] = {}
    due = [row for row in accreditations if row.pk not in there and row.pk not in refused]
    for election in sorted({row.election for row in due}, key=lambda row: row.pk):
        group = [row for row in due if row.election_id == election.pk]
        around = surroundings_of(group, election=election, foreign=foreign)
        drafts: list[Badge] = []
        for row in group:
            try:
                ensure_accredited(row, at=at)
                drafts.append(_draft(row, around, portraits.drawn.get(row.pk), by=by, at=at))
            except DomainError as error:
                refused[row.pk] = error
        lock_election(around.first_vote.pk)
        _write(drafts, around.first_vote, by=by, at=at)
        added |= {badge.accreditation_id: badge for badge in drafts}
    return Intents(added, there, refused)


def ensure_accredited(accreditation: Accreditation, *, at: datetime) -> None:
    """Raise BadgeSuspendedError or BadgeNotAccreditedError unless the accreditation counts."""
    if accreditation.state == AccreditationState.SUSPENDED:
        raise BadgeSuspendedError
    if accreditation.state != AccreditationState.ACTIVE or _has_ended(accreditation, at):
        raise BadgeNotAccreditedError


def single(intents: Intents, accreditation_id: int) -> Badge:
    """The one new badge. Raises why there is none: what `intend_locked` reports, LiveBadgeError, MissingError."""
    if accreditation_id in intents.added:
        return intents.added[accreditation_id]
    if accreditation_id in intents.there:
        raise LiveBadgeError
    raise intents.refused.get(accreditation_id, MissingError())


def _has_ended(accreditation: Accreditation, at: datetime) -> bool:
    """Whether the law has ended it by itself, although no job has written that yet."""
    before = law.ended_if_given_before(
        profile_of(accreditation.election),
        accreditation.category,
        results_published_at=accreditation.election.results_published_at,
        at=at,
    )
    return before is not None and accreditation.valid_from < before


def _draft(
    accreditation: Accreditation, around: Surroundings, portrait: DrawnPortrait | None, *, by: User, at: datetime
) -> Badge:
    """The badge without its number and what depends on it; whatever can be refused is refused here."""
    period = around.period(accreditation, at=at)
    if (portrait.photo_sha256 if portrait else "") != around.photos.get(accreditation.application_id, ""):
        raise RegisterChangedError
    content = around.content(
        accreditation,
        number="",
        valid_from=accreditation.valid_from.astimezone(around.election.zone).date(),
        valid_until=period.last_day(around.election.zone),
    )
    return Badge(
        election=around.first_vote,
        accreditation=accreditation,
        mission=accreditation.application.nomination.mission,
        code_id=secrets.token_hex(_CODE_ID_BYTES),
        state=BadgeState.INTENDED,
        content=content_json(content),
        portrait=portrait.file if portrait else None,
        portrait_hash=portrait.digest if portrait else "",
        valid_from=period.valid_from,
        valid_until=period.valid_until,
        intended_at=at,
        intended_by=by,
    )


def _write(drafts: Sequence[Badge], election: Election, *, by: User, at: datetime) -> None:
    """Number the drafts and insert them with their portraits; the election is locked."""
    number: int = Badge.objects.filter(election=election).aggregate(last=Max("number"))["last"] or 0
    former = Badge.objects.filter(accreditation__in=[row.accreditation_id for row in drafts]).order_by()
    issues: dict[int, int] = dict(former.values_list("accreditation").annotate(count=Count("pk")))
    for badge in drafts:
        number += 1
        badge.number, badge.issue = number, issues.get(badge.accreditation_id, 0) + 1
        badge.content["number"] = badge.number_text
    StoredFile.objects.bulk_create([row.portrait for row in drafts if row.portrait], batch_size=_BATCH)
    for badge in drafts:
        badge.portrait = badge.portrait  # takes over the key that the file has now
    Badge.objects.bulk_create(drafts, batch_size=_BATCH)
    events = [
        EventDraft(
            verb="badge_intended",
            obj=badge,
            scope_id=badge.mission_id,
            to_state=BadgeState.INTENDED,
            changed=[badge.number_text],
        )
        for badge in drafts
    ]
    record_events(events, by=by, at=at)
