"""What this room refuses, each error named after its sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import (
    ConflictError,
    RuleViolationError,
    TooLargeError,
    UnsupportedTypeError,
    Violation,
)

_FILE_REASONS: Mapping[str, Promise] = {
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than 20 MB."),
    "malware_found": _("The file is refused: a malware scanner has found something in it."),
    "media_type_not_allowed": _("Send a PDF. This file is something else, whatever its name says."),
    "language_unknown": _("Give a language by its two letters, such as en or az."),
    "pdf_broken": _("The PDF is damaged. Print it to PDF again and send that."),
    "pdf_encrypted": _("The PDF is protected. Remove the protection and send it again."),
    "pdf_too_many_pages": _("The PDF has more than 500 pages."),
    "pdf_too_complex": _("The PDF is too complicated to be checked. Print it to PDF again and send that."),
    "pdf_two_files": _("The PDF is another file at the same time. Print it to PDF again and send that."),
    "pdf_javascript": _("The PDF contains a script."),
    "pdf_open_action": _("The PDF does something when it is opened."),
    "pdf_launch": _("The PDF starts programs or reaches for other files."),
    "pdf_embedded_file": _("The PDF contains other files."),
    "pdf_xfa": _("The PDF is an interactive form. Print it to PDF and send that."),
}


class ReportFileRefusedError(RuleViolationError):
    """The file cannot be taken; `reason` is the stable code of why."""

    code = "report-file-refused"
    title = _("The file cannot be taken")

    def __init__(self, reason: str, *, field: str = "file") -> None:
        self.reason = reason
        detail = str(_FILE_REASONS[reason])
        super().__init__(detail, violations=[Violation(field, reason, detail)])


class ReportFileTypeError(ReportFileRefusedError, UnsupportedTypeError):
    """The content is no PDF."""

    code = "report-file-type"
    title = _("This type of file is not accepted")


class ReportFileTooLargeError(ReportFileRefusedError, TooLargeError):
    """The file is above the limit."""

    code = "report-file-too-large"
    title = _("The file is too large")


class ReportNotDraftError(ConflictError):
    """Title and files belong to a draft."""

    code = "report-not-draft"
    title = _("The report has been submitted; take it back to change it")


class ReportWithoutFileError(RuleViolationError):
    """There is nothing to read yet."""

    code = "report-without-file"
    title = _("Add the report's file in at least one language first")


class ReportReasonMissingError(RuleViolationError):
    """The act needs a reason."""

    code = "report-reason-missing"
    title = _("Say why")


class EmbargoPastError(RuleViolationError):
    """A report cannot become public at an instant that is over."""

    code = "embargo-past"
    title = _("This instant is over; leave day and hour empty to publish at once")


class EmbargoHourMissingError(RuleViolationError):
    """The clocks of the host's zone never show this hour: they are put forward."""

    code = "embargo-hour-missing"
    title = _("The clocks of the host's zone skip this hour on that day")


class EmbargoOverError(ConflictError):
    """What everybody can read is not put under an embargo again."""

    code = "embargo-over"
    title = _("The report is public already; it can only be retracted")


class ReportNumberTakenError(ConflictError):
    """Somebody registered another report of the election at this moment."""

    code = "report-number-taken"
    title = _("Another report was registered at this moment; please try again")
