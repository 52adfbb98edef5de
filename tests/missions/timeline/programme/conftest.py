"""A small programme of the reference election: the usual resources, and missions that ask."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission

from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from missions.timeline.programme.models import Booking, MeetingRequest, Programme, SharedResource
from missions.timeline.programme.placing import hold_slots
from missions.timeline.programme.services.requests import RequestDraft, ask_for
from missions.timeline.programme.services.resources import set_up_standards
from missions.timeline.programme.states import ProgrammeState, RequestKind

MakeMission = Callable[..., Mission]
Ask = Callable[..., MeetingRequest]
MakeProgramme = Callable[..., Programme]
BAKU = dt.timezone(dt.timedelta(hours=4))


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An instant of February 2024 by the clocks of Baku."""
    return dt.datetime(2024, 2, day, hour, minute, tzinfo=BAKU)


@pytest.fixture
def shared(election: Election, at: dt.datetime) -> dict[str, SharedResource]:
    """The usual resources by code. The minister's places on 5 February begin at 10:00, 10:25, ... and at 15:00."""
    set_up_standards(election=election, by=None, at=at)
    return {row.code: row for row in SharedResource.objects.filter(election=election)}


@pytest.fixture
def make_mission(election: Election) -> MakeMission:
    def make(code: str, size: int | None = 6, **facts: object) -> Mission:
        organization = Organization.objects.create(
            acronym=code, name=f"Assembly {code}", kind=OrganizationKind.PARLIAMENTARY_ASSEMBLY
        )
        usual: dict[str, object] = {
            "organization": organization,
            "name": f"Delegation of {code}",
            "kind": MissionKind.DELEGATION,
            "deployment_mode": DeploymentMode.HOST_COORDINATED,
            "template_code": "short-delegation",
            "ceiling": size,
        }
        return Mission.objects.create(election=election, code=code, **{**usual, **facts})

    return make


@pytest.fixture
def ask(shared: dict[str, SharedResource], at: dt.datetime) -> Ask:
    def ask(mission: Mission, kind: RequestKind = RequestKind.MINISTER, **facts: object) -> MeetingRequest:
        window = {"earliest_at": local(5, 9), "latest_at": local(6, 18)}
        if kind is RequestKind.PRESS:
            window = {"earliest_at": local(8, 9), "latest_at": local(8, 19)}
        draft = RequestDraft(kind=kind, **{"size": 5, **window, **facts})  # type: ignore[arg-type]
        return ask_for(mission=mission, draft=draft, by=None, at=at)

    return ask


@pytest.fixture
def make_programme(election: Election, at: dt.datetime) -> MakeProgramme:
    def make(
        *places: tuple[MeetingRequest, str, dt.datetime, int],
        state: ProgrammeState = ProgrammeState.DRAFT,
        base: Programme | None = None,
    ) -> Programme:
        """A version with these bookings: request, code of the resource, beginning, minutes."""
        programme = Programme.objects.create(
            election=election,
            version=Programme.objects.count() + 1,
            state=state,
            base=base,
            seconds=5,
            ordered_at=at,
            made_at=at,
            released_at=at if state in (ProgrammeState.RELEASED, ProgrammeState.SUPERSEDED) else None,
        )
        rows = [
            Booking.objects.create(
                programme=programme,
                request=request,
                resource=SharedResource.objects.get(election=election, code=code),
                starts_at=start,
                ends_at=start + dt.timedelta(minutes=minutes),
                room="1" if code == "press-centre" else "",
            )
            for request, code, start, minutes in places
        ]
        hold_slots(rows)
        return programme

    return make


@pytest.fixture
def officer() -> User:
    """A protocol officer who makes and releases programmes."""
    user = User.objects.create_user("officer@ministry.example", "a long enough password", is_staff=True)
    for codename in ("make_programme", "release_programme"):
        user.user_permissions.add(Permission.objects.get(content_type__app_label="programme", codename=codename))
    return user
