"""Who observes: organizations, their invitations, missions with heads and delegations, and who acts for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models.elections import ALPHA3, Election
from missions.querysets import InvitationQuerySet, MembershipQuerySet, MissionQuerySet, OrganizationQuerySet
from missions.states import (
    DeploymentMode,
    InvitationState,
    Inviter,
    MembershipRole,
    MissionKind,
    OrganizationKind,
    PlanSharing,
)


class Organization(models.Model):
    """A sender of observers, in any election."""

    acronym = models.CharField(_("acronym"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganizationKind.choices)
    country = models.CharField(_("country"), max_length=3, blank=True, validators=[ALPHA3])
    is_synthetic = models.BooleanField(
        _("synthetic"), default=False, help_text=_("Invented for demonstration; not a real organization.")
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["acronym"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganizationKind.values), name="organization_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.acronym


class Mission(models.Model):
    """One organization's observation of one election. A joint mission has no organization, only children."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="missions", verbose_name=_("election"))
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="missions",
        verbose_name=_("organization"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent mission"),
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=MissionKind.choices)
    deployment_mode = models.CharField(_("deployment mode"), max_length=20, choices=DeploymentMode.choices)
    plan_sharing = models.CharField(
        _("plan shown to the host"), max_length=20, choices=PlanSharing.choices, default=PlanSharing.COUNTS
    )
    template_code = models.CharField(_("timeline template"), max_length=40, blank=True)
    ceiling = models.PositiveIntegerField(
        _("ceiling"), null=True, blank=True, help_text=_("Places granted by invitation. Empty: no ceiling.")
    )
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("continues")
    )
    places_taken = models.PositiveIntegerField(_("places taken"), default=0)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["election", "code"]
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="mission_code_once"),
            models.UniqueConstraint(fields=["election", "organization"], name="mission_organization_once"),
            models.CheckConstraint(
                condition=models.Q(kind=MissionKind.JOINT) | models.Q(organization__isnull=False),
                name="mission_has_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling=None) | models.Q(places_taken__lte=models.F("ceiling")),
                name="mission_within_ceiling",
            ),
            models.CheckConstraint(
                condition=models.Q(deployment_mode__in=DeploymentMode.values), name="mission_mode_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_self_directed(self) -> bool:
        """Whether the mission plans its own deployment, out of the host's sight."""
        return self.deployment_mode == DeploymentMode.SELF_DIRECTED


class MissionHead(models.Model):
    """Somebody who leads a mission and speaks for it; a joint mission has several."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="heads", verbose_name=_("mission"))
    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=100)

    class Meta:
        verbose_name = _("head of mission")
        verbose_name_plural = _("heads of mission")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "name"], name="mission_head_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"


class Delegation(models.Model):
    """A group inside a mission, usually parliamentary, with a head of its own."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="delegations", verbose_name=_("mission"))
    name = models.CharField(_("name"), max_length=200)
    head_name = models.CharField(_("head"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["mission", "name"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "name"], name="delegation_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Who may act for which mission."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="memberships", verbose_name=_("mission"))
    role = models.CharField(_("role"), max_length=20, choices=MembershipRole.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["mission", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "mission"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.mission}"


class Invitation(models.Model):
    """The note by which one authority of the host invites one organization, and the reply to it."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="invitations", verbose_name=_("election"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invitations", verbose_name=_("organization")
    )
    inviter = models.CharField(_("inviter"), max_length=20, choices=Inviter.choices)
    state = models.CharField(
        _("state"), max_length=20, choices=InvitationState.choices, default=InvitationState.PLANNED
    )
    note_number = models.CharField(_("note number"), max_length=60, blank=True)
    note_date = models.DateField(_("note date"), null=True, blank=True)
    addressee = models.CharField(_("addressee"), max_length=200, blank=True)
    ceiling = models.PositiveIntegerField(_("ceiling"), null=True, blank=True)
    reply_by = models.DateField(
        _("reply by"), null=True, blank=True, help_text=_("The last day for the reply, if the note names one.")
    )
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["election", "organization"]
        constraints = [
            models.UniqueConstraint(fields=["election", "organization", "inviter"], name="invitation_once"),
            models.CheckConstraint(condition=models.Q(state__in=InvitationState.values), name="invitation_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=[InvitationState.PLANNED, InvitationState.NOT_INVITED])
                | (models.Q(note_date__isnull=False) & ~models.Q(note_number="")),
                name="invitation_sent_has_note",
            ),
            models.CheckConstraint(
                condition=models.Q(replied_on=None) | models.Q(replied_on__gte=models.F("note_date")),
                name="invitation_reply_after_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_inviter_display()})"
