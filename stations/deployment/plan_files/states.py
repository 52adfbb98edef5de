"""How far a file with a plan has come."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class FileState(TextChoices):
    STAGED = "staged", _("looked at")
    TAKEN = "taken", _("taken in")
    DISCARDED = "discarded", _("discarded")


_F = FileState
FILE_TRANSITIONS: Transitions[FileState] = {
    _F.STAGED: frozenset({_F.TAKEN, _F.DISCARDED}),
    # Only once its plan was thrown away: then the same file may be sent again.
    _F.TAKEN: frozenset({_F.DISCARDED}),
    _F.DISCARDED: frozenset(),
}
