"""The outbox: one row per reminder, named by rule, person, subject and local date, so that none goes twice."""

import uuid
from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Mission
from missions.querysets import scoped_to_missions
from missions.reminders.states import MessageState
from missions.states import MailLanguage

if TYPE_CHECKING:
    from missions.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[Message]":
        """For the host all but what is private to a mission; for others those about the missions that they act for."""
        is_host = user.is_authenticated and user.is_host
        return scoped_to_missions(self.open_to_host() if is_host else self, user, mission="mission")

    def open_to_host(self) -> "MessageQuerySet":
        """All but what is private to a mission: what the host reads, and counts."""
        return self.filter(is_private=False)

    def written_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[Message]":
        """What was or will be mailed to the person's own address, whatever it is about."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(to_address=user.email)


class Message(models.Model):
    """One mail: planned once, leased by one sender at a time, and kept as proof."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text=_("Becomes the Message-ID."))
    rule = models.CharField(_("rule"), max_length=60)
    to_address = models.EmailField(_("to"))
    subject_type = models.CharField(_("about"), max_length=60)
    subject_id = models.PositiveBigIntegerField(_("about (id)"))
    slot = models.DateField(_("local date"), help_text=_("The day in the host's zone that names this reminder."))
    mission = models.ForeignKey(
        Mission, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("mission")
    )
    is_private = models.BooleanField(
        _("private"),
        default=False,
        db_default=False,
        help_text=_("That it was written is the mission's own affair, not the host's."),
    )
    state = models.CharField(_("state"), max_length=20, choices=MessageState.choices, default=MessageState.PLANNED)
    language = models.CharField(_("language"), max_length=5, choices=MailLanguage.choices, default=MailLanguage.EN)
    reason = models.CharField(_("why it was written"), max_length=400, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    planned_at = models.DateTimeField(_("planned at"))
    due_at = models.DateTimeField(_("due at"))
    not_after = models.DateTimeField(_("useless after"))
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    unanswered = models.PositiveSmallIntegerField(
        _("attempts without answer"),
        default=0,
        help_text=_("Attempts in a row that ended without an answer of the mail server, because the sender died."),
    )
    put_offs = models.PositiveSmallIntegerField(
        _("put off"), default=0, help_text=_("How often the mail server asked to try later.")
    )
    tried_since = models.DateTimeField(_("tried since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)
    domain = models.CharField(_("domain"), max_length=254, blank=True, help_text=_("Of the address, in small letters."))
    waits_for_digest = models.BooleanField(
        _("waits for the one mail a day"),
        default=False,
        help_text=_("Goes out inside the digest of its mission, not by itself."),
    )
    carrier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried",
        verbose_name=_("went out with"),
        help_text=_("The digest that carried this message."),
    )

    #: The rule of the mails that carry others.
    DIGEST = "daily_digest"

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "to_address", "subject_type", "subject_id", "slot"], name="message_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.SENT) | models.Q(sent_at__isnull=False),
                name="message_sent_has_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MessageState.LEASED) | models.Q(lease_until__isnull=False),
                name="message_leased_has_end",
            ),
        ]
        permissions = [("retry_message", "Can have a message sent again that failed")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="message_state_due"),
            models.Index(fields=["domain", "state"], name="message_domain_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_address}"
