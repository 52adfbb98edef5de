"""The signer's process behind its socket: reads one line, answers one line, and survives whatever it is sent."""

import fcntl
import logging
import os
import signal
import socketserver
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import close_old_connections, connections

from accreditation.badges.signer.protocol import (
    MAX_LINE,
    ProtocolError,
    Refusal,
    Reply,
    Request,
    read_request,
    reply_line,
)
from missions.kernel.errors import DomainError

logger = logging.getLogger(__name__)

Answer = Callable[[Request], Reply]
#: How long a connection may say nothing.
IDLE_SECONDS = 5
_SOCKET_MODE = 0o660


class SignerRunsError(Exception):
    """Another process serves this socket."""


class SocketPlaceError(Exception):
    """Something that is no socket stands at the socket's place; it is left alone."""


class _Connection(socketserver.StreamRequestHandler):
    """Lines of one client, until it hangs up, falls silent, or sends what is no line."""

    server: "SignerServer"
    timeout = IDLE_SECONDS

    def handle(self) -> None:
        try:
            while line := self.rfile.readline(MAX_LINE + 1):
                if not line.endswith(b"\n"):  # longer than a line may be, or torn off
                    self._say(Refusal("bad-request", "not a line"))
                    return
                self._say(self._reply(line))
        except OSError:  # the client is gone or says nothing: its own loss, and nobody else's
            logger.info("A client of the signer went away")

    def _reply(self, line: bytes) -> Reply | Refusal:
        try:
            return self.server.answer_in_turn(read_request(line))
        except ProtocolError as error:
            logger.warning("The signer was sent what is no request: %s", error)
            return Refusal("bad-request", str(error))
        except DomainError as error:
            logger.warning("The signer refuses: %s", error.code)
            return Refusal(error.code, error.sentence)
        except Exception:  # whatever breaks here, the next request may be a good one
            logger.exception("The signer broke on a request")
            return Refusal("signer-broke", "the log of the signer says why")

    def _say(self, reply: Reply | Refusal) -> None:
        self.wfile.write(reply_line(reply))


class SignerServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Answers on a Unix socket that its owner and its group may use (0660). One request is worked off at a time.

    A silent client keeps nobody else waiting. To be made within `sole_signer`, which clears the place.
    """

    daemon_threads = False  # a request that has begun is finished before the process ends
    request_queue_size = 64

    def __init__(self, path: Path, answer: Answer) -> None:
        self._answer = answer
        self._turn = threading.Lock()
        before = os.umask(0o777 & ~_SOCKET_MODE)  # never open for a moment
        try:
            super().__init__(str(path), _Connection)
        finally:
            os.umask(before)

    def answer_in_turn(self, request: Request) -> Reply:
        """The answer to one request, after those that came before. Raises what the answer raises."""
        with self._turn:
            close_old_connections()
            try:
                return self._answer(request)
            finally:
                connections.close_all()  # the connections of this thread, which ends with its client


@contextmanager
def sole_signer(path: Path) -> Iterator[None]:
    """While the block runs no other process serves this socket; what a dead one left there is cleared away.

    The lock beside the socket ends with the process, however that ends. Raises SignerRunsError, SocketPlaceError.
    """
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SignerRunsError(path) from error
        _clear(path)
        try:
            yield
        finally:
            _clear(path)


def serve(path: Path, answer: Answer, *, ready: Callable[[], object] = lambda: None) -> None:
    """Answer requests until SIGTERM or SIGINT; those under way are finished. Calls `ready` when the socket is open.

    To be called in the main thread. Raises SignerRunsError, SocketPlaceError.
    """
    with sole_signer(path), SignerServer(path, answer) as server:

        def stop(*_signal: object) -> None:
            # `shutdown` waits for the loop, which this handler interrupts: it must wait elsewhere
            threading.Thread(target=server.shutdown).start()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            ready()
            server.serve_forever(poll_interval=0.2)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _clear(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SocketPlaceError(path)
    path.unlink()
