import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from missions.kernel.crypto import (
    DecryptionError,
    EncryptedTextField,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    keyed_hash,
)

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@isolate_apps("missions.kernel")
def _secret_model() -> type[models.Model]:
    """A model with an encrypted field that no app registry and no migration knows."""

    class Secret(models.Model):
        passport = EncryptedTextField(null=True)

        class Meta:
            app_label = "kernel"
            db_table = "test_secret"

        def __str__(self) -> str:
            return "secret"

    return Secret


Secrets = _secret_model()._default_manager


@pytest.fixture
def _table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_secret (id integer PRIMARY KEY, passport text NULL)")


def _stored(pk: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT passport FROM test_secret WHERE id = %s", [pk])
        value: str | None = cursor.fetchone()[0]
    return value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_decrypt_opens_what_encrypt_closed(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_encrypt_never_writes_the_same_twice_nor_the_text() -> None:
    first, second = encrypt("AB123456"), encrypt("AB123456")

    assert first != second
    assert first.startswith("v1:")
    assert "AB123456" not in first


def test_decrypt_refuses_a_foreign_key(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    stored = encrypt("AB123456")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    with pytest.raises(DecryptionError):
        decrypt(stored)


def test_decrypt_opens_with_an_older_key_while_the_newest_writes(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    before = encrypt("AB123456")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    after = encrypt("AB123456")

    assert (decrypt(before), decrypt(after)) == ("AB123456", "AB123456")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert decrypt(after) == "AB123456"
    with pytest.raises(DecryptionError):
        decrypt(before)


@pytest.mark.parametrize("stored", ["AB123456", "", "v1:", "v1:AB123456", "v2:gAAAA"])
def test_decrypt_refuses_what_it_did_not_write(stored: str) -> None:
    with pytest.raises(DecryptionError) as caught:
        decrypt(stored)

    assert "AB123456" not in str(caught.value)


def test_decrypt_refuses_a_damaged_value() -> None:
    stored = encrypt("AB123456")
    damaged = stored[:-10] + ("A" if stored[-10] != "A" else "B") + stored[-9:]

    with pytest.raises(DecryptionError):
        decrypt(damaged)


def test_encrypt_without_keys_raises(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = []

    with pytest.raises(ImproperlyConfigured):
        encrypt("AB123456")


def test_keyed_hash_is_stable_and_depends_on_text_and_key(settings: Settings) -> None:
    settings.LOOKUP_HASH_KEY = "a key"
    first, again, other = keyed_hash("AB123456"), keyed_hash("AB123456"), keyed_hash("AB123457")
    settings.LOOKUP_HASH_KEY = "another key"

    assert first == again == "e5b91cbedcebfd3b869fc57f8a6301d024671a16af9c841b89dc338987bc7a0e"
    assert first not in (other, keyed_hash("AB123456"))


@pytest.mark.usefixtures("_table")
def test_encrypted_field_is_text_in_python_and_ciphertext_in_the_database() -> None:
    Secrets.create(pk=1, passport="AB123456")

    stored = _stored(1)
    assert list(Secrets.values_list("passport")) == [("AB123456",)]
    assert stored is not None
    assert decrypt(stored) == "AB123456"
    assert "AB123456" not in stored


@pytest.mark.usefixtures("_table")
def test_encrypted_field_keeps_nothing_as_nothing() -> None:
    Secrets.create(pk=1, passport=None)
    Secrets.create(pk=2, passport="")

    assert list(Secrets.order_by("pk").values_list("passport", flat=True)) == [None, ""]
    assert _stored(1) is None
    assert [row.pk for row in Secrets.filter(passport__isnull=True)] == [1]


@pytest.mark.usefixtures("_table")
def test_encrypted_field_refuses_to_read_plain_text() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_secret VALUES (1, 'AB123456')")

    with pytest.raises(DecryptionError):
        Secrets.get(pk=1)


@pytest.mark.parametrize("lookup", ["exact", "iexact", "in", "startswith", "contains", "gt", "regex"])
def test_encrypted_field_refuses_every_search(lookup: str) -> None:
    with pytest.raises(FieldError, match="passport is encrypted: search its keyed hash instead"):
        Secrets.filter(**{f"passport__{lookup}": ["AB123456"] if lookup == "in" else "AB123456"})


@given(st.binary(max_size=2000))
def test_bytes_come_back_and_do_not_stand_in_the_ciphertext(data: bytes) -> None:
    stored = encrypt_bytes(data)

    assert decrypt_bytes(stored) == data
    assert len(data) < 8 or data not in stored


@pytest.mark.parametrize("stored", [b"", b"plain bytes", b"v1:plain", b"v2:" + encrypt_bytes(b"x")[3:]])
def test_bytes_that_are_not_ours_are_not_opened(stored: bytes) -> None:
    with pytest.raises(DecryptionError):
        decrypt_bytes(stored)


def test_bytes_of_an_older_key_are_still_opened(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    stored = encrypt_bytes(b"scan")

    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert decrypt_bytes(stored) == b"scan"
