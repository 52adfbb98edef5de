"""Secret addresses at which calendars are read. Of the secret only a digest is kept."""

from typing import TYPE_CHECKING, Union

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Mission

if TYPE_CHECKING:
    from missions.models import User


class FeedAddressQuerySet(models.QuerySet["FeedAddress"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[FeedAddress]":
        """Everybody's own, and no others': an address reads with the rights of whoever made it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)


class FeedAddress(models.Model):
    """One calendar of one person: of a mission, or of everything that concerns them (no mission)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_addresses", verbose_name=_("person")
    )
    mission = models.ForeignKey(
        Mission, models.CASCADE, null=True, blank=True, related_name="feed_addresses", verbose_name=_("mission")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Where it is used, such as: my telephone."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    start = models.CharField(_("begins with"), max_length=12, editable=False)
    made_at = models.DateTimeField(_("made at"))
    last_read_at = models.DateTimeField(_("last read at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = FeedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(revoked_at=None), name="feed_address_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
