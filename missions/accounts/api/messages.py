"""What was mailed to the caller: the same words, for programs that show notices."""

from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from missions.kernel.web.pagination import KeysetPagination
from missions.models import User
from missions.reminders.models import Message

_MESSAGE = {
    "id": 310,
    "rule": "member_appointed",
    "mission": 4,
    "subject": "Somebody new acts for PABSEC",
    "body": "Dear colleague,\n\nAna Sample <ana@pabsec.example> acts as focal point for PABSEC delegation.\n",
    "reason": "you lead PABSEC delegation, or you are the person appointed.",
    "language": "en",
    "state": "sent",
    "due_at": "2031-01-18T12:00:00Z",
    "sent_at": "2031-01-18T12:00:04Z",
}


class NewestFirst(KeysetPagination):
    """What came last is what people look for."""

    ordering = "-pk"


@extend_schema_serializer(examples=[OpenApiExample("A mail", value=_MESSAGE)])
class MessageSerializer(serializers.ModelSerializer[Message]):
    """One mail. Personal links stand in the mail itself only."""

    rule = serializers.CharField(help_text="Which kind of mail it is.")
    mission = serializers.IntegerField(source="mission_id", allow_null=True, help_text="Null: about no one mission.")
    reason = serializers.CharField(help_text="Why it was written.")
    sent_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Message
        fields = ("id", "rule", "mission", "subject", "body", "reason", "language", "state", "due_at", "sent_at")
        read_only_fields = fields


@extend_schema_view(get=extend_schema(summary="List what was mailed to me"))
class OwnMessages(ListAPIView[Message]):
    """The mails to the caller's own address, the newest first; those too that wait to be sent."""

    serializer_class = MessageSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Message]:
        return Message.objects.written_to(cast(User, self.request.user))
