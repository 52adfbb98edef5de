"""Who may still come in, and in which role: deactivation, reactivation, roles and names."""

from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from missions.accounts.errors import (
    AccountDeactivatedError,
    AccountInUseError,
    LastAdministratorError,
    NotStaffError,
    OwnAccountError,
)
from missions.accounts.services.links import close_links, lock_account
from missions.accounts.states import LinkEnd
from missions.errors import UnknownRoleError
from missions.kernel.events import record_event
from missions.models import ApiToken, User
from missions.services.tokens import revoke_token
from missions.states import MailLanguage

#: Whoever has this right manages accounts; somebody must always have it.
_MANAGES = "missions.change_user"


def deactivate_account(*, user: User, reason: str, by: User | None, at: datetime) -> User:
    """Shut the person out at once: no sign-in, every session and API token dead, every open link closed.

    Memberships and the history stay. Sessions do not come back with a reactivation. Records
    `account_deactivated`. Raises OwnAccountError, AccountDeactivatedError, LastAdministratorError.
    """
    with transaction.atomic():
        _lock_administration()
        locked = _lock_foreign(user, by)
        if not locked.is_active:
            raise AccountDeactivatedError(_("The account of %s is deactivated.") % locked)
        _ensure_somebody_else_manages(locked)
        for token in ApiToken.objects.filter(user=locked):
            revoke_token(token=token, by=by, at=at)
        close_links(locked, end=LinkEnd.REVOKED, at=at)
        locked.is_active = False
        locked.session_version += 1
        locked.save(update_fields=["is_active", "session_version"])
        record_event("account_deactivated", locked, by=by, at=at, reason=reason)
    return locked


def reactivate_account(*, user: User, by: User | None, at: datetime) -> User:
    """Let the person sign in again, with the former password; sessions and tokens have to be made anew.

    Records `account_reactivated`. Raises AccountInUseError if the account is active.
    """
    with transaction.atomic():
        locked = lock_account(user.pk)
        if locked.is_active:
            raise AccountInUseError(_("The account of %s is active.") % locked)
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        record_event("account_reactivated", locked, by=by, at=at)
    return locked


def change_role(*, user: User, role: str, by: User | None, at: datetime) -> User:
    """Give a member of the staff this one role instead of the former; it counts from the next request on.

    Records `role_changed`. Raises UnknownRoleError, NotStaffError, OwnAccountError, AccountInUseError if it is the
    role already, LastAdministratorError.
    """
    group = Group.objects.filter(name=role).first()
    if group is None:
        raise UnknownRoleError(_("There is no role “%s”.") % role)
    with transaction.atomic():
        _lock_administration()
        locked = _lock_foreign(user, by)
        if not locked.is_staff:
            raise NotStaffError(_("%s does not work for the host.") % locked)
        former = sorted(locked.groups.values_list("name", flat=True))
        if former == [role]:
            raise AccountInUseError(_("%(person)s has the role “%(role)s” already.") % {"person": locked, "role": role})
        if not group.permissions.filter(pk=_managing_right().pk).exists():
            _ensure_somebody_else_manages(locked)
        locked.groups.set([group])
        record_event("role_changed", locked, by=by, at=at, from_state=", ".join(former)[:30], to_state=role)
    return locked


def correct_name(*, user: User, first_name: str, last_name: str, by: User | None, at: datetime) -> User:
    """Correct how the person is called. Records `account_renamed`."""
    with transaction.atomic():
        locked = lock_account(user.pk)
        locked.first_name, locked.last_name = first_name, last_name
        locked.save(update_fields=["first_name", "last_name"])
        record_event("account_renamed", locked, by=by, at=at, changed=("first_name", "last_name"))
    return locked


def choose_language(*, user: User, language: MailLanguage, by: User | None, at: datetime) -> User:
    """Write to the person in this language from the next mail on. Records `language_chosen`."""
    with transaction.atomic():
        locked = lock_account(user.pk)
        locked.language = language
        locked.save(update_fields=["language"])
        record_event("language_chosen", locked, by=by, at=at, reason=language)
    return locked


def _lock_foreign(user: User, by: User | None) -> User:
    if by is not None and by.pk == user.pk:
        raise OwnAccountError
    return lock_account(user.pk)


def _managing_right() -> Permission:
    app, codename = _MANAGES.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _lock_administration() -> None:
    """One at a time: two administrators who shut each other out at once would leave nobody."""
    Permission.objects.select_for_update().get(pk=_managing_right().pk)


def _ensure_somebody_else_manages(user: User) -> None:
    """Raise if the person is the only one who manages accounts and is able to sign in."""
    if not user.has_perm(_MANAGES):
        return
    backend = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"
    others = User.objects.with_perm(_MANAGES, backend=backend).filter(is_staff=True).exclude(pk=user.pk)
    if not others.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        raise LastAdministratorError(_("%s is the last person who can manage accounts.") % user)
