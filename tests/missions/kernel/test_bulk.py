"""Rows that are taken are left out on both databases, and what is wrong in another way is still refused."""

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.bulk import insert_missing_rows
from missions.models import Organization
from missions.states import OrganizationKind

pytestmark = pytest.mark.django_db
NAMES = ("acronym", "name", "kind", "country", "is_synthetic")


def test_a_row_whose_key_is_taken_is_left_out_and_the_others_are_not() -> None:
    Organization.objects.create(acronym="SCO", name="First", kind=OrganizationKind.IGO)
    rows = [("SCO", "Second", "igo", "", False), ("OTS", "Third", "igo", "", True), ("OTS", "Fourth", "igo", "", False)]

    insert_missing_rows(Organization, NAMES, rows)

    assert list(Organization.objects.order_by("acronym").values_list("acronym", "name", "is_synthetic")) == [
        ("OTS", "Third", True),
        ("SCO", "First", False),
    ]


def test_a_row_that_breaks_another_rule_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_missing_rows(Organization, NAMES, [("SCO", "First", "club", "", False)])

    assert not Organization.objects.exists()
