"""Tokens of the API: issued once with their secret, revoked for good. Only a digest of the secret is kept.

Expiry counts in real time, whatever the clock of a rehearsal says; the history is written by that clock.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from missions.errors import TokenNameTakenError, TokenTermsError
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.kernel.text import TextRefusedError, clean_text
from missions.models import ApiToken, TokenScope, User

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and, this once, its secret. The secret is kept out of `repr`, and so out of logs."""

    token: ApiToken
    secret: str = field(repr=False)


def issue_token(
    *, user: User, name: str, scope: TokenScope, lifetime: timedelta, by: User | None, at: datetime
) -> IssuedToken:
    """Issue a token that lives for `lifetime` from now on, in real time.

    Records `token_issued` on the user. Raises TokenTermsError for an inactive user, a lifetime that is not positive
    or a name that is blank, long or has characters that control or reorder what is shown, and TokenNameTakenError if
    the user has a token of this name.
    """
    with transaction.atomic():
        holder = User.objects.select_for_update().get(pk=user.pk)
        _ensure_terms(holder, name, lifetime)
        if ApiToken.objects.filter(user=holder, name=name).exists():
            raise TokenNameTakenError(_("%(user)s has a token “%(name)s” already.") % {"user": holder, "name": name})
        token, secret = ApiToken.objects.create(  # type: ignore[no-untyped-call]  # knox is untyped
            user=holder, expiry=lifetime, name=name, scope=scope
        )
        record_event("token_issued", holder, by=by, at=at, reason=f"{token} ({scope})")
    return IssuedToken(token, secret)


def revoke_token(*, token: ApiToken, by: User | None, at: datetime) -> None:
    """Delete the token; from the next request on it opens nothing.

    Records `token_revoked` on the user. Raises MissingError if it is gone already.
    """
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update(of=("self",)).select_related("user").filter(pk=token.pk).first()
        if locked is None:
            raise MissingError
        record_event("token_revoked", locked.user, by=by, at=at, reason=str(locked))
        locked.delete()


def _ensure_terms(holder: User, name: str, lifetime: timedelta) -> None:
    if not holder.is_active:
        raise TokenTermsError(_("The account of %s is not active.") % holder)
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise TokenTermsError(_("Give the token a name of at most %d characters.") % _LONGEST_NAME)
    try:
        clean_text(name, max_length=_LONGEST_NAME)
    except TextRefusedError as refused:
        raise TokenTermsError(refused.message) from None
    if lifetime <= timedelta(0):
        raise TokenTermsError(_("A token must live for some time."))
