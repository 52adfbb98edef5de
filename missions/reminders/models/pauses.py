"""Which domains, or our own mail server, take nothing at the moment, so that they hold nobody else up."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.querysets import only_for_host

if TYPE_CHECKING:
    from missions.models import User


class MailPauseQuerySet(models.QuerySet["MailPause"]):
    def visible_to(self, user: Union["User", AnonymousUser]) -> "models.QuerySet[MailPause]":
        """All for the host, nothing for anybody else."""
        return only_for_host(self, user)


class MailPause(models.Model):
    """Troubles in a row with one domain, or with our own mail server. The row goes with the first mail that is taken.

    No mail is tried before `until`; then one mail to the domain is, and what becomes of it tells about the others.
    """

    #: In place of a domain: our own mail server, behind which all domains are.
    OUR_SERVER = ""

    domain = models.CharField(_("domain"), max_length=254, unique=True, blank=True)
    failures = models.PositiveIntegerField(_("troubles in a row"), default=0)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("paused until"), null=True, blank=True)
    reason = models.CharField(_("last trouble"), max_length=300)

    objects = MailPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of mails")
        verbose_name_plural = _("pauses of mails")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain or str(_("our mail server"))
