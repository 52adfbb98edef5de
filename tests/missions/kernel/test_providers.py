import pytest
from pytest_django.fixtures import Settings

from missions.kernel.providers import providers_of


def test_providers_of_resolves_in_the_order_of_the_settings(settings: Settings) -> None:
    settings.FIGURE_SOURCES = ["missions.kernel.doorbell.silent", "missions.kernel.crypto.keyed_hash"]

    assert [provider.__name__ for provider in providers_of("FIGURE_SOURCES")] == ["silent", "keyed_hash"]


def test_providers_of_resolves_once(settings: Settings) -> None:
    settings.FIGURE_SOURCES = ["missions.kernel.doorbell.silent"]

    assert providers_of("FIGURE_SOURCES") is providers_of("FIGURE_SOURCES")


def test_providers_of_follows_a_change_of_the_settings(settings: Settings) -> None:
    settings.FIGURE_SOURCES = ["missions.kernel.doorbell.silent"]
    providers_of("FIGURE_SOURCES")

    settings.FIGURE_SOURCES = []

    assert providers_of("FIGURE_SOURCES") == ()


def test_providers_of_knows_its_questions_only() -> None:
    with pytest.raises(KeyError, match="INSTALLED_APPS"):
        providers_of("INSTALLED_APPS")


def test_providers_of_raises_for_a_path_that_does_not_import(settings: Settings) -> None:
    settings.FIGURE_SOURCES = ["missions.kernel.doorbell.loud"]

    with pytest.raises(ImportError, match="loud"):
        providers_of("FIGURE_SOURCES")
