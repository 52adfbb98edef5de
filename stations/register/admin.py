"""Versions of the station register."""

from django.contrib import admin

from missions.kernel.web.admin import ViewOnlyAdmin
from stations.register.models import RegisterVersion


@admin.register(RegisterVersion)
class RegisterVersionAdmin(ViewOnlyAdmin):
    list_display = ("number", "election", "file_name", "rows", "added", "changed", "imported_at", "imported_by")
    list_select_related = ("election", "imported_by")
    search_fields = ("file_name",)
