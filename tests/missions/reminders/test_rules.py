import datetime as dt
import uuid

import pytest

from missions.reminders.rules import (
    address_problem,
    domain_of,
    domain_wait,
    retry_wait,
    server_wait,
    storable,
    text_problem,
)

NOT_ONE = "This is not one e-mail address."


@pytest.mark.parametrize(
    "address",
    [
        "lead@odihr.example",
        "first.last+tag@sub.odihr.example",
        "o'neil@odihr.example",
        "lead@müşahidə.example",
        "x" * 64 + "@odihr.example",
    ],
)
def test_address_problem_accepts_one_plain_address(address: str) -> None:
    assert address_problem(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lead",
        "lead@",
        "lead@odihr",
        "a@odihr.example, b@odihr.example",
        "a@odihr.example;b@odihr.example",
        "Lead <lead@odihr.example>",
        '"a@odihr.example, b"@odihr.example',
        '"two words"@odihr.example',
        "lead@odihr.example\nBcc: evil@x.example",
        "lead@odihr.example\r\n",
        "lead\r\n@odihr.example",
        "lead@odihr.example ",
        " lead@odihr.example",
        "lead@odihr.example.",
        "müşahidəçi@odihr.example",
        "lead\x00@odihr.example",
        "lead@" + "x" * 63 + "." + ("y" * 63 + ".") * 3 + "example",
    ],
)
def test_address_problem_refuses_anything_else(address: str) -> None:
    assert address_problem(address) == NOT_ONE


@pytest.mark.parametrize(
    ("subject", "body", "problem"),
    [
        ("Sabah: gəlir", "Salam,\n\tsabah.\r\n", ""),
        ("s" * 200, "", ""),
        ("", "text", "The subject is empty or too long."),
        ("  ", "text", "The subject is empty or too long."),
        ("s" * 201, "text", "The subject is empty or too long."),
        ("two\nlines", "text", "The subject contains a control character."),
        ("Subject\r\nBcc: evil@x.example", "text", "The subject contains a control character."),
        ("bidi \u202e", "text", "The subject contains a control character."),
        ("fine", "nul \x00", "The text contains a character that cannot be stored."),
        ("fine", "half a pair \ud800", "The text contains a character that cannot be stored."),
    ],
)
def test_text_problem_names_what_cannot_be_mailed(subject: str, body: str, problem: str) -> None:
    assert text_problem(subject, body) == problem


def test_storable_shows_each_unprintable_character_and_cuts() -> None:
    assert storable("a\r\nb\x00\ud800c", max_length=6) == "a\ufffd\ufffdb\ufffd\ufffd"


@pytest.mark.parametrize(("put_offs", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 30), (99, 30)])
def test_retry_wait_grows_to_half_an_hour_and_a_tenth(put_offs: int, minutes: int) -> None:
    waits = [retry_wait(put_offs, uid=uuid.UUID(int=number)) for number in range(200)]

    least = dt.timedelta(minutes=minutes)
    assert least <= min(waits) < least * 1.01
    assert least * 1.09 < max(waits) < least * 1.1
    assert len(set(waits)) == 200


def test_retry_wait_is_the_same_whenever_it_is_asked() -> None:
    uid = uuid.UUID("12345678-1234-4234-8234-123456789abc")

    assert {retry_wait(1, uid=uid) for _ in range(3)} == {dt.timedelta(seconds=64, microseconds=23236)}


@pytest.mark.parametrize(("failures", "minutes"), [(3, 1), (4, 5), (5, 15), (6, 30), (7, 30), (1000, 30)])
def test_domain_wait_grows_as_long_as_nothing_is_taken(failures: int, minutes: int) -> None:
    assert domain_wait(failures) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize("failures", [1, 2])
def test_domain_wait_has_patience_first(failures: int) -> None:
    assert domain_wait(failures) is None


@pytest.mark.parametrize(("failures", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 40), (1000, 40)])
def test_server_wait_stays_below_a_minute(failures: int, seconds: int) -> None:
    assert server_wait(failures) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("lead@ODIHR.Example", "odihr.example"),
        ("lead@müşahidə.example", "müşahidə.example"),
        ("a@b@c.example", "c.example"),
        ("nobody", ""),
    ],
)
def test_domain_of_is_in_small_letters(address: str, domain: str) -> None:
    assert domain_of(address) == domain
