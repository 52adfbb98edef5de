"""States of a file of citizen observers, beside their table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class FileState(TextChoices):
    RECEIVED = "received", _("being checked")
    UNREADABLE = "unreadable", _("cannot be read")
    STAGED = "staged", _("checked")
    ORDERED = "ordered", _("being taken in")
    COMMITTED = "committed", _("taken in")
    DISCARDED = "discarded", _("discarded")


_F = FileState
FILE_TRANSITIONS: Transitions[FileState] = {
    _F.RECEIVED: frozenset({_F.STAGED, _F.UNREADABLE, _F.DISCARDED}),
    _F.UNREADABLE: frozenset(),
    _F.STAGED: frozenset({_F.ORDERED, _F.DISCARDED}),
    _F.ORDERED: frozenset({_F.COMMITTED, _F.STAGED}),
    _F.COMMITTED: frozenset(),
    _F.DISCARDED: frozenset(),
}
#: A job has work to do.
WORK_STATES = (_F.RECEIVED, _F.ORDERED)
#: The bytes of the file are kept.
KEPT_STATES = (_F.RECEIVED, _F.STAGED, _F.ORDERED)
#: The same file may come again.
FAILED_STATES = (_F.UNREADABLE, _F.DISCARDED)
