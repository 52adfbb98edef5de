"""Elections with their commissions and constituencies."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models.functions import Length
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminSingleTimeWidget

from missions.admin.election_move import ElectionMovePages
from missions.admin.law_page import categories_of, common_rules_of
from missions.admin.month_page import MonthPages
from missions.admin.moves import Move, MoveForm
from missions.admin.next_round import NEXT_ROUND
from missions.admin.pages import DAY_FORMAT, history_of, local_text
from missions.countries import country_name
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.law.calendar import election_calendar, local_instant
from missions.law.profile import ProfileError, RuleProfile, load_profile
from missions.models import Commission, Constituency, Election, User
from missions.permissions import can_publish_results
from missions.services.elections import publish_results


class PublicationForm(MoveForm):
    """Asks when the results were officially published, in the host's own time."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=UnfoldAdminSingleDateWidget())
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=UnfoldAdminSingleTimeWidget(),
        help_text=gettext_lazy("In the zone of the election."),
    )


def _publish(election: Election, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    published_at = local_instant(answers["day"], answers["time"], election.time_zone)
    return publish_results(election=election, published_at=published_at, by=by, at=at)


PUBLISH_RESULTS: Move[Election] = Move(
    name="publish",
    label=gettext_lazy("Note the publication of the results"),
    sentence=gettext_lazy(
        "Noted once, when the results have been published officially. "
        "Accreditations that end with it, as the law says, are not valid from that instant on."
    ),
    may=can_publish_results,
    fits=lambda election, user: election.results_published_at is None,
    run=_publish,
    form=PublicationForm,
)


@admin.register(Election)
class ElectionAdmin(MonthPages, ElectionMovePages):
    """The election, its legal calendar, and what of the law is not known."""

    list_display = ("name", "code", "host_country", "e_day", "time_zone", "profile_code")
    search_fields = ("code", "name")
    page_template = "desk/election.html"
    page_select_related = ("follows",)
    moves: ClassVar[tuple[Move[Election], ...]] = (PUBLISH_RESULTS, NEXT_ROUND)

    def get_page_context(self, request: HttpRequest, obj: Election) -> dict[str, Any]:
        language = get_language() or "en"
        profile = _profile_of(obj)
        return {
            "election": obj,
            "host": country_name(obj.host_country, language),
            "e_day": date_format(obj.e_day, DAY_FORMAT),
            "called_on": date_format(obj.called_on, DAY_FORMAT) if obj.called_on else "",
            "published": local_text(obj.results_published_at, obj.zone),
            "votes": self._votes_around(obj),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.zone),
            "profile": profile and profile.title.text(language),
            "calendar": _calendar(obj, profile, language) if profile else [],
            "categories": categories_of(profile, language) if profile else (),
            "common": common_rules_of(profile, language) if profile else (),
            "unknown": profile.unknown_rules() if profile else (),
        }

    def _votes_around(self, obj: Election) -> list[tuple[str, Election, str]]:
        """The vote that this one follows and the one that follows it, each with its page."""
        later = obj.followed_by.first()
        found = [(_("Follows"), obj.follows), (_("Is followed by"), later)]
        return [(title, election, self.page_url(election)) for title, election in found if election is not None]


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
    #: Shorter codes first, so that ConEC-2 stands before ConEC-10.
    ordering = ("election", Length("code"), "code")


@admin.register(Constituency)
class ConstituencyAdmin(ViewOnlyAdmin):
    list_display = ("number", "name", "region", "commission", "election")
    list_filter = ("election", "region")
    list_select_related = ("commission", "election")
    search_fields = ("=number", "name", "region")
