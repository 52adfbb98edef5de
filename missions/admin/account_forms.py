"""What the administrator is asked about people, roles and missions."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User
from missions.permissions import missions_to_manage
from missions.states import MailLanguage, MembershipRole

_NAME_LENGTH = 150


def _role_field() -> "forms.ModelChoiceField[Group]":
    return forms.ModelChoiceField(
        Group.objects.order_by("name"),
        label=_("Role"),
        to_field_name="name",
        widget=UnfoldAdminSelectWidget(),
        help_text=_("One role per person. Nobody who reviews applications decides them."),
    )


def _name_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=_NAME_LENGTH, widget=UnfoldAdminTextInputWidget())


class StaffInvitationForm(PlainForm):
    """A new member of the staff: who, and in which role."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=UnfoldAdminEmailInputWidget())
    first_name = _name_field(_("First name"))
    last_name = _name_field(_("Last name"))
    role = _role_field()


class MemberInvitationForm(PlainForm):
    """Somebody who acts for a mission, of those that the person may choose people for."""

    mission = MissionField(Mission.objects.none(), label=_("Mission"), widget=UnfoldAdminSelectWidget())
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=UnfoldAdminEmailInputWidget())
    role = forms.ChoiceField(label=_("Acts as"), choices=MembershipRole.choices, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missions = missions_to_manage(user).select_related("election").order_by("-election__e_day", "code")
        cast("forms.ModelChoiceField[Any]", self.fields["mission"]).queryset = missions


class RoleForm(MoveForm):
    """Asks for the new role."""

    role = _role_field()


class LanguageForm(MoveForm):
    """Asks in which language the person is written to; begins with the present one."""

    language = forms.ChoiceField(
        label=_("Language of mails"), choices=MailLanguage.choices, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        for user in (subject for subject in subjects if isinstance(subject, User)):
            self.initial = {"language": user.language}


class NameForm(MoveForm):
    """Asks how the person is called; begins with what is known."""

    first_name = _name_field(_("First name"))
    last_name = _name_field(_("Last name"))

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        for user in (subject for subject in subjects if isinstance(subject, User)):
            self.initial = {"first_name": user.first_name, "last_name": user.last_name}
