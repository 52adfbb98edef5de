import datetime as dt
from pathlib import Path

import pytest

from config.reference.geography import DATA
from config.reference.manifest import read_manifest
from missions.data.reading import DataFileError


def test_the_folder_has_the_facts_of_the_election(folder: Path) -> None:
    manifest = read_manifest(folder)

    assert (manifest.code, manifest.host_country, manifest.profile_code) == ("az-2024", "AZE", "az-2024")
    assert (manifest.called_on, manifest.e_day) == (dt.date(2023, 12, 7), dt.date(2024, 2, 7))
    assert (manifest.time_zone, manifest.opens_at, manifest.closes_at) == ("Asia/Baku", dt.time(8), dt.time(19))
    assert manifest.commission_name == "Central Election Commission"
    assert manifest.sessions == tuple(sorted(manifest.sessions))
    assert (len(manifest.sessions), manifest.sessions[-1]) == (12, dt.date(2024, 2, 5))


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    text = (DATA / "manifest.toml").read_text(encoding="utf-8")
    (tmp_path / "manifest.toml").write_text(f"surprise = 1\n{text}", encoding="utf-8")

    with pytest.raises(DataFileError, match="surprise: unknown key"):
        read_manifest(tmp_path)
