"""Versions of the station register: one for each file that changed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.kernel.models import ImportedFile
from missions.models import Election


class RegisterVersion(ImportedFile):
    """The register after one committed file; clients compare the number to know whether theirs is current."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="register_versions", verbose_name=_("election"))
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("register version")
        verbose_name_plural = _("register versions")
        ordering = ["election", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="register_version_number_once"),
            models.UniqueConstraint(fields=["election", "sha256"], name="register_version_file_once"),
        ]
