"""F19, the drill: work, back up, work on, lose the database, restore, look, thaw. On both databases.

The whole of it as an operator does it, by the commands. No mail of before goes out, no revocation is lost, numbers of
lists only grow, every file is as it was.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason
from accreditation.badges.services.custody import void_badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.badges.services.publishing import publish_due
from accreditation.badges.services.revoking import published_list
from accreditation.badges.states import VoidReason
from accreditation.models import Accreditation, StoredFile
from accreditation.services.paper_files import PAPERS, check_files, stored_file
from config.backups.archive import open_archive
from missions.kernel import clock
from missions.kernel.files import read_file_bytes
from missions.kernel.models import IdempotencyKey
from missions.models import ApiToken, Election, User
from missions.models.tokens import TokenScope
from missions.reminders.models import Message, OutboxFreeze
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.planning import plan_reminders
from missions.services.tokens import issue_token
from tests.config.backups.conftest import MoveIn
from tests.faults.smtp_sink import SmtpSink, running_sink
from tests.missions.reminders import fakes

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
SCAN = b"P<LVACANARY7391<<ANA" * 500


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    """How many rows each table has, but those that a restore changes by design."""
    changed = {"sessions.session", "missions.apitoken", "reminders.outboxfreeze", "kernel.event"}
    models = (model for model in apps.get_models() if model._meta.label_lower not in changed)
    return {model._meta.label: model._default_manager.count() for model in models}


def keep_scan(at: dt.datetime) -> StoredFile:
    with stored_file(SCAN, folder=PAPERS, media_type="application/pdf", by=None, at=at) as file:
        file.save()
    return file


@pytest.fixture
def sink(settings: Settings, at: dt.datetime) -> Iterator[SmtpSink]:
    """A mail server, and one reminder that is due."""
    settings.REMINDER_SOURCES, settings.REMINDER_CONDITIONS = [fakes.FIRST], []
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "missions.reminders.smtp.ListeningBackend", "127.0.0.1"
    fakes.first.drafts = [fakes.draft(due_at=at, not_after=at + DAY, slot=at.date())]
    with running_sink() as server:
        settings.EMAIL_PORT = server.port
        yield server
    fakes.first.forget()


def test_the_drill(
    sink: SmtpSink,
    move_in: MoveIn,
    trust: KeyList,
    accreditation: Accreditation,
    issuer: User,
    lead: User,
    at: dt.datetime,
    tmp_path: Path,
) -> None:
    clock.set_to(at)
    election = accreditation.election
    # Work.
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    file = keep_scan(at)
    issue_token(user=lead, name="laptop", scope=TokenScope.READ, lifetime=DAY, by=lead, at=at)
    Client().force_login(lead)
    IdempotencyKey.objects.create(principal=f"user:{lead.pk}", key="k", fingerprint="f" * 64, created_at=at)
    plan_reminders(at=at)
    publish_due(at=at)
    before = rows()
    # Back up.
    told = run("backup", "--to", str(tmp_path))
    (archive,) = tmp_path.glob("*.tar")
    # Work on: the mail goes out, the badge is lost, and a list says so.
    assert deliver_due(at=clock.now()).sent == 1
    void_badge(badge=badge, reason=VoidReason.LOST, note="In the hall.", by=issuer, at=at + MINUTE)
    publish_due(at=at + MINUTE)
    last = published_list(election, trust)
    assert last is not None
    lost = {bytes.fromhex(badge.code_id): RevocationReason.LOST}
    assert last.entries == lost

    with move_in() as private:
        # Restore.
        assert "No mail goes out until somebody lets them go" in run("restore", str(archive))
        # Look.
        assert rows() == before
        assert (ApiToken.objects.count(), Session.objects.count()) == (0, 0)
        assert OutboxFreeze.objects.values_list("epoch", "taken_at__date", "thawed_at").get() == (1, at.date(), None)
        assert check_files().lost == ()
        assert hashlib.sha256(read_file_bytes(file.name_in_storage)).hexdigest() == file.sha256
        assert SCAN[:20] not in (private / file.name_in_storage).read_bytes()
        # No mail, neither of before nor newly planned for the lost time.
        plan_reminders(at=clock.now())
        assert deliver_due(at=clock.now()).sent == 0
        # Lists go on above the last one, and forget nothing.
        publish_due(at=at + 2 * MINUTE)
        newest = published_list(Election.objects.get(), trust)
        assert newest is not None
        assert (newest.entries, newest.number > last.number) == (lost, True)
        # Thaw.
        assert run("outbox", "thaw") == "Mails go out. 1 old ones were dropped.\n"
        due = clock.now()
        fakes.first.drafts.append(fakes.draft(subject_id=2, due_at=due, not_after=due + DAY, slot=due.date()))
        plan_reminders(at=due)
        assert deliver_due(at=clock.now()).sent == 1
        assert list(Message.objects.order_by("subject_id").values_list("state", flat=True)) == ["cancelled", "sent"]

    assert f"{archive}: " in told
    assert len(sink.mails) == 2  # the one before the loss, the one after the thaw


def test_an_installation_that_is_not_empty_is_left_alone(election: Election, tmp_path: Path) -> None:
    archive = tmp_path / "whole.tar"
    run("backup", "--to", str(archive))
    Election.objects.update(name="Of today")

    with pytest.raises(CommandError, match="This installation is not empty"):
        run("restore", str(archive))

    assert Election.objects.get().name == "Of today"


def test_a_restore_that_dies_half_way_leaves_a_database_that_sends_nothing_and_says_so(
    move_in: MoveIn, election: Election, settings: Settings, tmp_path: Path
) -> None:
    """PostgreSQL has tables and the freeze then; SQLite has nothing, and a file beside the place of its own."""
    archive = tmp_path / "whole.tar"
    run("backup", "--to", str(archive))

    with move_in() as private:
        settings.FAILPOINT = "restore_rows:raise"
        with pytest.raises(Exception, match="restore_rows"):
            run("restore", str(archive))
        settings.FAILPOINT = ""
        if connection.introspection.table_names():
            assert OutboxFreeze.objects.get().completed_at is None
            assert Election.objects.count() == 0
            with pytest.raises(CommandError, match="A restore was broken off here"):
                run("restore", str(archive))
        else:
            run("restore", str(archive))
            assert Election.objects.get().code == "az-2024"
    assert not list(private.parent.glob(".restoring*"))


def test_tokens_are_kept_where_that_is_asked_for(move_in: MoveIn, lead: User, at: dt.datetime, tmp_path: Path) -> None:
    issue_token(user=lead, name="laptop", scope=TokenScope.READ, lifetime=DAY, by=lead, at=at)
    archive = tmp_path / "whole.tar"
    run("backup", "--to", str(archive))

    with move_in():
        run("restore", str(archive), "--keep-tokens")

        assert ApiToken.objects.get().name == "laptop"


def test_a_backup_tells_which_files_were_lost_already_and_takes_nobodys_place(
    private_files: Path, at: dt.datetime, tmp_path: Path
) -> None:
    there, gone = keep_scan(at), keep_scan(at)
    (private_files / gone.name_in_storage).unlink()
    archive = tmp_path / "whole.tar"

    run("backup", "--to", str(archive))

    with open_archive(archive) as opened:
        assert opened.manifest.lost == (gone.name_in_storage,)
        assert [part.name for part in opened.manifest.below("private")] == [f"private/{there.name_in_storage}"]
    assert (archive.stat().st_mode & 0o777, list(tmp_path.glob(".*"))) == (0o600, [])
    with pytest.raises(CommandError, match="File exists"):
        run("backup", "--to", str(archive))
