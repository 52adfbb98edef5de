"""No line of the log, in either form, holds what belongs to a person; and each tells its request."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from config.observability import context
from config.observability.logs import LineFormatter, logging_settings

CANARIES = (
    "C01234567",
    "P<AZEALIYEV<<LEYLA<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "leyla@odihr.example",
    "odk_0123456789abcdef",
)
WHOLE = " ".join(CANARIES)


@pytest.fixture(autouse=True)
def _outside_any_request() -> Iterator[None]:
    context.end()
    yield
    context.end()


def record(message: str = "It broke", *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("missions.somewhere", logging.WARNING, "/srv/file.py", 7, message, args, None)
    made.__dict__.update(extra)
    return made


def as_json(made: logging.LogRecord) -> dict[str, object]:
    told: dict[str, object] = json.loads(LineFormatter(form="json").format(made))
    return told


def broken(text: str) -> logging.LogRecord:
    """A record of an exception that names what it was about, out of a function whose variables do too."""
    try:
        fail_with(text)
    except ValueError:
        return logging.LogRecord("x", logging.ERROR, "f.py", 1, "It broke", (), sys.exc_info())
    raise AssertionError


def fail_with(text: str) -> None:
    passport = "a variable nobody may read"
    raise ValueError(text) from KeyError(len(passport))


@pytest.mark.parametrize("form", ["json", "plain"])
@pytest.mark.parametrize("canary", CANARIES)
def test_no_canary_comes_through(form: str, canary: str) -> None:
    formatter = LineFormatter(form=form)
    lines = [
        formatter.format(record(f"About {canary}")),
        formatter.format(record("About %s", canary)),
        formatter.format(record("About %(it)s", {"it": canary})),
        formatter.format(record("About", route="x", body=canary, exception=canary)),
        formatter.format(record("About %d", canary)),  # a mistake of ours, at which logging would print the arguments
        formatter.format(broken(f"{canary} is wrong")),
    ]

    assert [line for line in lines if canary in line] == []
    assert "It broke" in lines[-1]
    assert "ValueError: " in lines[-1]


@pytest.mark.parametrize("form", ["json", "plain"])
def test_tracebacks_come_without_the_values_of_variables(form: str) -> None:
    line = LineFormatter(form=form).format(broken("no"))

    assert "fail_with" in line
    assert "KeyError: 26" in line
    assert line.count("a variable nobody may read") == line.count('passport = "a variable nobody may read"')


def test_a_line_tells_its_request_its_route_and_its_facts() -> None:
    context.begin("0123456789abcdef0123456789abcdef")
    context.tell_route("api:me")

    told = as_json(record("request", status=200, seconds=0.25, user_id=7, request="dropped"))

    assert told.pop("timestamp")
    assert told == {
        "event": "request",
        "level": "warning",
        "logger": "missions.somewhere",
        "request_id": "0123456789abcdef0123456789abcdef",
        "route": "api:me",
        "status": 200,
        "seconds": 0.25,
        "user_id": 7,
    }


def test_a_plain_line_reads_from_left_to_right() -> None:
    context.begin("0123456789abcdef")

    line = LineFormatter(form="plain").format(record("It broke", job="a.job"))

    assert line.split(" ", 1)[1] == "WARNING missions.somewhere It broke job=a.job request_id=0123456789abcdef"


def test_an_address_is_told_by_its_route() -> None:
    request = RequestFactory().get("/calendar/a-secret-of-somebody.ics")
    context.tell_route("feeds:calendar")

    told = as_json(record("Internal Server Error: %s", request.path, request=request))

    assert told["event"] == "Internal Server Error: feeds:calendar"


def test_an_address_without_a_route_is_not_told() -> None:
    request = RequestFactory().get("/calendar/a-secret-of-somebody.ics")

    assert as_json(record("Not Found: %s", request.path, request=request))["event"] == "Not Found: an address"


def test_an_id_that_could_forge_a_line_is_not_taken_over() -> None:
    assert context.accepted_request_id("proxy-1234") == "proxy-1234"
    for forged in ("short", "x" * 65, "with space", 'a"quote-12', "line\nfeed-12", "Ə" * 10, ""):
        made = context.accepted_request_id(forged)
        assert made != forged
        assert len(made) == 32


def test_only_the_two_forms_are_known() -> None:
    with pytest.raises(ValueError, match="json or plain"):
        logging_settings(form="xml", level="INFO")


def test_lines_of_servers_that_tell_addresses_are_switched_off() -> None:
    loggers = logging_settings(form="json", level="INFO")["loggers"]

    assert loggers["gunicorn.access"] == {"handlers": [], "propagate": False}
    assert loggers["django"] == {"handlers": [], "propagate": True}
