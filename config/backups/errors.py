"""What a backup or a restore refuses, each named after the sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, MissingError, RuleViolationError


class ArchiveDamagedError(RuleViolationError):
    """The archive is not whole: cut off, changed, or not an archive of this product at all."""

    code = "archive-damaged"
    title = _("The archive is damaged or is no backup of this product")


class ArchiveForeignError(RuleViolationError):
    """The archive was made under other keys than those of this installation: it could not read what it would get."""

    code = "archive-foreign"
    title = _("The archive was made under other keys; give this installation the keys of the one that made it")


class ArchiveUnfitError(RuleViolationError):
    """The archive does not fit this installation: the other kind of database, or made by a newer version."""

    code = "archive-unfit"
    title = _("The archive does not fit this installation")


class InstallationNotEmptyError(ConflictError):
    """There is a database already, or another file stands in the place of one of the archive."""

    code = "installation-not-empty"
    title = _("This installation is not empty; a backup is restored into an empty one only")


class RestoreBrokenOffError(ConflictError):
    """An earlier restore was broken off half-way in this database."""

    code = "restore-broken-off"
    title = _("A restore was broken off here; drop this database, create it anew and begin again")


class ToolMissingError(MissingError):
    """PostgreSQL's own programs for backups are not there, or failed."""

    code = "database-tool-missing"
    title = _("pg_dump or pg_restore is missing; name their folder in POSTGRES_BIN_DIR")


class ToolFailedError(ConflictError):
    """PostgreSQL's own program could not do it; the detail is what it said."""

    code = "database-tool-failed"
    title = _("The database's own program failed")
