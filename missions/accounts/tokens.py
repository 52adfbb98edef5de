"""The secret part of personal links: made from a row and the installation's key, whenever it is needed.

The token is the row's nonce, signed for its purpose. Who reads the database has no key, who has the key has no
nonce, and a token for one purpose opens nothing of another. Expiry and single use are facts of the row.
"""

import re
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from missions.accounts.models import AccountLink
from missions.accounts.states import LinkPurpose

_SHAPE = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}")


def token_of(link: AccountLink) -> str:
    """The token of the link. It goes into the mail and nowhere else."""
    return _signer(LinkPurpose(link.purpose)).sign(link.nonce.hex)


def nonce_in(token: str, *, purpose: LinkPurpose) -> uuid.UUID | None:
    """The nonce that this installation signed for the purpose, or None for every other text."""
    if not _SHAPE.fullmatch(token):
        return None
    try:
        return uuid.UUID(hex=_signer(purpose).unsign(token))
    except BadSignature:
        return None


def address_of(link: AccountLink) -> str:
    """The whole link. Its host is the installation's own, whatever host a request claimed."""
    return f"{settings.PUBLIC_URL}{reverse(f'account:{link.purpose}-link', args=(token_of(link),))}"


def home_address() -> str:
    """Where everybody finds the own account."""
    return f"{settings.PUBLIC_URL}{reverse('account:home')}"


def _signer(purpose: LinkPurpose) -> Signer:
    return Signer(salt=f"{__name__}.{purpose}", sep=".")
