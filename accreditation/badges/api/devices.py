"""Who calls: a device by its own token, or anybody from an address; and how often each may."""

import ipaddress
import os
import random
import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accreditation.badges.models import CheckDevice
from accreditation.badges.services.devices import find_device
from missions.kernel import clock

#: One sentence for every reason, so that nobody learns whether a token was ever good.
_REFUSAL = _("This token is not valid.")
_SHAPE = re.compile(rb"(?i:bearer) (odv_[\x21-\x7e]{1,100})")
#: Those who are turned away in a storm come back at moments spread over so many seconds.
_STORM_SPREAD_S = (5, 60)


@dataclass(frozen=True, slots=True)
class DeviceCall:
    """Which device calls, and when the call began."""

    device: CheckDevice
    at: datetime


class DeviceAuthentication(BaseAuthentication):
    """`Authorization: Bearer odv_…`: the call of an enrolled device, which is nobody's user.

    A revoked device is refused from the next request on. Tokens of people are not taken here, nor these elsewhere.
    """

    def authenticate(self, request: Request) -> "tuple[AnonymousUser, DeviceCall] | None":
        header = get_authorization_header(request)
        if not header:
            return None
        shape = _SHAPE.fullmatch(header)
        at = clock.now()
        device = find_device(shape[1].decode("ascii"), at=at) if shape else None
        if device is None:
            raise AuthenticationFailed(_REFUSAL)
        return AnonymousUser(), DeviceCall(device, at)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsDevice(BasePermission):
    """The caller is an enrolled device."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, DeviceCall)


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Documents `Authorization: Bearer odv_…`."""

    target_class = "accreditation.badges.api.devices.DeviceAuthentication"
    name = "deviceToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "odv_…"}


class DeviceThrottle(SimpleRateThrottle):
    """What one device may ask: much more than a busy door needs."""

    scope = "device"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"device-{request.auth.device.pk}" if isinstance(request.auth, DeviceCall) else None


class StormThrottle(SimpleRateThrottle):
    """How many batches one process takes, from all devices together.

    When thousands of devices find the network again at once, some are taken at the pace that the database bears, and
    the others are told at once when to come back, each at another moment.
    """

    scope = "scan-batches"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"scan-batches-{os.getpid()}"

    def wait(self) -> float:
        return random.uniform(*_STORM_SPREAD_S)  # noqa: S311 - to spread a crowd, not to keep a secret


class _AddressThrottle(SimpleRateThrottle):
    """What may be asked from one address. Of IPv6 the network counts, since one person has all of its addresses."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"{self.scope}-{self.get_ident(request)}"

    def get_ident(self, request: Request) -> str:
        ident = super().get_ident(request)
        try:
            address = ipaddress.ip_address(ident)
        except ValueError:
            return "unknown"
        if address.version == 4:
            return str(address)
        return str(ipaddress.ip_network((address, 64), strict=False))


class VerifyThrottle(_AddressThrottle):
    scope = "verify"


class EnrolThrottle(_AddressThrottle):
    scope = "enrol"
