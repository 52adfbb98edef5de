"""Orders to review everybody of a mission who waits."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import BulkReviewQuerySet
from accreditation.states import Category
from missions.models import Mission


class BulkReview(models.Model):
    """One order: who of a mission and category waited then is vetted, and recommended if nothing blocks.

    The applications themselves say what is done; the counts here are written together with them.
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="bulk_reviews", verbose_name=_("mission"))
    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    reviewed = models.PositiveIntegerField(_("reviewed"), default=0)
    recommended = models.PositiveIntegerField(_("recommended"), default=0)
    held_back = models.PositiveIntegerField(_("held back"), default=0, help_text=_("Something blocks them."))
    attempts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often the job has begun since it last came forward."
    )
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=400, blank=True)

    objects = BulkReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of everybody who waits")
        verbose_name_plural = _("reviews of everybody who waits")
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "category"], condition=models.Q(done_at=None), name="bulk_review_one_open"
            ),
            models.CheckConstraint(condition=models.Q(category__in=Category.values), name="bulk_review_category_known"),
            models.CheckConstraint(
                condition=models.Q(reviewed=models.F("recommended") + models.F("held_back")),
                name="bulk_review_counts_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission} · {self.get_category_display()}"
