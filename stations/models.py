"""Where: polling stations, each the seat of a precinct commission."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Constituency, Election
from missions.models.elections import ALPHA3
from stations.querysets import PollingStationQuerySet
from stations.states import AccessCondition, StationKind


class PollingStation(models.Model):
    """One place of voting. The code is text: leading zeros are part of it."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="polling_stations", verbose_name=_("election"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=StationKind.choices)
    constituency = models.ForeignKey(
        Constituency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="polling_stations",
        verbose_name=_("constituency"),
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    voters = models.PositiveIntegerField(_("registered voters"))
    is_urban = models.BooleanField(_("urban"), default=False)
    has_web_camera = models.BooleanField(_("web camera"), default=False)
    is_newly_covered = models.BooleanField(_("newly covered territory"), default=False)
    country = models.CharField(_("country"), max_length=3, validators=[ALPHA3])
    city = models.CharField(_("city"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    opens_at = models.TimeField(_("opens (local time)"))
    closes_at = models.TimeField(_("closes (local time)"))
    embassy_contact = models.CharField(_("embassy contact"), max_length=200, blank=True)
    accredited_by_embassy = models.BooleanField(_("accreditation through the embassy"), default=False)
    closed_at = models.DateTimeField(
        _("taken out of use at"), null=True, blank=True, help_text=_("Nobody votes there at this election.")
    )
    closed_reason = models.CharField(_("why it was taken out of use"), max_length=300, blank=True)

    objects = PollingStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("polling station")
        verbose_name_plural = _("polling stations")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="station_code_once"),
            models.CheckConstraint(condition=models.Q(kind__in=StationKind.values), name="station_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=StationKind.OVERSEAS, constituency=None)
                | (~models.Q(kind=StationKind.OVERSEAS) & models.Q(constituency__isnull=False)),
                name="station_constituency_unless_overseas",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="station_coordinates_in_range",
            ),
            models.CheckConstraint(condition=models.Q(opens_at__lt=models.F("closes_at")), name="station_hours"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_reason="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closed_reason="")),
                name="station_closed_has_reason",
            ),
        ]
        permissions = [("close_pollingstation", _("Can take polling stations out of use"))]
        indexes = [models.Index(fields=["election", "kind", "code"], name="station_by_kind")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_closed(self) -> bool:
        """Whether it was taken out of use; its hours on election day are another matter."""
        return self.closed_at is not None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class AccessRequirement(models.Model):
    """One precondition for sending somebody to a special-access station, and who grants it."""

    station = models.ForeignKey(
        PollingStation, models.CASCADE, related_name="access_requirements", verbose_name=_("polling station")
    )
    condition = models.CharField(_("condition"), max_length=20, choices=AccessCondition.choices)
    granted_by = models.CharField(_("granted by"), max_length=200)

    class Meta:
        verbose_name = _("access requirement")
        verbose_name_plural = _("access requirements")
        ordering = ["condition"]
        constraints = [
            models.UniqueConstraint(fields=["station", "condition"], name="access_requirement_once"),
            models.CheckConstraint(
                condition=models.Q(condition__in=AccessCondition.values), name="access_condition_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_condition_display()
