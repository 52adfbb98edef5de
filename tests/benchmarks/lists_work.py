"""The list of nominations as it is, and as a plain framework would give it: nested, joined, counted and cut."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from accreditation.api.serializers import NominationSerializer
from accreditation.api.views import Nominations, with_shown_group
from accreditation.models import Nomination
from missions.models import User

PAGE = 100


class _Nested(NominationSerializer):
    """What the product shows and the name of the mission, as the yardstick's rows have it."""

    mission_name = serializers.CharField(source="mission.name")

    class Meta:
        model = Nomination
        fields = (*NominationSerializer.Meta.fields, "mission_name")
        read_only_fields = fields


class _Pages(LimitOffsetPagination):
    default_limit = PAGE


class Plain(ReadOnlyModelViewSet[Nomination]):
    """What a tutorial of the framework would write, well: joined rows, the same rights, limits and scopes."""

    queryset = Nomination.objects.select_related("mission").order_by("pk")
    serializer_class = _Nested
    pagination_class = _Pages
    renderer_classes = [JSONRenderer]
    filter_backends = []

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return with_shown_group(rows.visible_to(self.request.user), self.request.user)


class Rows(Nominations):
    """The product's own list, with the same additional column."""

    serializer_class = _Nested


class SomebodyOfTheHost(BaseAuthentication):
    """Asks no database who calls."""

    user: User

    def authenticate(self, request: Request) -> tuple[User, None]:
        return self.user, None


urlpatterns = [
    path("plain/", Plain.as_view({"get": "list"})),
    path("rows/", Rows.as_view({"get": "list"})),
]
#: View and encoding alone: neither token nor limit.
_OPEN = {"authentication_classes": [SomebodyOfTheHost], "permission_classes": [], "throttle_classes": []}
open_plain = Plain.as_view({"get": "list"}, **_OPEN)
open_rows = Rows.as_view({"get": "list"}, **_OPEN)
