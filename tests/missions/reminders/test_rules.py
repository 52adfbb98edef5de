import datetime as dt

import pytest

from missions.reminders.rules import address_problem, retry_wait, storable, text_problem

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


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 30), (99, 30)])
def test_retry_wait_grows_to_half_an_hour(attempts: int, minutes: int) -> None:
    assert retry_wait(attempts) == dt.timedelta(minutes=minutes)
