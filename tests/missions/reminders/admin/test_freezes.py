"""The page of a restore: every page tells that mails are held back, and who has the right lets them go."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import User
from missions.reminders.models import Message, OutboxFreeze
from missions.reminders.services.freezing import complete_restore, freeze_outbox
from missions.reminders.services.planning import plan_reminders
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import NOON
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
BANNER = "No mail goes out: the database was restored on 1 Feb 2024, 14:00 UTC, see Restores"


@pytest.fixture
def freeze() -> OutboxFreeze:
    """A restore with one old mail."""
    clock.set_to(NOON + 3 * HOUR)
    fakes.first.drafts = [fakes.draft()]
    plan_reminders(at=NOON)
    frozen = freeze_outbox(epoch=1, taken_at=NOON, at=NOON + 2 * HOUR)
    complete_restore(freeze=frozen, at=NOON + 2 * HOUR)
    return frozen


def _page(freeze: OutboxFreeze, move: str = "change") -> str:
    return f"/admin/reminders/outboxfreeze/{freeze.pk}/{move}/"


def test_staff_let_mails_go(freeze: OutboxFreeze) -> None:
    administrator = browser_of(in_role("administrator"))
    before = administrator.get(_page(freeze))

    after = administrator.post(_page(freeze, "thaw"), follow=True)

    assert [str(move["label"]) for move in before.context["moves"]] == ["Let mails go out"]
    assert {str(label): str(value) for label, value in before.context["facts"]} == {
        "Backup taken": "1 Feb 2024, 12:00",
        "Restored": "1 Feb 2024, 14:00",
        "Complete": "1 Feb 2024, 14:00",
        "Mails": "held back",
        "Let go": "–",
        "By": "",
        "Old mails that wait": "1",
        "All mails that wait": "1",
    }
    assert after.context["moves"] == []
    assert after.context["history"][0].act == "outbox thawed"
    assert Message.objects.get().state == "cancelled"


def test_counts_of_waiting_mails_leave_out_what_is_private_to_a_mission(freeze: OutboxFreeze) -> None:
    Message.objects.update(is_private=True)

    facts = {str(label): value for label, value in browser_of(in_role("auditor")).get(_page(freeze)).context["facts"]}

    assert (facts["Old mails that wait"], facts["All mails that wait"]) == ("0", "0")


def test_every_page_of_the_staff_tells_that_mails_are_held_back_until_they_are_not(freeze: OutboxFreeze) -> None:
    registrar = browser_of(in_role("registrar"))

    held = registrar.get("/admin/").content.decode()
    registrar.post(_page(freeze, "thaw"))
    free = registrar.get("/admin/").content.decode()

    assert (BANNER in held, BANNER in free) == (True, False)


def test_a_mission_is_not_told(freeze: OutboxFreeze, lead: User) -> None:
    page = browser_of(lead).get("/mission/", follow=True)

    assert (page.status_code, "No mail goes out" in page.content.decode()) == (200, False)


def test_who_only_looks_lets_nothing_go(freeze: OutboxFreeze) -> None:
    auditor = browser_of(in_role("auditor"))

    assert auditor.get(_page(freeze)).context["moves"] == []
    assert auditor.post(_page(freeze, "thaw")).status_code == 403
    assert OutboxFreeze.objects.get().thawed_at is None


def test_a_restore_that_was_broken_off_says_so(freeze: OutboxFreeze) -> None:
    OutboxFreeze.objects.update(completed_at=None)

    page = browser_of(in_role("registrar")).get(_page(freeze))

    assert dict(page.context["facts"])["Mails"] == "held back: the restore was broken off"
    assert page.context["moves"] == []
