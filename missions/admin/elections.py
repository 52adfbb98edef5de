"""Elections with their commissions and constituencies."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.admin.law_page import categories_of, common_rules_of
from missions.admin.pages import DAY_FORMAT, PageAdmin, local_text
from missions.countries import country_name
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.law.calendar import election_calendar
from missions.law.profile import ProfileError, RuleProfile, load_profile
from missions.models import Commission, Constituency, Election


@admin.register(Election)
class ElectionAdmin(PageAdmin):
    """The election, its legal calendar, and what of the law is not known."""

    list_display = ("name", "code", "host_country", "e_day", "time_zone", "profile_code")
    search_fields = ("code", "name")
    page_template = "desk/election.html"

    def get_page_context(self, request: HttpRequest, obj: Election) -> dict[str, Any]:
        language = get_language() or "en"
        profile = _profile_of(obj)
        return {
            "election": obj,
            "host": country_name(obj.host_country, language),
            "e_day": date_format(obj.e_day, DAY_FORMAT),
            "called_on": date_format(obj.called_on, DAY_FORMAT) if obj.called_on else "",
            "profile": profile and profile.title.text(language),
            "calendar": _calendar(obj, profile, language) if profile else [],
            "categories": categories_of(profile, language) if profile else (),
            "common": common_rules_of(profile, language) if profile else (),
            "unknown": profile.unknown_rules() if profile else (),
        }


def _profile_of(election: Election) -> RuleProfile | None:
    try:
        return load_profile(election.profile_code) if election.profile_code else None
    except ProfileError:
        return None


def _calendar(election: Election, profile: RuleProfile, language: str) -> list[dict[str, str]]:
    """The legal days in order, each with its offset from election day and the rule that it rests on."""
    return [
        {
            "label": entry.label,
            "title": entry.title.text(language),
            "at": local_text(entry.at, election.zone) if entry.local_time else _whole_day(entry.day),
            "source": profile.source(entry.source).title,
        }
        for entry in election_calendar(profile, election.e_day)
    ]


def _whole_day(day: date) -> str:
    return _("%s, the whole day") % date_format(day, DAY_FORMAT)


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
