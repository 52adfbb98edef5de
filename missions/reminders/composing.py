"""Makes a mail of a message: the stored plain text with its footer, and the same as HTML. Nothing of it is stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from missions.reminders.models import Message
from missions.reminders.wording import COMMON

_PARAGRAPHS = re.compile(r"\n\s*\n")
_UNDERLINE = re.compile(r"-{3,}")
_ITEM = "- "
_TRAILING = ".,;:!?)»”"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; with an address if it is one of ours."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a list of lines, or a paragraph, line by line."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]


def mail_of(message: Message, *, body: str | None = None, at: datetime) -> EmailMultiAlternatives:
    """The mail of a message as it goes out, in plain text and in HTML; `body` takes the place of the stored text.

    Its id follows from the row. A mail with a secret in it is personal: it belongs to no list of mails.
    """
    text = message.body if body is None else body
    footer = footer_of(message, is_personal=body is not None)
    headers = {
        "Message-ID": f"<{message.uid}@{settings.MESSAGE_ID_DOMAIN}>",
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": message.language,
    }
    if body is None:
        headers["List-Id"] = f"<{message.rule.replace('_', '-')}.{settings.MESSAGE_ID_DOMAIN}>"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=plain_text(text, footer),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        headers=headers,
    )
    mail.attach_alternative(html_text(message, text, footer), "text/html")
    return mail


def footer_of(message: Message, *, is_personal: bool = False) -> tuple[str, ...]:
    """Why the mail came, who sends it, and where to choose another language, in the language of the mail.

    A personal mail leads to one place only, the one that it is about.
    """
    language = message.language
    lines = [COMMON.say("footer.sender", language=language)]
    if message.reason:
        lines.insert(0, COMMON.say("footer.why", {"reason": message.reason}, language=language))
    if not is_personal:
        address = f"{settings.PUBLIC_URL}{reverse('account:mails')}"
        lines.append(COMMON.say("footer.language", {"address": address}, language=language))
    return tuple(lines)


def plain_text(text: str, footer: tuple[str, ...]) -> str:
    """The text and below it, after the mark by which mail programs know a signature, the footer."""
    return "\n".join((text.rstrip(), "", "-- ", *footer, ""))


def html_text(message: Message, text: str, footer: tuple[str, ...]) -> str:
    """The same text as HTML with the style on each element, as mail programs want it; it loads nothing."""
    page = render_to_string(
        "mail/message.html",
        {
            "subject": message.subject,
            "language": message.language,
            "blocks": blocks_of(text),
            "footer": [tuple(_pieces(line)) for line in footer],
        },
    )
    return _inliner().inline(page)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The plain text by its empty lines: a line underlined with hyphens is a heading, lines after "- " are a list."""
    return tuple(block for part in _PARAGRAPHS.split(text.strip("\n")) for block in _blocks(part.split("\n")))


def _blocks(lines: list[str]) -> Iterator[Block]:
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].strip()):
        yield Block("heading", (tuple(_pieces(lines[0])),))
        lines = lines[2:]
    if lines and all(line.startswith(_ITEM) for line in lines):
        yield Block("list", tuple(tuple(_pieces(line.removeprefix(_ITEM))) for line in lines))
    elif lines:
        yield Block("text", tuple(tuple(_pieces(line)) for line in lines))


def _pieces(line: str) -> Iterator[Piece]:
    """The line, cut where an address of ours begins and ends. Foreign addresses stay text: they come from values."""
    end = 0
    for match in re.finditer(rf"{re.escape(settings.PUBLIC_URL)}/[^\s<>\"]*", line):
        address = match[0].rstrip(_TRAILING)
        if end < match.start():
            yield Piece(line[end : match.start()])
        yield Piece(address, address)
        end = match.start() + len(address)
    if end < len(line):
        yield Piece(line[end:])


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False)
