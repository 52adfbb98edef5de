"""Refusals of uploaded papers. `reason` is the stable snake_case code of what is wrong with the file."""

from django.utils.translation import gettext_lazy as _

from accreditation.papers.reasons import sentence_of
from missions.kernel.errors import RuleViolationError, TooLargeError, UnsupportedTypeError, Violation


class PaperRefusedError(RuleViolationError):
    """The file cannot be taken as this kind of paper."""

    code = "paper-refused"
    title = _("The file cannot be taken")

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        detail = detail or sentence_of(reason)
        super().__init__(detail, violations=[Violation("file", reason, detail)])


class PaperTypeError(PaperRefusedError, UnsupportedTypeError):
    """The content, whatever its name says, is of a type that is not taken for this kind of paper."""

    code = "media-type-not-allowed"
    title = _("This type of file is not accepted")


class PaperTooLargeError(PaperRefusedError, TooLargeError):
    """The file, or the picture in it, is above the limit."""

    code = "paper-too-large"
    title = _("The file is too large")


class SignatureDayError(RuleViolationError):
    """The day of the signature is missing, lies ahead, or was told of a paper that nobody signs."""

    code = "signature-day-wrong"
    title = _("The day of the signature is not right")

    def __init__(self, reason: str) -> None:
        detail = sentence_of(reason)
        super().__init__(detail, violations=[Violation("signed_on", reason, detail)])
