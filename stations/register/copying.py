"""The register of a vote that follows upon another: the stations of the one before, in the constituencies that vote."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.forms.models import model_to_dict

from missions.kernel.events import record_event
from missions.models import Constituency, Election, User
from stations.models import AccessRequirement, PollingStation
from stations.register.models import RegisterVersion
from stations.register.selectors import current_version

_BATCH = 500
#: What holds for one vote only.
_OWN = ("id", "election", "constituency", "closed_at", "closed_reason")


def copy_register(*, election_id: int, by: User | None, at: datetime) -> int:
    """Give a new vote the stations of the one that it follows; returns how many.

    To be called within the transaction that opens the vote. Where every constituency votes the stations abroad do too;
    they belong to none. The first version of the new register names the register that it was taken from. Records
    "register_copied".
    """
    election = Election.objects.select_related("follows").get(pk=election_id)
    origin = election.follows
    if origin is None:
        return 0
    areas = dict(Constituency.objects.filter(election=election).values_list("number", "pk"))
    rows = PollingStation.objects.filter(election=origin).select_related("constituency").order_by("pk")
    votes_everywhere = origin.constituencies.count() == len(areas)
    taken = [row for row in rows if (row.constituency.number in areas if row.constituency else votes_everywhere)]
    if not taken:
        return 0
    made = PollingStation.objects.bulk_create([_copy(row, election, areas) for row in taken], batch_size=_BATCH)
    _copy_requirements({row.pk: new for row, new in zip(taken, made, strict=True)}, origin)
    version = _version(election, origin, len(made), by=by, at=at)
    record_event("register_copied", version, by=by, at=at, reason=version.file_name)
    return len(made)


def _copy(row: PollingStation, election: Election, areas: Mapping[int, int]) -> PollingStation:
    values = model_to_dict(row, exclude=_OWN)
    area = areas[row.constituency.number] if row.constituency else None
    return PollingStation(election=election, constituency_id=area, **values)


def _copy_requirements(made: Mapping[int, PollingStation], origin: Election) -> None:
    rows = AccessRequirement.objects.filter(station__election=origin).order_by("pk")
    AccessRequirement.objects.bulk_create(
        [
            AccessRequirement(station=made[row.station_id], condition=row.condition, granted_by=row.granted_by)
            for row in rows
            if row.station_id in made
        ],
        batch_size=_BATCH,
    )


def _version(election: Election, origin: Election, count: int, *, by: User | None, at: datetime) -> RegisterVersion:
    """The first version: no file made it, so its name and digest are those of the register that it was taken from."""
    name = f"{origin.code}, {current_version(origin)}"
    return RegisterVersion.objects.create(
        election=election,
        number=1,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        file_name=name,
        rows=count,
        added=count,
        changed=0,
        imported_at=at,
        imported_by=by,
    )
