"""The one family of errors that the domain raises; only kernel.web.problems knows their HTTP status."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where it broke (`field`, may be empty), its stable code, and a sentence for people."""

    field: str
    code: str
    detail: str


class DomainError(Exception):
    """An anticipated refusal. `code` and `title` are constant per class, `detail` speaks of this case."""

    code: ClassVar[str] = "domain-error"
    #: After how many seconds the same request may succeed; 0 where repeating it does not help.
    retry_after_seconds: ClassVar[int] = 0
    title: ClassVar[Text] = _("The request could not be carried out")

    def __init__(self, detail: Text = "", *, violations: Sequence[Violation] = ()) -> None:
        self.detail = str(detail or self.title)
        self.violations = tuple(violations)
        super().__init__(self.detail)

    @property
    def sentence(self) -> str:
        """The detail, and what the violations add to it, in one line for people."""
        told = dict.fromkeys(violation.detail for violation in self.violations)
        return f"{self.detail}: {' '.join(told)}" if told else self.detail


class RuleViolationError(DomainError):
    """The facts break a rule of the domain."""

    code = "rule-violation"
    title = _("A rule is broken")


class ConflictError(DomainError):
    """The object is no longer in the state that the request assumed, or a unique fact is taken."""

    code = "conflict"
    title = _("The object has changed or the place is taken")


class RefusedError(DomainError):
    """The acting person may see the object but may not do this."""

    code = "refused"
    title = _("You may not do this")


class MissingError(DomainError):
    """The object does not exist, or not for this person; the two are never told apart."""

    code = "not-found"
    title = _("Not found")


class UnsupportedTypeError(RuleViolationError):
    """What was sent is of a type that is not taken, whatever its name says."""

    code = "type-not-supported"
    title = _("This type of file is not accepted")


class TooLargeError(RuleViolationError):
    """What was sent, or what it unpacks to, is above the limit."""

    code = "too-large"
    title = _("The file is too large")


class NoSpaceError(ConflictError):
    """There is no room to keep what was sent. Nothing was stored; the same request may succeed later."""

    code = "no-space"
    retry_after_seconds = 300
    title = _("The server has no room for files at the moment; please try again later")


class AwayError(ConflictError):
    """Something that the request needs is out of reach for the moment. Nothing was done; the same may succeed soon."""

    code = "away"
    retry_after_seconds = 5
    title = _("A part of the server is out of reach at the moment; please try again in a few seconds")


class StorageAwayError(AwayError):
    """The storage of private files does not answer, or refuses to."""

    code = "storage-away"
    title = _("Files are out of reach at the moment; please try again in a few seconds")


class DatabaseAwayError(AwayError):
    """The database is away, busy or out of time."""

    code = "database-away"
    title = _("The database is busy or away; please try again in a few seconds")
