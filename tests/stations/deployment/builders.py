"""A small election to deploy: constituencies with stations, stations abroad, accredited people."""

import datetime as dt
from collections.abc import Sequence
from itertools import count

from accreditation.models import Accreditation, Application, Document, Nomination, Observer
from accreditation.states import (
    LIVE_ACCREDITATION_STATES,
    SIGNED_DOCUMENTS,
    AccreditationState,
    ApplicationState,
    Category,
    Role,
    Sex,
)
from missions.models import Commission, Constituency, Election, Mission, Organization, User
from missions.states import CommissionLevel, DeploymentMode, MissionKind, OrganizationKind
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.rules.limits import DayRules
from stations.deployment.states import PlanState, TeamKind
from stations.deployment.timetable import PollingDay, Stop, visits_of_route
from stations.models import PollingStation
from stations.states import StationKind

RECEIVED = dt.datetime(2024, 1, 5, 12, tzinfo=dt.UTC)
_numbers = count(1)


def constituency(election: Election, number: int, region: str, languages: tuple[str, ...] = ("az",)) -> Constituency:
    central, _made = Commission.objects.get_or_create(
        election=election, level=CommissionLevel.CENTRAL, code="CEC", defaults={"name": "Central"}
    )
    commission = Commission.objects.create(
        election=election, level=CommissionLevel.CONSTITUENCY, parent=central, code=f"C{number}", name=f"C{number}"
    )
    return Constituency.objects.create(
        election=election,
        commission=commission,
        number=number,
        name=f"Constituency {number}",
        region=region,
        languages=list(languages),
    )


def home_stations(place: Constituency, size: int, *, latitude: float, longitude: float) -> list[PollingStation]:
    """Stations a kilometre apart, the first with a camera, the last in newly covered territory."""
    return [
        PollingStation.objects.create(
            election=place.election,
            code=f"{place.number:03d}{number:02d}",
            name=f"School {number}",
            kind=StationKind.PERMANENT,
            constituency=place,
            latitude=round(latitude + 0.01 * number, 5),
            longitude=round(longitude, 5),
            voters=500 + 10 * number,
            is_urban=True,
            has_web_camera=number == 1,
            is_newly_covered=number == size,
            country=place.election.host_country,
            time_zone=place.election.time_zone,
            opens_at=place.election.opens_at,
            closes_at=place.election.closes_at,
        )
        for number in range(1, size + 1)
    ]


def overseas_station(
    election: Election,
    code: str,
    country: str,
    zone: str,
    latitude: float | None = 50,
    longitude: float | None = 10,
) -> PollingStation:
    return PollingStation.objects.create(
        election=election,
        code=code,
        name=f"Embassy {code}",
        kind=StationKind.OVERSEAS,
        latitude=latitude,
        longitude=longitude,
        voters=80,
        country=country,
        city=f"City {code}",
        time_zone=zone,
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )


def pool_mission(election: Election, code: str, mode: DeploymentMode = DeploymentMode.HOST_COORDINATED) -> Mission:
    organization = Organization.objects.create(acronym=code, name=code, kind=OrganizationKind.IGO)
    return Mission.objects.create(
        election=election,
        organization=organization,
        code=code,
        name=code,
        kind=MissionKind.DELEGATION,
        deployment_mode=mode,
    )


def observer(
    mission: Mission,
    nationality: str,
    *,
    second: str = "",
    languages: tuple[str, ...] = ("en",),
    residence: str = "",
    experienced: bool = False,
    sex: Sex = Sex.FEMALE,
) -> Observer:
    number = next(_numbers)
    return Observer.objects.create(
        election=mission.election,
        surname=f"Observer{number:04d}",
        folded_name=f"observer{number:04d}",
        sex=sex,
        birth_date=dt.date(1980, 1, 1),
        nationality=nationality,
        second_nationality=second,
        passport_issuer=nationality,
        passport_number=f"P{number:06d}",
        passport_key=f"{number:064d}",
        passport_expires_on=dt.date(2030, 1, 1),
        languages=list(languages),
        residence_country=residence,
        is_experienced=experienced,
    )


def nominate(mission: Mission, person: Observer, role: Role = Role.STO, **stay: dt.date) -> Nomination:
    return Nomination.objects.create(
        mission=mission,
        observer=person,
        role=role,
        reference=f"R{person.pk}",
        documents_on=dt.date(2024, 1, 4),
        created_at=RECEIVED,
        **stay,
    )


def accredit(nomination: Nomination, state: AccreditationState = AccreditationState.ACTIVE) -> Accreditation:
    person = nomination.observer
    reviewer, _made = User.objects.get_or_create(email="builder@ministry.example", defaults={"is_staff": True})
    application = Application.objects.create(
        election=person.election,
        observer=person,
        nomination=nomination,
        category=Category.INTERNATIONAL_OBSERVER,
        state=ApplicationState.ACCREDITED,
        submitted_at=RECEIVED,
        reviewed_by=reviewer,
    )
    Document.objects.bulk_create(
        Document(application=application, kind=kind, received_on=RECEIVED.date()) for kind in SIGNED_DOCUMENTS
    )
    return Accreditation.objects.create(
        election=person.election,
        observer=person,
        application=application,
        category=Category.INTERNATIONAL_OBSERVER,
        number=person.pk,
        state=state,
        valid_from=RECEIVED,
        reason="" if state is AccreditationState.ACTIVE else "Asked for",
        ended_at=None if state in LIVE_ACCREDITATION_STATES else RECEIVED,
    )


def deployed(mission: Mission, nationality: str, role: Role = Role.STO, **traits: object) -> Observer:
    """Somebody accredited whom a plan can use; `traits` as for `observer`."""
    person = observer(mission, nationality, **traits)  # type: ignore[arg-type]  # passed on as given
    accredit(nominate(mission, person, role))
    return person


def plan(
    election: Election, mission: Mission | None, *, state: PlanState = PlanState.DRAFT, version: int = 1
) -> DeploymentPlan:
    return DeploymentPlan.objects.create(
        election=election,
        mission=mission,
        version=version,
        state=state,
        made_at=RECEIVED,
        released_at=None if state in (PlanState.DRAFT, PlanState.DISCARDED) else RECEIVED,
    )


def area(of: DeploymentPlan, name: str, *places: Constituency) -> AreaOfResponsibility:
    made = AreaOfResponsibility.objects.create(plan=of, name=name)
    made.constituencies.set(places)
    return made


def team(
    of: DeploymentPlan,
    number: int,
    people: Sequence[Observer],
    stations: Sequence[PollingStation],
    *,
    within: AreaOfResponsibility | None = None,
    kind: TeamKind = TeamKind.SHORT_TERM,
) -> Team:
    """A team of these people that visits these stations on election day, an hour apart."""
    first = stations[0] if stations else None
    made = Team.objects.create(
        plan=of,
        number=number,
        kind=kind,
        area=within,
        constituency=first.constituency if first else None,
        country=first.country if first and kind is TeamKind.OVERSEAS else "",
    )
    for person in people:
        TeamMember.objects.create(
            plan=of, team=made, observer=person, nomination=person.nominations.get(), is_leader=person is people[0]
        )
    if first is None:
        return made
    day = PollingDay(of.election.e_day, first.opens_at, first.closes_at, first.time_zone)
    stops = [Stop(station.pk, 1_800) for station in stations]
    visit_plan = VisitPlan.objects.create(team=made, day=of.election.e_day)
    for order, visit in enumerate(visits_of_route(stops, day, DayRules()), start=1):
        Visit.objects.create(
            visit_plan=visit_plan,
            order=order,
            station_id=visit.station_id,
            kind=visit.kind,
            arrives_at=visit.arrives_at,
            leaves_at=visit.leaves_at,
        )
    return made
