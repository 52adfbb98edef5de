"""The own mails by the API: the language of a person, and the rhythm of the missions that they lead."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.accounts.api.serializers import (
    DigestInput,
    DigestSetting,
    DigestSettingSerializer,
    LanguageInput,
    MailSettings,
    MailSettingsSerializer,
)
from missions.accounts.selectors import missions_of
from missions.accounts.services.standing import choose_language
from missions.api.acts import KEY
from missions.api.refusals import LEADS
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.writes import IdempotentMixin
from missions.models import Mission, User
from missions.reminders.services.digests import choose_digest, drop_digest
from missions.states import MailLanguage


def _answer(user: User) -> Response:
    settings = MailSettings(user.language, tuple(missions_of(user)))
    return Response(MailSettingsSerializer(settings).data)


class OwnMails(IdempotentMixin, APIView):
    """How the caller is written to. Everybody may choose for themselves."""

    http_method_names = ["get", "head", "post"]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nobody is asked: it is the own account."""

    @extend_schema(summary="Read how I am written to", responses=MailSettingsSerializer)
    def get(self, request: Request) -> Response:
        return _answer(cast(User, request.user))

    @extend_schema(
        summary="Choose the language of my mails",
        description="It counts from the next mail on that is written.",
        parameters=[KEY],
        request=LanguageInput,
        responses=MailSettingsSerializer,
    )
    def post(self, request: Request) -> Response:
        body = LanguageInput(data=request.data)
        body.is_valid(raise_exception=True)
        user, language = cast(User, request.user), MailLanguage(body.validated_data["language"])
        return _answer(choose_language(user=user, language=language, by=user, at=clock.now()))


class MissionDigest(IdempotentMixin, APIView):
    """The one mail a day of a mission."""

    http_method_names = ["post", "delete"]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self._own(request, kwargs["id"])

    @extend_schema(
        summary="Have one mail a day",
        description="What may wait comes in one mail at this hour; what is urgent never waits. Leads only.",
        parameters=[KEY],
        request=DigestInput,
        responses=DigestSettingSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        body = DigestInput(data=request.data)
        body.is_valid(raise_exception=True)
        choice = choose_digest(
            mission=self._own(request, id),
            local_time=body.validated_data["local_time"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        return Response(DigestSettingSerializer(DigestSetting.of(choice.mission)).data)

    @extend_schema(
        summary="Have each mail by itself",
        description="What waits already goes with the last digest. 404 if none was chosen. Leads only.",
        responses={204: None},
    )
    def delete(self, request: Request, id: str) -> Response:
        drop_digest(mission=self._own(request, id), by=cast(User, request.user), at=clock.now())
        return Response(status=204)

    def _own(self, request: Request, id: str) -> Mission:
        """The mission. Raises MissingError if the caller cannot see it, RefusedError if they do not lead it."""
        mission = find_visible(Mission.objects.all(), request, id)
        if not missions_of(cast(User, request.user), leading=True).filter(pk=mission.pk).exists():
            raise RefusedError(LEADS)
        return mission
