"""Which nomination files came in."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accreditation.intake.models import NominationImport
from missions.admin.pages import column, local_text
from missions.kernel.web.admin import ViewOnlyAdmin


@admin.register(NominationImport)
class NominationImportAdmin(ViewOnlyAdmin):
    list_display = ("file_name", "mission", "rows", "added", "changed", "imported", "imported_by")
    list_select_related = ("mission__election", "imported_by")
    search_fields = ("file_name", "mission__code")

    @column(_("imported"), ordering="imported_at")
    def imported(self, file: NominationImport) -> str:
        return local_text(file.imported_at, file.mission.election.zone)
