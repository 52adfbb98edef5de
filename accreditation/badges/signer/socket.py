"""The door to a signer in a process of its own: a Unix socket, one request and one reply to a connection."""

import socket
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accreditation.badges.errors import NoSigningKeyError, SignerAwayError
from accreditation.badges.signer.protocol import (
    ProtocolError,
    Refusal,
    Reply,
    Request,
    read_reply,
    request_line,
)

_CONNECT_SECONDS = 2
#: Five hundred signatures take well under a second; a list of a hundred thousand badges some.
_REPLY_SECONDS = 30
#: A reply names every badge of a request, with a sentence for each that was refused.
_MAX_REPLY = 1024 * 1024


def ask(request: Request, *, at: datetime) -> Reply:
    """The reply of the signer's process, which reads the clock itself: `at` stays here.

    Raises SignerAwayError if nobody answers in time or the answer is none, NoSigningKeyError.
    """
    try:
        reply = read_reply(_exchange(request_line(request)))
    except (OSError, ProtocolError) as error:
        raise SignerAwayError from error
    if isinstance(reply, Refusal):
        raise _named(reply)
    return reply


def _exchange(line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_CONNECT_SECONDS)
        connection.connect(str(settings.BADGE_SIGNER_SOCKET))
        connection.settimeout(_REPLY_SECONDS)
        connection.sendall(line)
        with connection.makefile("rb") as incoming:
            return incoming.readline(_MAX_REPLY)


def _named(refusal: Refusal) -> SignerAwayError:
    if refusal.code == NoSigningKeyError.code:
        return NoSigningKeyError(refusal.detail)
    return SignerAwayError(_("The signer refused: %s") % refusal.detail)
