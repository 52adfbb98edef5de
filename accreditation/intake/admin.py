"""Which nomination files came in."""

from django.contrib import admin

from accreditation.intake.models import NominationImport
from missions.kernel.web.admin import ViewOnlyAdmin


@admin.register(NominationImport)
class NominationImportAdmin(ViewOnlyAdmin):
    list_display = ("file_name", "mission", "rows", "added", "changed", "imported_at", "imported_by")
    list_select_related = ("mission", "imported_by")
    search_fields = ("file_name", "mission__code")
