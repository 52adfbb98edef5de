"""Somebody who may move election day, and the way to do it: look first, then move."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from missions.models import Election, User
from missions.timeline.moving.services import move_election_day, preview_election_move
from tests.conftest import staff

Move = Callable[..., Election]


@pytest.fixture
def mover() -> User:
    return staff("mover@ministry.example", "missions.move_election")


@pytest.fixture
def move(election: Election, mover: User, at: dt.datetime) -> Move:
    """Moves election day to the given day, by a preview of this very moment."""

    def make(new_day: dt.date, *, reason: str = "The decree was amended.", **options: Any) -> Election:
        instant: dt.datetime = options.pop("at", at)
        preview = preview_election_move(election=election, new_day=new_day, by=mover, at=instant)
        return move_election_day(
            election=election,
            new_day=new_day,
            reason=reason,
            digest=preview.digest,
            by=mover,
            at=instant,
            **options,
        )

    return make
