"""Bench of the code of badges: `python -m tests.benchmarks.badge_signing_bench [badges]`.

Badges of different people are fitted and signed, and judged as a checker judges them, beside cryptography's own
signatures over as many bytes in the same run. Then a list of 90,372 revoked badges is signed and opened. All seconds
are those of the processor. Needs no database. Exits with 1 if a measure misses its target.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from accreditation.badges.codes.fitting import fitted
from accreditation.badges.codes.keylist import KeyList, KeyRecord
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges, open_revocations, sign_revocations
from accreditation.badges.codes.token import BadgeClaims, code_text, sign_badge
from accreditation.badges.codes.verdict import Photo, Result, Trust, judge
from tests.benchmarks.results import Line, show

BADGES: Final = 20_000
REVOKED: Final = 90_372
SIGNED_A_SECOND: Final = 4_000
ROUNDS: Final = 3
URL: Final = "https://verify.example/b"
NOW: Final = 1_707_285_600
DAY: Final = 86_400
SECP256R1: Final = ec.SECP256R1()
ES256: Final = ec.ECDSA(hashes.SHA256())
AnyT = TypeVar("AnyT")


def main() -> int:
    """Measure, print the table, return the exit code."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else BADGES
    lines = _measure(count)
    return show(f"the code of {count:,} badges, a second of one processor", lines)


def _measure(count: int) -> list[Line]:
    key, people = SigningKey.new(), [_claims(number) for number in range(1, count + 1)]
    record = KeyRecord(key.public, NOW - DAY, NOW + 29 * DAY, NOW + 59 * DAY)
    keys = KeyList("az-2024", 1, NOW, (record,))
    revoked = RevokedBadges("az-2024", 1, NOW, NOW + 600, _listed(REVOKED))
    trust = Trust(keys, revoked, "production")

    signing, tokens = _rate(lambda: [sign_badge(claims, key, environment="production") for claims in people])
    fitting, _fitted = _rate(lambda: [fitted(claims, url=URL, acronym="ODIHR") for claims in people])
    codes = [code_text(token, url=URL) for token in tokens]
    judging, verdicts = _rate(lambda: [judge(code, trust=trust, now=NOW, photo=Photo.SAME) for code in codes])
    raw_signing, raw_verifying = _yardstick(tokens)
    good = sum(verdict.result == Result.VALID for verdict in verdicts)
    longest = max(len(code) for code in codes)
    started = time.process_time()
    data = sign_revocations(revoked, key, environment="production")
    signed = time.process_time()
    opened = open_revocations(data, keys, environment="production")
    finished = time.process_time()
    return [
        ("badges signed", f"{signing:,.0f}/s", f"at least {SIGNED_A_SECOND:,}/s", signing >= SIGNED_A_SECOND),
        ("  yardstick: cryptography signs", f"{raw_signing:,.0f}/s, {raw_signing / signing:.1f} times", "", True),
        ("badges fitted to a square code", f"{fitting:,.0f}/s, longest {longest} characters", "", True),
        (f"badges judged, {REVOKED:,} revoked", f"{judging:,.0f}/s, {good:,} valid", "all valid", good == count),
        (
            "  yardstick: cryptography verifies",
            f"{raw_verifying:,.0f}/s, {raw_verifying / judging:.1f} times",
            "",
            True,
        ),
        (f"list of {REVOKED:,} signed", f"{signed - started:.2f} s, {len(data):,} bytes", "", True),
        (f"list of {REVOKED:,} opened", f"{finished - signed:.2f} s", "the same list", opened == revoked),
    ]


def _yardstick(tokens: Sequence[bytes]) -> tuple[float, float]:
    """Signatures and verifications a second of cryptography alone, over the same bytes."""
    private = ec.generate_private_key(SECP256R1)
    public = private.public_key()
    signing, signatures = _rate(lambda: [private.sign(token, ES256) for token in tokens])
    pairs = list(zip(signatures, tokens, strict=True))
    verifying, _none = _rate(lambda: [public.verify(signature, token, ES256) for signature, token in pairs])
    return signing, verifying


def _rate(work: Callable[[], list[AnyT]]) -> tuple[float, list[AnyT]]:
    """Pieces of work a second in the middle of the rounds, and what the last round made."""
    rates = []
    for _round in range(ROUNDS):
        started = time.process_time()
        done = work()
        rates.append(len(done) / (time.process_time() - started))
    return sorted(rates)[ROUNDS // 2], done


def _claims(number: int) -> BadgeClaims:
    return BadgeClaims(
        election="az-2024",
        code_id=(2**63 + number).to_bytes(8, "big"),
        number=number,
        issue=1,
        name=f"ƏLİYEVA GÜLNAR {number}",
        organization="Organization for Security and Co-operation in Europe",
        role="sto",
        areas=("12", "OSK-113") if number % 3 else (),
        portrait=bytes(16),
        not_before=NOW - 3600,
        expires=NOW + 7 * DAY,
        issued=NOW,
    )


def _listed(count: int) -> dict[bytes, RevocationReason]:
    reasons = list(RevocationReason)
    return {number.to_bytes(8, "big"): reasons[number % len(reasons)] for number in range(count)}


if __name__ == "__main__":
    sys.exit(main())
