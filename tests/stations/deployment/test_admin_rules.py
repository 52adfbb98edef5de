"""The page of a plan tells what the rules find; releasing shows it first, and a rule is lifted with a reason."""

import pytest
from django.db.models import F
from django.test import Client

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentPlan, RuleOverride
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.missions.api.world import AT
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(election: Election, register: list[PollingStation]) -> DeploymentPlan:
    """A draft of the pool with one observer in its first team."""
    clock.set_to(AT)
    made = plan(election, None)
    delegation = pool_mission(election, "PACE")
    north = area(made, "North")
    team(made, 1, [deployed(delegation, "FRA")], register[:5], within=north)
    team(made, 2, [deployed(delegation, "DEU"), deployed(delegation, "ITA")], register[5:10], within=north)
    return made


@pytest.fixture
def planner(db: None) -> Client:
    return browser_of(in_role("planner"))


def _page(plan: DeploymentPlan, act: str = "change") -> str:
    return f"/admin/deployment/deploymentplan/{plan.pk}/{act}/"


def test_the_page_tells_the_findings_by_strength(planner: Client, pooled: DeploymentPlan) -> None:
    answer = planner.get(_page(pooled))

    card = answer.context["findings"]
    assert (card.profile, card.open_blocks) == ("What the law of the host asks for", 1)
    assert [(strength.tone, [rule.rule for rule in strength.rules]) for strength in card.strengths] == [
        ("danger", ["R01"]),
        ("warning", ["R07", "R12"]),
        ("info", ["R10", "R11"]),
    ]
    text = answer.content.decode()
    assert "A team is two observers; this one has 1." in text
    assert _page(pooled, "override") in text


def test_releasing_shows_what_stops_it_and_then_refuses(planner: Client, pooled: DeploymentPlan) -> None:
    asked, sent = (
        planner.get(_page(pooled, "release")),
        planner.post(_page(pooled, "release"), {"seen": pooled.revision}),
    )

    assert "A team is two observers; this one has 1." in asked.content.decode()
    assert (asked.status_code, sent.status_code) == (200, 422)
    pooled.refresh_from_db()
    assert pooled.state == PlanState.DRAFT


def test_the_page_for_changes_says_nothing_of_teams_that_it_did_not_look_at(
    planner: Client, pooled: DeploymentPlan
) -> None:
    whole, part = (planner.get(_page(pooled, view)).content.decode() for view in ("change", "hand"))

    assert "1 finding stops the release." in whole
    assert "Nothing stops the release." not in part
    assert "Nothing here stops the release; what is found in the other teams stands on the page of the plan." in part


def test_a_planner_lifts_a_rule_for_one_team_and_releases(planner: Client, pooled: DeploymentPlan) -> None:
    form = planner.get(_page(pooled, "override")).context["form"]
    assert form.fields["what"].choices == [
        ("R01:all", "R01 Two observers in a team: wherever it blocks"),
        ("R01:1", "R01 Two observers in a team: Team 1"),
    ]

    lifted = planner.post(_page(pooled, "override"), {"what": "R01:1", "reason": "Ill since this morning"})
    page = planner.get(_page(pooled))
    released = planner.post(_page(pooled, "release"), {"seen": pooled.revision})

    assert (lifted.status_code, released.status_code) == (302, 302)
    assert RuleOverride.objects.values_list("code", "team__number", "reason").get() == (
        "r01-two-observers",
        1,
        "Ill since this morning",
    )
    text = page.content.decode()
    assert ("Nothing stops the release." in text, "Ill since this morning" in text) == (True, True)
    assert _page(pooled, "override") not in text
    pooled.refresh_from_db()
    assert pooled.state == PlanState.RELEASED


def test_a_plan_that_changed_after_one_looked_is_looked_at_again_before_its_release(
    planner: Client, pooled: DeploymentPlan
) -> None:
    page = _page(pooled, "release")
    asked = planner.get(page).context["form"]["seen"].value()
    DeploymentPlan.objects.filter(pk=pooled.pk).update(revision=F("revision") + 1)

    refused = planner.post(page, {"seen": asked})
    pooled.refresh_from_db()

    assert (refused.status_code, pooled.state) == (422, PlanState.DRAFT)
    assert refused.context["form"].non_field_errors() == [
        "The plan has changed in this moment; please look at it again"
    ]
    assert refused.context["form"]["seen"].value() == str(pooled.revision)


def test_of_a_released_plan_the_page_tells_what_has_come_about_since(planner: Client, pooled: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=pooled.pk).update(state=PlanState.RELEASED, released_at=AT, profile="host-law")

    text = planner.get(_page(pooled)).content.decode()

    assert "1 finding would stop the release by now." in text


@pytest.mark.parametrize("answers", [{"what": "R01:1", "reason": " "}, {"what": "R02:all", "reason": "So"}, {}])
def test_without_a_reason_or_a_block_nothing_is_lifted(
    planner: Client, pooled: DeploymentPlan, answers: dict[str, str]
) -> None:
    assert planner.post(_page(pooled, "override"), answers).status_code == 422
    assert not RuleOverride.objects.exists()


def test_who_only_looks_reads_the_findings_and_lifts_nothing(pooled: DeploymentPlan) -> None:
    auditor = browser_of(in_role("auditor"))

    assert auditor.get(_page(pooled)).context["findings"].open_blocks == 1
    assert auditor.get(_page(pooled, "override")).status_code == 403


def test_a_lead_reads_the_findings_of_the_own_plan_and_lifts_them(
    election: Election, mission: Mission, lead: User, register: list[PollingStation]
) -> None:
    clock.set_to(AT)
    own = plan(election, mission)
    team(own, 1, [deployed(mission, "FRA")], register[:5], within=area(own, "North"))
    browser, page = browser_of(lead), f"/mission/deployment/deploymentplan/{own.pk}/"

    read = browser.get(f"{page}change/")
    lifted = browser.post(f"{page}override/", {"what": "R01:all", "reason": "So"})

    assert (read.context["findings"].open_blocks, lifted.status_code) == (1, 302)
    assert RuleOverride.objects.get().overridden_by == lead


def test_a_lead_of_the_pool_reads_no_findings(
    election: Election, other_mission: Mission, other_lead: User, register: list[PollingStation]
) -> None:
    clock.set_to(AT)
    pooled = plan(election, None, state=PlanState.RELEASED)
    team(pooled, 1, [deployed(other_mission, "FRA")], register[:5], within=area(pooled, "North"))

    answer = browser_of(other_lead).get(f"/mission/deployment/deploymentplan/{pooled.pk}/change/")

    assert (answer.status_code, answer.context["findings"]) == (200, None)
