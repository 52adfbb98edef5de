import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from pytest_django.fixtures import Settings

from config import starting
from config.checks import production_is_safe

POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}


def secret(of: str) -> str:
    return hashlib.sha512(of.encode()).hexdigest()


def field_key(of: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()).decode()


SAFE: Mapping[str, Any] = {
    "DEPLOYMENT": "production",
    "EMBEDDED": False,
    "DEBUG": False,
    "SECRET_KEY": secret("sessions"),
    "LOOKUP_HASH_KEY": secret("lookups"),
    "FIELD_ENCRYPTION_KEYS": [field_key("new"), field_key("old")],
    "METRICS_TOKEN": secret("metrics"),
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "ALLOWED_HOSTS": ["desk.ministry.test"],
    "PUBLIC_URL": "https://desk.ministry.test",
    "SECURE_SSL_REDIRECT": True,
    "BEHIND_PROXY": True,
    "CELERY_BROKER_URL": "redis://broker:6379/0",
    "DOORBELL": "config.celery.ring",
    "EMAIL_BACKEND": "missions.reminders.smtp.ListeningBackend",
    "EMAIL_HOST": "mail.ministry.test",
    "EMAIL_USE_TLS": True,
    "DEFAULT_FROM_EMAIL": "desk@ministry.test",
    "MESSAGE_ID_DOMAIN": "ministry.test",
    "BADGE_ENVIRONMENT": "production",
}
UNSAFE: list[tuple[Mapping[str, Any], str]] = [
    ({"DEBUG": True}, "config.E002"),
    ({"SECRET_KEY": secret("short")[:49]}, "config.E003"),
    ({"SECRET_KEY": "django-insecure-" + secret("framework")}, "config.E003"),
    ({"SECRET_KEY": "ab" * 40}, "config.E003"),
    ({"LOOKUP_HASH_KEY": secret("short")[:31]}, "config.E003"),
    ({"LOOKUP_HASH_KEY": "change-me-" * 5}, "config.E003"),
    ({"FIELD_ENCRYPTION_KEYS": [field_key("new"), "no key"]}, "config.E004"),
    ({"FIELD_ENCRYPTION_KEYS": [base64.urlsafe_b64encode(bytes(32)).decode()]}, "config.E004"),
    ({"LOOKUP_HASH_KEY": SAFE["SECRET_KEY"]}, "config.E005"),
    ({"SESSION_COOKIE_SECURE": False}, "config.E006"),
    ({"CSRF_COOKIE_SECURE": False}, "config.E006"),
    ({"SESSION_COOKIE_HTTPONLY": False}, "config.E006"),
    ({"ALLOWED_HOSTS": []}, "config.E007"),
    ({"ALLOWED_HOSTS": ["desk.ministry.test", "*"]}, "config.E007"),
    ({"PUBLIC_URL": "http://desk.ministry.test"}, "config.E008"),
    ({"PUBLIC_URL": "https://"}, "config.E008"),
    ({"ALLOWED_HOSTS": ["other.ministry.test"]}, "config.E009"),
    ({"SECURE_SSL_REDIRECT": False}, "config.E010"),
    ({"DATABASES": SQLITE}, "config.E011"),
    ({"CELERY_BROKER_URL": "memory://"}, "config.E012"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "config.E013"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "config.E013"),
    ({"DEFAULT_FROM_EMAIL": "Observer Desk <desk@observer-desk.example>"}, "config.E014"),
    ({"MESSAGE_ID_DOMAIN": "observer-desk.example"}, "config.E014"),
    ({"BADGE_ENVIRONMENT": "test"}, "config.E015"),
    ({"METRICS_TOKEN": "1234"}, "config.E016"),
]
DOUBTFUL: list[tuple[Mapping[str, Any], str]] = [
    ({"BEHIND_PROXY": False}, "config.W001"),
    ({"DOORBELL": "missions.kernel.doorbell.silent"}, "config.W002"),
    ({"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}, "config.W003"),
    ({"METRICS_TOKEN": ""}, "config.W004"),
]


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A production as it should be."""
    apply(settings, monkeypatch, {**SAFE, "DATABASES": POSTGRES})
    return settings


def apply(settings: Settings, monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any]) -> None:
    """Set without telling: connections that are open stay what they are."""
    for name, value in values.items():
        monkeypatch.setattr(f"django.conf.settings.{name}", value)


def ids() -> list[str | None]:
    return [message.id for message in production_is_safe()]


@pytest.mark.usefixtures("production")
def test_a_safe_production_passes() -> None:
    assert ids() == []


@pytest.mark.parametrize(("change", "expected"), [*UNSAFE, *DOUBTFUL])
def test_each_unsafe_setting_is_told_by_its_id(
    production: Settings, monkeypatch: pytest.MonkeyPatch, change: Mapping[str, Any], expected: str
) -> None:
    apply(production, monkeypatch, change)

    assert ids() == [expected]


def test_a_host_below_an_allowed_domain_is_allowed(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(production, monkeypatch, {"ALLOWED_HOSTS": [".ministry.test"]})

    assert ids() == []


def test_mail_to_a_server_on_the_same_machine_may_be_in_clear(
    production: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(production, monkeypatch, {"EMAIL_HOST": "127.0.0.1", "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False})

    assert ids() == []


def test_an_embedded_installation_is_not_looked_at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(settings, monkeypatch, {name: value for change, _ in UNSAFE for name, value in change.items()})

    assert ids() == []


def test_commands_run_the_check(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(production, monkeypatch, {"BADGE_ENVIRONMENT": "test"})

    assert "config.E015" in [message.id for message in run_checks() if message.level >= ERROR]


def test_no_server_starts_with_an_error(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(production, monkeypatch, {"PUBLIC_URL": "http://desk.ministry.test", "METRICS_TOKEN": ""})
    monkeypatch.setattr(starting, "run_checks", lambda **_options: production_is_safe())

    with pytest.raises(SystemExit) as refused:
        starting.refuse_unsafe_start()

    assert str(refused.value).splitlines() == [
        "This installation is not safe to start.",
        "config.E008: PUBLIC_URL is no https address: links in mails would begin with it.",
    ]


def test_a_server_starts_with_a_warning(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(production, monkeypatch, {"METRICS_TOKEN": ""})
    monkeypatch.setattr(starting, "run_checks", lambda **_options: production_is_safe())

    starting.refuse_unsafe_start()


def test_an_embedded_server_starts_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "run_checks", lambda **_options: pytest.fail("there is nothing to refuse"))

    starting.refuse_unsafe_start()
