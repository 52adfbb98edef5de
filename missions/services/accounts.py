"""Accounts of the ministry's staff: one person, one role."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.errors import AccountExistsError, UnknownRoleError
from missions.kernel.events import record_event
from missions.models import User


def open_staff_account(
    *, email: str, first_name: str, last_name: str, role: str, password: str | None, by: User | None, at: datetime
) -> User:
    """Create a staff user in the group of that role. Without a password the person cannot sign in yet.

    Records `account_opened`. Raises UnknownRoleError, AccountExistsError.
    """
    group = Group.objects.filter(name=role).first()
    if group is None:
        raise UnknownRoleError(_("There is no role “%s”.") % role)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, first_name=first_name, last_name=last_name, is_staff=True)
            user.groups.add(group)
            record_event("account_opened", user, by=by, at=at, reason=role)
    except IntegrityError as error:
        raise AccountExistsError(_("%s has an account already.") % email) from error
    return user
