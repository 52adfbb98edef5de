"""The two sites of pages tell nobody what exists."""

import pytest
from django.contrib.contenttypes.models import ContentType

from missions.models import Election, User
from stations.deployment.models import DeploymentPlan
from tests.staff import browser_of, in_role
from tests.stations.deployment.builders import plan

pytestmark = pytest.mark.django_db


def test_the_public_page_of_an_object_is_as_absent_as_any_other(election: Election, other_lead: User) -> None:
    pooled = plan(election, None)
    kind = ContentType.objects.get_for_model(DeploymentPlan).pk

    for user, site in ((in_role("planner"), "/admin/"), (other_lead, "/mission/")):
        browser = browser_of(user)
        answers = [browser.get(f"{site}r/{kind}/{key}/") for key in (pooled.pk, 999_999)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content == browser.get(f"{site}nothing/of/that/kind/").content


def test_plans_are_offered_to_choose_from_in_a_fixed_order(election: Election) -> None:
    """The warning about an unordered list would be an error here."""
    for version in (1, 2, 3):
        plan(election, None, version=version)
    asked = {"app_label": "deployment", "model_name": "planrun", "field_name": "base", "term": ""}

    found = browser_of(in_role("planner")).get("/admin/autocomplete/", asked).json()["results"]

    assert [row["text"] for row in found] == ["Pool v3", "Pool v2", "Pool v1"]
