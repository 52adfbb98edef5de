"""What missions do in numbers: submitting, withdrawing, returning, and planning stays, with a result for every row."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accreditation.api.acts import (
    AccreditationAct,
    ApplicationAct,
    ReturnAccreditation,
    SubmitApplication,
    WithdrawApplication,
)
from accreditation.api.stays import StayInput
from accreditation.models import Accreditation, Application, Nomination, Stay
from accreditation.permissions import can_plan_stay
from accreditation.services.accreditations import return_accreditation
from accreditation.services.applications import submit_application, withdraw_application
from accreditation.services.moves import lock_application_and_mission
from accreditation.services.stays import StayPlan, plan_stay
from missions.api.acts import KEY
from missions.api.bulk import BulkAct, RowResultsSerializer, VersionedRowInput, ensure_version, rows_of
from missions.api.refusals import ACTING_AND_HOST
from missions.api.resources import find_visible
from missions.kernel import clock
from missions.kernel.errors import RefusedError
from missions.kernel.web.inputs import InputSerializer
from missions.models import User

_ROW = {"id": 801, "version": 2}
_EACH = "At most 200 rows. Each is judged by itself: a row that is refused has its problem, and stops no other. "


class ReasonedRowInput(VersionedRowInput):
    """Which object, and perhaps why."""

    example = {**_ROW, "reason": "Falls ill and stays at home."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class StayRowInput(VersionedRowInput, StayInput):
    """The whole plan for the person with this nomination; version 0 where no stay was there."""

    example = {**_ROW, "version": 0, "arrives_at": "2031-02-03T14:20:00+04:00", "arrival_flight": "J2 8004"}


class SubmissionsInput(InputSerializer):
    """Applications to submit."""

    example = {"rows": [_ROW, {"id": 815, "version": 1}]}

    rows = rows_of(VersionedRowInput)


class ReasonedRowsInput(InputSerializer):
    """Objects, each perhaps with a reason."""

    example = {"rows": [_ROW, {"id": 815, "version": 1, "reason": "Falls ill and stays at home."}]}

    rows = rows_of(ReasonedRowInput)


class StaysInput(InputSerializer):
    """Stays of people, by their nominations."""

    example = {"rows": [dict(StayRowInput.example)]}

    rows = rows_of(StayRowInput)


class _Applications(BulkAct):
    """Acts on applications."""

    model = Application
    mission = "nomination__mission"
    single: ClassVar[type[ApplicationAct]]

    def held(self, request: Request, row: Mapping[str, Any]) -> Application:
        """The application of a row, locked, of the version that the row names and open to the caller."""
        single = self.single()
        application = single.found(request, str(row["id"]))
        if not single.may(cast(User, request.user), application):
            raise RefusedError(single.refusal)
        locked = lock_application_and_mission(application)
        ensure_version(locked.version, row)
        return application


class BulkSubmit(_Applications):
    """Handing applications in."""

    input_class = SubmissionsInput
    single = SubmitApplication

    @extend_schema(
        summary="Submit applications",
        description=f"{_EACH}As `submit` of each.",
        parameters=[KEY],
        request=SubmissionsInput,
        responses=RowResultsSerializer,
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def act(self, request: Request, row: Mapping[str, Any]) -> int:
        application, by = self.held(request, row), cast(User, request.user)
        return submit_application(application=application, by=by, at=clock.now()).version


class BulkWithdraw(_Applications):
    """Taking applications back."""

    input_class = ReasonedRowsInput
    row_class = ReasonedRowInput
    single = WithdrawApplication

    @extend_schema(
        summary="Withdraw applications",
        description=f"{_EACH}As `withdraw` of each. Leads only.",
        parameters=[KEY],
        request=ReasonedRowsInput,
        responses=RowResultsSerializer,
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def act(self, request: Request, row: Mapping[str, Any]) -> int:
        application, by = self.held(request, row), cast(User, request.user)
        return withdraw_application(application=application, reason=row["reason"], by=by, at=clock.now()).version


class BulkReturn(BulkAct):
    """Handing accreditations back."""

    model = Accreditation
    mission = "application__nomination__mission"
    input_class = ReasonedRowsInput
    row_class = ReasonedRowInput
    single: ClassVar[type[AccreditationAct]] = ReturnAccreditation

    @extend_schema(
        summary="Return accreditations",
        description=f"{_EACH}As `return` of each. Leads only.",
        parameters=[KEY],
        request=ReasonedRowsInput,
        responses=RowResultsSerializer,
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def act(self, request: Request, row: Mapping[str, Any]) -> int:
        single, by = self.single(), cast(User, request.user)
        accreditation = single.found(request, str(row["id"]))
        if not single.may(by, accreditation):
            raise RefusedError(single.refusal)
        ensure_version(lock_application_and_mission(accreditation.application).version, row)
        done = return_accreditation(accreditation=accreditation, reason=row["reason"], by=by, at=clock.now())
        return Application.objects.values_list("version", flat=True).get(pk=done.application_id)


class BulkStays(BulkAct):
    """Planning stays. The id of a row is that of a nomination."""

    model = Nomination
    mission = "mission"
    input_class = StaysInput
    row_class = StayRowInput

    @extend_schema(
        summary="Plan the stays of several people",
        description=f"{_EACH}As the stay of each nomination, which the `id` of the row names.",
        parameters=[KEY],
        request=StaysInput,
        responses=RowResultsSerializer,
    )
    def post(self, request: Request) -> Response:
        return self.carry_out(request)

    def act(self, request: Request, row: Mapping[str, Any]) -> int:
        by = cast(User, request.user)
        nomination = find_visible(Nomination.objects.all(), request, str(row["id"]))
        if not can_plan_stay(by, nomination):
            raise RefusedError(ACTING_AND_HOST)
        known = Stay.objects.filter(nomination=nomination).values_list("version", flat=True).first() or 0
        ensure_version(known, row)
        told = {name: value for name, value in row.items() if name not in {"id", "version"}}
        return plan_stay(nomination=nomination, plan=StayPlan(**told), by=by, at=clock.now(), version=known).version
