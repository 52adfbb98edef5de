"""States of a file of citizen observers, beside their table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class FileState(TextChoices):
    STAGED = "staged", _("checked, not taken in")
    COMMITTED = "committed", _("taken in")
    DISCARDED = "discarded", _("discarded")


_F = FileState
FILE_TRANSITIONS: Transitions[FileState] = {
    _F.STAGED: frozenset({_F.COMMITTED, _F.DISCARDED}),
    _F.COMMITTED: frozenset(),
    _F.DISCARDED: frozenset(),
}
