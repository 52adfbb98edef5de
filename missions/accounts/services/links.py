"""Personal links: issued with their mail, used once, replaced or revoked. The account's row is locked first."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from missions.accounts.errors import (
    AccountDeactivatedError,
    AccountInUseError,
    InvitationNotOpenError,
    LinkClosedError,
    PasswordRefusedError,
)
from missions.accounts.mails import invitation_draft, reset_draft, rule_of
from missions.accounts.models import AccountLink
from missions.accounts.states import LinkEnd, LinkPurpose
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import User
from missions.reminders.services.planning import post_message


def mail_invitation(*, user: User, by: User | None, at: datetime) -> AccountLink:
    """Mail the person a link to choose the first password; a former link works no more.

    Records `account_invited`. Raises AccountDeactivatedError, AccountInUseError if there is a password already.
    """
    with transaction.atomic():
        locked = lock_account(user.pk)
        _ensure_active(locked)
        if locked.has_usable_password():
            raise AccountInUseError(_("%s has chosen a password already.") % locked)
        expires_at = at + settings.INVITATION_LIFETIME
        link = _issue_link(locked, LinkPurpose.INVITATION, expires_at=expires_at, by=by, at=at)
        record_event("account_invited", locked, by=by, at=at)
        post_message(draft=invitation_draft(link, at=at), rule=rule_of(link), at=at)
    return link


def revoke_account_invitation(*, user: User, by: User | None, at: datetime) -> None:
    """Make the open invitation work no more. Records `account_invitation_revoked`. Raises InvitationNotOpenError."""
    with transaction.atomic():
        locked = lock_account(user.pk)
        if not close_links(locked, end=LinkEnd.REVOKED, at=at, purpose=LinkPurpose.INVITATION):
            raise InvitationNotOpenError
        record_event("account_invitation_revoked", locked, by=by, at=at)


def mail_reset(*, user: User, expires_at: datetime, at: datetime) -> AccountLink | None:
    """Mail the person a link to choose a new password; None if the account has none to replace or is deactivated.

    A former link works no more. Records `password_reset_mailed`.
    """
    with transaction.atomic():
        locked = lock_account(user.pk)
        if not locked.is_active or not locked.has_usable_password():
            return None
        link = _issue_link(locked, LinkPurpose.RESET, expires_at=expires_at, by=None, at=at)
        record_event("password_reset_mailed", locked, by=None, at=at)
        post_message(draft=reset_draft(link, at=at), rule=rule_of(link), at=at)
    return link


def choose_password(*, link_id: int, password: str, at: datetime) -> User:
    """Use up the link: the person has this password now, every session and every other link of the account ends.

    Records `invitation_accepted` or `password_reset`. Raises LinkClosedError, PasswordRefusedError.
    """
    user_id = AccountLink.objects.filter(pk=link_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise LinkClosedError
    encoded = make_password(password)  # slow by design, so before anything is locked
    with transaction.atomic():
        user = lock_account(user_id)
        link = AccountLink.objects.get(pk=link_id)
        if not link.is_open(at=at) or not user.is_active:
            raise LinkClosedError
        _ensure_strong(password, user)
        user.password = encoded
        user.save(update_fields=["password"])
        AccountLink.objects.filter(pk=link.pk).update(closed_at=at, end=LinkEnd.USED)
        close_links(user, end=LinkEnd.REPLACED, at=at)
        verb = "invitation_accepted" if link.purpose == LinkPurpose.INVITATION else "password_reset"
        record_event(verb, user, by=user, at=at)
    return user


def change_password(*, user: User, password: str, at: datetime) -> User:
    """Give the person another password at the own wish: every session and every open link of the account ends.

    Whether the former password was known is the page's to ask. Records `password_changed`. Raises
    AccountDeactivatedError, PasswordRefusedError.
    """
    encoded = make_password(password)
    with transaction.atomic():
        locked = lock_account(user.pk)
        _ensure_active(locked)
        _ensure_strong(password, locked)
        locked.password = encoded
        locked.save(update_fields=["password"])
        close_links(locked, end=LinkEnd.REPLACED, at=at)
        record_event("password_changed", locked, by=locked, at=at)
    return locked


def lock_account(user_id: int) -> User:
    """The account, locked until the end of the transaction. Whatever changes an account or its links begins here."""
    return User.objects.select_for_update().get(pk=user_id)


def close_links(user: User, *, end: LinkEnd, at: datetime, purpose: LinkPurpose | None = None) -> int:
    """Close the open links of a locked account, and return how many they were."""
    links = AccountLink.objects.filter(user=user, closed_at=None)
    if purpose is not None:
        links = links.filter(purpose=purpose)
    return links.update(closed_at=at, end=end)


def _issue_link(
    user: User, purpose: LinkPurpose, *, expires_at: datetime, by: User | None, at: datetime
) -> AccountLink:
    close_links(user, end=LinkEnd.REPLACED, at=at, purpose=purpose)
    return AccountLink.objects.create(user=user, purpose=purpose, issued_at=at, issued_by=by, expires_at=expires_at)


def _ensure_active(user: User) -> None:
    if not user.is_active:
        raise AccountDeactivatedError(_("The account of %s is deactivated.") % user)


def _ensure_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons = [Violation("new_password1", "password-weak", line) for line in error.messages]
        raise PasswordRefusedError(violations=reasons) from error
