"""Elections with their commissions and constituencies."""

from django.contrib import admin

from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import Commission, Constituency, Election


@admin.register(Election)
class ElectionAdmin(ViewOnlyAdmin):
    list_display = ("name", "code", "host_country", "e_day", "time_zone", "profile_code")
    search_fields = ("code", "name")


@admin.register(Commission)
class CommissionAdmin(ViewOnlyAdmin):
    list_display = ("code", "name", "level", "parent", "election")
    list_filter = ("level", "election")
    list_select_related = ("parent", "election")
    search_fields = ("code", "name")


@admin.register(Constituency)
class ConstituencyAdmin(ViewOnlyAdmin):
    list_display = ("number", "name", "region", "commission", "election")
    list_filter = ("election", "region")
    list_select_related = ("commission", "election")
    search_fields = ("=number", "name", "region")
