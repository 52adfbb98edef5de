"""What the pages of accounts ask."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from missions.kernel.web.forms import PlainForm
from missions.models import TokenScope

_LIFETIMES = ((30, _("30 days")), (90, _("90 days")), (365, _("one year")))


class ResetForm(PlainForm):
    """Asks for the address whose password is to be chosen anew."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class TokenForm(PlainForm):
    """A new API token: its name, what it may do, and how long it lives."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("What it is for, for example “laptop”."))
    scope = forms.ChoiceField(label=_("It may"), choices=TokenScope.choices, initial=TokenScope.READ)
    days = forms.TypedChoiceField(label=_("It lives for"), choices=_LIFETIMES, coerce=int, initial=90)

    @property
    def lifetime(self) -> timedelta:
        """How long the token lives, of a valid form."""
        return timedelta(days=self.cleaned_data["days"])
