"""What this room refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class LetterNotDueError(RuleViolationError):
    """There is nothing yet, or nothing any more, that the letter could say."""

    code = "letter-not-due"
    title = _("This letter cannot be issued now")


class LetterNotPrintableError(RuleViolationError):
    """A text has characters that the letter's fonts do not have; a letter with empty boxes is never issued."""

    code = "letter-not-printable"
    title = _("The letter has characters that cannot be printed")


class LetterTooLongError(RuleViolationError):
    """The list has more people than one letter may name."""

    code = "letter-too-long"
    title = _("The list is too long for one letter")


class LanguageNotOfferedError(RuleViolationError):
    """There is no wording in this language."""

    code = "language-not-offered"
    title = _("There are no letters in this language")


class LetterReplacedError(ConflictError):
    """The letter was issued anew before; the newest one can be."""

    code = "letter-replaced"
    title = _("A newer letter has replaced this one already")


class BatchInProgressError(ConflictError):
    """The letters of this session are being issued."""

    code = "letter-batch-in-progress"
    title = _("The letters of this session are being issued already")
