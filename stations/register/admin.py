"""Versions of the station register."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin.pages import column, local_text
from missions.kernel.web.admin import ViewOnlyAdmin
from stations.register.models import RegisterVersion


@admin.register(RegisterVersion)
class RegisterVersionAdmin(ViewOnlyAdmin):
    list_display = ("number", "election", "file_name", "rows", "added", "changed", "imported", "imported_by")
    list_select_related = ("election", "imported_by")
    search_fields = ("file_name",)
    #: Who sees versions does not see accounts: their page would refuse.
    told_by: ClassVar[Mapping[str, str]] = {"imported_at": "imported", "imported_by": "importer"}

    @column(_("imported"), ordering="imported_at")
    def imported(self, version: RegisterVersion) -> str:
        return local_text(version.imported_at, version.election.zone)

    @column(_("imported by"))
    def importer(self, version: RegisterVersion) -> str:
        return str(version.imported_by or "")
