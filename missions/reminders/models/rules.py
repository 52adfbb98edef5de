"""Reminder rules: which condition, counted from which instant, in which steps, to whom, and in which words."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.querysets import only_for_host
from missions.reminders.states import Audience, Clock
from missions.states import MailLanguage

if TYPE_CHECKING:
    from missions.models import User


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[ReminderRule]":
        """All for the host, nothing for anybody else."""
        return only_for_host(self, user)

    def active(self) -> "ReminderRuleQuerySet":
        """Those by which mails are planned."""
        return self.filter(is_active=True)


class ReminderRule(models.Model):
    """One rule of the ministry: as long as its condition holds for something, the people of its steps are told.

    The code names the rule on every message and never changes. `default_digest` is what a rule that comes with the
    product looked like when it was laid: whoever changes the rule keeps it, a new release replaces only what nobody
    touched.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    condition = models.CharField(_("condition"), max_length=60)
    anchor = models.CharField(_("counted from"), max_length=60)
    is_active = models.BooleanField(_("active"), default=False)
    is_urgent = models.BooleanField(
        _("urgent"), default=False, help_text=_("Goes out at once, also to those who want one mail a day.")
    )
    default_digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        ordering = ["title", "code"]

    def __str__(self) -> str:
        return self.title


class ReminderStep(models.Model):
    """One step of a rule: who is told, how many days after the anchor, and at which hour of whose clocks."""

    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="steps", verbose_name=_("rule"))
    position = models.PositiveSmallIntegerField(_("position"))
    audience = models.CharField(_("to"), max_length=20, choices=Audience.choices)
    group = models.CharField(_("staff group"), max_length=150, blank=True)
    offset_days = models.SmallIntegerField(_("days after"), help_text=_("Negative: before."))
    local_time = models.TimeField(_("at"))
    clock = models.CharField(_("by the clocks of"), max_length=10, choices=Clock.choices, default=Clock.HOST)
    every_days = models.PositiveSmallIntegerField(_("again every … days"), default=1)
    times = models.PositiveSmallIntegerField(_("at most … times"), default=1)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["rule", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "position"], name="reminder_step_once"),
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="reminder_step_audience"),
            models.CheckConstraint(condition=models.Q(clock__in=Clock.values), name="reminder_step_clock"),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.GROUP) & ~models.Q(group="")
                | ~models.Q(audience=Audience.GROUP) & models.Q(group=""),
                name="reminder_step_group_named",
            ),
            models.CheckConstraint(condition=models.Q(every_days__gte=1, times__gte=1), name="reminder_step_repeats"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.position}"


class ReminderText(models.Model):
    """Subject and body of a step in one language, with places for the values of the condition."""

    step = models.ForeignKey(ReminderStep, models.CASCADE, related_name="texts", verbose_name=_("step"))
    language = models.CharField(_("language"), max_length=5, choices=MailLanguage.choices)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["step", "language"]
        constraints = [
            models.UniqueConstraint(fields=["step", "language"], name="reminder_text_once"),
            models.CheckConstraint(condition=models.Q(language__in=MailLanguage.values), name="reminder_text_language"),
        ]

    def __str__(self) -> str:
        return f"{self.step} ({self.language})"
