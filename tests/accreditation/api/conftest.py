"""The world of the API's tests."""

import pytest
from django.core.cache import cache

from tests.missions.api.world import World


@pytest.fixture(autouse=True)
def _no_throttle_of_earlier_tests() -> None:
    cache.clear()


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world
