"""The generated client, made once for the tests of this folder."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.journeys.client.generating import generate_client


@pytest.fixture(scope="session")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package that was generated."""
    return generate_client(tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="session")
def lead_program(client_package: Path) -> Iterator[ModuleType]:
    """The program `lead` over the generated client."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(client_package.parent)
        yield importlib.import_module("tests.journeys.client.lead")
