"""What is asked of every request before its view: what the token may do, and that the address says nothing unknown."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ErrorDetail, ValidationError
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


class ParametersAreKnown(BasePermission):
    """Refuses every parameter that a view does not name in `known_parameters`, as lists refuse what they do not know.

    Dropping it would answer another question than the one that was asked. It is no right of anybody's, but what the
    framework asks of each request before any view is begun stands here. Lists and their rows have filters of their own.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        is_reading = request.method in SAFE_METHODS and hasattr(view, "get")
        if not is_reading or hasattr(view, "filter_queryset"):
            return True
        unknown = sorted(set(request.query_params) - set(getattr(view, "known_parameters", ())))
        if unknown:
            message = ErrorDetail(gettext("There is no such parameter."), code="unknown_parameter")
            raise ValidationError({name: [message] for name in unknown})
        return True
