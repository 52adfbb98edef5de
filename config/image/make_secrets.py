"""`python -m config.image.make_secrets`: the secrets of a new installation, one line each, as .env takes them.

It loads nothing of the product, because that does not start without them.
"""

import base64
import secrets
from collections.abc import Iterator


def lines() -> Iterator[str]:
    """Fresh values: for sessions and links, for fields and files, for looking fields up, for figures, the database."""
    yield f"SECRET_KEY={secrets.token_urlsafe(64)}"
    yield f"FIELD_ENCRYPTION_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    yield f"LOOKUP_HASH_KEY={secrets.token_urlsafe(48)}"
    yield f"METRICS_TOKEN={secrets.token_urlsafe(48)}"
    yield f"DATABASE_PASSWORD={secrets.token_urlsafe(24)}"


if __name__ == "__main__":
    print("\n".join(lines()))  # noqa: T201 - that is what it is for
