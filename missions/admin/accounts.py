"""Accounts of staff, their roles, and tokens of the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 - registers Group, which we show our own way
from django.contrib.auth.models import Group
from django.db.models import Count, DateTimeField, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from missions.accounts.selectors import account_state, with_invitation_end
from missions.accounts.services.invitations import invite_staff
from missions.accounts.services.links import mail_invitation, revoke_account_invitation
from missions.accounts.services.standing import (
    change_role,
    choose_language,
    correct_name,
    deactivate_account,
    reactivate_account,
)
from missions.accounts.states import AccountState
from missions.admin.account_forms import LanguageForm, NameForm, RoleForm, StaffInvitationForm
from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MovesAdmin, ReasonForm, Viewer
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import ApiToken, Membership, User
from missions.services.tokens import revoke_token
from missions.states import MailLanguage

admin.site.unregister(Group)

_A = AccountState
_TONES = {
    _A.ACTIVE: "success",
    _A.INVITED: "info",
    _A.EXPIRED: "warning",
    _A.NOT_INVITED: "default",
    _A.DEACTIVATED: "danger",
}


def _may_change(user: Viewer) -> bool:
    return user.has_perm("missions.change_user")


def _may_invite(user: Viewer) -> bool:
    return user.has_perm("missions.add_user")


def _is_other(other: User, user: Viewer) -> bool:
    return other.pk != user.pk


def _mail_invitation(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    mail_invitation(user=user, by=by, at=at)


def _revoke_invitation(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    revoke_account_invitation(user=user, by=by, at=at)


def _deactivate(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    deactivate_account(user=user, reason=answers["reason"], by=by, at=at)


def _reactivate(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    reactivate_account(user=user, by=by, at=at)


def _change_role(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    change_role(user=user, role=answers["role"].name, by=by, at=at)


def _correct_name(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    correct_name(user=user, first_name=answers["first_name"], last_name=answers["last_name"], by=by, at=at)


def _choose_language(user: User, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    choose_language(user=user, language=MailLanguage(answers["language"]), by=by, at=at)


def _waits(user: User, viewer: Viewer) -> bool:
    return user.is_active and not user.has_usable_password()


def _is_invited(user: Any, viewer: Viewer) -> bool:
    return _waits(user, viewer) and user.invitation_ends_at is not None


ACCOUNT_MOVES: tuple[Move[User], ...] = (
    Move(
        name="invite",
        label=_("Mail the invitation"),
        sentence=_("A mail goes out with a link to choose a password. A link that was sent before works no more."),
        may=_may_invite,
        fits=_waits,
        run=_mail_invitation,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="revoke-invitation",
        label=_("Revoke the invitation"),
        sentence=_("The link that was sent works no more. The account stays; it can be invited again."),
        may=_may_invite,
        fits=_is_invited,
        run=_revoke_invitation,
    ),
    Move(
        name="change-role",
        label=_("Change the role"),
        sentence=_("The new role takes the place of the former one, from the next page on."),
        may=_may_change,
        fits=lambda user, viewer: user.is_staff and user.is_active and _is_other(user, viewer),
        run=_change_role,
        form=RoleForm,
    ),
    Move(
        name="correct-name",
        label=_("Correct the name"),
        sentence=_("How the person is called on pages and in mails."),
        may=_may_change,
        fits=lambda user, viewer: True,
        run=_correct_name,
        form=NameForm,
    ),
    Move(
        name="choose-language",
        label=_("Change the language"),
        sentence=_("The person is written to in this language from the next mail on."),
        may=_may_change,
        fits=lambda user, viewer: True,
        run=_choose_language,
        form=LanguageForm,
    ),
    Move(
        name="deactivate",
        label=_("Deactivate"),
        sentence=_("The person is shut out at once: every session ends, every API token and open link is dead."),
        may=_may_change,
        fits=lambda user, viewer: user.is_active and _is_other(user, viewer),
        run=_deactivate,
        form=ReasonForm,
        tone="danger",
        in_bulk=True,
    ),
    Move(
        name="reactivate",
        label=_("Reactivate"),
        sentence=_("The person may sign in again with the former password. Sessions and tokens stay dead."),
        may=_may_change,
        fits=lambda user, viewer: not user.is_active,
        run=_reactivate,
    ),
)


@admin.register(User)
class AccountAdmin(AddingAdmin):
    """Staff and the people of missions. Passwords are their own business, and nobody changes the own role."""

    page_template = "desk/facts.html"
    moves = ACCOUNT_MOVES
    addition_form = StaffInvitationForm
    addition_label = _("Invite a member of the staff")
    addition_sentence = _("The account is opened in this role, and a mail with a link to choose a password goes out.")
    ordering = ("email",)
    list_display = ("email", "full_name", "roles", "state_label", "is_staff", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "first_name", "last_name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        accounts: QuerySet[User] = with_invitation_end(super().get_queryset(request))
        as_of = Value(moment(request), output_field=DateTimeField())
        annotated: QuerySet[Any] = accounts.annotate(as_of=as_of).prefetch_related("groups")
        return annotated

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> User:
        return invite_staff(
            email=answers["email"],
            first_name=answers["first_name"],
            last_name=answers["last_name"],
            role=answers["role"].name,
            by=by,
            at=at,
        )

    @column(_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @column(_("role"))
    def roles(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))

    @column(_("state"), tones=_TONES)
    def state_label(self, user: Any) -> tuple[str, str]:
        state = account_state(user, invitation_ends_at=user.invitation_ends_at, at=user.as_of)
        return state, str(state.label)

    def get_page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        missions = Membership.objects.filter(user=obj).select_related("mission").order_by("mission__code")
        facts = (
            (_("Name"), obj.get_full_name()),
            (_("E-mail address"), obj.email),
            (_("Language of mails"), obj.get_language_display()),
            (_("State"), self.state_label(obj)[1]),
            (_("Role"), self.roles(obj)),
            (_("Acts for"), ", ".join(f"{row.mission} ({row.get_role_display()})" for row in missions)),
            (_("Invitation works until"), local_text(obj.invitation_ends_at, "UTC")),
            (_("Last sign-in"), local_text(obj.last_login, "UTC")),
            (_("Live API tokens"), str(ApiToken.objects.filter(user=obj).count())),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "zone": "UTC",
            "history": history_of(obj, "UTC"),
        }


@admin.register(Group)
class RoleAdmin(ViewOnlyAdmin):
    """The roles, as the product defines them: to read who may do what."""

    ordering = ("name",)
    list_display = ("name", "people")
    search_fields = ("name",)
    fields = ("name", "rights")
    readonly_fields = ("rights",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        groups: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = groups.annotate(people_count=Count("user"))
        return counted

    @column(_("people"), ordering="people_count")
    def people(self, group: Any) -> int:
        count: int = group.people_count
        return count

    @column(_("rights"))
    def rights(self, group: Group) -> SafeString:
        rows = group.permissions.select_related("content_type").order_by("content_type__app_label", "codename")
        return format_html_join("", "<div>{}</div>", ((permission.name,) for permission in rows))


def _revoke(token: ApiToken, answers: Mapping[str, Any], by: User, at: datetime) -> None:
    revoke_token(token=token, by=by, at=at)


@admin.register(ApiToken)
class ApiTokenAdmin(MovesAdmin):
    """Tokens by name, to see and to revoke; their secrets exist nowhere here."""

    page_template = "desk/facts.html"
    page_select_related = ("user",)
    list_display = ("name", "user", "scope", "created", "expiry", "last_used_at")
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    moves: ClassVar[tuple[Move[ApiToken], ...]] = (
        Move(
            name="revoke",
            label=_("Revoke"),
            sentence=_("From the next request on the token opens nothing. This cannot be undone."),
            may=lambda user: user.has_perm("missions.delete_apitoken"),
            fits=lambda token, user: True,
            run=_revoke,
            tone="danger",
            in_bulk=True,
            back=lambda token: reverse("admin:missions_apitoken_changelist"),
        ),
    )

    def get_page_context(self, request: HttpRequest, obj: ApiToken) -> dict[str, Any]:
        facts = (
            (_("Name"), obj.name),
            (_("User"), obj.user),
            (_("Scope"), obj.get_scope_display()),
            (_("Created"), local_text(obj.created, "UTC")),
            (_("Expires"), local_text(obj.expiry, "UTC")),
            (_("Last used"), local_text(obj.last_used_at, "UTC")),
        )
        return {"facts": facts, "moves": self.moves_for(request, obj), "zone": "UTC"}
