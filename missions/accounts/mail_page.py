"""The own mails: in which language they come, and whether a mission's reminders come in one mail a day."""

from typing import Any, cast

from django import forms
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

from missions.accounts.selectors import missions_of
from missions.accounts.services.standing import choose_language
from missions.accounts.views import AccountPage
from missions.kernel import clock
from missions.kernel.errors import MissingError
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User
from missions.reminders.services.digests import choose_digest, drop_digest
from missions.states import MailLanguage

_UNPROCESSABLE = 422


class LanguageForm(PlainForm):
    """In which language the person is written to."""

    language = forms.ChoiceField(label=_("Language of your mails"), choices=MailLanguage.choices)


class DigestForm(PlainForm):
    """At which hour the one mail a day comes; empty: each mail by itself."""

    local_time = forms.TimeField(
        label=_("One mail a day at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("By the clocks of the host country. Empty: each mail by itself. What is urgent never waits."),
    )


class Mails(LoginRequiredMixin, AccountPage):
    """Language and rhythm of the own mails. The rhythm is the mission's, and its leads choose it."""

    template_name = "account/mails.html"
    title = _("Your mails")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        digests = [(mission, _digest_form(mission)) for mission in missions_of(user, leading=True)]
        language = LanguageForm(initial={"language": user.language})
        return super().get_context_data(**{"form": language, "digests": digests, **kwargs})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Choose a language."""
        form = LanguageForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)
        user = cast(User, request.user)
        language = MailLanguage(form.cleaned_data["language"])
        choose_language(user=user, language=language, by=user, at=clock.now())
        messages.success(request, _now("Your mails come in this language from now on: %s.") % language.label)
        return HttpResponseRedirect(reverse("account:mails"))


@method_decorator(never_cache, name="dispatch")
class ChooseDigest(LoginRequiredMixin, View):
    """Chooses or drops the one mail a day of a mission that the person leads; any other mission is absent."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = cast(User, request.user)
        mission = get_object_or_404(missions_of(user, leading=True), pk=pk)
        form = DigestForm(request.POST)
        if not form.is_valid():
            messages.error(request, _now("This is not an hour of the day."))
        elif (local_time := form.cleaned_data["local_time"]) is not None:
            choose_digest(mission=mission, local_time=local_time, by=user, at=clock.now())
            messages.success(request, _now("%s: one mail a day from now on.") % mission.name)
        else:
            self._drop(mission, user)
        return HttpResponseRedirect(reverse("account:mails"))

    def _drop(self, mission: Mission, user: User) -> None:
        try:
            drop_digest(mission=mission, by=user, at=clock.now())
        except MissingError as error:
            messages.info(self.request, error.detail)
        else:
            messages.success(self.request, _now("%s: each mail by itself from now on.") % mission.name)


def _digest_form(mission: Mission) -> DigestForm:
    choice = getattr(mission, "digest_choice", None)
    return DigestForm(initial={"local_time": choice and choice.local_time}, auto_id=f"id_{mission.pk}_%s")
