"""Who acts for a mission, on the mission's own pages: seen by its people, and changed by those who lead it."""

import datetime as dt

import pytest
from django.test import Client

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import ApiToken, Membership, Mission, User
from missions.states import MembershipRole
from tests.missions.accounts.conftest import links_mailed
from tests.missions.api.world import new_token
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

MEMBERS = "/mission/missions/membership/"
DESK = "/admin/missions/membership/"


@pytest.fixture
def focal_point(mission: Mission, lead: User, other_lead: User, at: dt.datetime) -> Membership:
    """Beside the lead; another mission has its own."""
    clock.set_to(at)
    user = User.objects.create_user("focal@odihr.example", None, first_name="Ana", last_name="Sample")
    return Membership.objects.create(user=user, mission=mission, role=MembershipRole.FOCAL_POINT)


def _page(membership: Membership, act: str = "change") -> str:
    return f"{MEMBERS}{membership.pk}/{act}/"


def _facts(client: Client, page: str) -> dict[str, str]:
    return {str(label): str(value) for label, value in client.get(page).context["facts"]}


def test_the_list_has_the_people_of_the_own_missions_and_nobody_elses(focal_point: Membership, lead: User) -> None:
    answer = browser_of(lead).get(MEMBERS)

    text = answer.content.decode()
    assert {row.user.email for row in answer.context["cl"].result_list} == {lead.email, "focal@odihr.example"}
    assert "lead@pabsec.example" not in text
    assert all(part in text for part in ("Ana Sample", "no password yet", f"{MEMBERS}add/"))


def test_those_who_lead_read_when_somebody_was_last_here(focal_point: Membership, lead: User, at: dt.datetime) -> None:
    new_token(focal_point.user)
    new_token(focal_point.user)
    ApiToken.objects.filter(pk=ApiToken.objects.latest("created").pk).update(last_used_at=at)
    User.objects.filter(pk=focal_point.user_id).update(last_login=at - dt.timedelta(days=1))

    facts = _facts(browser_of(lead), _page(focal_point))
    others = _facts(browser_of(focal_point.user), _page(focal_point))
    audited = _facts(browser_of(in_role("auditor")), f"{DESK}{focal_point.pk}/change/")

    use = {"Last sign-in": "17 Jan 2024, 12:00", "API tokens": "2", "API token last used": "18 Jan 2024, 12:00"}
    assert {label: facts[label] for label in use} == use
    assert (facts["Name"], facts["Acts as"], facts["Signs in"]) == ("Ana Sample", "focal point", "no password yet")
    assert not use.keys() & {*others, *audited}


def test_a_lead_appoints_somebody_for_a_mission_of_theirs_only(
    focal_point: Membership, mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    browser = browser_of(lead)
    person = {"email": "new@odihr.example", "role": "focal_point"}

    asked = browser.get(f"{MEMBERS}add/")
    wrong = browser.post(f"{MEMBERS}add/", {**person, "mission": other_mission.pk})
    made = browser.post(f"{MEMBERS}add/", {**person, "mission": mission.pk})

    assert list(asked.context["form"].fields["mission"].queryset) == [mission]
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["mission"])
    membership = Membership.objects.get(user__email="new@odihr.example")
    assert (made.status_code, made.headers["Location"]) == (302, _page(membership))
    assert (membership.mission, membership.role) == (mission, MembershipRole.FOCAL_POINT)
    assert "/account/invitation/" in links_mailed(at + dt.timedelta(minutes=1))[0]


def test_a_lead_lets_somebody_go_and_comes_back_to_the_list(focal_point: Membership, lead: User) -> None:
    answer = browser_of(lead).post(_page(focal_point, "remove"))

    assert (answer.status_code, answer.headers["Location"]) == (302, MEMBERS)
    assert not Membership.objects.filter(pk=focal_point.pk).exists()
    assert Event.objects.latest("pk").actor == lead


def test_a_lead_who_leaves_the_only_mission_is_told_so_at_the_account(
    mission: Mission, lead: User, at: dt.datetime
) -> None:
    clock.set_to(at)
    second = User.objects.create_user("second@odihr.example", None)
    Membership.objects.create(user=second, mission=mission, role=MembershipRole.LEAD)
    own = Membership.objects.get(user=lead)

    answer = browser_of(lead).post(_page(own, "remove"), follow=True)

    assert answer.redirect_chain == [("/account/", 302)]
    assert "You act for no mission any more. Your account stays." in answer.content.decode()
    assert not Membership.objects.filter(pk=own.pk).exists()


def test_the_last_lead_stays(focal_point: Membership, lead: User) -> None:
    own = Membership.objects.get(user=lead)

    answer = browser_of(lead).post(_page(own, "remove"))

    assert answer.status_code == 422
    assert Membership.objects.filter(pk=own.pk).exists()


def test_a_focal_point_looks_and_changes_nothing(focal_point: Membership, lead: User, mission: Mission) -> None:
    browser = browser_of(focal_point.user)
    own = Membership.objects.get(user=lead)

    text = browser.get(MEMBERS).content.decode()
    added = browser.post(f"{MEMBERS}add/", {"mission": mission.pk, "email": "new@x.example", "role": "lead"})
    removed = browser.post(_page(own, "remove"))

    assert lead.email in text
    assert f"{MEMBERS}add/" not in text
    assert (added.status_code, removed.status_code) == (403, 302)
    assert browser.get(_page(own)).context["moves"] == []
    assert Membership.objects.filter(mission=mission).count() == 2


def test_those_of_others_are_absent(focal_point: Membership, lead: User, other_lead: User) -> None:
    foreign = Membership.objects.get(user=other_lead)
    browser = browser_of(lead)

    answers = [
        browser.get(_page(foreign)),
        browser.post(_page(foreign, "remove")),
        browser.get(f"{MEMBERS}987654/change/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert Membership.objects.filter(pk=foreign.pk).exists()
