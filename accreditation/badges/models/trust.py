"""What checkers trust: the root of an election, the lists of signing keys under it, and the lists of revoked badges."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from missions.models import Election


class TrustRoot(models.Model):
    """The public half of an election's root key. The private half was never on this machine."""

    election = models.OneToOneField(Election, models.PROTECT, related_name="trust_root", verbose_name=_("election"))
    environment = models.CharField(_("environment"), max_length=20, help_text=_("production, or test."))
    key_id = models.CharField(_("key id"), max_length=16)
    public_key = models.BinaryField(editable=False, help_text="The point: x and y, 32 bytes each.")
    installed_at = models.DateTimeField(_("installed at"))
    installed_by = models.CharField(_("installed by"), max_length=200)

    class Meta:
        verbose_name = _("root key")
        verbose_name_plural = _("root keys")
        ordering = ["election"]

    def __str__(self) -> str:
        return self.key_id


class KeyList(models.Model):
    """One list of signing keys as the root signed it. The one of the highest number counts."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="key_lists", verbose_name=_("election"))
    number = models.PositiveIntegerField(_("number"))
    data = models.BinaryField(editable=False)
    issued_at = models.DateTimeField(_("issued at"))
    installed_at = models.DateTimeField(_("installed at"))
    installed_by = models.CharField(_("installed by"), max_length=200)

    class Meta:
        verbose_name = _("list of keys")
        verbose_name_plural = _("lists of keys")
        ordering = ["election", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="key_list_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.number}"


class RevocationList(models.Model):
    """One full list of revoked badges as it was signed and published. Numbers only ever grow, restores included."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="revocation_lists", verbose_name=_("election"))
    number = models.BigIntegerField(_("number"))
    data = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of what is on it, without its number.")
    entries = models.PositiveIntegerField(_("badges on it"))
    key_id = models.CharField(_("signing key"), max_length=16)
    issued_at = models.DateTimeField(_("issued at"))
    next_update_at = models.DateTimeField(_("next at"))

    class Meta:
        verbose_name = _("revocation list")
        verbose_name_plural = _("revocation lists")
        ordering = ["election", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="revocation_list_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.number}"


class SigningAttempt(models.Model):
    """The signer's own log: which badges it signed with which key, written in the transaction of the signature."""

    key_id = models.CharField(_("signing key"), max_length=16)
    signed_at = models.DateTimeField(_("signed at"), db_index=True)
    badges = models.PositiveIntegerField(_("badges"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )

    class Meta:
        verbose_name = _("signing")
        verbose_name_plural = _("signings")
        ordering = ["-signed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.key_id} {self.badges}"
