"""What a token may do, whoever holds it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from missions.models.tokens import TokenScope

if TYPE_CHECKING:  # the framework loads its default permissions while it loads its views
    from rest_framework.views import APIView


class TokenScopeAllows(BasePermission):
    """A token of scope "read" reads; only one of scope "write" may use a method that changes something."""

    message = _("This token may only read.")
    code = "token-scope"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or getattr(request.auth, "scope", None) == TokenScope.WRITE
