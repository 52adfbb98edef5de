"""Which nomination files were taken in, for which mission."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.kernel.models import ImportedFile
from missions.models import Mission
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from missions.models import User


class NominationImportQuerySet(models.QuerySet["NominationImport"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[NominationImport]":
        """All for the host; for others the files of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class NominationImport(ImportedFile):
    """One nomination file, committed whole."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="nomination_imports", verbose_name=_("mission"))

    objects = NominationImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination file")
        verbose_name_plural = _("nomination files")
        ordering = ["-imported_at"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "sha256"], name="nomination_import_once"),
        ]
