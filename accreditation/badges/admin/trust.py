"""Keys and lists: the page that tells what checkers trust, and every list of keys and of revoked badges as it was."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accreditation.badges.admin.trust_page import trust_of
from accreditation.badges.models import KeyList, RevocationList
from accreditation.badges.permissions import can_issue_badge
from accreditation.badges.signer import request_list
from missions.admin.pages import PageAdmin, column, history_of, local_text, moment
from missions.kernel.errors import DomainError
from missions.models import Election


@admin.register(KeyList)
class KeyListAdmin(PageAdmin):
    """The lists of keys that the root has signed. What they mean now stands on the page of trust."""

    page_template = "desk/facts.html"
    trust_template = "desk/badge_trust.html"
    page_select_related = ("election",)
    list_display = ("number", "election", "issued", "installed", "installed_by")
    list_filter = ("election",)
    list_select_related = ("election",)
    search_fields = ("=number", "installed_by")

    def get_urls(self) -> list[URLPattern]:
        trust = self.admin_site.admin_view(self.trust_view)
        return [path("trust/", trust, name="badges_keylist_trust"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        lists: QuerySet[Any] = super().get_queryset(request)
        return lists.defer("data")

    def trust_view(self, request: HttpRequest) -> HttpResponse:
        """What checkers trust in one election, the latest unless another is asked for; a POST asks the signer."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        elections = list(Election.objects.visible_to(request.user).order_by("-e_day"))
        chosen = request.GET.get("election")
        election = next((row for row in elections if row.code == chosen), elections[0] if elections else None)
        if request.method == "POST" and election is not None:
            self._ask_signer(request, election)
            return HttpResponseRedirect(request.get_full_path())
        return self.render_page(
            request,
            self.trust_template,
            title=_("Keys and lists"),
            elections=elections,
            election=election,
            trust=trust_of(election, at=moment(request)) if election else None,
            may_ask=can_issue_badge(request.user),
        )

    def _ask_signer(self, request: HttpRequest, election: Election) -> None:
        if not can_issue_badge(request.user):
            raise PermissionDenied
        try:
            number = request_list(election.pk, at=moment(request))
        except DomainError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, gettext("The signer answers; the newest list is number %d.") % number)

    @column(_("issued"), ordering="issued_at")
    def issued(self, key_list: KeyList) -> str:
        return local_text(key_list.issued_at, key_list.election.zone)

    @column(_("installed"), ordering="installed_at")
    def installed(self, key_list: KeyList) -> str:
        return local_text(key_list.installed_at, key_list.election.zone)

    def get_page_context(self, request: HttpRequest, obj: KeyList) -> dict[str, Any]:
        facts = (
            (_("Number"), obj.number),
            (_("Election"), obj.election),
            (_("Issued"), self.issued(obj)),
            (_("Installed"), self.installed(obj)),
            (_("Installed by"), obj.installed_by),
        )
        trust = {"label": _("What checkers trust"), "tone": "default", "url": trust_url(obj.election)}
        return {
            "facts": facts,
            "moves": [trust],
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }


@admin.register(RevocationList)
class RevocationListAdmin(PageAdmin):
    """The lists of revoked badges as they were signed. Which badges are off is asked of the badges themselves."""

    page_template = "desk/facts.html"
    page_select_related = ("election",)
    list_display = ("number", "election", "entries", "issued", "next_update", "key_id")
    list_filter = ("election",)
    list_select_related = ("election",)
    search_fields = ("=number", "key_id")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        lists: QuerySet[Any] = super().get_queryset(request)
        return lists.defer("data")

    @column(_("issued"), ordering="issued_at")
    def issued(self, revoked: RevocationList) -> str:
        return local_text(revoked.issued_at, revoked.election.zone)

    @column(_("next at"), ordering="next_update_at")
    def next_update(self, revoked: RevocationList) -> str:
        return local_text(revoked.next_update_at, revoked.election.zone)

    def get_page_context(self, request: HttpRequest, obj: RevocationList) -> dict[str, Any]:
        facts = (
            (_("Number"), obj.number),
            (_("Election"), obj.election),
            (_("Badges on it"), obj.entries),
            (_("Issued"), self.issued(obj)),
            (_("Next at"), self.next_update(obj)),
            (_("Signing key"), obj.key_id),
            (_("SHA-256 of what is on it"), obj.digest),
        )
        trust = {"label": _("What checkers trust"), "tone": "default", "url": trust_url(obj.election)}
        return {"facts": facts, "moves": [trust], "zone": obj.election.time_zone}


def trust_url(election: Election) -> str:
    """The page of trust of the election."""
    return f"{reverse('admin:badges_keylist_trust')}?election={election.code}"
