"""The page on which planners of the pool and leads of self-directed missions change a draft by hand."""

import pytest
from django.test import Client

from accreditation.models import Nomination
from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.deployment.admin.hand_forms import FORMS
from stations.deployment.hand_words import change_sentence
from stations.deployment.models import (
    DeploymentPlan,
    DeploymentSettings,
    Interpreter,
    PlanChange,
    Team,
    TeamMember,
    Visit,
)
from stations.deployment.states import ChangeKind, PlanState
from stations.models import PollingStation
from tests.missions.api.world import AT
from tests.staff import browser_of, in_role
from tests.stations.deployment import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(election: Election, other_mission: Mission, register: list[PollingStation]) -> DeploymentPlan:
    """A draft of the pool with a team in the North and one in the South, and two people without a team."""
    clock.set_to(AT)
    made = builders.plan(election, None)
    north = builders.area(made, "North", register[0].constituency)  # type: ignore[arg-type]  # they have one
    south = builders.area(made, "South", register[10].constituency)  # type: ignore[arg-type]
    people = [builders.deployed(other_mission, code) for code in ("FRA", "DEU", "ITA", "ESP", "GRC", "PRT")]
    builders.team(made, 1, people[:2], register[:3], within=north)
    builders.team(made, 2, people[2:4], register[10:13], within=south)
    return made


@pytest.fixture
def planner(db: None) -> Client:
    return browser_of(in_role("planner"))


def _page(plan: DeploymentPlan, asked: str = "", site: str = "admin") -> str:
    return f"/{site}/deployment/deploymentplan/{plan.pk}/hand/{asked}"


def _route(plan: DeploymentPlan, team: int) -> list[str]:
    visits = Visit.objects.filter(visit_plan__team__plan=plan, visit_plan__team__number=team).order_by("order")
    return list(visits.values_list("station__code", flat=True))


def test_every_act_has_its_form() -> None:
    assert set(FORMS) == set(ChangeKind)


def test_a_planner_sees_one_team_with_its_forms_and_what_the_rules_find(
    planner: Client, pooled: DeploymentPlan
) -> None:
    answer = planner.get(_page(pooled, "?team=1"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert [str(form.button) for form in answer.context["team_forms"]] == [
        "Change places",
        "Add the visit",
        "Change the visit",
        "Move the team",
        "Save the pins",
        "Save the interpreter",
        "Split the team",
    ]
    told = [str(form.button) for form in answer.context["team_forms"] if form.sentence and str(form.sentence) in text]
    assert told == ["Move the team", "Split the team"]
    assert len(answer.context["choices"].idle) == 2
    swap = answer.context["team_forms"][0]
    assert (len(swap.fields["first"].choices), len(swap.fields["second"].choices)) == (2, 4)
    assert "2 people have no team" in text
    assert "00101 School 1" in text
    assert answer.context["findings"].strengths


def test_a_planner_moves_a_visit_and_takes_it_back(planner: Client, pooled: DeploymentPlan) -> None:
    page = _page(pooled, "?team=1")

    moved = planner.post(page, {"act": "move_visit", "revision": 0, "team": 1, "order": 1, "position": 3}, follow=True)
    assert _route(pooled, 1) == ["00102", "00103", "00101"]
    assert moved.redirect_chain == [(page, 302)]
    assert "Team 1 visits station 00101 at another place of its route" in moved.content.decode()

    back = planner.post(page, {"act": "undo", "revision": 1}, follow=True)
    assert _route(pooled, 1) == ["00101", "00102", "00103"]
    assert "Taken back: Team 1" in back.content.decode()


def test_who_has_no_team_is_offered_with_the_reason(planner: Client, pooled: DeploymentPlan) -> None:
    first, second = planner.get(_page(pooled)).context["choices"].idle
    observer = Nomination.objects.get(pk=int(first.key)).observer_id
    pooled.left_out = [
        {"what": "observer", "reason": "not_in_country", "ids": [observer]},
        {
            "what": "station",
            "reason": "station_closed",
            "ids": [Nomination.objects.get(pk=int(second.key)).observer_id],
        },
    ]
    pooled.save(update_fields=["left_out"])

    labels = [person.label for person in planner.get(_page(pooled)).context["choices"].idle]

    assert labels == [f"{first.label} · not in the country on election day", second.label]


def test_people_change_places_and_idle_people_become_a_team(planner: Client, pooled: DeploymentPlan) -> None:
    first = TeamMember.objects.filter(plan=pooled, team__number=1).earliest("pk")
    other = TeamMember.objects.filter(plan=pooled, team__number=2).earliest("pk")
    idle = [person.key for person in planner.get(_page(pooled)).context["choices"].idle]

    swapped = planner.post(
        _page(pooled),
        {
            "act": "swap_observers",
            "revision": 0,
            "team": 1,
            "first": first.nomination_id,
            "second": other.nomination_id,
        },
    )
    made = planner.post(
        _page(pooled), {"act": "make_team", "revision": 1, "first": idle[0], "second": idle[1], "constituency": 2}
    )

    assert (swapped.status_code, made.status_code) == (302, 302)
    other.refresh_from_db()
    assert other.team.number == 1
    assert Team.objects.get(plan=pooled, number=3).constituency.number == 2  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize(
    ("teams", "sentence"),
    [
        ("14", "Somebody without a team took a place in team 14"),
        ("14, 15", "Observers changed places: teams 14, 15"),
    ],
)
def test_a_swap_tells_whether_it_was_between_two_teams(teams: str, sentence: str) -> None:
    assert change_sentence(ChangeKind.SWAP, {"teams": teams}) == sentence


def test_a_new_team_is_two_people_in_one_place(planner: Client, pooled: DeploymentPlan) -> None:
    first, second = (person.key for person in planner.get(_page(pooled)).context["choices"].idle)
    asked = {"act": "make_team", "revision": 0, "first": first, "constituency": 1}

    twice = planner.post(_page(pooled), {**asked, "second": first})
    everywhere = planner.post(_page(pooled), {**asked, "second": second, "area": pooled.areas.earliest("pk").pk})

    assert (twice.status_code, twice.context["refusal"]) == (422, ["Choose two different people."])
    assert (everywhere.status_code, everywhere.context["refusal"]) == (422, ["Choose one place only."])
    assert not PlanChange.objects.exists()


def test_a_visit_gets_hours_by_the_clocks_of_the_place(planner: Client, pooled: DeploymentPlan) -> None:
    sent = {"revision": 0, "team": 1, "station": "00104", "arrives": "20:30", "leaves": "00:30"}

    done = planner.post(_page(pooled), {"act": "add_visit", **sent, "visit_kind": "closing_count"})

    added = Visit.objects.get(station__code="00104")
    assert (done.status_code, added.kind) == (302, "closing_count")
    assert [added.arrives_at.isoformat(), added.leaves_at.isoformat()] == [
        "2024-02-07T16:30:00+00:00",
        "2024-02-07T20:30:00+00:00",
    ]


def test_an_area_is_cleared_pinned_and_renamed(planner: Client, pooled: DeploymentPlan) -> None:
    north = pooled.areas.get(name="North")
    page = _page(pooled, f"?area={north.pk}")
    assert len(planner.get(page).context["area_forms"]) == 8

    planner.post(page, {"act": "pin_area", "revision": 0, "area": north.pk, "pair": "on"})
    planner.post(page, {"act": "clear_area", "revision": 1, "area": north.pk})
    planner.post(page, {"act": "rename_area", "revision": 2, "area": north.pk, "name": "East"})

    team = Team.objects.get(plan=pooled, number=1)
    assert (team.is_pair_pinned, team.is_place_pinned, _route(pooled, 1)) == (True, False, [])
    assert pooled.areas.get(pk=north.pk).name == "East"

    planner.post(page, {"act": "make_area", "revision": 3, "name": "Hills", "constituency": 1, "team": ""})
    assert Team.objects.get(plan=pooled, number=1).area == pooled.areas.get(name="Hills")
    planner.post(page, {"act": "dissolve_area", "revision": 4, "area": north.pk})
    assert not pooled.areas.filter(pk=north.pk).exists()


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"act": "add_visit", "team": 1, "station": "99999", "visit_kind": "voting"},
            "The election has no such station.",
        ),
        (
            {"act": "add_visit", "team": 1, "station": "00104", "arrives": "10:00", "visit_kind": "voting"},
            "Give both times, or none.",
        ),
        ({"act": "move_visit", "team": 1, "order": 1, "position": 9}, "The route has the places 1 to 3."),
        ({"act": "split_team", "team": 9}, "The plan has no such team."),
    ],
)
def test_what_is_refused_is_told_and_changes_nothing(
    planner: Client, pooled: DeploymentPlan, answers: dict[str, object], told: str
) -> None:
    answer = planner.post(_page(pooled, "?team=1"), {"revision": 0, **answers})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not PlanChange.objects.exists()


def test_whoever_looked_at_an_older_draft_is_told_on_the_form(planner: Client, pooled: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=pooled.pk).update(revision=3)

    answer = planner.post(_page(pooled, "?team=1"), {"act": "pin_team", "revision": 2, "team": 1})
    undo = planner.post(_page(pooled), {"act": "undo", "revision": "x"}, follow=True)

    assert answer.status_code == 422
    for page in (answer, undo):
        assert "The plan has changed in this moment" in page.content.decode()


def test_the_plan_leads_to_the_page_for_those_who_may_only(planner: Client, pooled: DeploymentPlan) -> None:
    change = f"/admin/deployment/deploymentplan/{pooled.pk}/change/"
    auditor = browser_of(in_role("auditor"))

    assert f'href="{_page(pooled)}"' in planner.get(change).content.decode()
    assert _page(pooled) not in auditor.get(change).content.decode()
    assert auditor.get(_page(pooled)).status_code == 403
    assert auditor.post(_page(pooled), {"act": "undo", "revision": 0}).status_code == 403


def test_a_plan_that_is_no_draft_is_not_changed(planner: Client, pooled: DeploymentPlan) -> None:
    DeploymentPlan.objects.filter(pk=pooled.pk).update(state=PlanState.DISCARDED)

    answer = planner.post(_page(pooled), {"act": "split_team", "revision": 0, "team": 1}, follow=True)

    assert "Only a draft can be changed" in answer.content.decode()
    assert Team.objects.filter(plan=pooled).count() == 2


def test_a_lead_changes_the_own_draft_and_nobody_elses(
    election: Election, mission: Mission, lead: User, register: list[PollingStation], pooled: DeploymentPlan
) -> None:
    own = builders.plan(election, mission)
    people = [builders.deployed(mission, code) for code in ("FRA", "DEU")]
    builders.team(own, 1, people, register[:3], within=builders.area(own, "North"))
    browser = browser_of(lead)

    done = browser.post(_page(own, site="mission"), {"act": "split_team", "revision": 0, "team": 1})
    host = browser_of(in_role("planner"))

    assert (done.status_code, Team.objects.filter(plan=own).count()) == (302, 0)
    assert browser.get(_page(pooled, site="mission")).status_code == 404
    assert host.get(_page(own)).status_code == 404


def test_the_page_tells_who_interprets_and_a_planner_changes_it(planner: Client, pooled: DeploymentPlan) -> None:
    settings = DeploymentSettings.objects.create(election=pooled.election, mission=None, profile="host-law")
    for name in ("Leyla", "Murad"):
        Interpreter.objects.create(settings=settings, name=name, languages=["az"])

    sent = {"act": "assign_interpreter", "team": 1, "name": "Murad", "revision": pooled.revision}
    answer = planner.post(_page(pooled, "?team=1"), sent, follow=True)

    assert Team.objects.get(plan=pooled, number=1).interpreter == Interpreter.objects.get(name="Murad")
    [form] = [form for form in answer.context["team_forms"] if form.kind == ChangeKind.ASSIGN_INTERPRETER]
    assert form.initial["name"] == answer.context["team"]["interpreter"] == "Murad"
    assert [value for value, _label in form.fields["name"].choices] == ["", "Leyla", "Murad"]
