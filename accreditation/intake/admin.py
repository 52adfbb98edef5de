"""Which nomination files came in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accreditation.intake.models import NominationImport
from missions.admin.pages import column, local_text
from missions.kernel.web.admin import ViewOnlyAdmin


@admin.register(NominationImport)
class NominationImportAdmin(ViewOnlyAdmin):
    list_display = ("file_name", "mission", "rows", "added", "changed", "uploaded", "uploaded_by")
    list_select_related = ("mission__election", "uploaded_by")
    search_fields = ("file_name", "mission__code")

    @column(_("uploaded"), ordering="uploaded_at")
    def uploaded(self, file: NominationImport) -> str:
        return local_text(file.uploaded_at, file.mission.election.zone)
