"""System checks that refuse an unsafe production: with one of these errors no command and no server starts."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

_SHORTEST_SECRET = 50
_SHORTEST_TOKEN = 32
_LEAST_VARIETY = 10
#: What stands in examples and in the code of frameworks.
_WELL_KNOWN = ("insecure", "change-me", "changeme", "example", "secret-key", "password", "replace")
_SMTP = "missions.reminders.smtp.ListeningBackend"
_HERE = ("localhost", "127.0.0.1", "::1")


@register(Tags.security)
def production_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """One error for each setting that production may not have; an embedded installation has none."""
    if settings.DEPLOYMENT != "production":
        return []
    return [*_debugging(), *_secrets(), *_addresses(), *_servers(), *_mail(), *_badges(), *_watching()]


def _debugging() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG shows code and data to whoever meets an error.", hint="Unset DEBUG.", id="config.E002")


def _secrets() -> Iterator[CheckMessage]:
    weak = [
        name
        for name, value, shortest in (
            ("SECRET_KEY", settings.SECRET_KEY, _SHORTEST_SECRET),
            ("LOOKUP_HASH_KEY", settings.LOOKUP_HASH_KEY, _SHORTEST_TOKEN),
        )
        if _is_weak(value, shortest)
    ]
    if weak:
        hint = "docs/operations.md tells how to make one."
        yield Error(
            f"{' and '.join(weak)} can be guessed: too short, or out of an example.", hint=hint, id="config.E003"
        )
    if not all(_is_field_key(key) for key in settings.FIELD_ENCRYPTION_KEYS):
        hint = "Each is the url-safe base64 of 32 random bytes, the newest first, with commas between."
        yield Error(
            "FIELD_ENCRYPTION_KEYS holds what is no key, or one that can be guessed.", hint=hint, id="config.E004"
        )
    secrets = [settings.SECRET_KEY, settings.LOOKUP_HASH_KEY, *settings.FIELD_ENCRYPTION_KEYS]
    if len(set(secrets)) < len(secrets):
        yield Error("Two of the secrets are the same: who learns one has both.", id="config.E005")
    if not settings.SESSION_COOKIE_SECURE or not settings.CSRF_COOKIE_SECURE or not settings.SESSION_COOKIE_HTTPONLY:
        yield Error("Cookies of sessions travel in clear, or scripts may read them.", id="config.E006")


def _is_weak(secret: str, shortest: int) -> bool:
    is_known = any(word in secret.lower() for word in _WELL_KNOWN)
    return len(secret) < shortest or len(set(secret)) < _LEAST_VARIETY or is_known


def _is_field_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return len(set(key)) >= _LEAST_VARIETY


def _addresses() -> Iterator[CheckMessage]:
    if not settings.ALLOWED_HOSTS or any("*" in host for host in settings.ALLOWED_HOSTS):
        yield Error("ALLOWED_HOSTS is empty or lets any name through.", hint="Name the hosts.", id="config.E007")
    url = urlsplit(settings.PUBLIC_URL)
    if url.scheme != "https" or not url.hostname:
        yield Error("PUBLIC_URL is no https address: links in mails would begin with it.", id="config.E008")
    elif settings.ALLOWED_HOSTS and not _is_allowed(url.hostname):
        yield Error("ALLOWED_HOSTS does not name the host of PUBLIC_URL: no link would work.", id="config.E009")
    if not settings.SECURE_SSL_REDIRECT:
        yield Error("Unsafe connections are not sent to https.", hint="Unset SECURE_SSL_REDIRECT.", id="config.E010")
    elif not settings.BEHIND_PROXY:
        hint = "The proxy that ends TLS must set X-Forwarded-Proto and X-Forwarded-For itself; then set BEHIND_PROXY."
        yield Warning(
            "Without BEHIND_PROXY every request is sent to https again and again.", hint=hint, id="config.W001"
        )


def _is_allowed(host: str) -> bool:
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in settings.ALLOWED_HOSTS)


def _servers() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield Error("The database is not PostgreSQL.", hint="Set DATABASE_URL.", id="config.E011")
    if urlsplit(settings.CELERY_BROKER_URL).scheme not in {"redis", "rediss", "unix", "redis+socket"}:
        yield Error("There is no broker: jobs would not run.", hint="Set CELERY_BROKER_URL.", id="config.E012")
    if settings.DOORBELL == "missions.kernel.doorbell.silent":
        yield Warning(
            "Nobody rings for workers: work waits for the next beat.", hint="Unset DOORBELL.", id="config.W002"
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND != _SMTP:
        yield Error("Mails do not go to a mail server.", hint="Set EMAIL_URL to smtp+tls://…", id="config.E013")
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL) and settings.EMAIL_HOST not in _HERE:
        hint = "Write smtp+tls:// or smtp+ssl:// in EMAIL_URL."
        yield Warning("Mails travel in clear to another machine.", hint=hint, id="config.W003")
    told = (settings.DEFAULT_FROM_EMAIL, settings.MESSAGE_ID_DOMAIN)
    if any(".example" in one for one in told):
        hint = "Set DEFAULT_FROM_EMAIL and MESSAGE_ID_DOMAIN."
        yield Error("Mails would come from an example's address: nobody could answer.", hint=hint, id="config.E014")


def _badges() -> Iterator[CheckMessage]:
    if settings.BADGE_ENVIRONMENT != "production":
        yield Error("Badges would be signed for a test, and every card would say so.", id="config.E015")


def _watching() -> Iterator[CheckMessage]:
    if not settings.METRICS_TOKEN:
        yield Warning("Nobody can read /metrics.", hint="Set METRICS_TOKEN.", id="config.W004")
    elif _is_weak(settings.METRICS_TOKEN, _SHORTEST_TOKEN):
        yield Error("METRICS_TOKEN can be guessed.", hint="Take 32 random characters or more.", id="config.E016")
