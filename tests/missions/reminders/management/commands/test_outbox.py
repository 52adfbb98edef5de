"""`manage.py outbox` tells whether mails are held back, and lets them go."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from missions.kernel import clock
from missions.reminders.models import Message
from missions.reminders.services.freezing import complete_restore, freeze_outbox
from missions.reminders.services.planning import plan_reminders
from tests.missions.reminders import fakes
from tests.missions.reminders.fakes import NOON

pytestmark = pytest.mark.django_db
RESTORED = NOON + dt.timedelta(hours=2)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("outbox", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "dropped", "state"), [((), 1, "cancelled"), (("--send-old",), 0, "planned")], ids=["old", "send-old"]
)
def test_it_tells_of_a_freeze_and_ends_it(arguments: tuple[str, ...], dropped: int, state: str) -> None:
    fakes.first.drafts = [fakes.draft()]
    plan_reminders(at=NOON)
    complete_restore(freeze=freeze_outbox(epoch=3, taken_at=NOON, at=RESTORED), at=RESTORED)

    told = [run("status"), run("thaw", *arguments), run("status")]

    assert told == [
        "No mail goes out: epoch 3 was restored on 2024-02-01T14:00:00+00:00. 1 mails were due before.\n",
        f"Mails go out. {dropped} old ones were dropped.\n",
        "Mails go out.\n",
    ]
    assert Message.objects.get().state == state


def test_it_holds_mails_back_after_a_restore_by_other_means() -> None:
    clock.set_to(RESTORED)
    fakes.first.drafts = [fakes.draft()]
    plan_reminders(at=NOON)

    told = run("freeze")

    assert told.startswith("No mail goes out: epoch 1 was restored on 2024-02-01T14:00:0")
    assert told.endswith("1 mails were due before.\n")
    assert run("thaw") == "Mails go out. 1 old ones were dropped.\n"


def test_there_is_nothing_to_thaw_where_nothing_was_restored() -> None:
    with pytest.raises(CommandError, match="No mails are held back"):
        run("thaw")
