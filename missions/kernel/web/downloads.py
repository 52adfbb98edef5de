"""Answers that carry somebody's private file: never a page of ours, never guessed at, never cached."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def private_download(data: bytes, *, media_type: str, name: str) -> HttpResponse:
    """The file as an attachment. `name` is one that we made."""
    response = _private(data, media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def private_picture(data: bytes, *, media_type: str) -> HttpResponse:
    """A picture to stand in a page of ours; opened by itself it is as powerless as a download."""
    return _private(data, media_type)


def _private(data: bytes, media_type: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
