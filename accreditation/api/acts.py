"""What a mission does with its applications and accreditations: one address per act, each calling its service.

Every act names the version that it is about. The mission is locked before the application, as services do it.
"""

from typing import Any, ClassVar, Generic, TypeVar, cast

from django.db.models import Model
from django.utils.functional import Promise
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accreditation.api.serializers import AccreditationSerializer, ApplicationSerializer
from accreditation.api.views import Accreditations, Applications
from accreditation.models import Accreditation, Application
from accreditation.permissions import (
    can_appeal_refusal,
    can_return_accreditation,
    can_submit_application,
    can_withdraw_application,
)
from accreditation.services.accreditations import return_accreditation
from accreditation.services.appeals import appeal_refusal
from accreditation.services.applications import submit_application, withdraw_application
from accreditation.services.moves import lock_application_and_mission
from missions.api.acts import IF_MATCH, KEY
from missions.api.refusals import ACTING_AND_HOST, LEADS
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import User

ModelT = TypeVar("ModelT", bound=Model)
HEADERS = [KEY, IF_MATCH]


class NoInput(InputSerializer):
    """An act that asks nothing."""


class ReasonInput(InputSerializer):
    """Why; the history keeps it."""

    example = {"reason": "The ground named in the refusal does not apply: see the letter of 2 February."}

    reason = serializers.CharField(max_length=2000)


class OptionalReasonInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Falls ill and stays at home."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class MissionAct(IdempotentMixin, IfMatchMixin, Generic[ModelT]):
    """One act of a mission on an object of its own. Out of sight is absent, without the right is 403."""

    input_class: ClassVar[type[InputSerializer]]
    refusal: ClassVar[Promise] = LEADS

    def found(self, request: Request, id: str) -> ModelT:
        """The object, if the caller may see it."""
        raise NotImplementedError

    def application_of(self, obj: ModelT) -> Application:
        """The application whose version counts."""
        raise NotImplementedError

    def may(self, user: User, obj: ModelT) -> bool:
        """Whether this person may do it."""
        raise NotImplementedError

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not self.may(cast(User, request.user), self.found(request, kwargs["id"])):
            raise RefusedError(self.refusal)

    def begin(self, request: Request, id: str) -> tuple[ModelT, dict[str, Any], User]:
        """The object, held until the answer is kept and of the version that was named; the body; and who acts."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        obj = self.found(request, id)
        self.ensure_match(request, lock_application_and_mission(self.application_of(obj)))
        return obj, body.validated_data, cast(User, request.user)


class ApplicationAct(MissionAct[Application]):
    def found(self, request: Request, id: str) -> Application:
        return find_visible(Application.objects.select_related("nomination__mission"), request, id)

    def application_of(self, obj: Application) -> Application:
        return obj

    def answer(self, request: Request, application: Application) -> Response:
        row: Application = Applications.queryset.get(pk=application.pk)
        data = ApplicationSerializer(row, context={"request": request}).data
        return Response(data, headers={"ETag": etag_of(row)})


class AccreditationAct(MissionAct[Accreditation]):
    def found(self, request: Request, id: str) -> Accreditation:
        rows = Accreditation.objects.select_related("application__nomination__mission", "observer")
        return find_visible(rows.defer("observer__passport_number", "observer__mrz"), request, id)

    def application_of(self, obj: Accreditation) -> Application:
        return obj.application

    def may(self, user: User, obj: Accreditation) -> bool:
        return can_return_accreditation(user, obj.application)

    def answer(self, request: Request, accreditation: Accreditation) -> Response:
        row: Accreditation = Accreditations.queryset.get(pk=accreditation.pk)
        data = AccreditationSerializer(row, context={"request": request}).data
        return Response(data, headers={"ETag": etag_of(row.application)})


class SubmitApplication(ApplicationAct):
    """Handing an application in."""

    input_class = NoInput
    refusal = ACTING_AND_HOST

    def may(self, user: User, obj: Application) -> bool:
        return can_submit_application(user, obj)

    @extend_schema(
        summary="Submit an application",
        description="It is received now. Late it becomes inadmissible, and without its papers incomplete.",
        parameters=HEADERS,
        request=NoInput,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        application, _answers, by = self.begin(request, id)
        return self.answer(request, submit_application(application=application, by=by, at=clock.now()))


class WithdrawApplication(ApplicationAct):
    """Taking an application back."""

    input_class = OptionalReasonInput

    def may(self, user: User, obj: Application) -> bool:
        return can_withdraw_application(user, obj)

    @extend_schema(
        summary="Withdraw an application",
        description="For good, before the decision; its place is free for somebody else. Leads only.",
        parameters=HEADERS,
        request=OptionalReasonInput,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        application, answers, by = self.begin(request, id)
        done = withdraw_application(application=application, reason=answers["reason"], by=by, at=clock.now())
        return self.answer(request, done)


class AppealRefusal(ApplicationAct):
    """Appealing against a refusal."""

    input_class = ReasonInput

    def may(self, user: User, obj: Application) -> bool:
        return can_appeal_refusal(user, obj)

    @extend_schema(
        summary="Appeal against a refusal",
        description="Say on what the appeal rests. Where the law gives a time for it, 422 after that. Leads only.",
        parameters=HEADERS,
        request=ReasonInput,
        responses=ApplicationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        application, answers, by = self.begin(request, id)
        done = appeal_refusal(application=application, reason=answers["reason"], by=by, at=clock.now())
        return self.answer(request, done)


class ReturnAccreditation(AccreditationAct):
    """Handing an accreditation back."""

    input_class = OptionalReasonInput

    @extend_schema(
        summary="Return an accreditation",
        description="It ends, and its place is free for somebody else. Leads only.",
        parameters=HEADERS,
        request=OptionalReasonInput,
        responses=AccreditationSerializer,
    )
    def post(self, request: Request, id: str) -> Response:
        accreditation, answers, by = self.begin(request, id)
        done = return_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=clock.now())
        return self.answer(request, done)
