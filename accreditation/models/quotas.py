"""Places of a mission in the categories that no invitation speaks of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import CategoryQuotaQuerySet
from accreditation.states import Category
from missions.models import Mission


class CategoryQuota(models.Model):
    """How many people of one category a mission may send. International observers count on the mission itself."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="quotas", verbose_name=_("mission"))
    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
    ceiling = models.PositiveIntegerField(_("ceiling"), null=True, blank=True, help_text=_("Empty: no ceiling."))
    taken = models.PositiveIntegerField(_("places taken"), default=0)

    objects = CategoryQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["mission", "category"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "category"], name="quota_category_once"),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values) & ~models.Q(category=Category.INTERNATIONAL_OBSERVER),
                name="quota_category_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling=None) | models.Q(taken__lte=models.F("ceiling")),
                name="quota_within_ceiling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission} · {self.get_category_display()}"
