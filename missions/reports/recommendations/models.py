"""Recommendations of public reports, what the host answered to them, and what became of them in later elections."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from missions.models import Organization
from missions.reports.models import LANGUAGE_CODE, Report
from missions.reports.recommendations.querysets import RecommendationQuerySet
from missions.reports.recommendations.states import Addressee, Answer, Outcome


class Recommendation(models.Model):
    """One piece of advice of a report. Its words are texts in one language each.

    Its mission may write it before the report is public, and then nobody else knows of it. What everybody could read
    is not erased: it is withdrawn, and its number is free again. Its text for the history never tells what it says.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="recommendations", verbose_name=_("report"))
    number = models.PositiveIntegerField(_("number"), help_text=_("As the report numbers it."))
    addressee = models.CharField(_("addressed to"), max_length=20, choices=Addressee.choices)
    is_priority = models.BooleanField(_("priority"), default=False)
    legal_reference = models.CharField(_("legal reference"), max_length=300, blank=True)
    split_at = models.DateTimeField(_("split out at"))
    split_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("split out by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["report", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], condition=Q(withdrawn_at=None), name="recommendation_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="recommendation_number_positive"),
            models.CheckConstraint(condition=Q(addressee__in=Addressee.values), name="recommendation_addressee_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="recommendation_withdrawn_has_reason",
            ),
        ]
        permissions = [
            ("split_recommendation", _("Can split recommendations out of public reports, and withdraw them")),
            ("answer_recommendation", _("Can answer recommendations for the host")),
            ("assess_recommendation", _("Can record what became of recommendations")),
        ]

    def __str__(self) -> str:
        report = self.report
        return f"{report.mission.code} {report.number or report.get_kind_display()}.{self.number}"


class RecommendationText(models.Model):
    """What a recommendation says in one language."""

    recommendation = models.ForeignKey(
        Recommendation, models.CASCADE, related_name="texts", verbose_name=_("recommendation")
    )
    language = models.CharField(_("language"), max_length=2, validators=[LANGUAGE_CODE])
    text = models.TextField(_("text"), max_length=4000)

    class Meta:
        verbose_name = _("text of a recommendation")
        verbose_name_plural = _("texts of recommendations")
        ordering = ["recommendation", "language"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "language"], name="recommendation_text_language_once"),
            models.CheckConstraint(condition=~Q(text=""), name="recommendation_text_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} ({self.language})"


class HostAnswer(models.Model):
    """One answer of the host. The last one counts; the earlier ones stay."""

    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="answers", verbose_name=_("recommendation")
    )
    answer = models.CharField(_("answer"), max_length=20, choices=Answer.choices)
    text = models.TextField(_("in words"), max_length=4000)
    responsible = models.CharField(_("responsible"), max_length=200, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("answer of the host")
        verbose_name_plural = _("answers of the host")
        ordering = ["recommendation", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=Answer.values), name="host_answer_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())


class Assessment(models.Model):
    """What became of a recommendation, as the host or an organization sees it, perhaps in a later report."""

    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="assessments", verbose_name=_("recommendation")
    )
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcome.choices)
    evidence = models.TextField(_("evidence"), max_length=4000)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assessed by"),
        help_text=_("Empty: the host itself."),
    )
    later = models.ForeignKey(
        Recommendation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="earlier",
        verbose_name=_("repeated as"),
        help_text=_("The recommendation of a later election that takes this one up again."),
    )
    assessed_at = models.DateTimeField(_("assessed at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["recommendation", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="assessment_outcome_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())
