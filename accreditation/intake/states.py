"""How far a nomination file has come, and what became of its rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class ImportState(TextChoices):
    RECEIVED = "received", _("waits to be read")
    ASKED = "asked", _("question open")
    STAGED = "staged", _("ready to be taken in")
    COMMITTING = "committing", _("being taken in")
    COMMITTED = "committed", _("taken in")
    DISCARDED = "discarded", _("discarded")
    UNREADABLE = "unreadable", _("cannot be read")


_I = ImportState
IMPORT_TRANSITIONS: Transitions[ImportState] = {
    _I.RECEIVED: frozenset({_I.ASKED, _I.STAGED, _I.UNREADABLE, _I.DISCARDED}),
    _I.ASKED: frozenset({_I.RECEIVED, _I.DISCARDED}),
    _I.STAGED: frozenset({_I.COMMITTING, _I.COMMITTED, _I.DISCARDED}),
    _I.COMMITTING: frozenset({_I.STAGED, _I.COMMITTED}),
    _I.COMMITTED: frozenset(),
    _I.DISCARDED: frozenset(),
    _I.UNREADABLE: frozenset(),
}
#: Nothing more happens to these; the same file may be sent again unless it was taken in.
CLOSED_STATES = (_I.COMMITTED, _I.DISCARDED, _I.UNREADABLE)
#: The job has something to do here.
WORK_STATES = (_I.RECEIVED, _I.COMMITTING)


class Question(TextChoices):
    """What only a person can say about a file; it is never guessed."""

    ENCODING = "encoding", _("encoding")
    DATE_ORDER = "date_order", _("order of dates")


class RowAction(TextChoices):
    """What taking a row in would do."""

    ADD = "add", _("new")
    CHANGE = "change", _("changes")
    KEEP = "keep", _("there already")
    REFUSE = "refuse", _("stays out")


class RowOutcome(TextChoices):
    """What became of a row."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("was there already")
    SENT_BACK = "sent_back", _("sent back")
