"""The own tokens: listed without their secrets, made (the secret is told this once) and revoked by their names."""

from datetime import timedelta
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from missions.accounts.services.credentials import make_token
from missions.api.acts import KEY
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.pagination import KeysetPagination
from missions.kernel.web.writes import IdempotentMixin
from missions.models import ApiToken, TokenScope, User
from missions.services.tokens import revoke_token

_LONGEST_DAYS = 365
_TOKEN: dict[str, object] = {
    "name": "laptop",
    "starts_with": "odk_3f9a1c02b7d",
    "scope": "write",
    "created_at": "2031-01-02T08:00:00Z",
    "expires_at": "2031-04-02T08:00:00Z",
    "last_used_at": "2031-01-18T12:00:00Z",
}
_MADE: dict[str, object] = {**_TOKEN, "last_used_at": None, "secret": f"odk_3f9a1c02b7d{'0' * 53}"}


class ByName(KeysetPagination):
    """A person's tokens have different names; their keys are digests, which leave in no cursor."""

    ordering = "name"


@extend_schema_serializer(examples=[OpenApiExample("A token", value=_TOKEN)])
class OwnTokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A credential of the caller's."""

    name = serializers.CharField(help_text="Chosen by its owner, and different from those of the others.")
    starts_with = serializers.CharField(source="token_key", help_text="So that a leaked one is recognised.")
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To about five minutes.")

    class Meta:
        model = ApiToken
        fields: tuple[str, ...] = ("name", "starts_with", "scope", "created_at", "expires_at", "last_used_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("A token that was just made", value=_MADE)])
class MadeTokenSerializer(OwnTokenSerializer):
    """A new token with its secret, which is kept nowhere: only a digest of it is."""

    secret = serializers.CharField(help_text="Send it as `Authorization: Bearer …`, and never in an address.")

    class Meta(OwnTokenSerializer.Meta):
        fields = (*OwnTokenSerializer.Meta.fields, "secret")
        read_only_fields = fields


class TokenInput(InputSerializer):
    """What the token is for, what it may do, and how long it lives."""

    example = {"name": "portal", "scope": "read", "days": 90}

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(choices=TokenScope.choices, required=False, default=TokenScope.READ.value)
    days = serializers.IntegerField(min_value=1, max_value=_LONGEST_DAYS, required=False, default=90)


class TokenNameInput(InputSerializer):
    """Which token."""

    example = {"name": "portal"}

    name = serializers.CharField(max_length=100)


@extend_schema_view(get=extend_schema(summary="List my tokens"))
class OwnTokens(IdempotentMixin, ListAPIView[ApiToken]):
    """The caller's tokens, by name; their secrets are not kept."""

    serializer_class = OwnTokenSerializer
    pagination_class = ByName
    queryset = ApiToken.objects.all()

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody is asked: it is the own account."""

    def get_queryset(self) -> QuerySet[ApiToken]:
        if getattr(self, "swagger_fake_view", False):
            return ApiToken.objects.none()
        return ApiToken.objects.filter(user=cast(User, self.request.user))

    @extend_schema(
        summary="Make a token",
        description=(
            "The answer has the secret, and nothing else ever has: a retry with the same key gets it once more as "
            "long as the key is kept. The owner gets a mail. 409 if there is a token of that name."
        ),
        parameters=[KEY],
        request=TokenInput,
        responses={201: MadeTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        values, user = body.validated_data, cast(User, request.user)
        issued = make_token(
            user=user,
            name=values["name"],
            scope=TokenScope(values["scope"]),
            lifetime=timedelta(days=values["days"]),
            by=user,
            at=clock.now(),
        )
        issued.token.secret = issued.secret  # type: ignore[attr-defined]  # read by the serializer, this once
        return Response(MadeTokenSerializer(issued.token).data, status=201)


class RevokeOwnToken(IdempotentMixin):
    """Ending one of the own tokens. Somebody else's is as absent as one that never was."""

    http_method_names = ["post"]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody is asked: it is the own account."""

    @extend_schema(
        summary="Revoke one of my tokens",
        description="From the next request on it opens nothing, even if it is the one of this request.",
        parameters=[KEY],
        request=TokenNameInput,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        body = TokenNameInput(data=request.data)
        body.is_valid(raise_exception=True)
        user = cast(User, request.user)
        token = ApiToken.objects.filter(user=user, name=body.validated_data["name"]).first()
        if token is None:
            raise MissingError
        revoke_token(token=token, by=user, at=clock.now())
        return Response(status=204)
