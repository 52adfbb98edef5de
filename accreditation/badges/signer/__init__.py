"""Asking the signer, wherever it is: rows are named, never bytes (docs/adr/0019)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accreditation.badges.signer.protocol import MAX_IDS, Reply, Request, SignBadges, SigningResult, SignList
from missions.models import User


class Door(Protocol):
    """What settings.BADGE_SIGNER names: takes one request to the signer and brings the reply back."""

    def __call__(self, request: Request, *, at: datetime) -> Reply: ...


def request_signatures(badge_ids: Iterable[int], *, at: datetime, by: User | None = None) -> tuple[SigningResult, ...]:
    """Have intended badges signed, five hundred at a time; one result for each, in the order given.

    A badge that was signed before is a success again. What the signer refuses has a code and stays as it is. Raises
    SignerAwayError, also after some were signed: asking again goes on where it stopped. To be called outside a
    transaction, because the signer reads the rows itself.
    """
    results: list[SigningResult] = []
    for ids in _chunks(badge_ids):
        results += _door()(SignBadges(ids, by.pk if by else None), at=at).results
    return tuple(results)


def request_list(election_id: int, *, at: datetime) -> int:
    """Have the list of revoked badges of an election signed if it is due; the number of the newest one.

    Raises SignerAwayError. To be called outside a transaction.
    """
    return _door()(SignList(election_id), at=at).number


def _door() -> Door:
    door: Door = import_string(settings.BADGE_SIGNER)
    return door


def _chunks(badge_ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    remaining = iter(badge_ids)
    while ids := tuple(islice(remaining, MAX_IDS)):
        yield ids
