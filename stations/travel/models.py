"""Travel times and distances that somebody measured, in the place of the great circle."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Constituency, Mission
from stations.travel.querysets import TravelMatrixQuerySet


class TravelMatrix(models.Model):
    """Seconds and metres between the places of one constituency: its teams' base and its stations, by their codes.

    `cells` are the seconds and then the metres, row by row, as compressed 32-bit integers (stations.travel.matrices).
    """

    constituency = models.ForeignKey(
        Constituency, models.PROTECT, related_name="travel_matrices", verbose_name=_("constituency")
    )
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="travel_matrices",
        verbose_name=_("mission"),
        help_text=_("Empty: the ministry's, for everybody."),
    )
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    codes = models.JSONField(_("stations"), help_text=_("In the order of rows and columns; the base comes first."))
    cells = models.BinaryField(_("cells"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = TravelMatrixQuerySet.as_manager()

    class Meta:
        verbose_name = _("matrix of travel times")
        verbose_name_plural = _("matrices of travel times")
        ordering = ["constituency", "mission", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["constituency", "mission"],
                condition=models.Q(mission__isnull=False, removed_at=None),
                name="travel_matrix_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["constituency"],
                condition=models.Q(mission=None, removed_at=None),
                name="travel_matrix_one_of_ministry",
            ),
        ]
        permissions = [("measure_travel", _("Can upload and remove the ministry's travel times"))]

    def __str__(self) -> str:
        owner = self.mission.code if self.mission else _("Ministry")
        return f"{owner}: {self.constituency}"

    @property
    def is_private(self) -> bool:
        """Whether what happens to it is hidden from the host."""
        return self.mission_id is not None
