"""Devices that check badges: added with a code that is shown once, seen at work, and revoked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import segno
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accreditation.badges.models import CheckDevice
from accreditation.badges.permissions import can_enrol_device
from accreditation.badges.services.devices import Enrolment, add_device, renew_enrolment, revoke_device
from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.admin.pages import NOTHING, column, history_of, local_text, moment
from missions.kernel.errors import DomainError, Text
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Election, User

#: Seconds by which a clock may be wrong before the list says so in colour.
CLOCK_TOLERANCE = 60
_TONES = {"waiting": "warning", "late": "danger", "working": "success", "revoked": "calm"}


class DeviceForm(PlainForm):
    """Asks what the device is called and where it checks."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"), label=_("Election"), widget=UnfoldAdminSelectWidget(), empty_label=None
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
        help_text=_("As it is written on the device."),
    )
    place_code = forms.CharField(
        label=_("Place"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The code of the polling station, or a word for another place."),
    )


def _revoke(device: CheckDevice, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return revoke_device(device=device, by=by, at=at)


REVOKE: Move[CheckDevice] = Move(
    name="revoke",
    label=_("Revoke"),
    sentence=_(
        "From its next request on the device is refused, and erases what it holds. Its checks stay. "
        "This cannot be undone."
    ),
    may=can_enrol_device,
    fits=lambda device, user: device.revoked_at is None,
    run=_revoke,
    tone="danger",
    in_bulk=True,
)


@admin.register(CheckDevice)
class CheckDeviceAdmin(MovesAdmin):
    """The devices at the doors: where each is, when it was last heard of, and how wrong its clock is."""

    page_template = "desk/facts.html"
    code_template = "desk/badge_device_code.html"
    page_select_related = ("election", "added_by", "revoked_by")
    moves: ClassVar[tuple[Move[CheckDevice], ...]] = (REVOKE,)
    list_display = ("name", "place_code", "state_label", "seen", "clock", "added")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), ("enrolled_at", admin.EmptyFieldListFilter), "election")
    list_select_related = ("election",)
    search_fields = ("name", "place_code")

    def get_urls(self) -> list[URLPattern]:
        renew = self.admin_site.admin_view(self.renew_view)
        return [path("<path:object_id>/renew/", renew, name="badges_checkdevice_renew"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_enrol_device(request.user)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for name and place, and show the code that enrols the device: this once, in this answer."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._ask_for_code(
            request,
            DeviceForm(request.POST if request.method == "POST" else None, initial=request.GET.dict()),
            label=_("Add a device"),
            sentence=_("The code that enrols it is shown on the next page, this once."),
            run=lambda answers, by, at: add_device(**answers, by=by, at=at),
            back=reverse("admin:badges_checkdevice_changelist"),
        )

    def renew_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Another code for a device that was not enrolled in time, or has lost what it held."""
        device: CheckDevice = self.find_or_404(request, object_id)
        if not can_enrol_device(request.user):
            raise PermissionDenied
        if device.revoked_at is not None:
            return HttpResponseRedirect(self.page_url(device))
        return self._ask_for_code(
            request,
            MoveForm(request.POST if request.method == "POST" else None, subjects=[device]),
            label=_("New enrolment code"),
            sentence=_("An earlier code works no more. What the device holds now works until the new code is used."),
            run=lambda answers, by, at: renew_enrolment(device=device, by=by, at=at),
            back=self.page_url(device),
            original=device,
        )

    def _ask_for_code(
        self,
        request: HttpRequest,
        form: forms.Form,
        *,
        label: Text,
        sentence: Text,
        run: Callable[[Mapping[str, Any], User, datetime], Enrolment],
        back: str,
        original: CheckDevice | None = None,
    ) -> HttpResponse:
        if form.is_valid():
            try:
                enrolment = run(form.cleaned_data, self.actor(request), moment(request))
            except DomainError as error:
                show_on_form(form, error)
            else:
                return self._code_page(request, enrolment)
        return self.render_page(
            request,
            self.confirmation_template,
            title=label,
            original=original,
            move={"label": label, "sentence": sentence, "tone": "primary"},
            subjects=[original] if original else [],
            form=form,
            back=back,
            status=422 if form.errors else 200,
        )

    def _code_page(self, request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
        device = enrolment.device
        address = f"{settings.BADGE_URL}#{enrolment.fragment}"
        response = self.render_page(
            request,
            self.code_template,
            title=device.name,
            original=device,
            device=device,
            code=enrolment.code,
            page_address=settings.BADGE_URL,
            symbol=segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4),
            until=local_text(device.enrolment_ends_at, device.election.zone),
            page_url=self.page_url(device),
        )
        add_never_cache_headers(response)
        return response

    @column(_("state"), tones=_TONES)
    def state_label(self, device: CheckDevice) -> tuple[str, str]:
        if device.revoked_at:
            return "revoked", str(_("revoked"))
        if device.enrolled_at:
            return "working", str(_("enrolled"))
        return "waiting", str(_("waits for its code"))

    @column(_("last seen"), ordering="last_seen_at")
    def seen(self, device: CheckDevice) -> str:
        return local_text(device.last_seen_at, device.election.zone)

    @column(_("clock"), ordering="clock_offset", tones={"right": "success", "wrong": "danger", "unknown": "calm"})
    def clock(self, device: CheckDevice) -> tuple[str, str]:
        return clock_words(device.clock_offset)

    @column(_("added"), ordering="added_at")
    def added(self, device: CheckDevice) -> str:
        return local_text(device.added_at, device.election.zone)

    def get_page_context(self, request: HttpRequest, obj: CheckDevice) -> dict[str, Any]:
        zone = obj.election.zone
        moves = self.moves_for(request, obj)
        if moves:
            renew = reverse("admin:badges_checkdevice_renew", args=(obj.pk,))
            moves.insert(0, {"label": _("New enrolment code"), "tone": "default", "url": renew})
        facts = (
            (_("Name"), obj.name),
            (_("Place"), obj.place_code),
            (_("Election"), obj.election),
            (_("State"), self.state_label(obj)[1]),
            (_("Enrolment possible until"), local_text(obj.enrolment_ends_at, zone)),
            (_("Enrolled"), local_text(obj.enrolled_at, zone)),
            (_("Last seen"), self.seen(obj)),
            (_("Clock"), self.clock(obj)[1]),
            (_("Checks"), obj.scans.count()),
            (_("Added"), self.added(obj)),
            (_("Added by"), obj.added_by),
            (_("Revoked"), local_text(obj.revoked_at, zone)),
            (_("Revoked by"), obj.revoked_by),
        )
        return {"facts": facts, "moves": moves, "history": history_of(obj, zone), "zone": obj.election.time_zone}


def clock_words(offset: int | None) -> tuple[str, str]:
    """How wrong a clock is, with the key of its tone."""
    if offset is None:
        return "unknown", NOTHING
    tone = "right" if abs(offset) <= CLOCK_TOLERANCE else "wrong"
    if offset == 0:
        return tone, str(_("right"))
    seconds = ngettext("%d second", "%d seconds", abs(offset)) % abs(offset)
    words = _("%s ahead") if offset > 0 else _("%s behind")
    return tone, words % seconds
