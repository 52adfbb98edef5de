"""Pages for everybody with an account: signing in and out, choosing a password, and the own account with its tokens."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView, View

from missions.accounts.errors import LinkClosedError
from missions.accounts.forms import ResetForm, TokenForm
from missions.accounts.models import AccountLink
from missions.accounts.selectors import open_link, open_link_of
from missions.accounts.services.credentials import make_token
from missions.accounts.services.links import change_password, choose_password
from missions.accounts.services.resets import ask_for_reset
from missions.accounts.states import LinkPurpose
from missions.kernel import clock
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.web.forms import show_on_form
from missions.models import ApiToken, Membership, TokenScope, User
from missions.services.tokens import revoke_token

#: Where the session keeps which link was opened. The key of the row is no secret; the token stays out of the session.
_OPENED = "opened_account_link"
_NOT_FOUND, _UNPROCESSABLE = 404, 422
#: The first page of the site for missions, which config composes.
MISSION_HOME = "mission:index"


@method_decorator(never_cache, name="dispatch")
class AccountPage(TemplateView):
    """A page in the product's frame. It is never cached: what it shows is for one person."""

    title: str | Promise = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{**admin.site.each_context(self.request), "title": self.title, **kwargs})


def landing_of(user: User) -> str:
    """Where the person works: staff in the admin, a mission's people at their missions, the others at the account."""
    if user.is_staff:
        return reverse("admin:index")
    return reverse(MISSION_HOME if user.memberships.exists() else "account:home")


def _dead_link(request: HttpRequest) -> HttpResponse:
    """One answer for a link that was used, replaced or revoked, that is too old, or never was one."""
    frame = {**admin.site.each_context(request), "title": _("This link does not work")}
    return TemplateResponse(request, "account/dead_link.html", frame, status=_NOT_FOUND)


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    """The one page to sign in, for staff and missions alike."""

    template_name = "account/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = {**admin.site.each_context(self.request), "title": _("Sign in")}
        return {**super().get_context_data(**kwargs), **frame}

    def get_default_redirect_url(self) -> str:
        return landing_of(cast(User, self.request.user))

    def get_redirect_url(self) -> str:  # type: ignore[override]  # the stubs know the next Django
        """The page that was asked for, unless it is of a site that is not the person's."""
        asked = super().get_redirect_url()
        user = self.request.user
        if not isinstance(user, User):
            return asked
        sites = {reverse("admin:index"), reverse(MISSION_HOME)} - {landing_of(user)}
        return "" if asked.startswith(tuple(sites)) else asked


@method_decorator(never_cache, name="dispatch")
class OpenLink(View):
    """The link of a mail: remembers in the session that it was opened, and goes on to an address without the token.

    Looking uses nothing up, so that the scanners of mail servers do no harm.
    """

    def get(self, request: HttpRequest, *, token: str, purpose: LinkPurpose) -> HttpResponse:
        link = open_link_of(token, purpose=purpose, at=clock.now())
        if link is None:
            return _dead_link(request)
        request.session[_OPENED] = link.pk
        request.session.cycle_key()
        return HttpResponseRedirect(reverse("account:password"))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChoosePassword(AccountPage, FormView):  # type: ignore[type-arg]  # not subscriptable when run
    """Choosing a password with the link that was opened. An invitation signs in; a new password has to be used."""

    template_name = "account/password.html"
    form_class = SetPasswordForm
    title = _("Choose your password")
    link: AccountLink

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        link = open_link(request.session.get(_OPENED, 0), at=clock.now())
        if link is None:
            return _dead_link(request)
        self.link = link
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.link.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.link.user, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            user = choose_password(link_id=self.link.pk, password=form.cleaned_data["new_password1"], at=clock.now())
        except LinkClosedError:
            return _dead_link(self.request)
        except DomainError as error:
            show_on_form(form, error)
            return self.form_invalid(form)
        del self.request.session[_OPENED]
        if self.link.purpose == LinkPurpose.INVITATION:
            login(self.request, user, backend=f"{ModelBackend.__module__}.{ModelBackend.__qualname__}")
            return HttpResponseRedirect(landing_of(user))
        messages.success(self.request, _now("Your new password is set. Sign in with it."))
        return HttpResponseRedirect(reverse("account:sign-in"))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class ChangePassword(LoginRequiredMixin, AccountPage, FormView):  # type: ignore[type-arg]  # not subscriptable when run
    """Another password for the person who is signed in; every other session ends, this one goes on."""

    template_name = "account/password.html"
    form_class = PasswordChangeForm
    title = _("Change your password")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.request.user, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)

    def form_valid(self, form: Any) -> HttpResponse:
        user = cast(User, self.request.user)
        try:
            changed = change_password(user=user, password=form.cleaned_data["new_password1"], at=clock.now())
        except DomainError as error:
            show_on_form(form, error)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, changed)
        messages.success(self.request, _now("Your new password is set; everywhere else you are signed out."))
        return HttpResponseRedirect(reverse("account:home"))


class AskForReset(AccountPage, FormView):  # type: ignore[type-arg]  # not subscriptable when run
    """Asking for a new password. The answer is the same for every address."""

    template_name = "account/reset.html"
    form_class = ResetForm
    title = _("New password")
    success_url = reverse_lazy("account:reset-asked")

    def form_valid(self, form: ResetForm) -> HttpResponse:
        ask_for_reset(address=form.cleaned_data["email"], at=clock.now())
        return super().form_valid(form)


class ResetAsked(AccountPage):
    template_name = "account/reset_asked.html"
    title = _("Look into your mail")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = int(settings.RESET_LIFETIME.total_seconds() // 60)
        return super().get_context_data(minutes=minutes, **kwargs)


class Home(LoginRequiredMixin, AccountPage):
    """The own account: missions, role, and API tokens. A new token is shown in the answer that makes it, this once."""

    template_name = "account/home.html"
    title = _("Your account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        own = Membership.objects.filter(user=user).select_related("mission__election")
        context = {
            "memberships": own.order_by("mission__election__e_day", "mission__code"),
            "roles": user.groups.order_by("name"),
            "tokens": ApiToken.objects.filter(user=user).order_by("name"),
            "form": TokenForm(),
            "api_url": f"{settings.PUBLIC_URL}{reverse('api:me')}",
        }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Issue a token."""
        form = TokenForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)
        user = cast(User, request.user)
        try:
            issued = make_token(
                user=user,
                name=form.cleaned_data["name"],
                scope=TokenScope(form.cleaned_data["scope"]),
                lifetime=form.lifetime,
                by=user,
                at=clock.now(),
            )
        except DomainError as error:
            show_on_form(form, error)
            return self.render_to_response(self.get_context_data(form=form), status=_UNPROCESSABLE)
        return self.render_to_response(self.get_context_data(issued=issued))


@method_decorator(never_cache, name="dispatch")
class RevokeToken(LoginRequiredMixin, View):
    """Revokes one of the own tokens. Somebody else's is as absent as one that never was."""

    def post(self, request: HttpRequest) -> HttpResponse:
        user = cast(User, request.user)
        token = get_object_or_404(ApiToken, user=user, name=request.POST.get("name", ""))
        try:
            revoke_token(token=token, by=user, at=clock.now())
        except MissingError:
            messages.info(request, _now("The token was revoked already."))
        else:
            messages.success(request, _now("The token “%s” opens nothing any more.") % token.name)
        return HttpResponseRedirect(reverse("account:home"))
