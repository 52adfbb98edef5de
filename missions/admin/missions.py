"""Organizations, their invitations, and missions with their heads and delegations."""

from django.contrib import admin
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.admin.pages import ReadOnlyInline, column
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import Delegation, Invitation, Membership, Mission, MissionHead, Organization
from missions.states import InvitationState

_I = InvitationState
INVITATION_TONES = {
    _I.SENT: "info",
    _I.ACCEPTED: "success",
    _I.DECLINED: "warning",
    _I.LAPSED: "warning",
    _I.WITHDRAWN: "danger",
}


@admin.register(Organization)
class OrganizationAdmin(ViewOnlyAdmin):
    list_display = ("acronym", "name", "kind", "country", "is_synthetic")
    list_filter = ("kind", "is_synthetic")
    search_fields = ("acronym", "name")


@admin.register(Invitation)
class InvitationAdmin(ViewOnlyAdmin):
    list_display = ("organization", "inviter", "state_label", "note_number", "note_date", "ceiling", "replied_on")
    list_filter = ("state", "inviter")
    list_select_related = ("organization",)
    search_fields = ("organization__acronym", "organization__name", "note_number")

    @column(_("state"), ordering="state", tones=INVITATION_TONES)
    def state_label(self, invitation: Invitation) -> tuple[str, str]:
        return invitation.state, invitation.get_state_display()


class MissionHeadInline(ReadOnlyInline):
    model = MissionHead


class DelegationInline(ReadOnlyInline):
    model = Delegation


class MembershipInline(ReadOnlyInline):
    model = Membership
    verbose_name_plural = _("people who act for the mission")


@admin.register(Mission)
class MissionAdmin(ViewOnlyAdmin):
    list_display = ("code", "name", "organization", "kind", "mode", "places", "parent")
    list_filter = ("kind", "deployment_mode", "election")
    list_select_related = ("organization", "parent")
    search_fields = ("code", "name", "organization__acronym", "organization__name")
    inlines = (MissionHeadInline, DelegationInline, MembershipInline)

    @column(_("deployment"), ordering="deployment_mode")
    def mode(self, mission: Mission) -> str:
        return mission.get_deployment_mode_display()

    @column(_("places taken"), ordering="places_taken")
    def places(self, mission: Mission) -> str:
        if mission.ceiling is None:
            return str(mission.places_taken)
        return _now("%(taken)d of %(ceiling)d") % {"taken": mission.places_taken, "ceiling": mission.ceiling}


@admin.register(MissionHead)
class MissionHeadAdmin(ViewOnlyAdmin):
    list_display = ("name", "title", "mission")
    list_select_related = ("mission",)
    search_fields = ("name", "title", "mission__code")


@admin.register(Delegation)
class DelegationAdmin(ViewOnlyAdmin):
    list_display = ("name", "head_name", "mission")
    list_select_related = ("mission",)
    search_fields = ("name", "head_name", "mission__code")
