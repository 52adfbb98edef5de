"""A mission's timeline: milestones laid from a template, each an anchor plus an offset."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Mission
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from missions.models import User


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[Milestone]":
        """All for the host; for others the milestones of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class Milestone(models.Model):
    """One dated step of a mission. `planned_at` follows from anchor, offset and E-day, and moves with them."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="milestones", verbose_name=_("mission"))
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    anchor = models.CharField(_("anchor"), max_length=20)
    offset_days = models.SmallIntegerField(_("offset in days"))
    local_time = models.TimeField(_("local time"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    planned_at = models.DateTimeField(_("planned"), db_index=True)
    actual_at = models.DateTimeField(_("actual"), null=True, blank=True)
    after = models.JSONField(_("after"), default=list, blank=True, help_text=_("Codes of the steps that come before."))
    is_own = models.BooleanField(
        _("changed by hand"), default=False, help_text=_("Laying the timeline again leaves its offset and hour alone.")
    )
    reason = models.CharField(_("reason of the change"), max_length=500, blank=True)
    sequence = models.PositiveIntegerField(
        _("sequence"), default=0, help_text=_("Counts the changes that a calendar must hear of.")
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    fact = models.CharField(
        _("proven by"), max_length=40, blank=True, help_text=_("The fact that shows that the step was made.")
    )
    is_shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Holds for all missions below this one, at one instant.")
    )
    shared_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("shared from")
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "code"], name="milestone_code_once"),
        ]

    def __str__(self) -> str:
        return self.title
