import pytest
from django.core.checks.registry import registry
from pytest_django.fixtures import Settings

from accreditation.badges.checks import signer_is_apart

HERE, SOCKET = "accreditation.badges.signer.here.ask", "accreditation.badges.signer.socket.ask"


@pytest.mark.parametrize(
    ("environment", "door", "ids"),
    [
        ("test", HERE, []),
        ("test", SOCKET, []),
        ("production", SOCKET, []),
        ("production", HERE, ["badges.W001"]),
        ("staging", SOCKET, ["badges.E001"]),
        ("production", "accreditation.badges.signer.nowhere.ask", ["badges.E002"]),
    ],
)
def test_the_signer_is_found_and_apart(settings: Settings, environment: str, door: str, ids: list[str]) -> None:
    settings.BADGE_ENVIRONMENT, settings.BADGE_SIGNER = environment, door

    assert [message.id for message in signer_is_apart()] == ids


def test_the_check_is_registered() -> None:
    assert signer_is_apart in registry.get_checks()
