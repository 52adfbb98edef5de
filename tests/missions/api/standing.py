"""One world for all tests of a module. Building it takes as long as three of the tests that look at it.

It serves modules whose tests ask for it, or for nothing that is in the database: its election, missions and places are
those of conftest.py, which cannot be made twice.
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.missions.api.world import World, build_world
from tests.reference import (
    add_central_commission,
    add_election,
    add_first_constituency,
    add_mission,
    add_odihr,
    add_other_mission,
)


@pytest.fixture(scope="module")
def _world_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world in a transaction that is never committed; each test has a savepoint in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        election = add_election()
        missions = add_mission(election, add_odihr()), add_other_mission(election)
        yield build_world(election, *missions, add_first_constituency(add_central_commission(election)))
        transaction.set_rollback(True)


@pytest.fixture
def standing_world(_world_of_module: World, db: None) -> World:
    """The world as it was built, whatever other tests have made of its rows and objects."""
    cache.clear()
    return deepcopy(_world_of_module)
