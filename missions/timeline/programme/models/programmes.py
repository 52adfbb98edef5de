"""The versions of the ministry's programme, and the bookings of each."""

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.models import Election
from missions.timeline.programme.models.requests import MeetingRequest
from missions.timeline.programme.models.resources import SharedResource
from missions.timeline.programme.querysets import BookingQuerySet, HostOnlyQuerySet, ProgrammeQuerySet
from missions.timeline.programme.states import Method, ProgrammeState


class Programme(models.Model):
    """One version: ordered, made by a job, looked at, and released or put away.

    `base` is the version that was released when this one was ordered; it is released only in the place of that one.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="programmes", verbose_name=_("election"))
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=ProgrammeState.choices, default=ProgrammeState.ORDERED)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.FRESH)
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("in the place of")
    )
    seed = models.PositiveIntegerField(_("seed"), default=0)
    seconds = models.PositiveSmallIntegerField(_("seconds allowed"))
    ordered_at = models.DateTimeField(_("ordered at"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by")
    )
    lease_until = models.DateTimeField(_("worked on until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    progress = models.CharField(_("progress"), max_length=100, blank=True)
    fault = models.CharField(_("fault"), max_length=500, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    problem_digest = models.CharField(_("digest of the problem"), max_length=64, blank=True)
    solution = models.JSONField(
        _("solution"), default=dict, blank=True, help_text=_("Parts with bounds and gaps, seconds, first come.")
    )
    left_out = models.JSONField(_("left out"), default=list, blank=True, help_text=_("The requests without a place."))
    changed_by_hand = models.PositiveSmallIntegerField(_("changes by hand"), default=0)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["election", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["election", "version"], name="programme_version_once"),
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(state=ProgrammeState.RELEASED),
                name="programme_one_released",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ProgrammeState.values), name="programme_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=[ProgrammeState.RELEASED, ProgrammeState.SUPERSEDED])
                | models.Q(released_at__isnull=False),
                name="programme_released_has_instant",
            ),
        ]
        permissions = [
            ("make_programme", _("Can make the ministry's programme")),
            ("release_programme", _("Can release the ministry's programme")),
        ]

    def __str__(self) -> str:
        return str(_("Programme %d")) % self.version


class Booking(models.Model):
    """The place of one request in one version. `room` names the hall, desk, counter or vehicles."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="bookings", verbose_name=_("programme"))
    request = models.ForeignKey(
        MeetingRequest, models.PROTECT, related_name="bookings", verbose_name=_("meeting request")
    )
    resource = models.ForeignKey(
        SharedResource, models.PROTECT, related_name="bookings", verbose_name=_("shared resource")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    room = models.CharField(_("room"), max_length=100, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["programme", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "request"], name="booking_request_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="booking_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}, {self.resource}"


class HeldSlot(models.Model):
    """Five minutes of a host or a press hall, held by one booking of a version.

    The unique constraint is what excludes double booking: one version of an election is released at a time.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="held_slots", verbose_name=_("programme"))
    resource = models.ForeignKey(SharedResource, models.PROTECT, related_name="+", verbose_name=_("shared resource"))
    room = models.CharField(_("room"), max_length=100, blank=True)
    slot_at = models.DateTimeField(_("from"))
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="held_slots", verbose_name=_("booking"))

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("held slot")
        verbose_name_plural = _("held slots")
        ordering = ["resource", "slot_at"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "resource", "room", "slot_at"], name="held_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {date_format(self.slot_at.astimezone(self.resource.election.zone), 'j M Y, H:i')}"
