"""What a mission is told of the others: where they are few and where they are many, and never who."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.models import Mission
from stations.deployment.querysets import CrowdingQuerySet


class CrowdingPicture(models.Model):
    """How crowded each constituency was by all others that agreed, for one mission, at a fixed instant.

    `bands` has a band (CrowdBand) for each constituency by its key; `plans` what was counted, mission by mission, to
    know when the next picture may be taken. No page, answer or log shows `plans`.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="crowding", verbose_name=_("mission"))
    taken_at = models.DateTimeField(_("taken at"))
    bands = models.JSONField(_("bands"), default=dict)
    plans = models.JSONField(default=dict, editable=False)

    objects = CrowdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of crowding")
        verbose_name_plural = _("pictures of crowding")
        ordering = ["mission", "-taken_at"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "taken_at"], name="crowding_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mission} · {date_format(self.taken_at, 'j M Y')}"
