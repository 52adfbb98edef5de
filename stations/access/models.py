"""What was granted to whom before somebody may go to a special-access station, and the escorts that are shared."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.access.querysets import AccessGrantQuerySet, EscortRunQuerySet
from stations.access.states import LIVE_STATES, SEATED, AccessState
from stations.models import PollingStation
from stations.states import AccessCondition


class EscortRun(models.Model):
    """One drive under escort, or of one vehicle, with so many seats. `seats_taken` is counted by the grants."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="escort_runs", verbose_name=_("election"))
    condition = models.CharField(_("condition"), max_length=20, choices=AccessCondition.choices)
    name = models.CharField(_("name"), max_length=200)
    departs_at = models.DateTimeField(_("departs at"))
    returns_at = models.DateTimeField(_("returns at"))
    stations = models.ManyToManyField(PollingStation, related_name="escort_runs", verbose_name=_("stations"))
    seats = models.PositiveIntegerField(_("seats"))
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0)

    objects = EscortRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("escort or vehicle")
        verbose_name_plural = _("escorts and vehicles")
        ordering = ["election", "departs_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["election", "name", "departs_at"], name="escort_run_once"),
            models.CheckConstraint(
                condition=models.Q(condition__in=sorted(SEATED)), name="escort_run_condition_seated"
            ),
            models.CheckConstraint(
                condition=models.Q(departs_at__lt=models.F("returns_at")), name="escort_run_departs_first"
            ),
            models.CheckConstraint(
                condition=models.Q(seats_taken__lte=models.F("seats")), name="escort_run_not_overbooked"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccessGrant(models.Model):
    """One precondition of one station for one mission: asked for, granted by the named authority until an instant.

    It names station and condition and not the row of the register, which every register file writes anew.
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="access_grants", verbose_name=_("mission"))
    station = models.ForeignKey(
        PollingStation, models.PROTECT, related_name="access_grants", verbose_name=_("polling station")
    )
    condition = models.CharField(_("condition"), max_length=20, choices=AccessCondition.choices)
    persons = models.PositiveSmallIntegerField(_("persons"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=AccessState.choices, default=AccessState.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("requested by")
    )
    granted_by = models.CharField(
        _("granted by"), max_length=200, blank=True, help_text=_("The authority, as it signed.")
    )
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    run = models.ForeignKey(
        EscortRun,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("escort or vehicle"),
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=0)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant of access")
        verbose_name_plural = _("grants of access")
        ordering = ["mission", "station", "condition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "station", "condition"],
                condition=models.Q(state__in=LIVE_STATES),
                name="access_one_live_grant",
            ),
            models.CheckConstraint(condition=models.Q(state__in=AccessState.values), name="access_grant_state_known"),
            models.CheckConstraint(
                condition=models.Q(condition__in=AccessCondition.values), name="access_grant_condition_known"
            ),
            models.CheckConstraint(condition=models.Q(persons__gte=1), name="access_grant_for_somebody"),
            models.CheckConstraint(
                condition=~models.Q(state=AccessState.GRANTED)
                | (models.Q(decided_at__isnull=False, valid_until__isnull=False) & ~models.Q(granted_by="")),
                name="access_granted_by_and_until",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AccessState.REFUSED) | ~models.Q(reason=""),
                name="access_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=AccessState.GRANTED) | models.Q(run=None, seats=0),
                name="access_seats_only_granted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AccessState.GRANTED)
                | models.Q(condition__in=sorted(SEATED), run__isnull=False)
                | (~models.Q(condition__in=sorted(SEATED)) & models.Q(run=None)),
                name="access_seated_has_run",
            ),
        ]
        permissions = [("grant_access", _("Can grant and refuse special access"))]

    def __str__(self) -> str:
        return f"{self.mission.code}: {self.station.code}, {self.get_condition_display()}"
