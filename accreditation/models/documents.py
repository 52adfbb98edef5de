"""The papers of an application and their private files: encrypted where they lie, and each look is an event."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accreditation.models.applications import Application
from accreditation.querysets import DocumentQuerySet
from accreditation.states import DocumentKind


class StoredFile(models.Model):
    """One private file: what it is, and under which name its ciphertext lies in the private storage."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_in_storage = models.CharField(max_length=200, unique=True, editable=False)
    media_type = models.CharField(_("media type"), max_length=60)
    size = models.PositiveIntegerField(_("size"), help_text=_("In bytes, as it is handed out."))
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    fingerprint = models.CharField(
        max_length=16, blank=True, db_index=True, editable=False, help_text="Perceptual hash of a photo (hex)."
    )
    created_at = models.DateTimeField(_("stored at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.uid)


class Document(models.Model):
    """One paper of an application, as far as it has arrived."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    received_on = models.DateField(_("received on"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="document",
        verbose_name=_("file"),
        help_text=_("Empty for a paper that was handed in on paper."),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind"]
        permissions = [("read_document_file", _("Can open the files of documents"))]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="document_kind_once"),
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="document_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
