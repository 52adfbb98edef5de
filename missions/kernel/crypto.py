"""Encryption of single fields and of whole files, and keyed hashes to search fields by equality.

Keys come from settings.FIELD_ENCRYPTION_KEYS (newest first, url-safe base64 of 32 bytes each) and
settings.LOOKUP_HASH_KEY. Nothing here falls back: without the right key, reading raises.
"""

import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.signals import setting_changed
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Lookup
from django.dispatch import receiver

_PREFIX = "v1:"


class DecryptionError(Exception):
    """The stored text is not the work of any of the configured keys."""


@cache
def _fernet() -> MultiFernet:
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty")
    return MultiFernet([Fernet(key) for key in keys])


@receiver(setting_changed)
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "FIELD_ENCRYPTION_KEYS":
        _fernet.cache_clear()


def encrypt(text: str) -> str:
    """The text under the newest key, with a version prefix."""
    return _PREFIX + _fernet().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text again. Raises DecryptionError for a foreign key, a damaged value or plain text."""
    if not stored.startswith(_PREFIX):
        raise DecryptionError("stored value has no known version prefix")
    try:
        return _fernet().decrypt(stored.removeprefix(_PREFIX)).decode()
    except InvalidToken as error:
        raise DecryptionError("stored value does not open with the configured keys") from error


def encrypt_bytes(data: bytes) -> bytes:
    """The bytes under the newest key, with a version prefix; a third larger than before."""
    return _PREFIX.encode() + _fernet().encrypt(data)


def decrypt_bytes(stored: bytes) -> bytes:
    """The bytes again. Raises DecryptionError for a foreign key, a damaged file or plain bytes."""
    prefix = _PREFIX.encode()
    if not stored.startswith(prefix):
        raise DecryptionError("stored bytes have no known version prefix")
    try:
        return _fernet().decrypt(stored.removeprefix(prefix))
    except InvalidToken as error:
        raise DecryptionError("stored bytes do not open with the configured keys") from error


def keyed_hash(text: str) -> str:
    """HMAC-SHA256 (64 hex digits) of a normalised text, for equality search beside an encrypted field."""
    return hmac.new(settings.LOOKUP_HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable when run
    """Text that the database sees only as ciphertext. No lookup works on it except `isnull`."""

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return None if prepared is None else encrypt(prepared)

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search its keyed hash instead")
        return super().get_lookup(lookup_name)
