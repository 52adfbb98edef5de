"""The vote and its territory: election, commissions, constituencies."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.querysets import ElectionQuerySet
from missions.states import CommissionLevel, FollowKind

ALPHA3 = RegexValidator(r"\A[A-Z]{1,3}\Z", _("Three letters of ISO 3166-1 or ICAO 9303."))


class Election(models.Model):
    """One vote: the host, the day in the host's zone, the polling hours, and the law that applies."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    host_country = models.CharField(_("host country"), max_length=3, validators=[ALPHA3])
    e_day = models.DateField(_("election day"))
    called_on = models.DateField(_("called on"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    opens_at = models.TimeField(_("polls open"))
    closes_at = models.TimeField(_("polls close"))
    profile_code = models.CharField(
        _("rule profile"), max_length=40, blank=True, help_text=_("The law as data. Empty: not chosen yet.")
    )
    results_published_at = models.DateTimeField(_("results officially published at"), null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    follow_kind = models.CharField(_("follows as"), max_length=10, choices=FollowKind.choices, blank=True)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-e_day"]
        permissions = [("move_election", _("Can move election day and open the votes that follow"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(opens_at__lt=models.F("closes_at")), name="election_hours"),
            models.CheckConstraint(
                condition=models.Q(follows=None, follow_kind="")
                | models.Q(follows__isnull=False, follow_kind__in=FollowKind.values),
                name="election_follows_as",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                name="election_followed_once",
                violation_error_message=_("Another vote follows this one already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The IANA zone of the host, in which offsets from election day are counted."""
        return ZoneInfo(self.time_zone)


class Commission(models.Model):
    """An election commission above the precincts: the central one, or one of a constituency."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="commissions", verbose_name=_("election"))
    level = models.CharField(_("level"), max_length=20, choices=CommissionLevel.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["election", "code"]
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="commission_code_once"),
            models.CheckConstraint(condition=models.Q(level__in=CommissionLevel.values), name="commission_level_known"),
            models.CheckConstraint(
                condition=models.Q(level=CommissionLevel.CENTRAL, parent=None)
                | models.Q(level=CommissionLevel.CONSTITUENCY, parent__isnull=False),
                name="commission_parent_by_level",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Constituency(models.Model):
    """The area of one constituency commission; the unit to which the optimizer allocates teams."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="constituencies", verbose_name=_("election"))
    commission = models.OneToOneField(
        Commission, models.PROTECT, related_name="constituency", verbose_name=_("commission")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=200)
    region = models.CharField(_("region"), max_length=100)
    languages = models.JSONField(
        _("languages"),
        default=list,
        blank=True,
        help_text=_("ISO 639-1 codes of the languages spoken there."),
    )

    class Meta:
        verbose_name = _("constituency")
        verbose_name_plural = _("constituencies")
        ordering: ClassVar[list[str]] = ["election", "number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="constituency_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
