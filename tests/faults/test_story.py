"""The days of one delegation as they are in an installation with servers, some of which die on the way.

PostgreSQL, Valkey, a Celery worker, beats, a mail server and gunicorn are real and processes of their own; only the
clock is moved. SCO arrives on 4 February, meets the minister on the 5th and the commission's chair on the 6th, and what
it says about the vote of the 7th may be read on the 8th at 15:00.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection

from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState
from missions.kernel import clock
from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message, ReminderRule
from missions.reminders.states import MessageState
from missions.reports.figures.services.freezing import freeze_figures, publish_figures
from missions.reports.services.drafts import add_file, draft_report
from missions.reports.services.registering import register_report, submit_report
from missions.reports.snapshot.store import void_snapshot
from missions.reports.states import ReportKind
from missions.states import MembershipRole
from missions.timeline.models import Milestone
from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.services.orders import order_programme
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.services.requests import RequestDraft, ask_for
from missions.timeline.programme.states import ProgrammeState, RequestKind
from missions.timeline.selectors import Standing, timelines_of
from missions.timeline.services.laying import lay_timeline
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.faults.processes import Forge, wait_until
from tests.faults.smtp_sink import SmtpSink
from tests.faults.web import ask, running_web
from tests.missions.reports.conftest import pages, pdf
from tests.missions.timeline.programme.conftest import MakeMission, local, make_mission, shared
from tests.staff import in_role

__all__ = ["make_mission", "pages", "shared"]

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="installations with servers have PostgreSQL"),
]
LEAD, RIVAL, PROTOCOL = "lead@sco.example", "lead@ots.example", "protocol@desk.example"
RELEASED = "Your times in the ministry's programme, version 1"
PUBLISHED = "Public now: preliminary statement, Delegation of SCO"
TITLE = "What the delegation of SCO saw"
EMBARGO = local(8, 15)
SECOND = dt.timedelta(seconds=1)
#: Rings every second for all that the story needs.
BEAT = {
    "every": 1.0,
    "rings": (
        "programme.work_off",
        "reminders.plan_due",
        "reminders.gather_digests",
        "reminders.deliver_due",
        "reports.write_pages",
    ),
}
#: List, page, file and feed.
PUBLIC = (
    "/reports/",
    "/az/reports/",
    "/reports/az-2024/",
    "/reports/az-2024/1/",
    "/reports/az-2024/1/en.pdf",
    "/reports/feed.atom",
)


@pytest.fixture(autouse=True)
def world(make_application: MakeApplication, approver: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two observers of SCO are accredited; two of the ministry's reminder rules are on."""
    monkeypatch.setattr("missions.reports.rules.pdf_fault", lambda data, limits: "")
    for number in range(2):
        row = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        accredit_application(application=row, by=approver, at=at)
    in_role("protocol", PROTOCOL)
    ReminderRule.objects.update(is_active=False)
    ReminderRule.objects.filter(code__in=["milestone_soon", "statement_due"]).update(is_active=True)


@pytest.fixture
def mission(make_mission: MakeMission, at: dt.datetime) -> Mission:
    """SCO, with its timeline."""
    mission = make_mission("SCO")
    lay_timeline(mission=mission, by=None, at=at)
    return mission


@pytest.fixture
def rival(make_mission: MakeMission, shared: object) -> Mission:
    """Another delegation, which wants the hosts at the same hours."""
    mission = make_mission("OTS")
    _lead_of(mission, RIVAL)
    return mission


@pytest.fixture
def lead(mission: Mission) -> User:
    return _lead_of(mission, LEAD)


def _lead_of(mission: Mission, address: str) -> User:
    user = User.objects.create_user(address, "a long enough password")
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.LEAD)
    return user


class _Post:
    """The mails that have arrived, told off day by day."""

    def __init__(self, server: SmtpSink) -> None:
        self._server = server
        self._seen = 0

    def brings(self, *mails: tuple[str, str]) -> list[str]:
        """Wait until so many more are there; they are exactly these (to, subject). Returns their texts.

        The server has a mail before the worker has noted it. Whoever kills the worker in between gets it twice, which
        is promised (the same id), and told in the tests of the outbox: here the note is waited for too.
        """
        wait_until(lambda: len(self._server.mails) >= self._seen + len(mails))
        wait_until(lambda: not Message.objects.filter(state=MessageState.LEASED).exists())
        new, self._seen = self._server.mails[self._seen :], self._seen + len(mails)
        assert sorted((str(mail["To"]), str(mail["Subject"])) for mail in new) == sorted(mails)
        plain = [mail.get_body(("plain",)) for mail in new]
        return [str(part.get_content()) for part in plain if part is not None]


def _go_to(instant: dt.datetime) -> None:
    """Set the clock. Snapshots end by the machine's own seconds, which a jump knows nothing of."""
    clock.set_to(instant)
    void_snapshot()


def _ask(mission: Mission, kind: RequestKind, since: dt.datetime, until: dt.datetime) -> None:
    draft = RequestDraft(kind=kind, size=4, earliest_at=since, latest_at=until)
    ask_for(mission=mission, draft=draft, by=None, at=clock.now())


def _release_the_programme(election: Election, mission: Mission, rival: Mission) -> None:
    """Both want the same hours; the job's own process says who comes when."""
    _ask(mission, RequestKind.MINISTER, local(5, 10), local(5, 13))
    _ask(mission, RequestKind.CHAIR, local(6, 9), local(6, 13))
    _ask(mission, RequestKind.PRESS, local(8, 15), local(8, 18))
    _ask(rival, RequestKind.MINISTER, local(5, 10), local(5, 10, 20))
    _ask(rival, RequestKind.CHAIR, local(6, 9), local(6, 9, 25))
    order = order_programme(election=election, seconds=2, by=None, at=clock.now())
    wait_until(lambda: Programme.objects.get(pk=order.pk).state == ProgrammeState.DRAFT)
    release_programme(programme=order, by=None, at=clock.now())
    places = Booking.objects.filter(request__mission=mission).order_by("starts_at")
    assert list(places.values_list("resource__code", "starts_at")) == [
        ("minister", local(5, 10, 25)),
        ("chair", local(6, 9, 30)),
        ("press-centre", local(8, 15)),
    ]


def _register_the_statement(mission: Mission, lead: User) -> bytes:
    """Drafted, submitted and registered under embargo; returns its file."""
    at, data = clock.now(), pdf(TITLE)
    report = draft_report(
        mission=mission, kind=ReportKind.PRELIMINARY, title=TITLE, embargo_wished=EMBARGO, by=lead, at=at
    )
    add_file(report=report, language="en", data=data, by=lead, at=at)
    report = submit_report(report=report, by=lead, at=at)
    register_report(report=report, embargo_until=EMBARGO, by=in_role("registrar"), at=at)
    return data


def _is_told(port: int, path: str, data: bytes) -> bool:
    """Whether anybody is handed out the statement, or its file, at this address."""
    _status, body, _headers = ask(port, path)
    return TITLE.encode() in body or body == data


def _is_told_before(port: int, path: str, data: bytes) -> bool:
    """The same, a second before its time. An answer that takes longer than that says nothing, and is asked for anew."""
    for _turn in range(20):
        _go_to(EMBARGO - SECOND)
        is_told = _is_told(port, path, data)
        if clock.now() < EMBARGO:
            return is_told
    raise TimeoutError(f"{path} takes longer than a second each time")


def _soon(step: str) -> tuple[str, str]:
    return LEAD, f"Tomorrow: {step}"


def _days_before_the_vote(forge: Forge, post: _Post, worker: Sequence[int]) -> None:
    """The reminders of each day, with two beats, with one, and after hours without any and without a worker."""
    _go_to(local(3, 9, 30))
    beats = forge.start("beat", copies=2, **BEAT)
    post.brings(_soon("Delegation arrives"))

    forge.kill(beats[:1])
    _go_to(local(4, 9, 30))
    texts = post.brings(_soon("Meeting at the ministry"), _soon("All badges collected"))
    assert ["10:25 (Asia/Baku)" in text for text in sorted(texts)] == [False, True]  # by the programme

    forge.kill([*beats, *worker])
    _go_to(local(5, 15, 30))
    forge.start("worker")
    forge.start("beat", **BEAT)
    post.brings(_soon("Meeting at the election commission"), _soon("Deployment plan released"))

    _go_to(local(6, 9, 30))
    post.brings(_soon("Observation of the opening begins"), _soon("Observation of closing and count"))
    _go_to(local(7, 9, 30))
    post.brings(_soon("Statement"))
    _go_to(local(8, 9, 30))
    post.brings((LEAD, "Your statement is due today"), _soon("Delegation departs"))


def _hour_of_the_statement(port: int, data: bytes) -> None:
    """No worker and no beat is alive. The clock passes the instant by itself."""
    assert [path for path in PUBLIC if _is_told_before(port, path, data)] == []
    wait_until(lambda: clock.now() >= EMBARGO)
    assert [path for path in PUBLIC if not _is_told(port, path, data)] == []


def _afterwards(forge: Forge, post: _Post, election: Election, port: int) -> None:
    """Those whom it concerns hear of it, the step is made, and the figures stand above the statement."""
    forge.start("worker")
    forge.start("beat", copies=2, **BEAT)
    post.brings((LEAD, PUBLISHED), (PROTOCOL, PUBLISHED))
    now = clock.now()
    step = Milestone.objects.get(mission__code="SCO", code="statement")
    (lines,) = timelines_of({step.mission_id}, at=now).values()
    assert [row.standing for row in lines if row.pk == step.pk] == [Standing.DONE]
    publish_figures(figures=freeze_figures(election=election, as_of=now, by=None, at=now), by=None, at=now)
    page = ask(port, "/reports/az-2024/")[1].decode()
    assert 0 < page.index("<strong>2 observers of ") < page.index(TITLE)


def test_sco_arrives_meets_observes_and_publishes_and_each_mail_goes_once(
    forge: Forge,
    mail_server: SmtpSink,
    bell: Celery,
    election: Election,
    mission: Mission,
    rival: Mission,
    lead: User,
    pages: Path,
    tmp_path: Path,
) -> None:
    post = _Post(mail_server)
    _go_to(local(1, 11))
    worker = forge.start("worker")  # and no beat: the bell alone
    _release_the_programme(election, mission, rival)
    post.brings((LEAD, RELEASED), (RIVAL, RELEASED))
    _days_before_the_vote(forge, post, worker)

    _go_to(local(8, 10))
    data = _register_the_statement(mission, lead)
    forge.kill_all()
    with running_web(pages, tmp_path / "server.log") as port:
        _hour_of_the_statement(port, data)
        post.brings()
        _afterwards(forge, post, election, port)

    # Somebody rings and sends to the very end: a mail that is set back by hand does go twice, with the same id.
    again = Message.objects.get(to_address=LEAD, subject=PUBLISHED)
    Message.objects.filter(pk=again.pk).update(state=MessageState.PLANNED)
    post.brings((LEAD, PUBLISHED))
    copies = Counter(mail_server.message_ids)
    assert copies.pop(f"<{again.uid}@observer-desk.example>") == 2
    assert (len(copies), set(copies.values())) == (13, {1})
    wait_until(lambda: set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT})
