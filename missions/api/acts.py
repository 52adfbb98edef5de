"""What acts over the API have in common: the headers that they ask for, and the tag of what they answer."""

import hashlib
import json
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from missions.kernel.web.writes import Versioned, etag_of

_DIGEST_LENGTH = 32

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 visible ASCII characters; the same key again gets the first answer again.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag that was read, for example "3": 428 without it, 412 if it is not the latest.',
)


def tagged(response: Response, *, version: str = "version") -> Response:
    """The answer about one object with its strong ETag.

    It is the number in the field `version`, which acts on the object name; an object that nobody changes over the
    API has no such field, and gets a digest of what is shown of it.
    """
    if version in response.data:
        tag = str(response.data[version])
    else:
        shown = json.dumps(response.data, sort_keys=True, cls=DjangoJSONEncoder)
        tag = hashlib.sha256(shown.encode()).hexdigest()[:_DIGEST_LENGTH]
    response["ETag"] = f'"{tag}"'
    return response


class VersionedRow(Versioned, Protocol):
    """A stored object with a version."""

    pk: Any


def answer_of(row: VersionedRow, data: Any, resource: str, *, status: int = 200) -> Response:
    """The answer of an act on a versioned row: its ETag, and where it is if the act made it."""
    headers = {"ETag": etag_of(row)}
    if status == 201:
        headers["Location"] = reverse(f"api:{resource}-detail", args=(row.pk,))
    return Response(data, status=status, headers=headers)
