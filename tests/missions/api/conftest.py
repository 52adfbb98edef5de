"""The world of the API's tests."""

import pytest
from django.core.cache import cache

from missions.models import Constituency, Election, Mission
from tests.missions.api.world import World, build_world


@pytest.fixture(autouse=True)
def _no_throttle_of_earlier_tests() -> None:
    cache.clear()


@pytest.fixture
def world(election: Election, mission: Mission, other_mission: Mission, constituency: Constituency) -> World:
    return build_world(election, mission, other_mission, constituency)
