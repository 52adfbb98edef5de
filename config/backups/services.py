"""Taking a backup, and making an empty installation of one."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accreditation.badges.published import FILES, read_file, replace_file
from config.backups.archive import DATABASE, PRIVATE, PUBLISHED, Archive, ArchiveWriter, Manifest, new_archive
from config.backups.databases import applied_migrations, database_copier, known_migrations
from config.backups.errors import ArchiveUnfitError, InstallationNotEmptyError
from missions.kernel import clock
from missions.kernel.files import names_on_record
from missions.models import ApiToken, Election
from missions.reminders.models import OutboxFreeze
from missions.reminders.selectors import current_epoch
from missions.reminders.services.freezing import complete_restore, freeze_outbox


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has brought in. `tokens` and `sessions` were ended by it."""

    manifest: Manifest
    epoch: int
    files: int
    tokens: int
    sessions: int


def back_up(path: Path, *, at: datetime) -> Manifest:
    """Write one archive of the database as it is at one moment, and of every file that its rows speak of.

    The installation goes on meanwhile: files are copied before the database and again after it, so that what is new in
    between is there too. Raises FileExistsError, OSError, ToolMissingError, ToolFailedError.
    """
    copier = database_copier()
    with new_archive(path) as archive, tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copied = _copy_files(archive, names_on_record())
        dump = Path(folder) / copier.part_name
        copier.dump(dump)
        archive.add_file(f"{DATABASE}/{copier.part_name}", dump)
        dump.unlink()
        new = names_on_record() - copied
        copied |= _copy_files(archive, new)
        _copy_published(archive)
        return archive.seal(
            engine=copier.part_name,
            epoch=current_epoch(),
            taken_at=at,
            clock_offset=clock.offset(),
            migrations=applied_migrations(),
            lost=tuple(sorted(names_on_record() - copied)),
        )


def restore(archive: Archive, *, at: datetime, keeps_tokens: bool = False) -> Restored:
    """Make this empty installation one of the archive, with its outbox frozen and everybody signed out.

    Tokens are ended too unless `keeps_tokens`: one that was revoked after the backup would open again. Files are there
    before the rows that speak of them. Raises ArchiveUnfitError, InstallationNotEmptyError, RestoreBrokenOffError,
    ToolMissingError, ToolFailedError, OSError.
    """
    manifest, copier = archive.manifest, database_copier()
    _ensure_fits(manifest, copier.part_name)
    copier.ensure_empty()
    ended = {"tokens": 0, "sessions": 0}

    def freeze() -> OutboxFreeze:
        return freeze_outbox(epoch=manifest.epoch + 1, taken_at=manifest.taken, at=at)

    def complete(frozen: OutboxFreeze) -> None:
        ended["sessions"] = Session.objects.all().delete()[0]
        if not keeps_tokens:
            ended["tokens"] = ApiToken.objects.all().delete()[0]
        complete_restore(freeze=frozen, at=at)

    files = _put_files(archive)
    (dump,) = manifest.below(DATABASE)
    copier.fill(archive.open_part(dump), freeze=freeze, complete=complete)
    _put_published(archive)
    return Restored(manifest, manifest.epoch + 1, files, **ended)


def _copy_files(archive: ArchiveWriter, names: set[str]) -> set[str]:
    """Copy these private files as they lie, encrypted; which of them were there."""
    storage, copied = storages["private"], set()
    for name in sorted(names):
        try:
            with storage.open(name) as file:
                data = file.read()
        except FileNotFoundError:  # its row went a moment ago, or it has been lost for long
            continue
        archive.add_bytes(f"{PRIVATE}/{name}", data)
        copied.add(name)
    return copied


def _copy_published(archive: ArchiveWriter) -> None:
    for code in Election.objects.order_by("code").values_list("code", flat=True):
        for name in FILES:
            data = read_file(code, name)
            if data is not None:
                archive.add_bytes(f"{PUBLISHED}/{code}/{name}", data)


def _ensure_fits(manifest: Manifest, part_name: str) -> None:
    if manifest.engine != part_name:
        raise ArchiveUnfitError(f"{manifest.engine}: {ArchiveUnfitError.title}")
    unknown = [name for name in manifest.migrations if name not in known_migrations()]
    if unknown:
        raise ArchiveUnfitError(f"{', '.join(unknown[:5])}: {ArchiveUnfitError.title}")


def _put_files(archive: Archive) -> int:
    """Put the private files in their places. One that is there already must be the same, and is left alone."""
    storage, parts = storages["private"], archive.manifest.below(PRIVATE)
    for part in parts:
        name, data = part.name.removeprefix(f"{PRIVATE}/"), archive.read_part(part)
        if storage.exists(name):
            with storage.open(name) as file:
                if file.read() != data:
                    raise InstallationNotEmptyError(f"{name}: {InstallationNotEmptyError.title}")
            continue
        storage.save(name, ContentFile(data))
    return len(parts)


def _put_published(archive: Archive) -> None:
    """Lists that are published on this machine are newer than those of the archive, and stay."""
    for part in archive.manifest.below(PUBLISHED):
        _folder, code, name = part.name.split("/")
        if read_file(code, name) is None:
            replace_file(code, name, archive.read_part(part))
