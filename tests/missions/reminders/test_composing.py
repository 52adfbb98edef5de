import datetime as dt
import html
import re
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django.fixtures import Settings

from missions.reminders.composing import blocks_of, mail_of
from missions.reminders.models import Message
from tests.missions.reminders.fakes import NOON

UID = uuid.UUID("12345678-1234-4234-8234-123456789abc")
HOST = "https://desk.ministry.example"


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.PUBLIC_URL = HOST
    settings.MESSAGE_ID_DOMAIN = "desk.example"
    settings.DEFAULT_FROM_EMAIL = "Desk <desk@desk.example>"


def _mail(body: str = "Salam,\nsabah.\n", *, personal: str | None = None, **facts: str) -> EmailMultiAlternatives:
    row = {"to_address": "lead@odihr.example", "rule": "documents_missing", "subject": "Sabah: gəlir", **facts}
    return mail_of(Message(uid=UID, body=body, **row), body=personal, at=NOON)


def _parsed(mail: EmailMultiAlternatives) -> EmailMessage:
    """As the receiver reads it, from the bytes that go over the line."""
    parsed = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _html(mail: EmailMultiAlternatives) -> str:
    [(content, mimetype)] = mail.alternatives
    assert mimetype == "text/html"
    return str(content)


def test_the_headers_name_the_copy_the_instant_and_the_list() -> None:
    headers = dict(_mail(language="az").message().items())

    assert headers["Message-ID"] == "<12345678-1234-4234-8234-123456789abc@desk.example>"
    assert headers["Date"] == "Thu, 01 Feb 2024 12:00:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == "az"
    assert headers["List-Id"] == "<documents-missing.desk.example>"
    assert headers["From"] == "Desk <desk@desk.example>"
    assert headers["To"] == "lead@odihr.example"


def test_the_date_is_the_instant_given_not_the_machines() -> None:
    message = Message(uid=UID, to_address="lead@odihr.example", subject="x", body="x")
    assert mail_of(message, at=NOON + dt.timedelta(hours=1)).message()["Date"] == "Thu, 01 Feb 2024 13:00:00 +0000"


@pytest.mark.parametrize(
    ("language", "footer"),
    [
        (
            "en",
            [
                "Why you receive this mail: you lead SCO.",
                "Sent by Observer Desk, the register of election observers. Please do not answer this address.",
                f"Other languages, and how often you receive mail: {HOST}/account/mails/",
            ],
        ),
        (
            "fr",
            [
                "Pourquoi vous recevez ce message : you lead SCO.",
                "Envoyé par Observer Desk, le registre des observateurs électoraux. "
                "Prière de ne pas répondre à cette adresse.",
                f"Autres langues et fréquence des messages : {HOST}/account/mails/",
            ],
        ),
    ],
)
def test_the_footer_says_why_in_the_language_of_the_mail(language: str, footer: list[str]) -> None:
    mail = _mail(language=language, reason="you lead SCO.")

    assert mail.body.splitlines() == ["Salam,", "sabah.", "", "-- ", *footer]
    assert [line in re.sub("<[^>]+>", "", _html(mail)) for line in footer] == [True] * 3


def test_a_personal_mail_leads_to_one_place_and_belongs_to_no_list() -> None:
    mail = _mail("Here: [link]", personal=f"Here: {HOST}/account/reset/secret/")

    assert re.findall(rf"{HOST}\S*", str(mail.body)) == [f"{HOST}/account/reset/secret/"]
    assert re.findall('href="([^"]*)"', _html(mail)) == [f"{HOST}/account/reset/secret/"]
    assert "List-Id" not in dict(mail.message().items())


def test_both_parts_arrive_with_every_letter() -> None:
    body = "Müşahidəçi, Наблюдатель, observatrice\n\n\u2068محمد علی\u2069 – " + "x" * 2000
    parsed = _parsed(_mail(body, subject="\u2068محمد علی\u2069: " + "ə" * 150))

    assert parsed["Subject"].strip() == "\u2068محمد علی\u2069: " + "ə" * 150
    assert parsed.get_content_type() == "multipart/alternative"
    plain, formatted = parsed.iter_parts()
    assert plain.get_content().startswith(body)
    assert "<p" in formatted.get_content()
    assert all(line in html.unescape(formatted.get_content()) for line in body.split("\n\n"))


def test_nothing_in_a_text_becomes_html() -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; \" ' <!-- </p>"
    page = _html(_mail(f"Dear {evil}\n\n- {evil}\n\n{evil}\n---\nx", subject=evil, reason=evil))

    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 6
    assert "onerror" not in re.sub(r"&lt;img src=x onerror=alert\(1\)&gt;", "", page)


def test_only_our_own_addresses_become_links() -> None:
    body = (
        f"See {HOST}/admin/1/. Not {HOST}.evil.example/x nor http://evil.example/ nor javascript:alert(1), "
        f'but ({HOST}/report?a=1&b=2). {HOST}/x"onmouseover=alert(1)'
    )
    links = re.findall('href="([^"]*)"', _html(_mail(body)))
    assert links == [f"{HOST}/admin/1/", f"{HOST}/report?a=1&amp;b=2", f"{HOST}/x", f"{HOST}/account/mails/"]


def test_the_page_loads_nothing_and_needs_no_style_sheet() -> None:
    page = _html(_mail("One\n\n- two"))

    assert not re.search(r"<(?:link|style|img|script|iframe)|url\(|@import| src=", page)
    assert re.search(r'<li dir="auto"[^>]*>two\s*</li>', page)
    assert 'style="max-width: 600px' in page


def test_a_header_cannot_be_added_by_any_field() -> None:
    with pytest.raises(ValueError, match="newlines"):
        _mail(subject="Hello\r\nBcc: evil@x.example").message()
    with pytest.raises(ValueError, match="newlines"):
        _mail(to_address="lead@odihr.example\nBcc: evil@x.example").message()
    assert _parsed(_mail(reason="Bcc: evil@x.example"))["Bcc"] is None


def test_the_blocks_follow_the_empty_lines() -> None:
    text = "\nDear all,\nwelcome.\n\n1. Papers\n---------\nThree wait.\n\n- one\n- two\n \n- no list\nbut text\n"

    told = [(block.kind, ["".join(piece.text for piece in line) for line in block.lines]) for block in blocks_of(text)]

    assert told == [
        ("text", ["Dear all,", "welcome."]),
        ("heading", ["1. Papers"]),
        ("text", ["Three wait."]),
        ("list", ["one", "two"]),
        ("text", ["- no list", "but text"]),
    ]
