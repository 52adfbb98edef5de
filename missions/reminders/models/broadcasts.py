"""Mails that staff write to many at once: to whom, in which words, and how far it has come."""

from typing import TYPE_CHECKING, Union

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from missions.querysets import only_for_host
from missions.reminders.states import BroadcastState
from missions.states import MailLanguage

if TYPE_CHECKING:
    from missions.models import User


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[Broadcast]":
        """All for the host, nothing for anybody else: a mission sees the mails that it got."""
        return only_for_host(self, user)


class Broadcast(models.Model):
    """One letter to many people about one election.

    The audience is kept as it was asked for, and found anew whenever somebody looks: `fingerprint` names the
    people and the words that were shown when it was prepared, and only exactly those are sent to.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="broadcasts", verbose_name=_("election"))
    state = models.CharField(_("state"), max_length=20, choices=BroadcastState.choices, default=BroadcastState.DRAFT)
    audiences = models.JSONField(_("people of missions"), default=list, blank=True)
    mission_kinds = models.JSONField(_("kinds of missions"), default=list, blank=True)
    organization_kinds = models.JSONField(_("kinds of organizations"), default=list, blank=True)
    traits = models.JSONField(_("state of the delegation"), default=list, blank=True)
    missions = models.ManyToManyField(
        Mission, blank=True, related_name="+", verbose_name=_("missions"), help_text=_("None chosen: all of them.")
    )
    groups = models.JSONField(_("staff groups"), default=list, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    created_at = models.DateTimeField(_("written at"))
    prepared_at = models.DateTimeField(_("prepared at"), null=True, blank=True)
    recipients = models.PositiveIntegerField(_("recipients"), default=0)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    queued_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        ordering = ["-created_at", "-pk"]
        permissions = [("send_broadcast", "Can write and send broadcasts")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BroadcastState.values), name="broadcast_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=(BroadcastState.PREPARED, BroadcastState.QUEUED))
                | models.Q(prepared_at__isnull=False, recipients__gte=1) & ~models.Q(fingerprint=""),
                name="broadcast_prepared_has_recipients",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(BroadcastState.QUEUED, BroadcastState.STOPPED))
                | models.Q(queued_at__isnull=False),
                name="broadcast_queued_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Broadcast %d") % self.pk)


class BroadcastText(models.Model):
    """Subject and body of a broadcast in one language, with places for values."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="texts", verbose_name=_("broadcast"))
    language = models.CharField(_("language"), max_length=5, choices=MailLanguage.choices)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["broadcast", "language"]
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "language"], name="broadcast_text_once"),
            models.CheckConstraint(
                condition=models.Q(language__in=MailLanguage.values), name="broadcast_text_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broadcast} ({self.language})"
