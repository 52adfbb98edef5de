"""Bearer tokens: who calls, and when the token was last used."""

import re
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed

from missions.models import ApiToken, User

_USE_IS_NOTED_EVERY = timedelta(minutes=5)
_SHAPE = re.compile(rb"[\x21-\x7e]{1,255}")
#: One sentence for every reason, so that nobody learns whether a token was ever good.
_REFUSAL = _("This token is not valid.")


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer odk_…`. A token in the URL is never looked at.

    The token is found by its digest in one query, together with its user. An expired or revoked token and an
    inactive user are refused from the next request on. Credentials live in real time: expiry and last use go by
    the database's own clock, which a rehearsal does not move.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The user and the token. Raises AuthenticationFailed for whatever is wrong with them."""
        if not _SHAPE.fullmatch(token):
            raise AuthenticationFailed(_REFUSAL)
        found = (
            ApiToken.objects.select_related("user")
            .annotate(read_at=Now())
            .filter(Q(expiry=None) | Q(expiry__gt=F("read_at")))
            .filter(digest=hash_token(token.decode("ascii")), user__is_active=True)
            .first()
        )
        if found is None:
            raise AuthenticationFailed(_REFUSAL)
        _note_use(found, read_at=found.read_at)
        return found.user, found


def _note_use(token: ApiToken, *, read_at: datetime) -> None:
    """Keep the time of the last use, roughly: a write for every request would make readers wait for each other."""
    if token.last_used_at is None or read_at - token.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=read_at)
        token.last_used_at = read_at
