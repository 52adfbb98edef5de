"""What a checking page meets: keys and lists as files, badges of any kind, a server that can go away."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import replace

from accreditation.badges.codes.keylist import KeyList, KeyRecord, sign_key_list
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges, sign_revocations
from accreditation.badges.codes.token import BadgeClaims, code_text, sign_badge
from accreditation.badges.models import TrustRoot
from accreditation.badges.published import KEYS_FILE, REVOKED_FILE, replace_file
from missions.models import Election

MINUTE, HOUR, DAY = 60, 3600, 86_400
URL = "https://verify.example/b"
CODE_ID = bytes.fromhex("00112233aabbccdd")


class CheckWorld:
    """An election with a root, a key that signs now, and lists as others would publish them."""

    def __init__(self, election: Election, *, environment: str = "production", now: int | None = None) -> None:
        self.election = election
        self.environment = environment
        self.now = int(time.time()) if now is None else now
        self.root, self.key = SigningKey.new(), SigningKey.new()
        self.install_root()
        self.publish_keys(number=1)
        self.publish_revoked({}, number=1)

    def install_root(self) -> None:
        """What the server says the root is."""
        values = {
            "environment": self.environment,
            "key_id": self.root.kid.hex(),
            "public_key": self.root.public.point,
            "installed_at": dt.datetime.fromtimestamp(self.now, dt.UTC),
            "installed_by": "ceremony",
        }
        TrustRoot.objects.update_or_create(election=self.election, defaults=values)

    def key_list(self, *, number: int = 1, age: int = HOUR, is_withdrawn: bool = False) -> KeyList:
        first, last = self.now - 10 * DAY, self.now + 10 * DAY
        record = KeyRecord(self.key.public, first, last, self.now + 40 * DAY, is_withdrawn)
        return KeyList(self.election.code, number, self.now - age, (record,))

    def publish_keys(self, *, number: int, age: int = HOUR) -> None:
        data = sign_key_list(self.key_list(number=number, age=age), self.root, environment=self.environment)
        self.publish(KEYS_FILE, data)

    def publish_revoked(self, entries: Mapping[bytes, RevocationReason], *, number: int, age: int = 5 * MINUTE) -> None:
        issued = self.now - age
        revoked = RevokedBadges(self.election.code, number, issued, issued + 10 * MINUTE, entries)
        self.publish(REVOKED_FILE, sign_revocations(revoked, self.key, environment=self.environment))

    def publish(self, name: str, data: bytes) -> None:
        """Put any bytes in the place of a list."""
        replace_file(self.election.code, name, data)

    def claims(self, **changes: object) -> BadgeClaims:
        """A badge that is good now, of somebody with a long name."""
        claims = BadgeClaims(
            election=self.election.code,
            code_id=CODE_ID,
            number=412,
            issue=1,
            name="Sevinj Aliyeva-Gunashli",
            organization="Office for Democratic Institutions",
            role="sto",
            areas=(),
            portrait=bytes(range(16)),
            not_before=self.now - 5 * DAY,
            expires=self.now + 5 * DAY,
            issued=self.now - 5 * DAY,
        )
        return replace(claims, **changes)  # type: ignore[arg-type]  # fields of the claims

    def code(self, *, key: SigningKey | None = None, **changes: object) -> str:
        """The text of the square code of such a badge."""
        token = sign_badge(self.claims(**changes), key or self.key, environment=self.environment)
        return code_text(token, url=URL)
