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
        """For the host those that its own mails met, nothing for anybody else.

        With a domain that only mails private to a mission met the host knows of no trouble.
        """
        return only_for_host(self.filter(open_failures__gt=0), user)


class MailPause(models.Model):
    """Troubles in a row with one domain, or with our own mail server. The row goes with the first mail that is taken.

    No mail is tried before `until`; then one mail to the domain is, and what becomes of it tells about the others.
    """

    #: In place of a domain: our own mail server, behind which all domains are.
    OUR_SERVER = ""

    domain = models.CharField(_("domain"), max_length=254, unique=True, blank=True)
    failures = models.PositiveIntegerField(_("troubles in a row"), default=0)
    open_failures = models.PositiveIntegerField(
        _("troubles in a row"),
        default=0,
        db_default=0,
        help_text=_("Those with mails that the host may read; what is private to a mission is not counted."),
    )
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
