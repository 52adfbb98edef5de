"""The fixed facts of the reference election, as they stand in the manifest of a reference folder."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from config.reference.geography import DATA
from missions.data.reading import read_toml
from missions.data.values import read_zone

MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The election, its central commission, and when the commission meets.

    Complete papers are decided at the first of the `sessions` at least `days_before_session` days later.
    """

    code: str
    name: str
    host_country: str
    e_day: dt.date
    called_on: dt.date
    time_zone: str
    opens_at: dt.time
    closes_at: dt.time
    profile_code: str
    commission_code: str
    commission_name: str
    sessions: tuple[dt.date, ...]
    days_before_session: int


def read_manifest(folder: Path = DATA) -> Manifest:
    """Read the manifest of a reference folder. Raises DataFileError for a missing or unknown key."""
    table = read_toml(folder / MANIFEST)
    election, commission = table.table("election"), table.table("central_commission")
    accreditation = table.table("accreditation")
    manifest = Manifest(
        code=election.text("code"),
        name=election.text("name"),
        host_country=election.text("host_country"),
        e_day=election.day("e_day"),
        called_on=election.day("called_on"),
        time_zone=read_zone(election, "time_zone"),
        opens_at=election.clock("opens_at"),
        closes_at=election.clock("closes_at"),
        profile_code=election.text("profile_code"),
        commission_code=commission.text("code"),
        commission_name=commission.text("name"),
        sessions=tuple(map(dt.date.fromisoformat, accreditation.texts("sessions"))),
        days_before_session=accreditation.count("days_before_session"),
    )
    for part in (election, commission, accreditation, table):
        part.finish()
    return manifest
