"""A real socket: good requests are answered, and no bad one keeps the next from its answer."""

import socket
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accreditation.badges.errors import NoSigningKeyError, SignerAwayError
from accreditation.badges.signer import request_list, request_signatures, server
from accreditation.badges.signer.protocol import Reply, Request, SignBadges, SigningResult
from accreditation.badges.signer.server import SignerRunsError, SignerServer, SocketPlaceError, sole_signer
from accreditation.badges.signer.socket import ask

AT = datetime(2024, 1, 18, 12, tzinfo=UTC)
ELECTION_WITHOUT_KEY = 13
POISON = 6_666


def answer(request: Request) -> Reply:
    """A signer that signs everything but what breaks it."""
    if isinstance(request, SignBadges):
        if POISON in request.badge_ids:
            raise ZeroDivisionError
        return Reply(tuple(SigningResult(one) for one in request.badge_ids))
    if request.election_id == ELECTION_WITHOUT_KEY:
        raise NoSigningKeyError("none here")
    return Reply(number=1_705_579_200)


@pytest.fixture
def place(badge_folders: Path, settings: Settings) -> Path:
    settings.BADGE_SIGNER = "accreditation.badges.signer.socket.ask"
    return badge_folders / "signer.sock"


@pytest.fixture
def running(place: Path) -> Iterator[Path]:
    with sole_signer(place), SignerServer(place, answer) as signer:
        thread = threading.Thread(target=signer.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield place
        signer.shutdown()
        thread.join()


def raw(place: Path, sent: bytes, *, hang_up: bool = False) -> bytes:
    """What the signer says to these bytes before it closes, or to the end of what we send."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(place))
        connection.sendall(sent)
        if hang_up:
            return b""
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.usefixtures("running")
def test_it_answers_requests() -> None:
    ids = list(range(1, 1203))

    assert request_signatures(ids, at=AT) == tuple(SigningResult(one) for one in ids)
    assert request_list(7, at=AT) == 1_705_579_200


def test_only_its_owner_and_its_group_may_speak_to_it(running: Path) -> None:
    assert stat.S_IMODE(running.stat().st_mode) == 0o660


@pytest.mark.usefixtures("running")
def test_a_signer_without_a_key_says_so() -> None:
    with pytest.raises(NoSigningKeyError, match="none here"):
        request_list(ELECTION_WITHOUT_KEY, at=AT)


def test_nobody_behind_the_socket_is_a_signer_that_is_away(place: Path) -> None:
    with pytest.raises(SignerAwayError):
        ask(SignBadges((1,)), at=AT)


def test_bad_requests_are_answered_and_the_next_one_too(running: Path) -> None:
    good = b'{"do": "badges", "ids": [5], "by": null}\n'
    signed = b'{"results": [{"badge_id": 5, "code": "", "detail": ""}], "number": 0}\n'

    assert raw(running, b"nonsense\n" + good).splitlines(keepends=True) == [
        b'{"refused": "bad-request", "detail": "not JSON"}\n',
        signed,
    ]
    assert raw(running, b"[" * 50_000 + b"\n" + good).endswith(signed)
    assert raw(running, b"") == b""
    assert raw(running, good[:-1]) == b'{"refused": "bad-request", "detail": "not a line"}\n'
    raw(running, good * 50, hang_up=True)
    assert raw(running, good) == signed


def test_a_huge_line_is_not_read_to_its_end(running: Path) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(running))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            connection.sendall(b"x" * 64 * 1024 * 1024)

    assert request_list(7, at=AT) == 1_705_579_200


def test_what_breaks_it_is_refused_and_the_next_one_answered(running: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SignerAwayError, match="the log of the signer says why"):
        request_signatures([POISON], at=AT)

    assert [one.getMessage() for one in caplog.records] == ["The signer broke on a request"]
    assert request_signatures([1], at=AT) == (SigningResult(1),)


@pytest.mark.usefixtures("running")
def test_a_silent_client_keeps_nobody_waiting(running: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server._Connection, "timeout", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.settimeout(5)
        silent.connect(str(running))

        with ThreadPoolExecutor(8) as pool:
            numbers = set(pool.map(lambda _one: request_list(7, at=AT), range(16)))

        assert numbers == {1_705_579_200}
        assert silent.recv(10) == b""  # it was let go after its time


def test_a_socket_that_a_dead_signer_left_is_cleared_away(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place))

    with sole_signer(place), SignerServer(place, answer):
        assert stat.S_ISSOCK(place.stat().st_mode)
    assert not place.exists()


def test_two_signers_never_serve_one_socket(running: Path) -> None:
    with pytest.raises(SignerRunsError), sole_signer(running):
        pass

    assert request_list(7, at=AT) == 1_705_579_200


def test_what_is_no_socket_is_left_alone(place: Path) -> None:
    place.write_text("somebody's file")

    with pytest.raises(SocketPlaceError), sole_signer(place):
        pass

    assert place.read_text() == "somebody's file"


def test_a_reply_that_is_none_is_a_signer_that_is_away(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(place))
        impostor.listen()

        def babble() -> None:
            connection, _address = impostor.accept()
            connection.recv(1000)
            connection.sendall(b"<html>\n")
            connection.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(SignerAwayError):
            ask(SignBadges((1,)), at=AT)
        thread.join()
