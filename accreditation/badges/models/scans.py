"""Checks of badges: the devices that check, what they saw, and what somebody should look at."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.badges.models.badges import Badge
from accreditation.badges.querysets import CheckDeviceQuerySet, ScanAlertQuerySet, ScanQuerySet
from accreditation.badges.states import AlertKind, PhotoCheck, ScanResult
from missions.models import Election


class CheckDevice(models.Model):
    """A device that checks badges at one place. Enrolled by a code that works once; its token is kept as a digest."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    election = models.ForeignKey(Election, models.PROTECT, related_name="check_devices", verbose_name=_("election"))
    name = models.CharField(_("name"), max_length=100)
    place_code = models.CharField(
        _("place"), max_length=40, help_text=_("Code of the polling station, or a word for another place.")
    )
    enrolment_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    enrolment_ends_at = models.DateTimeField(_("enrolment possible until"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    enrolled_at = models.DateTimeField(_("enrolled at"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True)
    clock_offset = models.IntegerField(
        _("clock offset"), null=True, blank=True, help_text=_("Seconds that its clock is ahead, as last reported.")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = CheckDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("checking device")
        verbose_name_plural = _("checking devices")
        ordering = ["election", "place_code", "name"]
        constraints = [
            models.UniqueConstraint(fields=["election", "name"], name="check_device_name_once"),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~models.Q(token_digest=""), name="check_device_token_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment_digest"],
                condition=~models.Q(enrolment_digest=""),
                name="check_device_enrolment_once",
            ),
            models.CheckConstraint(
                condition=models.Q(token_digest="") | models.Q(enrolled_at__isnull=False),
                name="check_device_token_when_enrolled",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """One check, stored once per device and nonce, refused ones too. Annulled, never deleted."""

    device = models.ForeignKey(CheckDevice, models.PROTECT, related_name="scans", verbose_name=_("device"))
    nonce = models.CharField(_("nonce"), max_length=36)
    badge = models.ForeignKey(
        Badge, models.PROTECT, null=True, blank=True, related_name="scans", verbose_name=_("badge")
    )
    code_id = models.CharField(_("code id"), max_length=16, blank=True)
    place_code = models.CharField(_("place"), max_length=40)
    result = models.CharField(_("result at the door"), max_length=20, choices=ScanResult.choices)
    photo = models.CharField(_("photo"), max_length=10, choices=PhotoCheck.choices, default=PhotoCheck.ABSENT)
    list_number = models.BigIntegerField(_("revocation list used"), null=True, blank=True)
    device_time = models.DateTimeField(_("time of the device"))
    checked_at = models.DateTimeField(
        _("checked at"), help_text=_("The time of the device, corrected by its clock offset; never after the receipt.")
    )
    received_at = models.DateTimeField(_("received at"))
    annulled_at = models.DateTimeField(_("annulled at"), null=True, blank=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("annulled by"),
    )
    annulment_reason = models.CharField(_("reason of the annulment"), max_length=300, blank=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-received_at", "-pk"]
        permissions = [("annul_scan", _("Can annul scans and close alerts"))]
        constraints = [
            models.UniqueConstraint(fields=["device", "nonce"], name="scan_once"),
            models.CheckConstraint(condition=models.Q(result__in=ScanResult.values), name="scan_result_known"),
            models.CheckConstraint(condition=models.Q(photo__in=PhotoCheck.values), name="scan_photo_known"),
            models.CheckConstraint(
                condition=models.Q(annulled_at=None, annulled_by=None, annulment_reason="")
                | (models.Q(annulled_at__isnull=False, annulled_by__isnull=False) & ~models.Q(annulment_reason="")),
                name="scan_annulled_by_whom_and_why",
            ),
        ]
        indexes = [
            models.Index(fields=["badge", "checked_at"], name="scan_by_badge"),
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.place_code}"


class ScanAlert(models.Model):
    """Something about a scan that a supervisor should look at; raised once."""

    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind.choices)
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="alerts", verbose_name=_("scan"))
    other = models.ForeignKey(
        Scan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("the other scan")
    )
    raised_at = models.DateTimeField(_("raised at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ScanAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "scan"], condition=models.Q(other=None), name="scan_alert_once"),
            models.UniqueConstraint(
                fields=["kind", "scan", "other"],
                condition=models.Q(other__isnull=False),
                name="scan_alert_of_two_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=AlertKind.values), name="scan_alert_kind_known"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None, note="")
                | (models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(note="")),
                name="scan_alert_closed_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
