"""Bearer tokens: who calls, and when the token was last used."""

import logging
import re
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from missions.api.limits import count_stranger
from missions.models import ApiToken, Membership, User

_USE_IS_NOTED_EVERY = timedelta(minutes=5)
_SHAPE = re.compile(rb"[\x21-\x7e]{1,255}")
#: One sentence for every reason, so that nobody learns whether a token was ever good.
_REFUSAL = _("This token is not valid.")
_IN_ADDRESS = _("A token stands in the address, where others can read it. Revoke it, and send one in the header.")

logger = logging.getLogger(__name__)


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer odk_…`. A token in the address is refused, whatever else the request has.

    The token is found by its digest in one query, together with its user. An expired or revoked token and an
    inactive user are refused from the next request on. Credentials live in real time: expiry and last use go by
    the database's own clock, which a rehearsal does not move.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Who calls; None for nobody. Strangers are counted by their address.

        Raises AuthenticationFailed, and Throttled for too many attempts from one address.
        """
        try:
            refuse_token_in_address(request)
            found: tuple[User, ApiToken] | None = super().authenticate(request)  # type: ignore[no-untyped-call]  # knox is untyped
        except AuthenticationFailed:
            count_stranger(request)
            raise
        if found is None:
            count_stranger(request)
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The user and the token. Raises AuthenticationFailed for whatever is wrong with them."""
        if not _SHAPE.fullmatch(token):
            raise AuthenticationFailed(_REFUSAL)
        found = (
            ApiToken.objects.select_related("user")
            .annotate(read_at=Now(), counted_mission=_counted_mission())
            .filter(Q(expiry=None) | Q(expiry__gt=F("read_at")))
            .filter(digest=hash_token(token.decode("ascii")), user__is_active=True)
            .first()
        )
        if found is None:
            raise AuthenticationFailed(_REFUSAL)
        _note_use(found, read_at=found.read_at)
        return found.user, found


def refuse_token_in_address(request: Request) -> None:
    """Raise AuthenticationFailed for a token among the parameters: addresses are kept in logs and histories.

    The log names the parameter and the route, and never the value.
    """
    for name, values in request.query_params.lists():
        if any(knox_settings.TOKEN_PREFIX in value for value in values):
            match = request.resolver_match
            logger.warning("A token was sent in the address: parameter %.40r of %s", name, match.route if match else "")
            raise AuthenticationFailed(_IN_ADDRESS, code="token_in_address")


def _counted_mission() -> Subquery:
    """The mission whose limit counts the requests of a token: the one that its user has acted for longest."""
    return Subquery(Membership.objects.filter(user=OuterRef("user")).order_by("pk").values("mission")[:1])


def _note_use(token: ApiToken, *, read_at: datetime) -> None:
    """Keep the time of the last use, roughly: a write for every request would make readers wait for each other."""
    if token.last_used_at is None or read_at - token.last_used_at > _USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=read_at)
        token.last_used_at = read_at
