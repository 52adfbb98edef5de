"""What was mailed to the caller, by the API: the own mails and nobody else's."""

import datetime as dt

import pytest
from django.core.cache import cache

from missions.accounts.services.invitations import invite_member, invite_staff
from missions.kernel import clock
from missions.models import Mission, User
from missions.states import MembershipRole
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/me/messages/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    cache.clear()
    clock.set_to(at)


def test_each_person_reads_the_own_mails_newest_first(
    lead: User, other_lead: User, mission: Mission, at: dt.datetime
) -> None:
    for name in ("first", "second"):
        invite_member(mission=mission, email=f"{name}@odihr.example", role=MembershipRole.FOCAL_POINT, by=None, at=at)

    own = as_user(lead).get(MESSAGES).json()["results"]

    assert [row["rule"] for row in own] == ["member_appointed"] * 2
    assert ["second@odihr.example" in own[0]["body"], "first@odihr.example" in own[1]["body"]] == [True, True]
    assert (own[0]["state"], own[0]["mission"]) == ("planned", mission.pk)
    assert as_user(other_lead).get(MESSAGES).json()["results"] == []


def test_a_mail_with_a_link_is_shown_without_it(at: dt.datetime) -> None:
    user = invite_staff(email="rena@ministry.example", first_name="R", last_name="Q", role="reviewer", by=None, at=at)

    (row,) = as_user(user).get(MESSAGES).json()["results"]

    assert (row["rule"], "/account/invitation/" in row["body"]) == ("account_invitation", False)
    assert "[personal link, in the mail itself only]" in row["body"]
