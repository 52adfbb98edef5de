import uuid

import pytest

from config.observability.redaction import redacted

MRZ = ("P<AZEALIYEV<<LEYLA<NARGIZ<<<<<<<<<<<<<<<<<<<", "C01234567<AZE8501019F3001017<<<<<<<<<<<<<<06")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mail to leyla.aliyeva+o@odihr.example bounced", "Mail to [mail] bounced"),
        ("<Əli@odihr.example>", "<[mail]>"),
        ("passport C01234567 of AZE", "passport [number] of AZE"),
        ("passport AA1234567 expired", "passport [number] expired"),
        ("passport 123456789 expired", "passport [number] expired"),
        (f"lines {MRZ[0]} {MRZ[1]}", "lines [mrz] [mrz]"),
        ("token odk_abcDEF123 refused", "token [secret] refused"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [secret]"),
        ("sessionid=abcdef; path", "sessionid=[secret]; path"),
        ("password: hunter2, then", "password: [secret], then"),
        (f"/account/invitation/{'aB3-' * 10}/ is gone", "/account/invitation/[secret]/ is gone"),
        (
            'duplicate key value violates "x"\nDETAIL:  Key (email)=(a b) already exists.',
            'duplicate key value violates "x"\n[detail]',
        ),
        (
            "null value\nDETAIL:  Failing row contains (7, Leyla).\nCONTEXT:  SQL\n\nThe above was the cause",
            "null value\n[detail]\n\nThe above was the cause",
        ),
    ],
)
def test_what_is_personal_is_taken_out(text: str, expected: str) -> None:
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Job reminders.deliver_due broke at attempt 3",
        f"Task reports.write_pages[{uuid.UUID(int=2**127 + 12345)}] raised",
        'File "/srv/missions/reminders/services/delivery_of_messages_that_are_due.py", line 1234, in deliver',
        "2026-11-22T19:04:45.712186Z LockNotAvailable 55P03 in 0.1234 s",
        "Nomination file 12345 broke",
        "ES256 P-256 E-day",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert redacted(text) == text
