"""People and who proposes them: observers of an election, nominations by missions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import NominationQuerySet, ObserverQuerySet
from accreditation.states import Category, DatePrecision, Initiative, Role, Sex
from missions.kernel.crypto import EncryptedTextField
from missions.kernel.text import mask
from missions.models import Delegation, Election, Mission
from missions.models.elections import ALPHA3


def full_name(surname: str, given_names: str, patronymic: str) -> str:
    """Surname first, as lists of the commission have it."""
    return " ".join(part for part in (surname, given_names, patronymic) if part)


class Observer(models.Model):
    """A person of one election, unique by the passport: its issuer and the keyed hash of its number."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="observers", verbose_name=_("election"))
    surname = models.CharField(_("surname"), max_length=200)
    given_names = models.CharField(
        _("given names"), max_length=200, blank=True, help_text=_("Empty for people with a single name.")
    )
    patronymic = models.CharField(_("patronymic"), max_length=200, blank=True)
    folded_name = models.CharField(max_length=420, db_index=True, editable=False)
    weak_key = models.CharField(
        max_length=420, blank=True, editable=False, help_text="The name folded by sound, its words sorted."
    )
    renamed_at = models.DateTimeField(
        _("name corrected at"), null=True, blank=True, help_text=_("What was issued before has the former name.")
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    birth_precision = models.CharField(
        _("known of the date of birth"),
        max_length=5,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
        help_text=_("Where the day or the month is not known, the date has the first one."),
    )
    nationality = models.CharField(_("nationality"), max_length=3, validators=[ALPHA3])
    second_nationality = models.CharField(_("second nationality"), max_length=3, blank=True, validators=[ALPHA3])
    passport_issuer = models.CharField(_("passport issued by"), max_length=3, validators=[ALPHA3])
    passport_number = EncryptedTextField(_("passport number"))
    passport_key = models.CharField(max_length=64, editable=False, help_text="Keyed hash of the normalised number.")
    passport_issued_on = models.DateField(_("passport issued on"), null=True, blank=True)
    passport_expires_on = models.DateField(_("passport expires on"))
    mrz = EncryptedTextField(_("machine-readable zone"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True, help_text=_("In international form."))
    languages = models.JSONField(_("languages"), default=list, help_text=_("ISO 639-1 codes."))
    residence_country = models.CharField(_("country of residence"), max_length=3, blank=True, validators=[ALPHA3])
    is_experienced = models.BooleanField(_("has observed before"), default=False)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    objects = ObserverQuerySet.as_manager()

    class Meta:
        verbose_name = _("observer")
        verbose_name_plural = _("observers")
        ordering = ["surname", "given_names", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "passport_issuer", "passport_key"], name="observer_passport_once"
            ),
            models.CheckConstraint(condition=models.Q(sex__in=Sex.values), name="observer_sex_known"),
            models.CheckConstraint(
                condition=models.Q(second_nationality="") | ~models.Q(second_nationality=models.F("nationality")),
                name="observer_nationalities_differ",
            ),
            models.CheckConstraint(
                condition=models.Q(passport_expires_on__gt=models.F("birth_date")),
                name="observer_passport_after_birth",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_precision__in=DatePrecision.values), name="observer_birth_precision_known"
            ),
        ]
        indexes = [
            models.Index(fields=["election", "birth_date"], name="observer_by_birth"),
            models.Index(fields=["election", "weak_key"], name="observer_by_weak_key"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Surname first, as lists of the commission have it."""
        return full_name(self.surname, self.given_names, self.patronymic)

    @property
    def masked_passport(self) -> str:
        """The passport number as far as people may see it without a reason."""
        return mask(self.passport_number)

    @property
    def nationalities(self) -> tuple[str, ...]:
        return tuple(code for code in (self.nationality, self.second_nationality) if code)


class Nomination(models.Model):
    """A mission proposes a person for a role."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="nominations", verbose_name=_("mission"))
    observer = models.ForeignKey(Observer, models.PROTECT, related_name="nominations", verbose_name=_("observer"))
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name=_("delegation"),
    )
    category = models.CharField(
        _("category"),
        max_length=30,
        choices=Category.choices,
        default=Category.INTERNATIONAL_OBSERVER,
        help_text=_("In which the mission applies for the person now; its places are counted there."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    reference = models.CharField(_("reference"), max_length=40, help_text=_("The mission's own row reference."))
    sending_state = models.CharField(_("sending state"), max_length=3, blank=True, validators=[ALPHA3])
    documents_on = models.DateField(
        _("documents handed in on"),
        help_text=_("The day on which the mission hands in this person's papers."),
    )
    arrives_on = models.DateField(_("arrives on"), null=True, blank=True)
    departs_on = models.DateField(_("departs on"), null=True, blank=True)
    initiative = models.CharField(_("initiative"), max_length=10, choices=Initiative.choices, blank=True)
    political_group = models.CharField(
        _("political group"),
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("Of a member of a parliament, in the words of the mission."),
    )
    holds_place = models.BooleanField(
        _("holds a place"), default=True, help_text=_("Counts against the ceiling or quota of the mission.")
    )
    created_at = models.DateTimeField(_("received at"))

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["mission", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "observer"], name="nomination_once"),
            models.UniqueConstraint(fields=["mission", "reference"], name="nomination_reference_once"),
            models.CheckConstraint(condition=models.Q(category__in=Category.values), name="nomination_category_known"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="nomination_role_known"),
            models.CheckConstraint(
                condition=models.Q(initiative__in=["", *Initiative.values]), name="nomination_initiative_known"
            ),
            models.CheckConstraint(
                condition=models.Q(arrives_on=None)
                | models.Q(departs_on=None)
                | models.Q(departs_on__gte=models.F("arrives_on")),
                name="nomination_departs_after_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observer} · {self.mission}"
