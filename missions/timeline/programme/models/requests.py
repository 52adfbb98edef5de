"""What missions ask of the host, and the rank by which protocol weighs it."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Mission, MissionHead
from missions.timeline.programme.querysets import HostOnlyQuerySet, MeetingRequestQuerySet
from missions.timeline.programme.states import RequestKind, RequestState

HIGHEST_RANK, LOWEST_RANK = 1, 5


class ProtocolRank(models.Model):
    """The place of a mission in the order of protocol: 1 is the highest. Without a row it is the lowest."""

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="protocol_rank", verbose_name=_("mission"))
    rank = models.PositiveSmallIntegerField(
        _("rank"), validators=[MinValueValidator(HIGHEST_RANK), MaxValueValidator(LOWEST_RANK)]
    )

    objects = HostOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("protocol rank")
        verbose_name_plural = _("protocol ranks")
        ordering = ["rank", "mission"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rank__gte=HIGHEST_RANK, rank__lte=LOWEST_RANK), name="rank_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission}: {self.rank}"


class MeetingRequest(models.Model):
    """One thing that a mission asks for, to be placed between two instants.

    A mission asks for each kind once, in `part`s where it is too many for one. A wish may be refused where there is
    no room; a must may not. `pinned_at` is the beginning that the officer has fixed by hand.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text=_("Names it in calendars."))
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="meeting_requests", verbose_name=_("mission"))
    kind = models.CharField(_("kind"), max_length=12, choices=RequestKind.choices)
    part = models.PositiveSmallIntegerField(_("part"), default=1)
    size = models.PositiveIntegerField(_("persons"))
    language = models.CharField(
        _("interpretation"), max_length=3, blank=True, help_text=_("ISO 639-1; empty: none is needed.")
    )
    head = models.ForeignKey(
        MissionHead, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("head")
    )
    earliest_at = models.DateTimeField(_("not before"))
    latest_at = models.DateTimeField(_("ends by"))
    is_must = models.BooleanField(_("must take place"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    pinned_at = models.DateTimeField(_("fixed at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = MeetingRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting request")
        verbose_name_plural = _("meeting requests")
        ordering = ["mission", "earliest_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind", "part"],
                condition=models.Q(state=RequestState.ASKED),
                name="request_once_per_kind",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=RequestKind.values), name="request_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="request_size_positive"),
            models.CheckConstraint(
                condition=models.Q(latest_at__gt=models.F("earliest_at")), name="request_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        part = f" ({self.part})" if self.part > 1 else ""
        return f"{self.mission.code}: {self.get_kind_display()}{part}"
