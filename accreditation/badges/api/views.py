"""The verification: one address that answers anybody, and those of the devices at the doors."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accreditation.badges.api.answers import (
    BatchAnswer,
    BatchDone,
    DeviceAnswer,
    DeviceNow,
    TokenAnswer,
    TokenGiven,
    VerdictAnswer,
    batch_results,
)
from accreditation.badges.api.devices import (
    DeviceAuthentication,
    DeviceCall,
    DeviceThrottle,
    EnrolThrottle,
    IsDevice,
    StormThrottle,
    VerifyThrottle,
)
from accreditation.badges.api.inputs import BatchInput, CodeInput, read_scans
from accreditation.badges.services.alerts import open_alerts_of
from accreditation.badges.services.devices import enrol_device
from accreditation.badges.services.packs import pack_for
from accreditation.badges.services.scans import take_scans
from accreditation.badges.services.verifying import verify_code
from missions.kernel import clock
from missions.kernel.web.filters import refuse_unknown_parameters
from missions.places import places_of


class _Private(APIView):
    """Answers that no browser and no proxy keeps."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(final, no_store=True, private=True)
        return final


class _Open(_Private):
    """For everybody, and not too often from one address. No token is looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class _OfDevice(_Private):
    """For enrolled devices."""

    authentication_classes = (DeviceAuthentication,)
    permission_classes = (IsDevice,)
    throttle_classes: Sequence[type[BaseThrottle]] = (DeviceThrottle,)

    @property
    def call(self) -> DeviceCall:
        return cast(DeviceCall, self.request.auth)


class VerifyCode(_Open):
    """Whether a badge is good."""

    throttle_classes = (VerifyThrottle,)

    @extend_schema(
        summary="Verify the code of a badge",
        description=(
            "For everybody. The answer has one shape, and knows what was revoked a moment ago. Forged codes and those "
            "that nobody issued are told apart by nothing. Compare the person with the passport."
        ),
        request=CodeInput,
        responses=VerdictAnswer,
    )
    def post(self, request: Request) -> Response:
        body = CodeInput(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(VerdictAnswer(verify_code(body.validated_data["code"], at=clock.now())).data)


class EnrolDevice(_Open):
    """How a device gets its token."""

    throttle_classes = (EnrolThrottle,)

    @extend_schema(
        summary="Enrol a checking device",
        description="The code comes from the staff and works once. The token is told this once.",
        request=CodeInput,
        responses=TokenAnswer,
    )
    def post(self, request: Request) -> Response:
        body = CodeInput(data=request.data)
        body.is_valid(raise_exception=True)
        enrolled = enrol_device(code=body.validated_data["code"], at=clock.now())
        return Response(TokenAnswer(TokenGiven(enrolled.token)).data)


class OwnDevice(_OfDevice):
    """The calling device."""

    http_method_names: ClassVar[list[str]] = ["get", "head"]  # type: ignore[misc]  # typed by Django as a list

    @extend_schema(
        summary="Read the own device",
        description="Its place and election, the time of the server, and what the person there should know.",
        responses=DeviceAnswer,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown_parameters(request, known=())
        device, at = self.call.device, self.call.at
        places = places_of(device.election, device.place_code)
        now = DeviceNow(device, places, at, list(open_alerts_of(device)))
        return Response(DeviceAnswer(now, context={"device": device}).data)


class PortraitPack(_OfDevice):
    """The portraits for a day."""

    http_method_names: ClassVar[list[str]] = ["get", "head"]  # type: ignore[misc]  # typed by Django as a list

    @extend_schema(
        summary="Download the portraits",
        description=(
            "Portraits of the badges that are good at the place of the device, to be erased after 24 hours unless "
            "asked for again. Bytes: `ODP1`, the number of portraits and of those left out, then for each the 16 "
            "bytes that name it, its length, and WebP. Numbers have four bytes, the highest first."
        ),
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag at hand.")],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="The portraits at hand are the right ones for another day."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, known=())
        pack = pack_for(self.call.device, at=self.call.at)
        if request.headers.get("If-None-Match") == pack.etag:
            return HttpResponse(status=304, headers={"ETag": pack.etag})
        return HttpResponse(pack.data(), content_type="application/octet-stream", headers={"ETag": pack.etag})


class TakeScans(_OfDevice):
    """What the devices saw."""

    throttle_classes = (DeviceThrottle, StormThrottle)

    @extend_schema(
        summary="Hand in scans",
        description=(
            "At most 500. Each is stored once for its nonce, however often it is sent, and has a result of its own: "
            "one that cannot be read sinks no other. After 429 or 503 send the same again, no sooner than told."
        ),
        request=BatchInput,
        responses=BatchAnswer,
    )
    def post(self, request: Request) -> Response:
        body = BatchInput(data=request.data)
        body.is_valid(raise_exception=True)
        device, at = self.call.device, self.call.at
        read = read_scans(body.validated_data["scans"])
        reports = [scan.report for scan in read if scan.report is not None]
        device_now = body.validated_data["device_now"]
        stored = take_scans(device=device, reports=reports, device_now=device_now, at=at)
        done = BatchDone(at, batch_results(read, stored), list(open_alerts_of(device)))
        return Response(BatchAnswer(done, context={"device": device}).data)
