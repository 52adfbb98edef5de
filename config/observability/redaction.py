"""Takes out of a text what no log may hold: passport numbers, MRZ lines, mail addresses, tokens, rows of the database.

It errs towards taking out too much: a number that only looks like a passport's goes too.
"""

import re
from collections.abc import Sequence

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
#: In this order: what contains others stands before them.
_PATTERNS: Sequence[tuple[re.Pattern[str], str]] = (
    # PostgreSQL repeats the offending row, or its key, after its own sentence.
    (re.compile(r"(?:DETAIL|CONTEXT|QUERY|STATEMENT):.*?(?=\n\n|\nTraceback|\Z)", re.DOTALL), "[detail]"),
    (re.compile(r"(?=[A-Z0-9]*<)[A-Z0-9<]{20,}"), "[mrz]"),
    (re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"(?i)\b(bearer|token|sessionid|csrftoken|password)([ =:]+)[^\s,;&'\"]+"), r"\1\2[secret]"),
    (re.compile(r"\bodk_\w+"), "[secret]"),
    # Links of invitations, codes of badges, addresses of calendars: long, and of letters and digits.
    (re.compile(rf"(?!{_UUID}\b)\b(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{{32,}}"), "[secret]"),
    (re.compile(r"\b[A-Z]{1,3}[0-9]{5,9}[A-Z]?\b"), "[number]"),
    (re.compile(rf"(?!{_UUID})\b[0-9]{{8,10}}\b"), "[number]"),
)


def redacted(text: str) -> str:
    """The text without what may belong to a person or open a door."""
    for pattern, place in _PATTERNS:
        text = pattern.sub(place, text)
    return text
