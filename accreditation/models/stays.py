"""The stay of a nominated person in the host country."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models.people import Nomination
from accreditation.querysets import StayQuerySet
from accreditation.states import VisaState


class Stay(models.Model):
    """Arrival, departure, visa, lodging and briefing of one nominated person: as planned, and as it came about."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="stay", verbose_name=_("nomination"))
    arrives_at = models.DateTimeField(_("arrives at"), null=True, blank=True)
    arrival_flight = models.CharField(_("arrival by"), max_length=40, blank=True, help_text=_("Flight or vehicle."))
    departs_at = models.DateTimeField(_("departs at"), null=True, blank=True)
    departure_flight = models.CharField(_("departure by"), max_length=40, blank=True)
    visa_state = models.CharField(_("visa"), max_length=20, choices=VisaState.choices, default=VisaState.TO_APPLY)
    lodging = models.CharField(_("lodging"), max_length=200, blank=True)
    briefed_at = models.DateTimeField(_("attended the host's briefing at"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["arrives_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(visa_state__in=VisaState.values), name="stay_visa_state_known"),
            models.CheckConstraint(
                condition=models.Q(arrives_at=None)
                | models.Q(departs_at=None)
                | models.Q(departs_at__gt=models.F("arrives_at")),
                name="stay_departs_after_arrival",
                violation_error_message=_("The departure is before the arrival."),
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None)
                | models.Q(arrived_at=None)
                | models.Q(left_at__gte=models.F("arrived_at")),
                name="stay_left_after_arrival",
            ),
        ]

    def __str__(self) -> str:
        return str(self.nomination)
