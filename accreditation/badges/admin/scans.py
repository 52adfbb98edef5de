"""Checks of badges and what they tell: each looked at, annulled or closed with a note, never deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from accreditation.badges.admin.tones import RESULT_TONES
from accreditation.badges.models import Badge, Scan, ScanAlert
from accreditation.badges.permissions import can_annul_scan
from accreditation.badges.services.alerts import close_alert
from accreditation.badges.services.scans import annul_scan
from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.admin.pages import NOTHING, column, history_of, local_text
from missions.models import User


class AnnulmentForm(MoveForm):
    """Asks why the check does not count."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class NoteForm(MoveForm):
    """Asks what was found out."""

    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("What was found out, and what was done."),
    )


def _annul(scan: Scan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return annul_scan(scan=scan, reason=answers["reason"], by=by, at=at)


def _close(alert: ScanAlert, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return close_alert(alert=alert, note=answers["note"], by=by, at=at)


ANNUL: Move[Scan] = Move(
    name="annul",
    label=_("Annul"),
    sentence=_("The check stays on record, with your name and the reason, and counts no longer."),
    may=can_annul_scan,
    fits=lambda scan, user: scan.annulled_at is None,
    run=_annul,
    form=AnnulmentForm,
    tone="danger",
    in_bulk=True,
)
CLOSE: Move[ScanAlert] = Move(
    name="close",
    label=_("Close with a note"),
    sentence=_("Somebody has looked at this. The alert stays on record with the note."),
    may=can_annul_scan,
    fits=lambda alert, user: alert.closed_at is None,
    run=_close,
    form=NoteForm,
    tone="primary",
    in_bulk=True,
)


def badge_link(badge: Badge | None) -> SafeString | str:
    """The number of the badge, leading to its page."""
    if badge is None:
        return NOTHING
    return format_html('<a href="{}">{}</a>', reverse("admin:badges_badge_change", args=(badge.pk,)), badge)


def _scan_link(scan: Scan | None) -> SafeString | str:
    if scan is None:
        return NOTHING
    url = reverse("admin:badges_scan_change", args=(scan.pk,))
    at = local_text(scan.checked_at, scan.device.election.zone)
    return format_html('<a href="{}">{} · {} · {}</a>', url, at, scan.place_code, scan.get_result_display())


@admin.register(Scan)
class ScanAdmin(MovesAdmin):
    """What the devices at the doors saw. Who was where is the host's business alone."""

    page_template = "desk/facts.html"
    page_select_related = ("device__election", "badge", "annulled_by")
    moves: ClassVar[tuple[Move[Scan], ...]] = (ANNUL,)
    list_display = ("checked", "result_label", "badge", "place_code", "device", "photo", "annulled")
    list_filter = (
        ("result", ChoicesCheckboxFilter),
        ("photo", ChoicesCheckboxFilter),
        ("annulled_at", admin.EmptyFieldListFilter),
        ("device", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("device__election", "badge")
    search_fields = ("=badge__number", "place_code", "device__name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        scans: QuerySet[Any] = super().get_queryset(request)
        return scans.defer("badge__token", "badge__content")

    @column(_("checked"), ordering="checked_at")
    def checked(self, scan: Scan) -> str:
        return local_text(scan.checked_at, scan.device.election.zone)

    @column(_("result at the door"), ordering="result", tones=RESULT_TONES)
    def result_label(self, scan: Scan) -> tuple[str, str]:
        return scan.result, scan.get_result_display()

    @column(_("annulled"), ordering="annulled_at")
    def annulled(self, scan: Scan) -> str:
        return local_text(scan.annulled_at, scan.device.election.zone) if scan.annulled_at else ""

    def get_page_context(self, request: HttpRequest, obj: Scan) -> dict[str, Any]:
        election = obj.device.election
        facts = (
            (_("Result at the door"), obj.get_result_display()),
            (_("Badge"), badge_link(obj.badge)),
            (_("Photo"), obj.get_photo_display()),
            (_("Place"), obj.place_code),
            (_("Device"), obj.device),
            (_("Checked"), local_text(obj.checked_at, election.zone)),
            (_("By the clock of the device"), local_text(obj.device_time, election.zone)),
            (_("Received"), local_text(obj.received_at, election.zone)),
            (_("Revocation list used"), obj.list_number),
            (_("Annulled"), self.annulled(obj)),
            (_("Annulled by"), obj.annulled_by),
            (_("Reason"), obj.annulment_reason),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, election.zone),
            "zone": election.time_zone,
        }


@admin.register(ScanAlert)
class ScanAlertAdmin(MovesAdmin):
    """What a supervisor should look at: open until somebody closes it with a note."""

    page_template = "desk/facts.html"
    page_select_related = ("scan__device__election", "scan__badge", "other__device__election", "closed_by")
    moves: ClassVar[tuple[Move[ScanAlert], ...]] = (CLOSE,)
    list_display = ("raised", "kind", "badge", "places", "state_label", "closed_by")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), ("kind", ChoicesCheckboxFilter))
    list_filter_submit = True
    list_select_related = ("scan__device__election", "scan__badge", "other", "closed_by")
    search_fields = ("=scan__badge__number", "scan__place_code", "note")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        alerts: QuerySet[Any] = super().get_queryset(request)
        return alerts.defer("scan__badge__token", "scan__badge__content")

    @column(_("raised"), ordering="raised_at")
    def raised(self, alert: ScanAlert) -> str:
        return local_text(alert.raised_at, alert.scan.device.election.zone)

    @column(_("badge"), ordering="scan__badge__number")
    def badge(self, alert: ScanAlert) -> str:
        return str(alert.scan.badge or NOTHING)

    @column(_("place"))
    def places(self, alert: ScanAlert) -> str:
        return " ↔ ".join(scan.place_code for scan in (alert.scan, alert.other) if scan)

    @column(_("state"), ordering="closed_at", tones={"open": "danger", "closed": "success"})
    def state_label(self, alert: ScanAlert) -> tuple[str, str]:
        return ("closed", str(_("closed"))) if alert.closed_at else ("open", str(_("open")))

    def get_page_context(self, request: HttpRequest, obj: ScanAlert) -> dict[str, Any]:
        election = obj.scan.device.election
        facts = (
            (_("What it tells"), obj.get_kind_display()),
            (_("Badge"), badge_link(obj.scan.badge)),
            (_("Check"), _scan_link(obj.scan)),
            (_("The other check"), _scan_link(obj.other)),
            (_("Raised"), self.raised(obj)),
            (_("Closed"), local_text(obj.closed_at, election.zone)),
            (_("Closed by"), obj.closed_by),
            (_("Note"), obj.note),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, election.zone),
            "zone": election.time_zone,
        }
