"""The world of the API's tests."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_throttle_of_earlier_tests() -> None:
    cache.clear()
