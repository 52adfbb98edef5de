"""Rows of the kernel: the clock's offset, the history, the keys of idempotent writes, and when jobs ran."""

from datetime import timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockOffsetQuerySet(models.QuerySet["ClockOffset"]):
    def sole(self) -> "ClockOffsetQuerySet":
        """The only row as a queryset; it is made at first use, so that an emptied database works too."""
        sole = self.filter(pk=ClockOffset.SOLE_ID)
        if not sole.exists():
            ClockOffset.objects.bulk_create([ClockOffset(pk=ClockOffset.SOLE_ID)], ignore_conflicts=True)
        return sole


class ClockOffset(models.Model):
    """The single row that sets the clock of a rehearsal; zero in production (system check kernel.E001)."""

    SOLE_ID = 1

    offset = models.DurationField(default=timedelta(0))

    objects = ClockOffsetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="clock_offset_sole_row"),
        ]

    def __str__(self) -> str:
        return str(self.offset)


class EventQuerySet(models.QuerySet["Event"]):
    """Append-only: what happened is never changed or removed."""

    def of(self, obj: models.Model) -> "EventQuerySet":
        """The history of one object, oldest first."""
        return self.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("pk")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("events are append-only")

    def delete(self) -> NoReturn:
        raise TypeError("events are append-only")


class Event(models.Model):
    """One thing that happened, written by the service that did it, in the same transaction."""

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    verb = models.CharField(_("verb"), max_length=60)
    object_type = models.CharField(_("object type"), max_length=60)
    object_id = models.PositiveBigIntegerField(_("object id"))
    object_label = models.CharField(_("object"), max_length=200, blank=True)
    scope_id = models.PositiveBigIntegerField(
        _("scope"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("The tenant that the object belongs to."),
    )
    is_private = models.BooleanField(
        _("private"), default=False, help_text=_("Readable inside its scope only, not by the host.")
    )
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30, blank=True)
    changed = models.JSONField(_("changed fields"), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="event_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("events are append-only")
        super().save(*args, **{**kwargs, "force_insert": True})  # never an update, whatever key it was given

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("events are append-only")


class IdempotencyKey(models.Model):
    """The stored answer of a write, kept in the transaction of its effect and replayed to its twins."""

    principal = models.CharField(max_length=80, help_text="Who wrote: the kind and id of the credential's owner.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"


class JobRun(models.Model):
    """When a job last began, ended well and broke, by the database's own clock: a rehearsal's offset ages no job."""

    name = models.CharField(max_length=100, unique=True)
    began_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="When it last began because a beat, or the loop, rang for it.")

    def __str__(self) -> str:
        return self.name


class ImportedFile(models.Model):
    """What was read from which file: the base of each import's record. The same file is never read twice."""

    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file_name = models.CharField(_("file"), max_length=200)
    rows = models.PositiveIntegerField(_("rows"))
    added = models.PositiveIntegerField(_("added"))
    changed = models.PositiveIntegerField(_("changed"))
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("imported by")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.file_name} ({self.rows})"
