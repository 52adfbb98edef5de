"""Bearer tokens: who calls, and when the token was last used."""

from datetime import timedelta

from knox.auth import TokenAuthentication

from missions.kernel import clock
from missions.models import ApiToken, User

_USE_IS_NOTED_EVERY = timedelta(minutes=5)


class BearerAuthentication(TokenAuthentication):
    """`Authorization: Bearer odk_…`. A token in the URL is never looked at."""

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        user, token = super().validate_user(auth_token)  # type: ignore[no-untyped-call]  # knox is untyped
        at = clock.now()
        if token.last_used_at is None or abs(at - token.last_used_at) > _USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        return user, token
