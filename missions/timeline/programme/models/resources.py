"""What all missions share within a few days: hosts, halls, desks, counters, vehicles and interpreters."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.models import Election
from missions.timeline.programme.querysets import HostOnlyQuerySet
from missions.timeline.programme.states import ResourceKind


class SharedResource(models.Model):
    """One host, hall or pool of an election.

    A host or press hall takes one delegation at a time, a hall so many persons in a session, a pool (desks, counters,
    vehicles) so many units at once, each for `unit_persons` people. A place, session or use lasts `minutes` and keeps
    the resource for `gap_minutes` more.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="shared_resources", verbose_name=_("election"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Where it is, as guests find it."))
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind.choices)
    serves = models.JSONField(_("serves"), default=list, help_text=_("The kinds of requests that it is for."))
    capacity = models.PositiveIntegerField(
        _("capacity"), default=1, help_text=_("Persons in a hall, rooms of a press centre, units of a pool.")
    )
    unit_persons = models.PositiveIntegerField(
        _("persons per unit"), default=1, help_text=_("Of a pool: how many people one unit takes at a time.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    gap_minutes = models.PositiveSmallIntegerField(_("changeover in minutes"), default=0)
    sessions_per_day = models.PositiveSmallIntegerField(
        _("sessions a day"), default=0, help_text=_("Of a hall; 0: as many as fit.")
    )
    languages_per_session = models.PositiveSmallIntegerField(
        _("languages in a session"), default=0, help_text=_("Booths of a hall.")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared resource")
        verbose_name_plural = _("shared resources")
        ordering = ["election", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="resource_code_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=1, unit_persons__gte=1), name="resource_capacity_positive"
            ),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="resource_minutes_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class OpenWindow(models.Model):
    """A time at which a resource is there; outside its windows nothing is placed on it."""

    resource = models.ForeignKey(
        SharedResource, models.CASCADE, related_name="windows", verbose_name=_("shared resource")
    )
    opens_at = models.DateTimeField(_("from"))
    closes_at = models.DateTimeField(_("until"))

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("open window")
        verbose_name_plural = _("open windows")
        ordering = ["resource", "opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "opens_at"], name="window_begins_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="window_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {date_format(self.opens_at.astimezone(self.resource.election.zone), 'j M Y, H:i')}"


class Closure(models.Model):
    """Time that a resource has lost since its windows were opened. The places around it keep their hours."""

    resource = models.ForeignKey(
        SharedResource, models.CASCADE, related_name="closures", verbose_name=_("shared resource")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    closed_at = models.DateTimeField(_("noted at"))

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["resource", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "starts_at", "ends_at"], name="closure_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="closure_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {date_format(self.starts_at.astimezone(self.resource.election.zone), 'j M Y, H:i')}"


class InterpreterPool(models.Model):
    """How many interpreters of one language there are at any time, over all hosts and halls."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="interpreters", verbose_name=_("election"))
    language = models.CharField(_("language"), max_length=3, help_text=_("ISO 639-1."))
    count = models.PositiveSmallIntegerField(_("interpreters"))

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("interpreters")
        verbose_name_plural = _("interpreters")
        ordering = ["election", "language"]
        constraints = [
            models.UniqueConstraint(fields=["election", "language"], name="interpreters_language_once"),
        ]

    def __str__(self) -> str:
        return f"{self.language} ({self.count})"
