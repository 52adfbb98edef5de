"""Who acts for which mission: appointed and let go by the ministry, and by those who lead the mission."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.accounts.selectors import token_use_of
from missions.accounts.services.invitations import invite_member, remove_member
from missions.admin.account_forms import MemberInvitationForm
from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, Viewer
from missions.admin.pages import column, local_text
from missions.models import Membership, User
from missions.permissions import can_manage_members, missions_to_manage
from missions.states import MembershipRole

_TONES = {"can": "success", "invited": "info", "deactivated": "danger"}
_LIST = "admin:missions_membership_changelist"


def _may_remove(user: Viewer) -> bool:
    """By rights alone; whether the mission is theirs is asked of each row."""
    return not user.is_host or user.has_perm("missions.add_membership") if isinstance(user, User) else False


@admin.register(Membership)
class MembershipAdmin(AddingAdmin):
    """Who acts for which mission. Appointing somebody without a password mails an invitation."""

    page_template = "desk/facts.html"
    page_select_related = ("user", "mission__election")
    addition_form = MemberInvitationForm
    addition_label = _("Appoint somebody for a mission")
    addition_sentence = _(
        "The person may act for the mission at once. Whoever has no password yet gets a mail with a link to choose one."
    )
    list_display = ("user", "full_name", "mission", "role", "standing")
    list_filter = ("role",)
    list_select_related = ("user", "mission")
    search_fields = ("user__email", "user__last_name", "mission__code")
    moves: ClassVar[tuple[Move[Membership], ...]] = (
        Move(
            name="remove",
            label=_("End"),
            sentence=_("The person may not act for the mission any more. The account stays; the leads are told."),
            may=_may_remove,
            fits=lambda membership, user: can_manage_members(user, membership.mission),
            run=lambda membership, answers, by, at: remove_member(membership=membership, by=by, at=at),
            tone="danger",
            back=lambda membership: reverse(_LIST),
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return missions_to_manage(request.user).exists()

    def open_form(self, request: HttpRequest) -> forms.Form:
        sent = request.POST if request.method == "POST" else None
        return MemberInvitationForm(sent, initial=request.GET.dict(), user=request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Membership:
        role = MembershipRole(answers["role"])
        return invite_member(mission=answers["mission"], email=answers["email"], role=role, by=by, at=at)

    @column(_("name"), ordering="user__last_name")
    def full_name(self, membership: Membership) -> str:
        return membership.user.get_full_name()

    @column(_("signs in"), tones=_TONES)
    def standing(self, membership: Membership) -> tuple[str, str]:
        if not membership.user.is_active:
            return "deactivated", _now("account deactivated")
        if not membership.user.has_usable_password():
            return "invited", _now("no password yet")
        return "can", _now("yes")

    def get_page_context(self, request: HttpRequest, obj: Membership) -> dict[str, Any]:
        facts = (
            (_("Person"), obj.user),
            (_("Name"), self.full_name(obj)),
            (_("E-mail address"), obj.user.email),
            (_("Acts as"), obj.get_role_display()),
            (_("Mission"), obj.mission.name),
            (_("Election"), obj.mission.election),
            (_("Signs in"), self.standing(obj)[1]),
            *self._use(request, obj),
        )
        return {"facts": facts, "moves": self.moves_for(request, obj), "zone": "UTC"}

    def _use(self, request: HttpRequest, membership: Membership) -> tuple[tuple[object, str], ...]:
        """When the person was last here, by page and by program, for those who say who acts for the mission."""
        if not can_manage_members(request.user, membership.mission):
            return ()
        tokens = token_use_of(membership.user)
        return (
            (_("Last sign-in"), local_text(membership.user.last_login, "UTC")),
            (_("API tokens"), str(tokens.count)),
            (_("API token last used"), local_text(tokens.last_used_at, "UTC")),
        )
