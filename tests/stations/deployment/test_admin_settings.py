"""The pages of deployment rules: the pool's for planners, a mission's for its leads at /mission/."""

import pytest
from django.test import Client

from missions.kernel import clock
from missions.models import Election, Mission, User
from stations.deployment.models import DeploymentSettings, RestrictedArea
from stations.deployment.profile_choice import chosen_rules
from stations.deployment.rules.chosen import ChosenRules, GroupRow, ListedState, RestrictedPlaces
from stations.deployment.services.settings import choose_rules
from stations.deployment.states import RestrictionLevel
from tests.missions.api.world import AT
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import constituency

pytestmark = pytest.mark.django_db

PAGE = "deployment/deploymentsettings/"
BORDER = RestrictedPlaces("Border", RestrictionLevel.APPROVAL, (1,), "Security officer")


@pytest.fixture(autouse=True)
def _places(election: Election) -> None:
    clock.set_to(AT)
    for number in (1, 2, 3):
        constituency(election, number, "North")


@pytest.fixture
def planner() -> Client:
    return browser_of(in_role("planner"))


def _chosen(election: Election, mission: Mission | None, **changes: object) -> DeploymentSettings:
    choice = ChosenRules("host-law", **changes)  # type: ignore[arg-type]  # named by the tests
    return choose_rules(election=election, mission=mission, chosen=choice, seen=0, by=None, at=AT)


def _answers(form: object, **changes: str) -> dict[str, str]:
    """What the browser would send: every field as it stands, and the changes."""
    sent = {field.name: field.value() for field in form}  # type: ignore[attr-defined]
    return {name: value for name, value in {**sent, **changes}.items() if value not in (None, False)}


def test_a_planner_chooses_for_the_pool_once(planner: Client, election: Election) -> None:
    form = planner.get(f"/admin/{PAGE}add/").context["form"]
    (owner,) = form.fields["owner"].choices

    assert form["profile"].value() == "host-law"

    made = planner.post(f"/admin/{PAGE}add/", {"owner": owner[0], "profile": "eu-like"})

    assert owner[1] == f"Pool of the host-coordinated missions · {election}"
    settings = DeploymentSettings.objects.get()
    assert (made.status_code, settings.mission, settings.profile, settings.version) == (302, None, "eu-like", 1)
    assert planner.get(f"/admin/{PAGE}add/").status_code == 403


def test_lists_are_chosen_row_by_row(planner: Client, election: Election) -> None:
    settings = _chosen(election, None, listed=(ListedState("FRA", (2,)),), restricted=(BORDER,))
    url = f"/admin/{PAGE}{settings.pk}/choose/"
    form = planner.get(url).context["form"]

    sent = planner.post(
        url,
        _answers(
            form,
            **{
                "listed-0": "",
                "listed-1": "DEU",
                "listed-1-places": "1-2; 3",
                "restricted-1": "Coast",
                "restricted-1-level": "no_go",
                "restricted-1-places": "3",
            },
        ),
    )

    assert sent.status_code == 302
    coast = RestrictedPlaces("Coast", RestrictionLevel.NO_GO, (3,))
    assert chosen_rules(DeploymentSettings.objects.get()) == ChosenRules(
        "host-law", listed=(ListedState("DEU", (1, 2, 3)),), restricted=(BORDER, coast)
    )


def test_strengths_of_political_groups_are_chosen_and_shown(planner: Client, election: Election) -> None:
    settings = _chosen(election, None, groups=(GroupRow("Left", 20),))
    url = f"/admin/{PAGE}{settings.pk}/choose/"
    form = planner.get(url).context["form"]

    half = planner.post(url, _answers(form, **{"group-1": "Greens"}))
    sent = planner.post(url, _answers(form, **{"group-1": "Greens", "group-1-strength": "31"}))

    assert (half.status_code, "The strength of Greens is a number" in half.content.decode()) == (422, True)
    assert sent.status_code == 302
    assert chosen_rules(settings).groups == (GroupRow("Greens", 31), GroupRow("Left", 20))
    assert "Greens · 31" in planner.get(f"/admin/{PAGE}{settings.pk}/change/").content.decode()


@pytest.mark.parametrize("places", ["one", "1-", "3-1", "1-99999", "9"])
def test_numbers_that_are_none_are_refused_beside_what_was_typed(
    planner: Client, election: Election, places: str
) -> None:
    settings = _chosen(election, None)
    url = f"/admin/{PAGE}{settings.pk}/choose/"

    sent = planner.post(
        url, _answers(planner.get(url).context["form"], **{"listed-0": "DEU", "listed-0-places": places})
    )

    assert sent.status_code == 422
    settings.refresh_from_db()
    assert settings.version == 1


def test_who_looked_before_somebody_else_chose_is_told(planner: Client, election: Election) -> None:
    settings = _chosen(election, None)
    url = f"/admin/{PAGE}{settings.pk}/choose/"
    answers = _answers(planner.get(url).context["form"], profile="eu-like")
    choose_rules(election=election, mission=None, chosen=ChosenRules("odihr-like"), seen=1, by=None, at=AT)

    late = planner.post(url, answers)

    assert late.status_code == 422
    assert "have changed" in late.content.decode()
    assert DeploymentSettings.objects.get().profile == "odihr-like"


def test_an_approval_is_recorded_and_shown(planner: Client, election: Election) -> None:
    settings = _chosen(election, None, restricted=(BORDER,))
    area = RestrictedArea.objects.get()

    done = planner.post(f"/admin/{PAGE}{settings.pk}/approve/", {"area": area.pk, "note": "Letter 4"})

    facts = dict(planner.get(f"/admin/{PAGE}{settings.pk}/change/").context["facts"])
    assert done.status_code == 302
    assert facts["Border"].startswith("1 · only with approval · Security officer · approved ")
    assert facts["Border"].endswith(": Letter 4")


def test_without_an_area_that_asks_for_it_there_is_nothing_to_approve(planner: Client, election: Election) -> None:
    settings = _chosen(election, None)

    labels = [str(move["label"]) for move in planner.get(f"/admin/{PAGE}{settings.pk}/change/").context["moves"]]

    assert labels == ["Choose again"]


def test_what_a_mission_chose_is_absent_for_the_host_and_other_missions(
    election: Election, mission: Mission, lead: User, other_lead: User, planner: Client
) -> None:
    settings = _chosen(election, mission, listed=(ListedState("FRA"),))

    own = browser_of(lead).get(f"/mission/{PAGE}{settings.pk}/change/")
    foreign = browser_of(other_lead).get(f"/mission/{PAGE}{settings.pk}/change/")
    hosts = planner.get(f"/admin/{PAGE}{settings.pk}/change/")

    assert (own.status_code, foreign.status_code, hosts.status_code) == (200, 404, 404)
    facts = dict(own.context["facts"])
    assert facts["Nationals of France are not sent to"] == "any constituency"
    assert facts["Goes to constituencies"] == "all"
    assert planner.get(f"/admin/{PAGE}").context["cl"].result_count == 0


def test_a_lead_chooses_for_the_own_mission(election: Election, mission: Mission, lead: User) -> None:
    browser = browser_of(lead)
    assert browser.get(f"/mission/{PAGE}add/").context["form"]["profile"].value() == "odihr-like"
    made = browser.post(f"/mission/{PAGE}add/", {"owner": f"mission-{mission.pk}", "profile": "eu-like"})
    settings = DeploymentSettings.objects.get()
    url = f"/mission/{PAGE}{settings.pk}/choose/"

    sent = browser.post(url, _answers(browser.get(url).context["form"], avoids_other_missions="on"))

    settings.refresh_from_db()
    assert (made.status_code, sent.status_code) == (302, 302)
    assert (settings.mission, settings.avoids_other_missions, settings.version) == (mission, True, 2)
    history = browser.get(f"/mission/{PAGE}{settings.pk}/change/").context["history"]
    assert [line.reason for line in history] == ["avoids other missions", "profile"]


def test_who_only_looks_chooses_nothing(election: Election) -> None:
    settings, auditor = _chosen(election, None), browser_of(in_role("auditor"))

    pages = [auditor.get(f"/admin/{PAGE}{settings.pk}/{page}/").status_code for page in ("change", "choose", "approve")]

    assert (pages, auditor.get(f"/admin/{PAGE}add/").status_code) == ([200, 403, 403], 403)
