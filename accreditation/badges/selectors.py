"""Reads of badges. Whatever reaches a person starts at `visible_to`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.token import token_of
from accreditation.badges.models import Badge, PrintBatch
from accreditation.badges.services.trust import current_keys
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation, CommissionSession
from accreditation.querysets import Viewer
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState, Category
from missions.kernel.text import fold_key, weak_key
from missions.models import Election, Mission
from missions.selectors import first_vote

#: A desk that finds more people asks for more of the name.
FOUND_AT_MOST = 50
_BADGE_NUMBER = re.compile(r"B\s*-?\s*(?P<number>[0-9]{1,9})", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")
#: No name and no number is as long as the shortest code.
_SHORTEST_CODE = 100
#: A word of fewer sounds is part of half of all names.
_HEARD = 3
_CARD_IS_OUT = (BadgeState.PRINTED, BadgeState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far an order of badges is: people in all, cards on sheets, and people who get none."""

    people: int
    printed: int
    refused: int

    @property
    def waiting(self) -> int:
        return self.people - self.printed - self.refused


def progress_of(batch: PrintBatch) -> BatchProgress:
    """How far the batch is. One query."""
    counts = batch.items.aggregate(
        people=Count("pk"),
        printed=Count("pk", filter=Q(sheet__isnull=False)),
        refused=Count("pk", filter=~Q(code="")),
    )
    return BatchProgress(**counts)


def badge_candidates(
    election: Election,
    *,
    user: Viewer,
    mission: Mission | None = None,
    category: Category | None = None,
    session: CommissionSession | None = None,
) -> QuerySet[Accreditation]:
    """Active accreditations that the person may see, of a choice, for whom no card is printed yet."""
    rows = Accreditation.objects.visible_to(user).filter(election=election, state=AccreditationState.ACTIVE)
    if mission is not None:
        rows = rows.filter(application__nomination__mission=mission)
    if category is not None:
        rows = rows.filter(category=category)
    if session is not None:
        rows = rows.filter(application__session=session)
    printed = Badge.objects.filter(state__in=_CARD_IS_OUT).values("accreditation")
    return rows.exclude(pk__in=printed)


def badges_over_before(badges: "QuerySet[Badge]", election: Election, *, instant: datetime) -> "QuerySet[Badge]":
    """Those of the badges that open no door at the instant any more: their days are over, or those of their key are.

    `election` is the one whose accreditations they are of; its first vote has the keys. Two queries for the keys.
    """
    keys = current_keys(first_vote(election))
    last_second = int(instant.timestamp())
    over = [one.key.kid.hex() for one in keys.keys if one.end < last_second] if keys else []
    return badges.filter(Q(valid_until__lt=instant) | Q(key_id__in=over))


def find_at_desk(text: str, *, user: Viewer) -> tuple[Accreditation, ...]:
    """The people whom a scan or a typed text means, live accreditations first, with their badges, the newest first.

    It may be the code of a badge as a scanner types it, a badge number, an accreditation number, a stock serial, or
    words of a name in any spelling of its letters. What means nothing finds nobody. At most three queries.
    """
    text = text.strip()
    if not text:
        return ()
    rows = Accreditation.objects.visible_to(user)
    if "#" in text or len(text) >= _SHORTEST_CODE:
        return _found(rows.filter(badges__in=_of_code(text)))
    return _found(rows.filter(_of_number(text))) or _found(_named(rows, text))


def _found(rows: QuerySet[Accreditation]) -> tuple[Accreditation, ...]:
    related = rows.select_related("election", "observer", "application__nomination__mission__organization")
    shown = related.defer("observer__passport_number", "observer__mrz").prefetch_related("badges")
    ordered = shown.distinct().order_by("-election__e_day", "observer__surname", "observer__given_names", "pk")
    found = list(ordered[: FOUND_AT_MOST + 1])
    return tuple(sorted(found, key=lambda row: row.state not in LIVE_ACCREDITATION_STATES))


def _of_code(text: str) -> QuerySet[Badge]:
    """The badge of exactly this code: a forged one is that of no badge."""
    try:
        return Badge.objects.filter(token=token_of(text))
    except CodeError:
        return Badge.objects.none()


def _of_number(text: str) -> Q:
    means = Q(badges__stock_serial__iexact=text)
    if numbered := _BADGE_NUMBER.fullmatch(text):
        means |= Q(badges__number=int(numbered["number"]))
    if _NUMBER.fullmatch(text):
        means |= Q(badges__number=int(text)) | Q(number=int(text))
    return means


def _named(rows: QuerySet[Accreditation], text: str) -> QuerySet[Accreditation]:
    """Those whose names have all the words; if nobody has, those whose names sound like them."""
    exact = _with_words(rows, "observer__folded_name", fold_key(text).split())
    if exact.exists():
        return exact
    return _with_words(rows, "observer__weak_key", [word for word in weak_key(text).split() if len(word) >= _HEARD])


def _with_words(rows: QuerySet[Accreditation], field: str, words: Sequence[str]) -> QuerySet[Accreditation]:
    for word in words:
        rows = rows.filter(**{f"{field}__contains": word})
    return rows if words else rows.none()
