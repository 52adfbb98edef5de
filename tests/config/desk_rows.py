"""Rows of everything that the desk shows and the world of the API has not."""

import datetime as dt

from accreditation.badges.models import Badge, CheckDevice, KeyList, PrintBatch, RevocationList, Scan, ScanAlert
from accreditation.citizens.models import CitizenFile
from accreditation.intake.models import NominationImport
from accreditation.letters.models import LetterBatch
from accreditation.models import (
    Accreditation,
    AgendaItem,
    BulkReview,
    CategoryQuota,
    CommissionSession,
    ListedPerson,
    Revocation,
)
from accreditation.states import Category
from missions.kernel.events import record_event
from missions.models import Commission, Constituency
from missions.reminders.models import Broadcast, DigestChoice, MailPause, Message, OutboxFreeze, ReminderRule
from missions.reports.figures.services.claims import Said, record_claim
from missions.reports.figures.services.freezing import freeze_figures
from missions.reports.models import Report
from missions.reports.recommendations.services.following import (
    Finding,
    Reply,
    answer_recommendation,
    assess_recommendation,
)
from missions.reports.recommendations.services.splitting import add_recommendation
from missions.reports.recommendations.services.writing import Advice
from missions.reports.recommendations.states import Addressee, Answer, Outcome
from missions.states import Inviter
from missions.timeline.programme.models import (
    Booking,
    Closure,
    HeldSlot,
    InterpreterPool,
    OpenWindow,
    Programme,
    ProtocolRank,
    SharedResource,
)
from stations.deployment.models import DeploymentSettings, ObserverSlot, Team, VisitShares
from tests.missions.api.world import (
    AT,
    World,
    add_booking,
    add_constituency,
    add_exit_poll,
    add_invitation,
    add_milestone,
    add_person,
    add_plan,
    add_report,
    add_station,
    new_token,
)
from tests.missions.api.world_presence import add_roll_call
from tests.missions.api.world_stations import (
    add_access,
    add_early_look,
    add_further_election,
    add_matrix,
    add_register_version,
    add_sample,
)


def add_desk_rows(world: World, n: int) -> None:
    """One more of what the API's world has not."""
    central = Commission.objects.get(election=world.election, code="CEC")
    session = CommissionSession.objects.create(election=world.election, commission=central, number=f"{n}", held_at=AT)
    owner = {1: None, 2: world.other_mission}.get(n, world.third_mission)
    DeploymentSettings.objects.create(election=world.election, mission=owner, profile="host-law")
    VisitShares.objects.create(election=world.election, mission=owner, rural=90, urban=90, camera=30, newly_covered=100)
    LetterBatch.objects.create(
        session=session, foreign_language="en", requested_at=AT, requested_by=world.people.host, finished_at=AT
    )
    NominationImport.objects.create(
        mission=world.mission, sha256=f"desk {n}", file_name="n.xlsx", state="staged", rows=1, uploaded_at=AT
    )
    CitizenFile.objects.create(
        election=world.election, sha256=f"{n:064d}", file_name="c.xlsx", name_in_storage=f"c/{n}", uploaded_at=AT
    )
    ListedPerson.objects.create(
        election=world.election, kind="candidate", surname=f"Listed{n}", weak_key=f"listed{n}", added_at=AT
    )
    AgendaItem.objects.create(session=session, position=n, title=f"Item {n}")
    Revocation.objects.create(
        election=world.election,
        subject=Accreditation.objects.latest("pk"),
        text="A breach.",
        proposed_by=world.people.host,
        proposed_at=AT,
        dropped_at=AT,
    )
    BulkReview.objects.create(
        mission=world.mission,
        category=Category.INTERNATIONAL_OBSERVER,
        ordered_by=world.people.host,
        ordered_at=AT,
        done_at=AT,
    )
    broadcast = Broadcast.objects.create(election=world.election, author=world.people.host, created_at=AT)
    broadcast.texts.create(language="en", subject=f"Letter {n}", body="Dear {name}")
    ReminderRule.objects.create(code=f"rule_{n}", title=f"Rule {n}", condition="documents_missing", anchor="handed_in")
    MailPause.objects.create(domain=f"dead{n}.example", open_failures=1, since=AT, reason="451 no route")
    OutboxFreeze.objects.create(epoch=n, taken_at=AT, began_at=AT, completed_at=AT, thawed_at=AT)
    Message.objects.create(
        rule="documents_missing",
        to_address=f"lead{n}@one.example",
        subject_type="accreditation.application",
        subject_id=n,
        slot=AT.date(),
        mission=world.mission,
        subject="Documents are missing",
        body="Please send them.",
        planned_at=AT,
        due_at=AT,
        not_after=AT + dt.timedelta(days=1),
    )
    missions = (world.mission, world.other_mission, world.third_mission)
    DigestChoice.objects.create(mission=missions[n - 1], local_time=dt.time(18))
    CategoryQuota.objects.create(mission=world.mission, category=list(Category)[n], ceiling=5)
    add_badge_rows(world, n)
    add_programme_rows(world, n)
    add_figures(world, n)
    add_recommendations(world, n)
    if n > 1:
        add_access(world.other_mission, n, at=AT)
        add_roll_call(world.election, None, n, people=world.other_mission, at=AT)
        add_early_look(world.mission, n, reader=world.decider, at=AT)
    add_matrix(None, Constituency.objects.get(election=world.election, number=1), n, at=AT)
    add_sample(world.other_mission, n, at=AT, of_pool=True)
    record_event("tested", world.mission, by=world.people.host, at=AT)
    new_token(world.people.lead)
    team = Team.objects.filter(plan__mission=None).latest("pk")
    for member in team.members.all():
        ObserverSlot.objects.create(observer=member.observer, day=dt.date(2024, 2, n), half="am", team=team)


def add_figures(world: World, n: int) -> None:
    """Frozen figures, and what somebody else said."""
    as_of = AT - dt.timedelta(days=n)
    freeze_figures(election=world.election, as_of=as_of, by=world.people.host, at=AT)
    said = Said(source=f"Paper {n}", said_on=as_of.date(), as_of=as_of, text="Hundreds came.", observers=300)
    record_claim(election=world.election, said=said, by=world.people.host, at=AT)


def add_recommendations(world: World, n: int) -> None:
    """A recommendation of a public report with an answer and an assessment."""
    report = Report.objects.earliest("pk")
    Report.objects.filter(pk=report.pk).update(embargo_until=AT - dt.timedelta(days=1))
    advice = Advice(number=None, texts={"en": f"Do more {n}"}, addressee=Addressee.COMMISSION)
    row = add_recommendation(report=report, advice=advice, by=world.people.host, at=AT)
    reply = Reply(Answer.ACCEPTED, "We shall", responsible="Secretariat", due_on=AT.date())
    answer_recommendation(recommendation=row, reply=reply, by=world.people.host, at=AT)
    finding = Finding(Outcome.PARTLY, "Seen", organization=world.mission.organization)
    assess_recommendation(recommendation=row, finding=finding, by=world.people.host, at=AT)


def add_programme_rows(world: World, n: int) -> None:
    """A resource with its hours, interpreters, a rank, a draft, and a slot that a booking holds."""
    row = SharedResource.objects.create(
        election=world.election, code=f"hall-{n}", name=f"Hall {n}", kind="hall", minutes=60
    )
    OpenWindow.objects.create(resource=row, opens_at=AT, closes_at=AT + dt.timedelta(hours=n))
    Closure.objects.create(
        resource=row, starts_at=AT, ends_at=AT + dt.timedelta(minutes=n), reason="Called away", closed_at=AT
    )
    InterpreterPool.objects.create(election=world.election, language=("en", "fr", "ru")[n - 1], count=n)
    mission = (world.mission, world.other_mission, world.third_mission)[n - 1]
    ProtocolRank.objects.create(mission=mission, rank=n)
    Programme.objects.create(election=world.election, version=n + 1, state="draft", seconds=5, ordered_at=AT)
    booking = Booking.objects.latest("pk")
    HeldSlot.objects.create(
        programme=booking.programme, resource=booking.resource, slot_at=booking.starts_at, booking=booking
    )


def add_badge_rows(world: World, n: int) -> None:
    """A batch with a result, a device with a check and its alert, and the lists that checkers have."""
    host, badge = world.people.host, Badge.objects.latest("pk")
    batch = PrintBatch.objects.create(election=world.election, title=f"Batch {n}", ordered_at=AT, ordered_by=host)
    batch.items.create(accreditation=badge.accreditation, badge=badge, code="badge-printed", done_at=AT)
    device = CheckDevice.objects.create(
        election=world.election, name=f"Tablet {n}", place_code="001", added_at=AT, added_by=host
    )
    scan = Scan.objects.create(
        device=device,
        nonce=f"{n}",
        badge=badge,
        place_code="001",
        result="compare",
        device_time=AT,
        checked_at=AT,
        received_at=AT,
    )
    ScanAlert.objects.create(kind="clock_off", scan=scan, raised_at=AT)
    KeyList.objects.create(election=world.election, number=n, data=b"", issued_at=AT, installed_at=AT)
    RevocationList.objects.create(
        election=world.election, number=n, data=b"", entries=0, key_id="aa" * 8, issued_at=AT, next_update_at=AT
    )


def add_more(world: World, n: int) -> None:
    """One more of everything that the host sees."""
    place = Constituency.objects.get(election=world.election, number=1)
    add_further_election(n)
    add_constituency(world.election, n)
    add_station(world, place, n)
    add_register_version(world.election, n, at=AT)
    add_milestone(world.mission, n)
    add_booking(world.mission, n)
    add_report(world, world.mission, n)
    add_invitation(world.mission, list(Inviter)[n - 1])
    for mission in (world.other_mission, world.third_mission):
        add_person(world, mission, n)
        add_exit_poll(mission, n)
    add_plan(world, None, [world.other_mission, world.third_mission], place, n)
    add_desk_rows(world, n)
