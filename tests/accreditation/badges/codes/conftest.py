"""A small election: a root, a signing key, its list, and a badge."""

from dataclasses import dataclass
from typing import Final

import pytest

from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.token import BadgeClaims

DAY: Final = 86_400
NOW: Final = 1_707_285_600


@dataclass(frozen=True)
class Election:
    """Its keys, with their private halves."""

    root: SigningKey
    key: SigningKey
    keys: KeyList


@pytest.fixture(scope="session")
def election() -> Election:
    root, key = SigningKey.new(), SigningKey.new()
    record = KeyRecord(key.public, NOW - DAY, NOW + 29 * DAY, NOW + 59 * DAY)
    return Election(root, key, KeyList("az-2024", 3, NOW, (record,)))


@pytest.fixture(scope="session")
def claims() -> BadgeClaims:
    return BadgeClaims(
        election="az-2024",
        code_id=b"code-one",
        number=412,
        issue=1,
        name="ƏLİYEVA GÜLNAR",
        organization="OSCE/ODIHR",
        role="sto",
        areas=(),
        portrait=bytes(range(16)),
        not_before=NOW - 3600,
        expires=NOW + 7 * DAY,
        issued=NOW,
    )
