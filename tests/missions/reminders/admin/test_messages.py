"""The pages of mails: what becomes of each and why, and sending again what failed."""

import pytest

from missions.kernel import clock
from missions.models import Mission
from missions.reminders.models import MailPause, Message
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.planning import plan_reminders
from missions.reminders.states import MessageState
from missions.reminders.story import Sentence
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import DAY, NOON
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(mission: Mission) -> Message:
    """A message about a mission, refused by the server."""
    clock.set_to(NOON)
    fakes.first.drafts = [fakes.draft(mission_id=mission.pk, reason="Your delegation arrives tomorrow.")]
    plan_reminders(at=NOON)
    Message.objects.update(state=MessageState.FAILED, attempts=1, error="550 5.1.1 no such user")
    return Message.objects.get()


def _page(message: Message, move: str = "change") -> str:
    return f"/admin/reminders/message/{message.pk}/{move}/"


def test_the_page_of_a_message_tells_why_it_did_not_go(failed: Message) -> None:
    context = browser_of(in_role("registrar")).get(_page(failed)).context

    why = {str(label): value for label, value in context["why"]}
    delivery = {str(label): value for label, value in context["delivery"]}
    assert context["story"] == Sentence("It is not tried again, because of: 550 5.1.1 no such user", "danger")
    assert (why["Because"], why["Rule"]) == ("Your delegation arrives tomorrow.", "first rule")
    assert (delivery["Due"], delivery["Message-ID"]) == ("1 Feb 2024, 16:00", f"<{failed.uid}@observer-desk.example>")
    assert [str(move["label"]) for move in context["moves"]] == ["Send again"]


def test_staff_send_a_failed_message_again(failed: Message) -> None:
    registrar = browser_of(in_role("registrar"))

    answer = registrar.post(_page(failed, "retry"), follow=True)

    assert answer.context["story"] == Sentence("It is due and goes out within seconds.")
    assert answer.context["history"][0].act == "message retried"
    assert deliver_due(at=clock.now()).sent == 1
    assert registrar.get(_page(failed)).context["story"].tone == "success"


def test_who_only_looks_sends_nothing_again(failed: Message) -> None:
    auditor = browser_of(in_role("auditor"))

    assert auditor.get(_page(failed)).context["moves"] == []
    assert auditor.post(_page(failed, "retry")).status_code == 403
    assert Message.objects.get().state == MessageState.FAILED


def test_many_messages_are_sent_again_and_the_useless_are_named(failed: Message) -> None:
    fakes.first.drafts = [fakes.draft(subject_id=2, not_after=NOON)]
    plan_reminders(at=NOON - DAY)
    Message.objects.filter(subject_id=2).update(state=MessageState.PARKED, attempts=5)
    keys = list(Message.objects.values_list("pk", flat=True))
    clock.set_to(NOON + DAY / 2)

    answer = browser_of(in_role("protocol")).post(
        "/admin/reminders/message/", {"action": "retry", "_selected_action": keys, "index": 0, "confirmed": 1}
    )

    assert (answer.context["done_count"], answer.context["refused_count"]) == (1, 1)
    assert answer.context["refused"][0].refusal == "This message is of no use any more"


def test_a_message_out_of_sight_is_absent(failed: Message) -> None:
    assert browser_of(in_role("registrar")).get("/admin/reminders/message/999999/change/").status_code == 404


def test_the_list_of_pauses_tells_with_whom_there_is_trouble() -> None:
    MailPause.objects.create(
        domain="dead.example", open_failures=4, since=NOON, until=NOON + DAY, reason="451 no route"
    )
    MailPause.objects.create(domain="", open_failures=1, since=NOON, until=NOON + DAY, reason="refused")

    text = browser_of(in_role("registrar")).get("/admin/reminders/mailpause/").content.decode()

    assert ("our mail server" in text, "dead.example" in text, "451 no route" in text) == (True, True, True)


def test_troubles_of_private_mails_are_not_in_the_list_of_pauses() -> None:
    MailPause.objects.create(domain="secret.example", failures=3, since=NOON, until=NOON + DAY, reason="451 hidden")
    MailPause.objects.create(domain="dead.example", failures=97, open_failures=1, since=NOON, reason="451 no route")

    page = browser_of(in_role("registrar")).get("/admin/reminders/mailpause/")

    assert [(row.domain, row.open_failures) for row in page.context["cl"].result_list] == [("dead.example", 1)]
    assert ("secret.example" in page.content.decode(), ">97<" in page.content.decode()) == (False, False)


def test_a_mail_that_is_private_to_its_mission_has_no_trace_at_the_ministry(failed: Message) -> None:
    """Not in the list, its filters and its search, not by its key, and nobody sends it again by guessing that."""
    registrar = browser_of(in_role("registrar"))
    before = registrar.get("/admin/reminders/message/?rule=first_rule")
    Message.objects.update(is_private=True)

    lists = [registrar.get(f"/admin/reminders/message/{query}") for query in ("", "?rule=first_rule", "?q=reminder")]
    acts = [registrar.get(_page(failed)), registrar.post(_page(failed, "retry"))]
    bulk = registrar.post(
        "/admin/reminders/message/",
        {"action": "retry", "_selected_action": [failed.pk], "index": 0, "confirmed": 1},
        follow=True,
    )

    assert failed.subject in before.content.decode()
    for answer in (*lists, bulk):
        assert failed.subject not in answer.content.decode()
        assert failed.to_address not in answer.content.decode()
    assert [answer.context["cl"].result_count for answer in lists] == [0, 0, 0]
    assert [answer.status_code for answer in acts] == [404, 404]
    assert Message.objects.get().state == MessageState.FAILED
