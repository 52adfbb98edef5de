"""Accounts of the ministry's staff."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group

from missions.errors import AccountExistsError, UnknownRoleError
from missions.kernel.models import Event
from missions.models import User
from missions.services.accounts import open_staff_account

pytestmark = pytest.mark.django_db


def _open(at: dt.datetime, role: str = "reviewer") -> User:
    return open_staff_account(
        email="Rena@ministry.example",
        first_name="Rəna",
        last_name="Quliyeva",
        role=role,
        password=None,
        by=None,
        at=at,
    )


def test_an_account_has_one_role_and_no_password_yet(at: dt.datetime) -> None:
    Group.objects.get_or_create(name="reviewer")

    user = _open(at)

    assert (user.email, user.is_host, user.is_superuser, user.has_usable_password()) == (
        "rena@ministry.example",
        True,
        False,
        False,
    )
    assert list(user.groups.values_list("name", flat=True)) == ["reviewer"]
    assert Event.objects.of(user).get().reason == "reviewer"


def test_a_second_account_and_an_unknown_role_are_refused(at: dt.datetime) -> None:
    Group.objects.get_or_create(name="reviewer")
    _open(at)

    with pytest.raises(AccountExistsError):
        _open(at)
    with pytest.raises(UnknownRoleError):
        _open(at, role="emperor")
    assert User.objects.count() == 1
