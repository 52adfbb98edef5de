"""By which rules an owner of plans deploys: a profile, and what no profile can know of this election."""

from django.conf import settings as product
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Constituency, Election, Mission
from missions.models.elections import ALPHA3
from stations.deployment.querysets import DeploymentSettingsQuerySet
from stations.deployment.states import RestrictionLevel


class DeploymentSettings(models.Model):
    """The choice of one mission, or of the pool of host-coordinated missions (no mission).

    Without a row the default profile for the kind of mission holds, with no lists.
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
    profile = models.CharField(_("rules"), max_length=40)
    avoids_other_missions = models.BooleanField(
        _("warns of stations of other missions"),
        default=False,
        help_text=_("Among self-directed missions that all agreed to it; which mission it is is never said."),
    )
    goes_to = models.ManyToManyField(
        Constituency,
        related_name="+",
        blank=True,
        verbose_name=_("goes to"),
        help_text=_("The constituencies that are planned for; empty: all."),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = DeploymentSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of deployment")
        verbose_name_plural = _("rules of deployment")
        ordering = ["election", "mission"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "mission"],
                condition=models.Q(mission__isnull=False),
                name="deployment_settings_once",
            ),
            models.UniqueConstraint(
                fields=["election"], condition=models.Q(mission=None), name="deployment_settings_pool_once"
            ),
        ]

    def __str__(self) -> str:
        return self.mission.code if self.mission else str(_("Pool"))

    @property
    def is_private(self) -> bool:
        """Whether what happens to them is hidden from the host: they belong to a self-directed mission."""
        return self.mission is not None and self.mission.is_self_directed


class ListedNationality(models.Model):
    """Nationals of this state are not sent to these constituencies; to none at all where there are none (R04)."""

    settings = models.ForeignKey(DeploymentSettings, models.CASCADE, related_name="listed", verbose_name=_("rules"))
    nationality = models.CharField(_("nationality"), max_length=3, validators=[ALPHA3])
    constituencies = models.ManyToManyField(
        Constituency, related_name="+", blank=True, verbose_name=_("constituencies"), help_text=_("Empty: all.")
    )

    class Meta:
        verbose_name = _("listed nationality")
        verbose_name_plural = _("listed nationalities")
        ordering = ["settings", "nationality"]
        constraints = [
            models.UniqueConstraint(fields=["settings", "nationality"], name="listed_nationality_once"),
        ]

    def __str__(self) -> str:
        return self.nationality


class RestrictedArea(models.Model):
    """Constituencies where nobody goes, or only with the approval of who answers for safety (R18)."""

    settings = models.ForeignKey(DeploymentSettings, models.CASCADE, related_name="restricted", verbose_name=_("rules"))
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=20, choices=RestrictionLevel.choices)
    constituencies = models.ManyToManyField(Constituency, related_name="+", verbose_name=_("constituencies"))
    approver = models.CharField(_("who approves"), max_length=200, blank=True)
    approval_note = models.CharField(_("approval"), max_length=300, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        product.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approval recorded by"),
    )

    class Meta:
        verbose_name = _("restricted area")
        verbose_name_plural = _("restricted areas")
        ordering = ["settings", "name"]
        constraints = [
            models.UniqueConstraint(fields=["settings", "name"], name="restricted_area_name_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=RestrictionLevel.values), name="restricted_area_level_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(level=RestrictionLevel.APPROVAL) | ~models.Q(approver=""),
                name="restricted_area_names_approver",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None)
                | (models.Q(level=RestrictionLevel.APPROVAL) & ~models.Q(approval_note="")),
                name="restricted_area_approval_has_note",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class Interpreter(models.Model):
    """Somebody who can interpret for a team of the owner's. Interpreters are no observers, and count as none (R12)."""

    settings = models.ForeignKey(
        DeploymentSettings, models.CASCADE, related_name="interpreters", verbose_name=_("rules")
    )
    name = models.CharField(_("name"), max_length=100)
    languages = models.JSONField(_("languages"), help_text=_("ISO 639 codes."))
    contact = models.CharField(_("contact"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("interpreter")
        verbose_name_plural = _("interpreters")
        ordering = ["settings", "name"]
        constraints = [
            models.UniqueConstraint(fields=["settings", "name"], name="interpreter_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupStrength(models.Model):
    """How strong a political group is in the parliament whose members the owner sends (R32)."""

    settings = models.ForeignKey(
        DeploymentSettings, models.CASCADE, related_name="group_strengths", verbose_name=_("rules")
    )
    name = models.CharField(_("political group"), max_length=60)
    strength = models.PositiveIntegerField(_("strength"), help_text=_("Its members in the whole parliament."))

    class Meta:
        verbose_name = _("strength of a political group")
        verbose_name_plural = _("strengths of political groups")
        ordering = ["settings", "name"]
        constraints = [
            models.UniqueConstraint(fields=["settings", "name"], name="group_strength_once"),
            models.CheckConstraint(condition=models.Q(strength__gt=0), name="group_strength_positive"),
        ]

    def __str__(self) -> str:
        return self.name
