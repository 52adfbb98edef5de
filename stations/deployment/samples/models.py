"""Station samples: what they were drawn from, how, and which stations came out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.deployment.samples.querysets import SampledStationQuerySet, StationSampleQuerySet
from stations.deployment.samples.states import FramePart, Place, SampleState
from stations.models import PollingStation


class StationSample(models.Model):
    """One draw for a mission, or for the pool of host-coordinated missions (no mission)."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="station_samples", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="station_samples",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=20, choices=SampleState.choices, default=SampleState.DRAWN)
    frame_part = models.CharField(_("drawn from"), max_length=20, choices=FramePart.choices)
    stratifiers = models.JSONField(_("divided by"), default=list, blank=True)
    margin_permille = models.PositiveSmallIntegerField(
        _("wanted margin"), null=True, blank=True, help_text=_("In tenths of a point; empty if a size was wanted.")
    )
    size = models.PositiveIntegerField(_("stations in the sample"))
    minimum = models.PositiveIntegerField(_("least per stratum"))
    reserve_percent = models.PositiveSmallIntegerField(_("reserve in per cent"))
    seed = models.CharField(_("seed"), max_length=64)
    register_version = models.PositiveIntegerField(_("version of the register"))
    frame_size = models.PositiveIntegerField(_("stations in the frame"))
    frame_sha256 = models.CharField(_("SHA-256 of the frame"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("drawn by")
    )
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StationSampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("station sample")
        verbose_name_plural = _("station samples")
        ordering = ["election", "mission", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission", "number"],
                condition=models.Q(mission__isnull=False),
                name="sample_number_once",
            ),
            models.UniqueConstraint(
                fields=["election", "number"], condition=models.Q(mission=None), name="sample_pool_number_once"
            ),
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False, state=SampleState.LOCKED),
                name="sample_one_locked",
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(mission=None, state=SampleState.LOCKED),
                name="sample_pool_one_locked",
            ),
            models.CheckConstraint(condition=models.Q(state__in=SampleState.values), name="sample_state_known"),
            models.CheckConstraint(condition=models.Q(frame_part__in=FramePart.values), name="sample_frame_part_known"),
            models.CheckConstraint(
                condition=models.Q(state=SampleState.LOCKED, locked_at__isnull=False)
                | (~models.Q(state=SampleState.LOCKED) & models.Q(locked_at=None)),
                name="sample_locked_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=models.F("frame_size")), name="sample_size_within_frame"
            ),
        ]
        permissions = [("draw_sample", _("Can draw and lock station samples"))]

    def __str__(self) -> str:
        owner = self.mission.code if self.mission else _("Pool")
        return f"{owner} #{self.number}"

    @property
    def is_private(self) -> bool:
        """Whether what happens to the sample is hidden from the host."""
        return self.mission_id is not None


class SampleFrame(models.Model):
    """All stations that could have been drawn, with their strata, as they were: compressed text (samples.drawing)."""

    sample = models.OneToOneField(StationSample, models.CASCADE, related_name="frame", verbose_name=_("station sample"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("frame of a sample")
        verbose_name_plural = _("frames of samples")

    def __str__(self) -> str:
        return str(self.sample)


class SampleStratum(models.Model):
    """Stations that share a value of each stratifier, and how many of them were drawn."""

    sample = models.ForeignKey(StationSample, models.CASCADE, related_name="strata", verbose_name=_("station sample"))
    position = models.PositiveIntegerField(_("position"))
    values = models.JSONField(_("values"), default=list, help_text=_("In the order of the sample's stratifiers."))
    size = models.PositiveIntegerField(_("stations"))
    drawn = models.PositiveIntegerField(_("drawn"))

    class Meta:
        verbose_name = _("stratum")
        verbose_name_plural = _("strata")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "position"], name="sample_stratum_once"),
            models.CheckConstraint(
                condition=models.Q(drawn__lte=models.F("size")), name="sample_stratum_not_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(self.values)


class SampledStation(models.Model):
    """A station with its rank in its stratum: in the sample, in reserve, or replaced."""

    sample = models.ForeignKey(StationSample, models.CASCADE, related_name="stations", verbose_name=_("station sample"))
    stratum = models.ForeignKey(SampleStratum, models.CASCADE, related_name="stations", verbose_name=_("stratum"))
    station = models.ForeignKey(
        PollingStation, models.PROTECT, related_name="sample_places", verbose_name=_("polling station")
    )
    rank = models.PositiveIntegerField(_("rank"))
    place = models.CharField(_("place"), max_length=20, choices=Place.choices)
    stands_for = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stand_in",
        verbose_name=_("stands for"),
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=2000, blank=True)

    objects = SampledStationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sampled station")
        verbose_name_plural = _("sampled stations")
        ordering = ["sample", "stratum", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "station"], name="sampled_station_once"),
            models.UniqueConstraint(fields=["stratum", "rank"], name="sampled_station_rank_once"),
            models.CheckConstraint(condition=models.Q(place__in=Place.values), name="sampled_station_place_known"),
            models.CheckConstraint(
                condition=models.Q(place=Place.REPLACED, replaced_at__isnull=False) & ~models.Q(reason="")
                | (~models.Q(place=Place.REPLACED) & models.Q(replaced_at=None, reason="")),
                name="sampled_station_replaced_for_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(place=Place.RESERVE) | models.Q(stands_for=None),
                name="sampled_station_reserve_waits",
            ),
        ]
        indexes = [models.Index(fields=["sample", "place"], name="sampled_station_by_place")]

    def __str__(self) -> str:
        return f"{self.station} ({self.get_place_display()})"
