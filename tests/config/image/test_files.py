"""The Dockerfile, compose.yaml and .env.example against the scripts and the settings that they are for."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.image.make_secrets import lines
from config.image.probe import ROLES
from tests.config.variables import known_variables

ROOT = Path(__file__).resolve().parents[3]
ENTRYPOINT = (ROOT / "config/image/entrypoint.sh").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image") == "observer-desk"}
#: Of the machine, of Python, and of compose.yaml itself.
FOREIGN = {"PATH", "HOME", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DATABASE_PASSWORD"}


def roles() -> set[str]:
    """Those that the script takes, by its own branches."""
    branches = ENTRYPOINT.split('case "$role" in')[2]
    return set(re.findall(r"^    (\w+)\)", branches, re.MULTILINE))


def test_every_service_of_ours_has_a_role_of_the_script() -> None:
    assert {name: service["command"] for name, service in OURS.items()} == {
        name: [name] for name in ("migrate", "web", "worker", "beat", "signer")
    }
    assert set(OURS) <= roles()
    assert f'CMD ["{"web"}"]' in DOCKERFILE


def test_every_service_of_ours_is_probed_as_what_it_is() -> None:
    probed = {
        name: service["healthcheck"]["test"][-1]
        for name, service in OURS.items()
        if "test" in service.get("healthcheck", {})
    }
    assert probed == {"worker": "worker", "beat": "beat", "signer": "signer"}
    assert '"config/image/entrypoint.sh", "probe", "web"' in DOCKERFILE  # of the image itself, for what says nothing
    assert set(ROLES) == {*probed, "web"}


def test_every_variable_is_one_of_the_settings() -> None:
    used = set(re.findall(r"^ *(?:ENV )?([A-Z_]{3,})=", DOCKERFILE, re.MULTILINE))
    used |= set(re.findall(r"ENV .*?([A-Z_]{3,})=", DOCKERFILE))
    used |= {name for service in OURS.values() for name in service["environment"]}
    used |= set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    used |= {line.partition("=")[0] for line in lines()}

    assert used - FOREIGN - known_variables() == set()
    assert {"VAR_DIR", "STATIC_ROOT", "PULSE_FILE", "EMAIL_URL", "SECRET_KEY"} <= used


def test_ours_run_without_rights_and_without_a_writable_root() -> None:
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert OURS["signer"]["user"] == "10002:10001"


def test_only_the_signer_sees_the_keys() -> None:
    holders = {name for name, service in OURS.items() if any(one.startswith("keys:") for one in service["volumes"])}

    assert holders == {"signer"}


def test_nothing_starts_before_the_database_is_migrated() -> None:
    waiting = {name for name, service in OURS.items() if "migrate" in service["depends_on"]}

    assert waiting == set(OURS) - {"migrate"}
    assert OURS["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_the_last_stage_has_no_tools_to_build_with() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]

    assert re.findall(r"install --yes --no-install-recommends (.*) \\", last) == ["postgresql-client-17"]
    assert "pip" not in last
    assert COMPOSE["services"]["database"]["image"] == "postgres:17"


@pytest.mark.parametrize("name", ["requirements.txt", "manage.py", "config", "missions", "stations", "accreditation"])
def test_what_the_image_needs_is_let_through(name: str) -> None:
    assert f"!{name}" in (ROOT / ".dockerignore").read_text().splitlines()
    assert (ROOT / name).exists()
