"""Who may take in register files."""

import pytest

from missions.models import User
from stations.register.permissions import can_import_register
from tests.conftest import staff

pytestmark = pytest.mark.django_db


def test_staff_need_the_permission() -> None:
    assert can_import_register(staff("registrar@ministry.example", "register.add_registerversion"))
    assert not can_import_register(staff("auditor@ministry.example", "register.view_registerversion"))


def test_a_lead_may_not(lead: User) -> None:
    assert not can_import_register(lead)
