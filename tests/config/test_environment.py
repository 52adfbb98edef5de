"""How settings read the environment: files beside variables, what production needs, and that all is written down."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import Environment
from tests.config.variables import known_variables

ROOT = Path(__file__).resolve().parents[2]
#: A row of the tables of docs/operations.md begins with the names of its variables.
_ROW = re.compile(r"^\| (`.+?`) \|", re.MULTILINE)


def test_a_value_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the file\n")
    monkeypatch.setenv("SOME_SECRET", "of the environment")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    Environment.ENVIRON.files_cache.clear()

    assert Environment().str("SOME_SECRET") == "of the file"
    assert "SOME_SECRET" in Environment.ENVIRON


def test_every_variable_is_written_down_and_no_other() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    told = {name for names in _ROW.findall(text) for name in re.findall(r"`([A-Z0-9_]+)`", names)}

    # One is compose.yaml's, and one the C library reads.
    assert told == known_variables() | {"DATABASE_PASSWORD", "MALLOC_ARENA_MAX"}


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"DEPLOYMENT": "prod"}, "config.E000: DEPLOYMENT is embedded or production, not 'prod'."),
        (
            {"DEPLOYMENT": "production", "SECRET_KEY": "given"},
            "config.E001: production needs FIELD_ENCRYPTION_KEYS, LOOKUP_HASH_KEY, PUBLIC_URL, DATABASE_URL (docs/",
        ),
    ],
)
def test_settings_say_at_once_what_is_missing(environment: dict[str, str], told: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 1
    assert told in done.stderr
