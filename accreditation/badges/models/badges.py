"""Badges: one row for each card that was ever meant to be, from the intent to its end."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.badges.querysets import BadgeQuerySet
from accreditation.badges.states import (
    LIVE_BADGE_STATES,
    BadgeState,
    CollectionProof,
    VoidReason,
)
from accreditation.models import Accreditation, StoredFile
from missions.models import Election, Mission

_PRINTED_STATES = (BadgeState.PRINTED, BadgeState.HANDED_OVER, BadgeState.RETURNED, BadgeState.LOST)
_COLLECTED_STATES = (BadgeState.HANDED_OVER, BadgeState.RETURNED, BadgeState.LOST)


class Badge(models.Model):
    """One card of an accreditation. The row, with number and code id, is there before anything is signed.

    `election` is the first vote, whose keys sign it and whose lists name it; the accreditation may be of a vote that
    follows upon it.

    `content` is all that the card says, as it was when the badge was intended (accreditation.badges.content). The
    token is what the square code carries. Custody is told by the events of the row; the columns keep who has it now.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="badges", verbose_name=_("election"))
    accreditation = models.ForeignKey(
        Accreditation, models.PROTECT, related_name="badges", verbose_name=_("accreditation")
    )
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="badges", verbose_name=_("mission"))
    number = models.PositiveIntegerField(_("number"))
    issue = models.PositiveSmallIntegerField(_("issue"), help_text=_("First, second, … badge of the person."))
    code_id = models.CharField(_("code id"), max_length=16, unique=True, help_text=_("Eight random bytes (hex)."))
    state = models.CharField(_("state"), max_length=20, choices=BadgeState.choices, default=BadgeState.INTENDED)
    version = models.PositiveIntegerField(_("version"), default=1)
    content = models.JSONField(_("content"))
    portrait = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )
    portrait_hash = models.CharField(
        max_length=32, blank=True, editable=False, help_text="First 16 bytes of the portrait's SHA-256 (hex)."
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))

    intended_at = models.DateTimeField(_("intended at"))
    intended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("intended by")
    )
    key_id = models.CharField(_("signing key"), max_length=16, blank=True, db_index=True)
    token = models.BinaryField(null=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    printed_at = models.DateTimeField(_("printed at"), null=True, blank=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("printed by")
    )
    stock_serial = models.CharField(_("stock serial"), max_length=40, blank=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    collected_by = models.CharField(_("collected by"), max_length=200, blank=True)
    collection_proof = models.CharField(
        _("proof of collection"), max_length=20, choices=CollectionProof.choices, blank=True
    )
    ended_at = models.DateTimeField(_("returned, lost or void since"), null=True, blank=True)
    void_reason = models.CharField(_("void because"), max_length=20, choices=VoidReason.choices, blank=True)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True, blank=True)
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("destroyed by"),
    )
    destruction_witness = models.CharField(_("witness of the destruction"), max_length=200, blank=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering = ["-number"]
        permissions = [
            ("issue_badge", _("Can issue, print and void badges")),
            ("hand_over_badge", _("Can hand over badges and take them back")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="badge_number_once"),
            models.UniqueConstraint(fields=["accreditation", "issue"], name="badge_issue_once"),
            models.UniqueConstraint(
                fields=["accreditation"],
                condition=models.Q(state__in=LIVE_BADGE_STATES),
                name="badge_one_live",
                violation_error_message=_("The person has a badge that is still good."),
            ),
            models.UniqueConstraint(
                fields=["election", "stock_serial"],
                condition=~models.Q(stock_serial=""),
                name="badge_stock_serial_once",
                violation_error_message=_("Another badge was printed on the card of this serial."),
            ),
            models.CheckConstraint(condition=models.Q(state__in=BadgeState.values), name="badge_state_known"),
            models.CheckConstraint(
                condition=models.Q(key_id="", token=None, signed_at=None)
                | (~models.Q(key_id="") & models.Q(token__isnull=False, signed_at__isnull=False)),
                name="badge_signed_as_a_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[BadgeState.INTENDED, BadgeState.VOID]) | models.Q(token__isnull=False),
                name="badge_signed_has_token",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_PRINTED_STATES) | models.Q(printed_at__isnull=False),
                name="badge_printed_has_instant",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_COLLECTED_STATES)
                | (
                    models.Q(handed_over_at__isnull=False, handed_over_by__isnull=False)
                    & ~models.Q(collected_by="")
                    & ~models.Q(collection_proof="")
                ),
                name="badge_handed_over_has_collector",
            ),
            models.CheckConstraint(
                condition=models.Q(state=BadgeState.VOID) & ~models.Q(void_reason="")
                | (~models.Q(state=BadgeState.VOID) & models.Q(void_reason="")),
                name="badge_void_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE_BADGE_STATES, ended_at=None)
                | (~models.Q(state__in=LIVE_BADGE_STATES) & models.Q(ended_at__isnull=False)),
                name="badge_ended_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(destroyed_at=None, destroyed_by=None, destruction_witness="")
                | (
                    models.Q(
                        destroyed_at__isnull=False,
                        destroyed_by__isnull=False,
                        state__in=[BadgeState.RETURNED, BadgeState.VOID],
                    )
                    & ~models.Q(destruction_witness="")
                ),
                name="badge_destroyed_before_a_witness",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")), name="badge_valid_for_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["election", "state"], name="badge_by_state"),
        ]

    def __str__(self) -> str:
        return self.number_text

    @property
    def number_text(self) -> str:
        """The number as it stands on the card."""
        return f"B-{self.number:06d}"
