"""Letters that went out, word for word, and the batches in which those of a session are issued.

The PDF is kept nowhere. A letter keeps what it says and the layout that says it; from the two the same bytes come
again, and `sha256` proves it. So names and dates of birth stand in one place, which retention can empty, and not in
files beside it.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.letters.querysets import LetterBatchQuerySet, LetterQuerySet
from accreditation.letters.states import (
    ACCREDITATION_KINDS,
    APPLICATION_KINDS,
    MARKS,
    MISSION_KINDS,
    LetterKind,
)
from accreditation.models import Accreditation, Application, CommissionSession, Decision
from missions.models import Election, Mission


class Letter(models.Model):
    """One letter under its number. It is never changed: a correction is a new letter that replaces it.

    `mission` is who may read it; a note verbale goes to that mission's organization.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="letters", verbose_name=_("election"))
    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind.choices)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("By the calendar of the host."))
    sequence = models.PositiveIntegerField(_("number in the year"))
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="letters", verbose_name=_("mission"))
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("application")
    )
    accreditation = models.ForeignKey(
        Accreditation, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("accreditation")
    )
    languages = models.CharField(_("languages"), max_length=20, help_text=_("ISO 639-1 codes, the state's first."))
    effect = models.CharField(max_length=160, help_text="What was said to whom: the unique name of the letter.")
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("replaces")
    )
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it replaces another letter."))
    layout = models.PositiveSmallIntegerField(_("layout"))
    content = models.JSONField(_("content"), help_text=_("All that the letter says, as it was said."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Of the PDF as it was issued."))
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "kind", "year", "sequence"], name="letter_number_once"),
            models.UniqueConstraint(fields=["effect", "edition"], name="letter_effect_once"),
            models.UniqueConstraint(fields=["replaces"], name="letter_replaced_once"),
            models.CheckConstraint(condition=models.Q(kind__in=LetterKind.values), name="letter_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=APPLICATION_KINDS, application__isnull=False, accreditation=None)
                | models.Q(kind__in=ACCREDITATION_KINDS, application=None, accreditation__isnull=False)
                | models.Q(kind__in=MISSION_KINDS, application=None, accreditation=None),
                name="letter_subject_fits_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(replaces=None, reason="")
                | (models.Q(replaces__isnull=False) & ~models.Q(reason="")),
                name="letter_reissue_has_reason",
            ),
        ]
        permissions = [("issue_letter", _("Can issue letters"))]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number as it stands on the letter: mark of the kind, number in the year, year."""
        return number_text(LetterKind(self.kind), self.sequence, self.year)

    @property
    def file_name(self) -> str:
        """The name of the PDF, which tells nothing of a person."""
        return f"{self.number.replace('/', '-')}.pdf"


def number_text(kind: LetterKind, sequence: int, year: int) -> str:
    """A letter's number as it is written."""
    return f"{MARKS[kind]}-{sequence:04d}/{year}"


class LetterBatch(models.Model):
    """An order to issue the letters of everybody who was decided in one session. A job works it off."""

    session = models.ForeignKey(
        CommissionSession, models.PROTECT, related_name="letter_batches", verbose_name=_("session")
    )
    foreign_language = models.CharField(_("foreign language"), max_length=2)
    requested_at = models.DateTimeField(_("requested at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("letters of a session")
        verbose_name_plural = _("letters of sessions")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(finished_at=None), name="letter_batch_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)


class LetterBatchItem(models.Model):
    """One person of a batch: the letter, or the stable code of what stood in its way and a sentence."""

    batch = models.ForeignKey(LetterBatch, models.CASCADE, related_name="items", verbose_name=_("letters of a session"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+", verbose_name=_("decision"))
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("letter")
    )
    code = models.CharField(_("code"), max_length=60, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "decision"], name="letter_batch_item_once"),
            models.CheckConstraint(
                condition=models.Q(done_at=None, letter=None, code="")
                | models.Q(done_at__isnull=False, letter__isnull=False, code="")
                | (models.Q(done_at__isnull=False, letter=None) & ~models.Q(code="")),
                name="letter_batch_item_done_has_result",
            ),
        ]

    def __str__(self) -> str:
        return str(self.decision)
