"""The own calendars: secret addresses for calendar programs, made, shown once, and revoked."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from missions.accounts.views import AccountPage
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Mission, User
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.services.addresses import make_address, revoke_address

_UNPROCESSABLE = 422


class CalendarForm(PlainForm):
    """Which calendar, and where it will be used."""

    mission = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Mission.objects.none(),
        required=False,
        empty_label=_("Everything that concerns me"),
    )
    name = forms.CharField(label=_("Where you use it"), max_length=100, help_text=_("Such as: my telephone."))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Mission]", self.fields["mission"])
        field.queryset = Mission.objects.visible_to(user).order_by("-election__e_day", "code")


class Calendars(LoginRequiredMixin, AccountPage):
    """The own calendar addresses. A new one is shown in the answer that makes it, this once."""

    template_name = "account/calendars.html"
    title = _("Your calendars")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        own = FeedAddress.objects.visible_to(user).filter(revoked_at=None).select_related("mission")
        return super().get_context_data(**{"addresses": own, "form": CalendarForm(user=user), **kwargs})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make an address."""
        user = cast(User, request.user)
        form = CalendarForm(request.POST, user=user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)
        mission, name = form.cleaned_data["mission"], form.cleaned_data["name"]
        try:
            made = make_address(user=user, mission=mission, name=name, at=clock.now())
        except DomainError as error:
            show_on_form(form, error)
            return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)
        url = f"{settings.PUBLIC_URL}{reverse('feeds:calendar', args=[made.secret])}"
        return self.render_to_response(self.get_context_data(made=made.address, url=url))


@method_decorator(never_cache, name="dispatch")
class RevokeCalendar(LoginRequiredMixin, View):
    """Revokes one of the own addresses. Somebody else's is as absent as one that never was."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = cast(User, request.user)
        address = get_object_or_404(FeedAddress.objects.visible_to(user), pk=pk)
        revoke_address(address=address, by=user, at=clock.now())
        messages.success(request, _now("The calendar “%s” is not answered any more.") % address.name)
        return HttpResponseRedirect(reverse("account:calendars"))
