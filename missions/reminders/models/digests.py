"""Missions that want their reminders in one mail a day."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Mission
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from missions.models import User


class DigestChoiceQuerySet(models.QuerySet["DigestChoice"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[DigestChoice]":
        """All for the host; for others those of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class DigestChoice(models.Model):
    """A mission's wish: what may wait comes once a day, at this hour by the clocks of the host country."""

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="digest_choice", verbose_name=_("mission"))
    local_time = models.TimeField(_("every day at"))

    objects = DigestChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("one mail a day")
        verbose_name_plural = _("one mail a day")
        ordering = ["mission"]

    def __str__(self) -> str:
        return f"{self.mission}, {self.local_time:%H:%M}"
