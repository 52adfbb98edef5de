"""Public figures as they were counted, and what others said: both are kept, and neither is made to fit the other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from missions.models import Election, Organization
from missions.reports.figures.querysets import ClaimQuerySet, FrozenFiguresQuerySet


class FrozenFigures(models.Model):
    """One count of an election, true at `as_of`; it never changes. Whoever doubts it counts again for that instant."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="figures", verbose_name=_("election"))
    as_of = models.DateTimeField(_("as of"))
    observers = models.PositiveIntegerField(_("observers"))
    organizations = models.PositiveIntegerField(_("organizations"))
    countries = models.PositiveIntegerField(_("countries"))
    by_organization = models.JSONField(_("people by organization"))
    by_country = models.JSONField(_("people by country"))
    rule_code = models.CharField(_("rule"), max_length=40)
    rule_version = models.PositiveSmallIntegerField(_("version of the rule"))
    rule_words = models.CharField(_("rule in words"), max_length=500)
    digest = models.CharField(_("digest of the people counted"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("frozen by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = FrozenFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("public figure")
        verbose_name_plural = _("public figures")
        ordering = ["election", "as_of", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "as_of", "rule_code", "rule_version"], name="figures_once"),
            models.CheckConstraint(condition=Q(as_of__lte=F("frozen_at")), name="figures_not_ahead"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None) | Q(published_at__isnull=False),
                name="figures_published_at_instant",
            ),
        ]
        permissions = [
            ("freeze_figures", _("Can freeze figures")),
            ("publish_figures", _("Can publish frozen figures")),
        ]

    def __str__(self) -> str:
        return f"{self.observers} / {self.organizations} / {self.countries}"


class FigureClaim(models.Model):
    """What somebody else said publicly. A figure that the source does not give is None.

    Once it is published it stands beside our own figures on the public page, until it is withdrawn. A claim is not
    corrected: what was recorded wrongly is withdrawn, and recorded again.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="figure_claims", verbose_name=_("election"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about"),
        help_text=_("Whose observers it counts; empty: those of all."),
    )
    source = models.CharField(_("source"), max_length=300, help_text=_("Who said it, and where it can be read."))
    said_on = models.DateField(_("said on"))
    as_of = models.DateTimeField(_("as of"), help_text=_("The instant for which it is compared."))
    text = models.CharField(_("in their words"), max_length=1000)
    observers = models.PositiveIntegerField(_("observers"), null=True, blank=True)
    organizations = models.PositiveIntegerField(_("organizations"), null=True, blank=True)
    countries = models.PositiveIntegerField(_("countries"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=2000, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure said by others")
        verbose_name_plural = _("figures said by others")
        ordering = ["election", "as_of", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(observers__isnull=False) | Q(organizations__isnull=False) | Q(countries__isnull=False),
                name="claim_says_something",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="claim_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None) | Q(published_at__isnull=False),
                name="claim_published_at_instant",
            ),
        ]
        permissions = [("record_claim", _("Can record what others say"))]

    def __str__(self) -> str:
        return f"{self.source}, {date_format(self.said_on, 'j M Y')}"[:200]
