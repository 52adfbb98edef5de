"""Who acts for a mission, by the API: leads invite and let go, the others look, and strangers see nothing."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.states import MembershipRole
from tests.missions.accounts.conftest import links_mailed
from tests.missions.api.world import as_user
from tests.staff import in_role

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
NEW = "new@odihr.example"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    cache.clear()
    clock.set_to(at)


@pytest.fixture
def focal(mission: Mission) -> Membership:
    user = User.objects.create_user("focal@odihr.example", "seven quiet herons")
    return Membership.objects.create(user=user, mission=mission, role=MembershipRole.FOCAL_POINT)


def _members(mission: Mission) -> str:
    return f"/api/v1/missions/{mission.pk}/members/"


def _remove(membership: Membership) -> str:
    return f"/api/v1/members/{membership.pk}/remove/"


def _post(user: User, path: str, key: str = "one", **body: object) -> Any:
    return as_user(user, TokenScope.WRITE).post(path, body, headers={"Idempotency-Key": key})


def test_a_lead_invites_a_focal_point_who_gets_a_link(lead: User, mission: Mission, at: dt.datetime) -> None:
    first, again = (_post(lead, _members(mission), email=NEW, role="focal_point") for _turn in range(2))

    member = Membership.objects.get(user__email=NEW)
    assert (first.status_code, first.content) == (201, again.content)
    row = {"id": member.pk, "mission": mission.pk, "email": NEW, "name": "", "role": "focal_point"}
    assert first.json() == {**row, "can_sign_in": False}
    assert len(links_mailed(at + MINUTE)) >= 1
    assert {message.to[0] for message in mail.outbox} == {lead.email, NEW}
    assert list(Event.objects.of(mission).values_list("verb", "actor")) == [("focal_point_appointed", lead.pk)]


def test_everybody_of_the_mission_sees_who_acts_for_it(lead: User, mission: Mission, focal: Membership) -> None:
    seen = [as_user(user).get(_members(mission)).json()["results"] for user in (lead, focal.user)]

    assert seen[0] == seen[1]
    assert [(row["email"], row["role"], row["can_sign_in"]) for row in seen[0]] == [
        (lead.email, "lead", lead.has_usable_password()),
        (focal.user.email, "focal_point", True),
    ]


def test_only_leads_say_who_acts(mission: Mission, other_lead: User, lead: User, focal: Membership) -> None:
    asked = [focal.user, other_lead, in_role("reviewer"), in_role("auditor")]

    invited = [_post(user, _members(mission), email=NEW, role="lead").status_code for user in asked]
    removed = [_post(user, _remove(focal), "two").status_code for user in asked]

    assert (invited, removed) == ([403, 404, 403, 403], [403, 404, 403, 403])
    assert Membership.objects.filter(mission=mission).count() == 2


def test_the_registrar_may_do_it_too(mission: Mission, focal: Membership) -> None:
    assert _post(in_role("registrar"), _remove(focal)).status_code == 204


def test_whoever_is_let_go_sees_nothing_any_more_and_is_told(
    lead: User, mission: Mission, focal: Membership, at: dt.datetime
) -> None:
    their = as_user(focal.user)
    before = their.get(_members(mission)).status_code

    gone, again = (_post(lead, _remove(focal)) for _turn in range(2))

    assert (before, gone.status_code, again.status_code) == (200, 204, 204)
    assert their.get(_members(mission)).status_code == 404
    links_mailed(at + MINUTE)
    assert {message.to[0] for message in mail.outbox} == {lead.email, focal.user.email}
    assert "does not act for ODIHR mission" in str(mail.outbox[0].body)
    assert _post(lead, _remove(focal), "another").status_code == 404
    verbs = Event.objects.of(mission).values_list("verb", "reason")
    assert list(verbs) == [("focal_point_dismissed", focal.user.email)]


def test_somebody_always_leads(lead: User, mission: Mission, focal: Membership) -> None:
    own = Membership.objects.get(user=lead)
    inactive = User.objects.create_user("gone@odihr.example", is_active=False)
    Membership.objects.create(user=inactive, mission=mission, role=MembershipRole.LEAD)

    refused = _post(lead, _remove(own))

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/last-lead")
    Membership.objects.filter(pk=focal.pk).update(role=MembershipRole.LEAD)
    assert _post(lead, _remove(own)).status_code == 204


def test_the_answer_is_not_told_to_who_leads_no_more(lead: User, mission: Mission, focal: Membership) -> None:
    _post(lead, _members(mission), email=NEW, role="lead")
    Membership.objects.filter(user=lead).update(role=MembershipRole.FOCAL_POINT)

    refused = _post(lead, _members(mission), email=NEW, role="lead")

    assert (refused.status_code, NEW in refused.content.decode()) == (403, False)


@pytest.mark.parametrize("body", [{"email": "no address", "role": "lead"}, {"email": NEW, "role": "boss"}, {}])
def test_what_is_nobody_is_refused(lead: User, mission: Mission, body: dict[str, object]) -> None:
    assert _post(lead, _members(mission), "one", **body).status_code == 400
    assert Membership.objects.count() == 1
