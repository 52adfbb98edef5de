"""What a checking device may trust: public, the same for everybody."""

import base64
from dataclasses import dataclass

from accreditation.badges.models import TrustRoot


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """The public half of a root key: its id in hexadecimal, its coordinates in base64url without padding."""

    kid: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class TrustedElection:
    """An election whose badges can be checked, and the zone in which their times are told."""

    code: str
    name: str
    time_zone: str
    environment: str
    root: PublicRoot


def trusted_elections() -> tuple[TrustedElection, ...]:
    """Every election whose root is installed, the latest first."""
    roots = TrustRoot.objects.select_related("election").order_by("-election__e_day", "election__code")
    return tuple(
        TrustedElection(
            code=root.election.code,
            name=root.election.name,
            time_zone=root.election.time_zone,
            environment=root.environment,
            root=_public(root),
        )
        for root in roots
    )


def _public(root: TrustRoot) -> PublicRoot:
    point = bytes(root.public_key)
    return PublicRoot(kid=root.key_id, x=_base64url(point[:32]), y=_base64url(point[32:]))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
