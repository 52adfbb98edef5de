"""Orders to print many badges at once: who is on them, what became of each, and the sheets to print."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.badges.models.badges import Badge
from accreditation.badges.querysets import PrintBatchQuerySet
from accreditation.badges.states import CardFormat
from accreditation.models import Accreditation, StoredFile
from missions.models import Election


class PrintBatch(models.Model):
    """An order for badges. A job intends, has them signed and draws the sheets; progress is counted from the items."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="print_batches", verbose_name=_("election"))
    title = models.CharField(_("title"), max_length=200, help_text=_("Whose badges, in words."))
    card_format = models.CharField(_("format"), max_length=10, choices=CardFormat.choices, default=CardFormat.ID1)
    foreign_language = models.CharField(_("foreign language"), max_length=2, default="en")
    first_stock_serial = models.CharField(
        _("first stock serial"), max_length=40, blank=True, help_text=_("Counted up by its last digits, card by card.")
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("Since then its sheets are erased.")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    fault = models.CharField(_("fault"), max_length=400, blank=True)

    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("print batch")
        verbose_name_plural = _("print batches")
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(card_format__in=CardFormat.values), name="print_batch_format_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(finished_at__isnull=False, closed_at__isnull=False, closed_by__isnull=False),
                name="print_batch_closed_when_finished",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PrintSheet(models.Model):
    """One PDF of a batch, kept encrypted until the batch is closed: a stack of cards in the order of the items."""

    batch = models.ForeignKey(PrintBatch, models.CASCADE, related_name="sheets", verbose_name=_("print batch"))
    position = models.PositiveSmallIntegerField(_("position"))
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="print_sheet",
        verbose_name=_("file"),
        help_text=_("Empty once the batch is closed."),
    )
    badges = models.PositiveIntegerField(_("badges"))

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="print_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.position}"


class PrintBatchItem(models.Model):
    """One person of a batch: the badge, or the stable code of what stood in its way and a sentence."""

    batch = models.ForeignKey(PrintBatch, models.CASCADE, related_name="items", verbose_name=_("print batch"))
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="+", verbose_name=_("accreditation"))
    badge = models.ForeignKey(
        Badge, models.PROTECT, null=True, blank=True, related_name="batch_items", verbose_name=_("badge")
    )
    sheet = models.ForeignKey(
        PrintSheet, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("sheet")
    )
    code = models.CharField(_("code"), max_length=60, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "accreditation"], name="print_batch_item_once"),
            models.CheckConstraint(
                condition=models.Q(done_at=None)
                | models.Q(code="", badge__isnull=False, sheet__isnull=False)
                | (~models.Q(code="") & models.Q(sheet=None)),
                name="print_batch_item_done_has_result",
            ),
        ]

    def __str__(self) -> str:
        return str(self.accreditation)
