import datetime as dt
from functools import partial

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from missions.kernel.models import Event
from missions.models import Mission, User
from missions.reminders.courier import Receipt, Verdict
from missions.reminders.errors import DigestNotChosenError
from missions.reminders.models import DigestChoice, Message
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.digests import choose_digest, drop_digest, gather_digests, next_digest_at
from missions.reminders.services.outbox import settle_overdue
from missions.reminders.services.planning import plan_reminders
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON
from tests.racing import race

pytestmark = pytest.mark.django_db

#: 18:00 in Baku.
EVENING = dt.datetime(2024, 2, 1, 14, tzinfo=dt.UTC)
DIGEST = "missions.reminders.digest_sources.daily_digest"


@pytest.fixture(autouse=True)
def _digests_are_sent(settings: Settings, _sources: None) -> None:
    settings.REMINDER_SOURCES = [fakes.FIRST, fakes.SECOND, DIGEST]
    settings.PUBLIC_URL = "https://desk.ministry.example"


@pytest.fixture
def choice(mission: Mission, at: dt.datetime) -> DigestChoice:
    """The mission wants one mail a day at 18:00 in Baku."""
    return choose_digest(mission=mission, local_time=dt.time(18), by=None, at=at)


def _plan(mission: Mission, count: int = 2, *, at: dt.datetime = NOON, **changes: object) -> None:
    """So many reminders of the mission that may wait, about subjects 1, 2, ..."""
    facts = {"mission_id": mission.pk, "may_wait": True, **changes}
    fakes.first.drafts = [
        fakes.draft(subject_id=number, subject=f"Reminder {number}", body=f"Text {number}.\n", **facts)
        for number in range(1, count + 1)
    ]
    plan_reminders(at=at)


def _rows(*fields: str) -> list[tuple[object, ...]]:
    return list(Message.objects.exclude(rule=Message.DIGEST).order_by("subject_id").values_list(*fields))


def test_what_may_wait_waits_for_the_hour_of_the_mission(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission)
    assert _rows("state", "due_at", "waits_for_digest") == [("planned", EVENING, True)] * 2
    assert (gather_digests(at=NOON), deliver_due(at=NOON).sent) == (0, 0)


def test_what_is_private_waits_for_no_digest_which_the_host_may_read(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, is_private=True)

    assert _rows("is_private", "due_at", "waits_for_digest") == [(True, NOON, False)] * 2


def test_one_mail_carries_them_all(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission)

    assert (gather_digests(at=EVENING), deliver_due(at=EVENING).sent) == (1, 1)

    [sent] = mail.outbox
    digest = Message.objects.get(rule=Message.DIGEST)
    assert (sent.to, sent.subject) == (["lead@odihr.example"], "ODIHR mission: 2 messages of 1 February 2024")
    assert str(sent.body).splitlines()[:14] == [
        "ODIHR mission, Presidential election",
        "",
        "What is new for you today, in one mail:",
        "",
        "1. Reminder 1",
        "-------------",
        "",
        "Text 1.",
        "",
        "2. Reminder 2",
        "-------------",
        "",
        "Text 2.",
        "",
    ]
    assert "Why you receive this mail: you act for ODIHR mission, which receives" in str(sent.body)
    assert str(sent.body).startswith(digest.body.rstrip())  # the text is kept as a proof
    assert _rows("state", "sent_at", "carrier") == [("sent", digest.sent_at, digest.pk)] * 2
    assert (gather_digests(at=EVENING + DAY), deliver_due(at=EVENING + DAY).sent) == (0, 0)


def test_a_digest_speaks_the_language_of_its_reader(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, language="ru")
    gather_digests(at=EVENING)
    deliver_due(at=EVENING)

    assert mail.outbox[0].subject == "ODIHR mission: 2 сообщения за 1 февраля 2024"
    assert "Новое для Вас за сегодня" in str(mail.outbox[0].body)


def test_a_reason_that_is_gone_is_left_out(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, 3)
    gather_digests(at=EVENING)
    fakes.first.over = {2}

    deliver_due(at=EVENING)

    assert mail.outbox[0].subject == "ODIHR mission: 2 messages of 1 February 2024"
    assert "Reminder 2" not in str(mail.outbox[0].body)
    assert _rows("state") == [("sent",), ("cancelled",), ("sent",)]


def test_a_digest_of_nothing_is_not_sent(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission)
    gather_digests(at=EVENING)
    fakes.first.over = {1, 2}

    assert deliver_due(at=EVENING).cancelled == 1
    assert mail.outbox == []
    assert _rows("state") == [("cancelled",)] * 2
    assert Message.objects.get(rule=Message.DIGEST).state == "cancelled"


def test_what_is_alone_goes_by_itself(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, 1)

    assert (gather_digests(at=EVENING), deliver_due(at=EVENING).sent) == (0, 1)
    assert [sent.subject for sent in mail.outbox] == ["Reminder 1"]
    assert not Message.objects.filter(rule=Message.DIGEST).exists()


@pytest.mark.parametrize(
    "changes",
    [{"may_wait": False}, {"not_after": EVENING - dt.timedelta(seconds=1)}],
    ids=["urgent", "useless by then"],
)
def test_what_cannot_wait_goes_at_once(choice: DigestChoice, mission: Mission, changes: dict[str, object]) -> None:
    _plan(mission, 2, at=NOON, **changes)
    assert _rows("due_at", "waits_for_digest") == [(NOON, False)] * 2
    assert deliver_due(at=NOON).sent == 2


def test_who_chose_nothing_gets_each_mail(choice: DigestChoice, other_mission: Mission) -> None:
    _plan(other_mission)
    assert _rows("due_at", "waits_for_digest") == [(NOON, False)] * 2


def test_each_person_and_mission_has_a_mail_of_its_own(
    choice: DigestChoice, mission: Mission, other_mission: Mission, at: dt.datetime
) -> None:
    choose_digest(mission=other_mission, local_time=dt.time(18), by=None, at=at)
    _plan(mission)
    _plan(mission, to_address="second@odihr.example")
    _plan(other_mission, subject_type="missions.election")

    assert gather_digests(at=EVENING) == 3
    assert sorted(Message.objects.filter(rule=Message.DIGEST).values_list("to_address", "mission")) == [
        ("lead@odihr.example", mission.pk),
        ("lead@odihr.example", other_mission.pk),
        ("second@odihr.example", mission.pk),
    ]
    assert deliver_due(at=EVENING).sent == 3
    assert Message.objects.filter(state="sent").count() == 9


def test_what_is_planned_after_the_hour_waits_for_tomorrow(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, at=EVENING + dt.timedelta(minutes=1), not_after=EVENING + 2 * DAY)
    assert _rows("due_at") == [(EVENING + DAY,)] * 2


@pytest.mark.parametrize(
    ("hour", "after", "opens_at"),
    [
        (dt.time(18), EVENING, EVENING),
        (dt.time(18), EVENING + dt.timedelta(microseconds=1), EVENING + DAY),
        # 02:30 does not exist in Berlin on 31 March 2024, and exists twice on 27 October.
        (dt.time(2, 30), dt.datetime(2024, 3, 30, 12, tzinfo=dt.UTC), dt.datetime(2024, 3, 31, 1, tzinfo=dt.UTC)),
        (dt.time(2, 30), dt.datetime(2024, 10, 26, 12, tzinfo=dt.UTC), dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC)),
        (
            dt.time(2, 30),
            dt.datetime(2024, 10, 27, 1, 30, tzinfo=dt.UTC),
            dt.datetime(2024, 10, 28, 1, 30, tzinfo=dt.UTC),
        ),
    ],
)
def test_the_hour_is_read_from_the_clocks_of_the_host(
    mission: Mission, hour: dt.time, after: dt.datetime, opens_at: dt.datetime
) -> None:
    if hour != dt.time(18):
        mission.election.time_zone = "Europe/Berlin"
    assert next_digest_at(DigestChoice(mission=mission, local_time=hour), after=after) == opens_at


def test_a_digest_that_has_to_be_tried_again_is_written_anew(
    choice: DigestChoice, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plan(mission, 3)
    gather_digests(at=EVENING)
    with monkeypatch.context() as patched:
        later = Receipt(Verdict.LATER, "451 try again")
        patched.setattr("missions.reminders.courier.Courier.carry", lambda *args, **kwargs: later)
        assert deliver_due(at=EVENING).put_off == 1
    assert _rows("state") == [("planned",)] * 3
    fakes.first.over = {1}

    assert deliver_due(at=EVENING + dt.timedelta(hours=1)).sent == 1
    assert mail.outbox[0].subject == "ODIHR mission: 2 messages of 1 February 2024"
    assert _rows("state") == [("cancelled",), ("sent",), ("sent",)]


def test_what_becomes_useless_expires_inside_a_digest_that_does_not_go(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, not_after=EVENING)
    gather_digests(at=EVENING)
    Message.objects.filter(rule=Message.DIGEST).update(state="leased", lease_until=EVENING + dt.timedelta(minutes=1))

    settle_overdue(at=EVENING + dt.timedelta(seconds=30))
    on_its_way = _rows("state")
    settle_overdue(at=EVENING + dt.timedelta(minutes=2))
    settle_overdue(at=EVENING + dt.timedelta(minutes=2))

    assert on_its_way == [("planned",)] * 2
    assert _rows("state") == [("expired",)] * 2


def test_choosing_again_moves_the_hour_and_dropping_ends_it(mission: Mission, lead: User, at: dt.datetime) -> None:
    choose_digest(mission=mission, local_time=dt.time(18), by=lead, at=at)
    choose_digest(mission=mission, local_time=dt.time(7, 30), by=lead, at=at)
    assert DigestChoice.objects.get().local_time == dt.time(7, 30)

    drop_digest(mission=mission, by=lead, at=at)
    with pytest.raises(DigestNotChosenError):
        drop_digest(mission=mission, by=lead, at=at)

    told = Event.objects.of(mission).order_by("pk").values_list("verb", "actor", "scope_id", "reason")
    assert list(told) == [
        ("digest_chosen", lead.pk, mission.pk, "18:00"),
        ("digest_chosen", lead.pk, mission.pk, "07:30"),
        ("digest_dropped", lead.pk, mission.pk, ""),
    ]


def test_what_waits_goes_though_the_choice_is_dropped(choice: DigestChoice, mission: Mission, at: dt.datetime) -> None:
    _plan(mission)
    drop_digest(mission=mission, by=None, at=at)
    assert (gather_digests(at=EVENING), deliver_due(at=EVENING).sent) == (1, 1)


def test_gathering_needs_no_query_per_message(
    choice: DigestChoice, mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _plan(mission, 30)
    with django_assert_num_queries(9):
        gather_digests(at=EVENING)


@pytest.mark.django_db(transaction=True)
def test_two_gatherers_at_once_make_one_digest(choice: DigestChoice, mission: Mission) -> None:
    _plan(mission, 5)

    made = race([partial(gather_digests, at=EVENING)] * 4)

    assert sorted(map(str, made)) == ["0", "0", "0", "1"]
    assert Message.objects.filter(rule=Message.DIGEST).count() == 1
    assert Message.objects.filter(carrier__rule=Message.DIGEST, waits_for_digest=True).count() == 5
