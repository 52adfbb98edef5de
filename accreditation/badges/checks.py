"""System checks of who signs badges."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from accreditation.badges.codes.cose import ENVIRONMENTS
from accreditation.badges.signer import here


@register()
def signer_is_apart(**kwargs: Any) -> list[CheckMessage]:
    """The signer can be found, and signs true badges in no web process, whose theft would be that of the key."""
    found: list[CheckMessage] = []
    if settings.BADGE_ENVIRONMENT not in ENVIRONMENTS:
        found.append(Error(f"BADGE_ENVIRONMENT is none of {', '.join(ENVIRONMENTS)}.", id="badges.E001"))
    try:
        door = import_string(settings.BADGE_SIGNER)
    except ImportError as error:
        return [*found, Error(f"BADGE_SIGNER cannot be imported: {error}", id="badges.E002")]
    if settings.BADGE_ENVIRONMENT == "production" and door is here.ask:
        hint = "docs/key-ceremony.md tells how the signer gets a process of its own."
        found.append(Warning("Badges are signed within the web process.", hint=hint, id="badges.W001"))
    return found
