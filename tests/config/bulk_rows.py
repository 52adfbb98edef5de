"""A row in each of its states for every list of the desk that has acts on many."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from accreditation.badges.models import CheckDevice, Scan, ScanAlert
from accreditation.models import Accreditation, Application, CommissionSession, ListedPerson, Nomination, Stay
from accreditation.services import accreditations
from accreditation.services.appeals import appeal_refusal
from accreditation.services.applications import ask_for_documents
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.states import CLOSED_APPLICATION_STATES, AccreditationState, ApplicationState, DocumentKind
from missions.models import ApiToken, Constituency, Election, Invitation, Mission, Organization, User
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from missions.states import InvitationState, Inviter, OrganizationKind
from stations.access.models import AccessGrant, EscortRun
from stations.access.states import AccessState
from stations.models import PollingStation
from stations.states import AccessCondition
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.missions.api.world import new_token
from tests.stations.access.conftest import special_station

_A, _C = ApplicationState, AccreditationState
_WALKED = (_A.DRAFT, _A.SUBMITTED, _A.UNDER_REVIEW, _A.RECOMMENDED, _A.SCHEDULED)
DAY = dt.timedelta(days=1)


@dataclass
class Desk:
    """Where the rows are made, and by whom; those in a state of `moving` are made with all that a move needs."""

    mission: Mission
    constituency: Constituency
    make_application: MakeApplication
    lead: User
    reviewer: User
    approver: User
    at: dt.datetime
    moving: frozenset[str] = frozenset()
    made: int = field(default=0)

    @property
    def election(self) -> Election:
        return self.mission.election

    def number(self) -> int:
        """One that no other row has."""
        self.made += 1
        return self.made


def application(desk: Desk, state: str) -> Application:
    person = draft_number(desk.number())
    if state not in desk.moving:
        row = desk.make_application(_A.DRAFT, person=person)
        closed_at = desk.at if state in CLOSED_APPLICATION_STATES else None
        facts = {"state": state, "submitted_at": desk.at, "reviewed_by": desk.reviewer, "closed_at": closed_at}
        session = CommissionSession.objects.get() if state == _A.SCHEDULED else None
        Application.objects.filter(pk=row.pk).update(**facts, session=session)
        return row
    if state in _WALKED:
        return desk.make_application(state, person=person)
    by, at = desk.lead, desk.at
    if state == _A.INCOMPLETE:
        row = desk.make_application(_A.SUBMITTED, person=person)
        return ask_for_documents(application=row, kinds=[DocumentKind.PHOTO], by=desk.reviewer, at=at)
    row = desk.make_application(_A.SCHEDULED, person=person)
    if state == _A.ACCREDITED:
        accredit_application(application=row, by=desk.approver, at=at)
    else:
        ground = "information_not_confirmed"
        refuse_application(application=row, ground=ground, text="Why", by=desk.approver, at=at)
    row.refresh_from_db()
    if state in (_A.APPEALED, _A.REFUSED_FINAL):
        row = appeal_refusal(application=row, reason="Wrong", by=by, at=at)
    if state == _A.REFUSED_FINAL:
        Application.objects.filter(pk=row.pk).update(state=state, closed_at=at)
    return row


def accreditation(desk: Desk, state: str) -> Accreditation:
    row = desk.make_application(_A.SCHEDULED, person=draft_number(desk.number()))
    made = accredit_application(application=row, by=desk.approver, at=desk.at)
    by, at = desk.approver, desk.at
    if state == _C.SUSPENDED:
        accreditations.suspend_accreditation(accreditation=made, reason="Why", by=by, at=at)
    elif state == _C.REVOKED:
        accreditations.revoke_accreditation(accreditation=made, reason="Why", by=by, at=at)
    elif state == _C.RETURNED:
        accreditations.return_accreditation(accreditation=made, by=by, at=at)
    elif state == _C.REPLACED:
        accreditations.replace_accreditation(accreditation=made, by=by, at=at)
    elif state == _C.EXPIRED:
        Accreditation.objects.filter(pk=made.pk).update(state=state, ended_at=at)
    return made


def nomination(desk: Desk, state: str) -> Nomination:
    row = desk.make_application(_A.DRAFT, person=draft_number(desk.number())).nomination
    known = {
        "expected": {},
        "here": {"arrived_at": desk.at},
        "briefed": {"arrived_at": desk.at, "briefed_at": desk.at},
        "left": {"arrived_at": desk.at, "left_at": desk.at},
    }[state]
    Stay.objects.update_or_create(nomination=row, defaults=known)
    return row


def invitation(desk: Desk, state: str) -> Invitation:
    number = desk.number()
    organization = Organization.objects.create(acronym=f"O{number}", name=f"Org {number}", kind=OrganizationKind.IGO)
    return Invitation.objects.create(
        election=desk.election,
        organization=organization,
        inviter=Inviter.MFA,
        state=state,
        note_number="N-1",
        note_date=dt.date(2023, 12, 12),
    )


def grant(desk: Desk, state: str) -> AccessGrant:
    """Seats under an escort; a granted one has taken them."""
    station = special_station(desk.constituency, f"12{desk.number():04d}", AccessCondition.ESCORT)
    run = EscortRun.objects.create(
        election=desk.election,
        condition=AccessCondition.ESCORT,
        name=f"Convoy {station.code}",
        departs_at=dt.datetime(2024, 2, 7, 2, tzinfo=dt.UTC),
        returns_at=dt.datetime(2024, 2, 7, 20, tzinfo=dt.UTC),
        seats=4,
        seats_taken=2 if state == AccessState.GRANTED else 0,
    )
    run.stations.add(station)
    granted = {"granted_by": "Agency", "valid_until": desk.at + 30 * DAY, "run": run, "seats": 2}
    return AccessGrant.objects.create(
        mission=desk.mission,
        station=station,
        condition=AccessCondition.ESCORT,
        persons=2,
        state=state,
        requested_at=desk.at,
        decided_at=None if state == AccessState.REQUESTED else desk.at,
        reason="Full" if state == AccessState.REFUSED else "",
        **(granted if state == AccessState.GRANTED else {}),
    )


def station(desk: Desk, state: str) -> PollingStation:
    made = special_station(desk.constituency, f"34{desk.number():04d}")
    if state == "closed":
        PollingStation.objects.filter(pk=made.pk).update(closed_at=desk.at, closed_reason="Flooded")
    return made


def message(desk: Desk, state: str) -> Message:
    return Message.objects.create(
        rule="documents_missing",
        to_address="lead@odihr.example",
        subject_type="accreditation.application",
        subject_id=desk.number(),
        slot=desk.at.date(),
        mission=desk.mission,
        state=state,
        subject="Documents are missing",
        body="Please send them.",
        planned_at=desk.at,
        due_at=desk.at,
        not_after=desk.at + DAY,
        attempts=1,
        lease_until=desk.at + DAY if state == MessageState.LEASED else None,
        sent_at=desk.at if state == MessageState.SENT else None,
    )


def user(desk: Desk, state: str) -> User:
    password = None if state == "invited" else "a long enough password"
    return User.objects.create_user(
        f"{state}{desk.number()}@desk.example", password, is_staff=True, is_active=state != "inactive"
    )


def token(desk: Desk, state: str) -> Model:
    new_token(desk.lead)
    made: Model = ApiToken.objects.latest("created")
    return made


def listed(desk: Desk, state: str) -> ListedPerson:
    name = f"Listed{desk.number()}"
    return ListedPerson.objects.create(
        election=desk.election, kind="candidate", surname=name, weak_key=name.lower(), added_at=desk.at
    )


def device(desk: Desk, state: str) -> CheckDevice:
    revoked = {"revoked_at": desk.at, "revoked_by": desk.approver} if state == "revoked" else {}
    return CheckDevice.objects.create(
        election=desk.election,
        name=f"Tablet {desk.number()}",
        place_code="001",
        added_at=desk.at,
        added_by=desk.approver,
        **revoked,
    )


def scan(desk: Desk, state: str) -> Scan:
    annulled = {"annulled_at": desk.at, "annulled_by": desk.approver, "annulment_reason": "A test"}
    return Scan.objects.create(
        device=device(desk, "live"),
        nonce=f"{desk.number()}",
        place_code="001",
        result="compare",
        device_time=desk.at,
        checked_at=desk.at,
        received_at=desk.at,
        **(annulled if state == "annulled" else {}),
    )


def alert(desk: Desk, state: str) -> ScanAlert:
    closed = {"closed_at": desk.at, "closed_by": desk.approver, "note": "Seen"} if state == "closed" else {}
    return ScanAlert.objects.create(kind="clock_off", scan=scan(desk, "counted"), raised_at=desk.at, **closed)


MakeRow = Callable[[Desk, str], Model]
#: How a row is made, and all the states that it can be in.
ROWS: Mapping[str, tuple[MakeRow, tuple[str, ...]]] = {
    "accreditation.Accreditation": (accreditation, tuple(AccreditationState.values)),
    "accreditation.Application": (application, tuple(ApplicationState.values)),
    "accreditation.ListedPerson": (listed, ("listed",)),
    "accreditation.Nomination": (nomination, ("expected", "here", "briefed", "left")),
    "access.AccessGrant": (grant, tuple(AccessState.values)),
    "badges.CheckDevice": (device, ("live", "revoked")),
    "badges.Scan": (scan, ("counted", "annulled")),
    "badges.ScanAlert": (alert, ("open", "closed")),
    "missions.ApiToken": (token, ("live",)),
    "missions.Invitation": (invitation, tuple(InvitationState.values)),
    "missions.User": (user, ("invited", "active", "inactive")),
    "reminders.Message": (message, tuple(MessageState.values)),
    "stations.PollingStation": (station, ("open", "closed")),
}
