"""Accounts of staff, their roles, who acts for which mission, and tokens of the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, local_text, moment
from missions.kernel.events import record_event
from missions.kernel.web.admin import StaffAdmin, ViewOnlyAdmin
from missions.models import ApiToken, Membership, User
from missions.services.accounts import open_staff_account
from missions.services.tokens import revoke_token

admin.site.unregister(Group)


class StaffAccountForm(ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """A new member of the staff: who, and in which role."""

    role = ModelChoiceField(
        Group.objects.order_by("name"),
        label=_("Role"),
        to_field_name="name",
        widget=UnfoldAdminSelectWidget(),
        help_text=_("One role per person. Nobody who reviews applications decides them."),
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]
        widgets = {
            "email": UnfoldAdminEmailInputWidget(),
            "first_name": UnfoldAdminTextInputWidget(),
            "last_name": UnfoldAdminTextInputWidget(),
        }


@admin.register(User)
class AccountAdmin(UserAdmin, StaffAdmin):  # type: ignore[type-arg]  # not subscriptable when run
    """Staff and the people of missions. Roles are groups; nobody changes the own role."""

    form = UserChangeForm
    add_form = StaffAccountForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("email",)
    list_display = ("email", "full_name", "roles", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "first_name", "last_name")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "first_name", "last_name", "role")}),)
    readonly_fields = ("is_staff", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "groups":
            field.widget = UnfoldAdminCheckboxSelectMultipleWidget(choices=field.choices)
            field.help_text = _("One role per person. Nobody who reviews applications decides them.")
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("is_active", "groups") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    @column(_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @column(_("role"))
    def roles(self, user: User) -> str:
        return ", ".join(sorted(group.name for group in user.groups.all()))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        opened = open_staff_account(
            email=obj.email,
            first_name=obj.first_name,
            last_name=obj.last_name,
            role=form.cleaned_data["role"].name,
            password=None,
            by=request.user if isinstance(request.user, User) else None,
            at=moment(request),
        )
        obj.pk = opened.pk

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, dict[str, list[str]]]]:
        return [{"changed": {"fields": list(form.changed_data)}}]

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """The service that opened the account has written its event; there is no second history."""

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """An event instead of the framework's log entry, in the same transaction."""
        by = request.user if isinstance(request.user, User) else None
        fields = [name for part in message for name in part["changed"]["fields"]]
        record_event("account_changed", object, by=by, at=moment(request), changed=fields)


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


@admin.register(Membership)
class MembershipAdmin(ViewOnlyAdmin):
    list_display = ("user", "mission", "role")
    list_filter = ("role",)
    list_select_related = ("user", "mission")
    search_fields = ("user__email", "user__last_name", "mission__code")


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
