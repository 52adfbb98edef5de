"""Which share of the visits an owner of plans wants for each kind of station."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Mission
from stations.deployment.querysets import VisitSharesQuerySet

_PERCENT = _("Per cent of what falls to them by their number; 0: no wish.")
#: More than twice its share nobody wants of a stratum.
MOST_PERCENT = 200
STRATA = ("rural", "urban", "camera", "newly_covered")


class VisitShares(models.Model):
    """The wishes of one mission, or of the pool of host-coordinated missions (no mission).

    Without a row the usual ones hold (stations.deployment.parameters). What the rules ask is wanted in any case.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="+", verbose_name=_("election"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mission"),
        help_text=_("Empty: the pool of the host-coordinated missions."),
    )
    rural = models.PositiveSmallIntegerField(_("stations in the country"), help_text=_PERCENT)
    urban = models.PositiveSmallIntegerField(_("stations in towns"), help_text=_PERCENT)
    camera = models.PositiveSmallIntegerField(_("stations with a web camera"), help_text=_PERCENT)
    newly_covered = models.PositiveSmallIntegerField(_("newly covered territory"), help_text=_PERCENT)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = VisitSharesQuerySet.as_manager()

    class Meta:
        verbose_name = _("shares of visits")
        verbose_name_plural = _("shares of visits")
        ordering = ["election", "mission"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False),
                name="visit_shares_once",
            ),
            models.UniqueConstraint(
                fields=["election"], condition=models.Q(mission=None), name="visit_shares_pool_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    rural__lte=MOST_PERCENT,
                    urban__lte=MOST_PERCENT,
                    camera__lte=MOST_PERCENT,
                    newly_covered__lte=MOST_PERCENT,
                ),
                name="visit_shares_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.mission.code if self.mission else str(_("Pool"))

    @property
    def is_private(self) -> bool:
        """Whether what happens to them is hidden from the host: they belong to a self-directed mission."""
        return self.mission is not None and self.mission.is_self_directed
