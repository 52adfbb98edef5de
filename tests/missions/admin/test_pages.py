"""What all pages of the desk share: the history speaks by the clock of its reader's place."""

import datetime as dt

import pytest

from missions.admin.pages import history_of
from missions.kernel.events import record_event
from missions.models import Commission, Election, Mission, User
from missions.states import CommissionLevel
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


def test_an_instant_in_a_reason_is_told_by_the_hosts_clock(mission: Mission) -> None:
    by, at = User.objects.create_user("rauf@ministry.example"), dt.datetime(2024, 2, 8, 10, tzinfo=dt.UTC)
    reason = "2024-02-08T11:00:00+00:00 → 2024-02-08T21:30:00+00:00. The hall of 2024-02-09"
    record_event("embargo_moved", mission, by=by, at=at, scope_id=mission.pk, reason=reason)

    [line] = history_of(mission, "Asia/Baku")

    assert line.reason == "8 Feb 2024, 15:00 → 9 Feb 2024, 01:30. The hall of 2024-02-09"


def test_commissions_stand_in_the_order_of_their_numbers(election: Election) -> None:
    central = Commission.objects.create(election=election, level=CommissionLevel.CENTRAL, code="CEC", name="Central")
    for number in (10, 2, 1):
        Commission.objects.create(
            election=election,
            level=CommissionLevel.CONSTITUENCY,
            parent=central,
            code=f"ConEC-{number}",
            name=f"Commission {number}",
        )

    page = browser_of(in_role("auditor")).get("/admin/missions/commission/").context["cl"]

    assert [row.code for row in page.result_list] == ["CEC", "ConEC-1", "ConEC-2", "ConEC-10"]
