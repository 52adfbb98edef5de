"""People whose status does not go together with observing, as the host's lists name them (R06)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.querysets import ListedPersonQuerySet
from accreditation.states import ListKind
from missions.models import Election


class ListedPerson(models.Model):
    """A candidate, agent, member of a commission, official, pollster or journalist of one election."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="listed_people", verbose_name=_("election"))
    kind = models.CharField(_("status"), max_length=20, choices=ListKind.choices)
    surname = models.CharField(_("surname"), max_length=200)
    given_names = models.CharField(_("given names"), max_length=200, blank=True)
    weak_key = models.CharField(max_length=420, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Where the list comes from."))
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = ListedPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed person")
        verbose_name_plural = _("listed people")
        ordering = ["election", "kind", "surname", "given_names"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ListKind.values), name="listed_kind_known"),
            models.UniqueConstraint(
                fields=["election", "kind", "weak_key", "birth_date"],
                condition=models.Q(birth_date__isnull=False),
                name="listed_person_once",
            ),
            models.UniqueConstraint(
                fields=["election", "kind", "weak_key"],
                condition=models.Q(birth_date=None),
                name="listed_name_once",
            ),
        ]
        indexes = [models.Index(fields=["election", "weak_key"], name="listed_by_weak_key")]

    def __str__(self) -> str:
        return f"{self.surname} {self.given_names}".strip()
