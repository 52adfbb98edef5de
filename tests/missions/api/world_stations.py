"""Rows of the API's world that missions have around stations: samples, access, travel times, early looks at plans."""

import datetime as dt
import zlib

import numpy as np

from missions.models import Constituency, Election, Mission, User
from stations.access.models import AccessGrant, EscortRun
from stations.access.states import AccessState
from stations.deployment.models import BreakGlass, DeploymentPlan
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.states import FileState
from stations.deployment.samples.models import SampledStation, SampleFrame, SampleStratum, StationSample
from stations.deployment.samples.states import FramePart, Place, SampleState
from stations.models import PollingStation
from stations.register.models import RegisterVersion
from stations.states import AccessCondition
from stations.travel.matrices import Matrix, pack
from stations.travel.models import TravelMatrix


def add_access(mission: Mission, n: int, *, at: dt.datetime) -> AccessGrant:
    """Seats in a convoy to the n-th station, which nobody enters without one."""
    station = PollingStation.objects.get(election=mission.election, code=f"00{n}")
    run = EscortRun.objects.create(
        election=mission.election,
        condition=AccessCondition.ESCORT,
        name=f"Convoy {n} of {mission.code}",
        departs_at=at,
        returns_at=at + dt.timedelta(days=30),
        seats=4,
        seats_taken=2,
    )
    run.stations.add(station)
    return AccessGrant.objects.create(
        mission=mission,
        station=station,
        condition=AccessCondition.ESCORT,
        persons=2,
        state=AccessState.GRANTED,
        requested_at=at,
        granted_by="Agency",
        valid_until=at + dt.timedelta(days=30),
        run=run,
        seats=2,
        decided_at=at,
    )


def add_matrix(mission: Mission | None, place: Constituency, n: int, *, at: dt.datetime) -> TravelMatrix:
    """Travel times between the base and the first station; those before them are out of use."""
    TravelMatrix.objects.filter(mission=mission, constituency=place).update(removed_at=at)
    return TravelMatrix.objects.create(
        constituency=place,
        mission=mission,
        file_name=f"{n}.csv",
        sha256=f"{n:064d}",
        codes=["001"],
        cells=pack(Matrix(np.full((2, 2), n), np.full((2, 2), n))),
        uploaded_at=at,
    )


def add_plan_file(plan: DeploymentPlan, n: int, *, at: dt.datetime) -> PlanFile:
    """The file that the plan was made of."""
    file = PlanFile.objects.create(
        election=plan.election,
        mission=plan.mission,
        sha256=f"{n:064d}",
        file_name=f"plan {n}.csv",
        state=FileState.TAKEN,
        row_count=1,
        error_count=0,
        warning_count=0,
        uploaded_at=at,
        closed_at=at,
        plan=plan,
    )
    PlanFileRow.objects.create(plan_file=file, number=2, cells={"team": "1"})
    return file


def add_sample(mission: Mission, n: int, *, at: dt.datetime, of_pool: bool = False) -> StationSample:
    """A sample of one station, which is all that it was drawn from; the first one is locked."""
    sample = StationSample.objects.create(
        election=mission.election,
        mission=None if of_pool else mission,
        number=n,
        state=SampleState.LOCKED if n == 1 else SampleState.DRAWN,
        frame_part=FramePart.HOME,
        stratifiers=["region"],
        size=1,
        minimum=1,
        reserve_percent=50,
        seed=f"seed {n}",
        register_version=1,
        frame_size=1,
        frame_sha256="0" * 64,
        drawn_at=at,
        locked_at=at if n == 1 else None,
    )
    SampleFrame.objects.create(sample=sample, content=zlib.compress(b'stratum\t0\t["North"]\nstation\t001\t0\n'))
    stratum = SampleStratum.objects.create(sample=sample, position=0, values=["North"], size=1, drawn=1)
    station = PollingStation.objects.get(election=mission.election, code="001")
    SampledStation.objects.create(sample=sample, stratum=stratum, station=station, rank=1, place=Place.DRAWN)
    return sample


def add_early_look(mission: Mission, n: int, *, reader: User, at: dt.datetime) -> BreakGlass:
    """Somebody of the ministry has read the mission's released plan, for a minute, n hours before."""
    opened_at = at - dt.timedelta(hours=n)
    return BreakGlass.objects.create(
        plan=DeploymentPlan.objects.released().get(mission=mission),
        reader=reader,
        reason=f"Reason {n}",
        opened_at=opened_at,
        closes_at=opened_at + dt.timedelta(hours=1),
        ended_at=opened_at + dt.timedelta(minutes=1),
        ended_by=reader,
    )


def add_further_election(n: int) -> Election:
    """An election of another country."""
    return Election.objects.create(
        code=f"more-{n}",
        name=f"Election {n}",
        host_country="KEN",
        e_day=dt.date(2022, 8, n),
        time_zone="Africa/Nairobi",
        opens_at=dt.time(6),
        closes_at=dt.time(17),
    )


def add_register_version(election: Election, number: int, *, at: dt.datetime) -> RegisterVersion:
    return RegisterVersion.objects.create(
        election=election,
        number=number,
        sha256=f"{number:064d}",
        file_name="stations.xlsx",
        rows=1,
        added=1,
        changed=0,
        imported_at=at,
    )
