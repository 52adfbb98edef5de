"""The rows that most tests begin with: the reference election, its first constituency, and two missions."""

import datetime as dt

from missions.models import Commission, Constituency, Election, Mission, Organization
from missions.states import CommissionLevel, DeploymentMode, MissionKind, OrganizationKind
from stations.models import PollingStation
from stations.states import StationKind


def add_election(code: str = "az-2024") -> Election:
    """The reference election: 7 February 2024 in Baku's zone, under the profile az-2024."""
    return Election.objects.create(
        code=code,
        name="Presidential election",
        host_country="AZE",
        e_day=dt.date(2024, 2, 7),
        called_on=dt.date(2023, 12, 7),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code="az-2024",
    )


def add_central_commission(election: Election) -> Commission:
    return Commission.objects.create(
        election=election, level=CommissionLevel.CENTRAL, code="CEC", name="Central Election Commission"
    )


def add_first_constituency(central: Commission) -> Constituency:
    commission = Commission.objects.create(
        election=central.election,
        level=CommissionLevel.CONSTITUENCY,
        parent=central,
        code="ConEC-1",
        name="Constituency Election Commission 1",
    )
    return Constituency.objects.create(
        election=central.election, commission=commission, number=1, name="First", region="North", languages=["az"]
    )


def add_odihr() -> Organization:
    return Organization.objects.create(acronym="ODIHR", name="Office", kind=OrganizationKind.IGO)


def add_mission(election: Election, organization: Organization, *, ceiling: int | None = 10) -> Mission:
    """A self-directed mission with so many places, or as many as it likes."""
    return Mission.objects.create(
        election=election,
        organization=organization,
        code="ODIHR",
        name="ODIHR mission",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        template_code="odihr-type",
        ceiling=ceiling,
    )


def add_other_mission(election: Election) -> Mission:
    """A host-coordinated delegation without a ceiling."""
    organization = Organization.objects.create(
        acronym="PABSEC", name="Assembly", kind=OrganizationKind.PARLIAMENTARY_ASSEMBLY
    )
    return Mission.objects.create(
        election=election,
        organization=organization,
        code="PABSEC",
        name="PABSEC delegation",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
        template_code="short-delegation",
    )


def home_station(constituency: Constituency, *, code: str, latitude: str) -> PollingStation:
    """A station at home that is not saved yet."""
    return PollingStation(
        election=constituency.election,
        code=code,
        name=f"School {code}",
        kind=StationKind.PERMANENT,
        constituency=constituency,
        latitude=latitude,
        longitude="48.00000",
        voters=900,
        country="AZE",
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )
