"""Who signs in. The address is the name; roles are groups, and missions come by Membership."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from missions.states import MailLanguage


class EmailUserManager(UserManager["User"]):
    """Creates users by e-mail address instead of a user name."""

    def _create(self, email: str, password: str | None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(  # type: ignore[override]  # the address replaces the user name
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self._create(email, password, **fields)

    def create_superuser(  # type: ignore[override]  # the address replaces the user name
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self._create(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of an address as people type it: addresses are kept in small letters."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person with an account: ministry staff (`is_staff`), a mission's people, or a checker."""

    username = None  # type: ignore[assignment]  # the address is the name
    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(
        _("language of mails"), max_length=5, choices=MailLanguage.choices, default=MailLanguage.EN
    )
    session_version = models.PositiveIntegerField(
        _("session version"), default=0, editable=False, help_text=_("Raising it ends every session of the person.")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = EmailUserManager()  # type: ignore[misc]  # typed for our own manager

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def is_host(self) -> bool:
        """Whether this person works for the host: the ministry or a commission."""
        return self.is_active and self.is_staff

    def get_session_auth_hash(self) -> str:
        """What a session must hold to stay alive: it changes with the password and with `session_version`."""
        return f"{super().get_session_auth_hash()}.{self.session_version}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each of the keys that were in use before."""
        for former in super().get_session_auth_fallback_hash():
            yield f"{former}.{self.session_version}"
