"""What the generator makes of the description: every operation, with types that a program can be checked against."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

from tests.journeys.client.generating import DOCS

SCHEMA = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))


def test_every_operation_has_its_module(client_package: Path) -> None:
    described = {
        f"{operation['tags'][0].replace('-', '_')}/{operation['operationId']}.py"
        for operations in SCHEMA["paths"].values()
        for operation in operations.values()
    }

    made = {
        str(path.relative_to(client_package / "api"))
        for path in client_package.glob("api/*/*.py")
        if path.name != "__init__.py"
    }

    assert made == described
    assert len(described) > 150


def test_a_program_over_it_is_typed_throughout(client_package: Path, tmp_path: Path) -> None:
    program = Path(__file__).with_name("lead.py")

    checked = subprocess.run(  # noqa: S603 - the type checker of our own environment
        [
            *(sys.executable, "-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent"),
            *("--cache-dir", tmp_path, program),
        ],
        env={**os.environ, "MYPYPATH": str(client_package.parent)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
