"""The page of a register version."""

import datetime as dt

import pytest

from missions.models import Election
from stations.register.models import RegisterVersion
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


def test_who_took_it_in_is_named_without_a_way_to_accounts(election: Election) -> None:
    planner = in_role("planner")
    version = RegisterVersion.objects.create(
        election=election,
        number=1,
        sha256="a",
        file_name="r.csv",
        rows=1,
        added=1,
        changed=0,
        imported_at=dt.datetime(2024, 1, 8, 9, tzinfo=dt.UTC),
        imported_by=planner,
    )

    page = browser_of(planner).get(f"/admin/register/registerversion/{version.pk}/change/").content.decode()

    assert planner.email in page
    assert f"/admin/missions/user/{planner.pk}/" not in page
