"""Lines to the signer and back: ids of rows, and nothing else gets through."""

import json

import pytest

from accreditation.badges.signer.protocol import (
    MAX_LINE,
    ProtocolError,
    Refusal,
    Reply,
    SignBadges,
    SigningResult,
    SignList,
    read_reply,
    read_request,
    reply_line,
    request_line,
)

LARGEST = 2**63 - 1


@pytest.mark.parametrize("request_", [SignBadges((1, 2), 7), SignBadges((LARGEST,)), SignList(3)], ids=str)
def test_a_request_arrives_as_it_was_said(request_: SignBadges | SignList) -> None:
    assert read_request(request_line(request_)) == request_


def test_the_largest_request_fits_its_line() -> None:
    assert len(request_line(SignBadges((LARGEST,) * 500, LARGEST))) <= MAX_LINE


@pytest.mark.parametrize(
    "reply",
    [Reply((SigningResult(1), SigningResult(2, "badge-over", "Vorbei …")), 0), Reply(number=9), Refusal("a", "b")],
    ids=str,
)
def test_a_reply_arrives_as_it_was_said(reply: Reply | Refusal) -> None:
    assert read_reply(reply_line(reply)) == reply


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        "badges",
        None,
        {"do": "badges"},
        {"do": "badges", "ids": [], "by": None},
        {"do": "badges", "ids": list(range(1, 502)), "by": None},
        {"do": "badges", "ids": [0], "by": None},
        {"do": "badges", "ids": [-1], "by": None},
        {"do": "badges", "ids": [True], "by": None},
        {"do": "badges", "ids": [1.0], "by": None},
        {"do": "badges", "ids": ["1"], "by": None},
        {"do": "badges", "ids": [[1]], "by": None},
        {"do": "badges", "ids": [2**63], "by": None},
        {"do": "badges", "ids": {"1": 1}, "by": None},
        {"do": "badges", "ids": [1], "by": "me"},
        {"do": "badges", "ids": [1], "by": None, "claims": {"name": "X"}},
        {"do": "badges", "ids": [1], "by": None, "at": "2024-01-01"},
        {"do": "list", "election": None},
        {"do": "list", "election": 1, "number": 99},
        {"do": "sign", "data": "AAAA"},
    ],
    ids=lambda said: json.dumps(said)[:60],
)
def test_anything_else_is_no_request(said: object) -> None:
    with pytest.raises(ProtocolError):
        read_request(json.dumps(said).encode() + b"\n")


@pytest.mark.parametrize("line", [b"", b"\n", b"\xff\xfe", b"[" * 60_000, b"{" * 60_000, b"NaN"], ids=range(6))
def test_what_is_no_json_is_no_request(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_request(line)


@pytest.mark.parametrize("line", [b"", b"{}", b'{"refused": 1, "detail": ""}', b'{"results": [1], "number": 1}'])
def test_what_is_no_reply_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_reply(line)
