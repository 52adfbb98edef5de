"""Where teams say that they are, and who answered that they are safe. What was said stays: rows are only added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models import Nomination, Observer
from missions.models import Election, Mission
from stations.deployment.models import Team, Visit
from stations.deployment.presence.querysets import (
    AskedObserverQuerySet,
    PresenceReportQuerySet,
    RollCallAnswerQuerySet,
    RollCallQuerySet,
)
from stations.deployment.presence.states import PresenceKind, Reply
from stations.models import PollingStation


class Reported(models.Model):
    """What somebody's device tells: once by its nonce, by its own clock, and by ours as far as the two differ."""

    nonce = models.CharField(_("nonce"), max_length=36, help_text=_("The same nonce again is the same report."))
    client_time = models.DateTimeField(_("time of the device"))
    skew_seconds = models.IntegerField(
        _("clock ahead by"), help_text=_("Seconds that the clock of the device was ahead when it sent this.")
    )
    happened_at = models.DateTimeField(
        _("happened at"),
        help_text=_("The time of the device without what its clock is ahead; never after the receipt."),
    )
    received_at = models.DateTimeField(_("received at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        abstract = True


class PresenceReport(Reported):
    """A team is in its area, has arrived at a station, or has left it.

    `team_key` is the team's key, which it keeps from one version of its plan to the next, and so do its reports.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="presence_reports", verbose_name=_("team"))
    team_key = models.UUIDField(_("key of the team"), editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=PresenceKind.choices)
    station = models.ForeignKey(
        PollingStation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="presence_reports",
        verbose_name=_("polling station"),
    )
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="presence_reports",
        verbose_name=_("planned visit"),
        help_text=_("Empty if it was not planned, or if the report does not say for which stage of the day it is."),
    )

    objects = PresenceReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence report")
        verbose_name_plural = _("presence reports")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team_key", "nonce"], name="presence_report_once"),
            models.CheckConstraint(condition=models.Q(kind__in=PresenceKind.values), name="presence_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=PresenceKind.IN_AREA, station=None, visit=None)
                | (~models.Q(kind=PresenceKind.IN_AREA) & models.Q(station__isnull=False)),
                name="presence_at_station_or_in_area",
            ),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("received_at")), name="presence_not_of_the_future"
            ),
        ]
        indexes = [models.Index(fields=["team_key", "happened_at"], name="presence_by_team")]
        permissions = [("report_presence", _("Can report where teams of the pool are"))]

    def __str__(self) -> str:
        return f"{self.team} · {self.get_kind_display()}"


class RollCall(models.Model):
    """One mission, or the pool of host-coordinated missions (no mission), asks all its people whether they are safe."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="roll_calls", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roll_calls",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    number = models.PositiveIntegerField(_("number"))
    reason = models.CharField(_("reason"), max_length=2000)
    called_at = models.DateTimeField(_("called at"))
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("called by")
    )
    answer_by = models.DateTimeField(_("answer by"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = RollCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll call")
        verbose_name_plural = _("roll calls")
        ordering = ["-called_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission", "number"],
                condition=models.Q(mission__isnull=False),
                name="roll_call_number_once",
            ),
            models.UniqueConstraint(
                fields=["election", "number"], condition=models.Q(mission=None), name="roll_call_pool_number_once"
            ),
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False, closed_at=None),
                name="roll_call_one_open",
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(mission=None, closed_at=None),
                name="roll_call_pool_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_by__gt=models.F("called_at")), name="roll_call_leaves_time"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None) | models.Q(closed_at__gte=models.F("called_at")),
                name="roll_call_closed_after_call",
            ),
        ]
        permissions = [("call_roll", _("Can call the roll of the pool, answer for its people and close it"))]

    def __str__(self) -> str:
        owner = self.mission.code if self.mission else _("Pool")
        return f"{owner} #{self.number}"

    @property
    def is_private(self) -> bool:
        """Whether what happens to the roll call is hidden from the host."""
        return self.mission is not None and self.mission.is_self_directed


class AskedObserver(models.Model):
    """Somebody whom a roll call asks: kept from the call on, whatever becomes of plans and accreditations since."""

    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="asked", verbose_name=_("roll call"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="+", verbose_name=_("observer"))
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="+", verbose_name=_("nomination"))

    objects = AskedObserverQuerySet.as_manager()

    class Meta:
        verbose_name = _("asked observer")
        verbose_name_plural = _("asked observers")
        ordering = ["roll_call", "observer"]
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "observer"], name="roll_call_asks_once"),
        ]

    def __str__(self) -> str:
        return str(self.observer)


class RollCallAnswer(Reported):
    """What was answered for somebody. The latest that happened counts, in whatever order they came."""

    asked = models.ForeignKey(AskedObserver, models.CASCADE, related_name="answers", verbose_name=_("asked observer"))
    reply = models.CharField(_("answer"), max_length=20, choices=Reply.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = RollCallAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a roll call")
        verbose_name_plural = _("answers to roll calls")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["asked", "nonce"], name="roll_call_answer_once"),
            models.CheckConstraint(condition=models.Q(reply__in=Reply.values), name="roll_call_reply_known"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("received_at")), name="roll_call_answer_not_of_the_future"
            ),
        ]
        indexes = [models.Index(fields=["asked", "happened_at"], name="roll_call_answer_latest")]

    def __str__(self) -> str:
        return f"{self.asked} · {self.get_reply_display()}"
