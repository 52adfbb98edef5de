"""File-level refusals: a fault of the whole file, for which no single row can be blamed."""

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_lazy

from missions.kernel.errors import RuleViolationError, TooLargeError, UnsupportedTypeError, Violation
from missions.kernel.spreadsheets.limits import BLANK_ROWS_BEFORE_END, MEBIBYTE


class SpreadsheetError(RuleViolationError):
    """The whole file is refused. `reason` is the stable snake_case code, `columns` the columns to blame."""

    code = "spreadsheet-refused"
    title = gettext_lazy("The file cannot be read")

    def __init__(self, reason: str, detail: str, *, columns: Sequence[str] = ()) -> None:
        self.reason = reason
        self.columns = tuple(columns)
        violations = [Violation(column, reason, detail) for column in columns or ("file",)]
        super().__init__(detail, violations=violations)


class UnsupportedFileError(SpreadsheetError, UnsupportedTypeError):
    """The content is of another type than the two that are accepted."""

    code = "unsupported-file"
    title = gettext_lazy("This type of file is not accepted")


class FileTooLargeError(SpreadsheetError, TooLargeError):
    """The file, or what it unpacks to, is above the limit."""

    code = "file-too-large"
    title = gettext_lazy("The file is too large")


def unsupported_file() -> UnsupportedFileError:
    """The refusal that names the accepted types."""
    message = gettext("Send an Excel workbook (.xlsx) or a text file (.csv). This file is something else.")
    return UnsupportedFileError("unsupported_file", message)


def file_damaged() -> SpreadsheetError:
    """The refusal of a file that contradicts itself; which contradiction helps nobody but an attacker."""
    message = gettext("The file is damaged. Open it, save it again as .xlsx and send that.")
    return SpreadsheetError("file_damaged", message)


def rows_after_gap(row: int) -> SpreadsheetError:
    """The refusal of content far below the table: reading stops there, and nothing is skipped in silence."""
    message = gettext(
        "Row %(row)d has content after %(limit)d blank rows or more. Delete the blank rows or the content."
    )
    return SpreadsheetError("rows_after_gap", message % {"row": row, "limit": BLANK_ROWS_BEFORE_END})


def too_many_rows(limit: int) -> SpreadsheetError:
    """The refusal of a table above the cap."""
    message = gettext("The table has more than %(limit)d rows. Divide it into several files.")
    return SpreadsheetError("too_many_rows", message % {"limit": limit})


def too_many_columns(limit: int) -> SpreadsheetError:
    """The refusal of a table that is wider than any that is read."""
    message = gettext("The table has more than %(limit)d columns.")
    return SpreadsheetError("too_many_columns", message % {"limit": limit})


def inflated_too_large(size: int) -> FileTooLargeError:
    """The refusal of a workbook whose content, once unpacked, is above the cap."""
    message = gettext("The workbook unpacks to %(size)d MB, which is more than is allowed for such a file.")
    return FileTooLargeError("inflated_too_large", message % {"size": size // MEBIBYTE})


def no_rows() -> SpreadsheetError:
    """The refusal of a file without a single data row."""
    return SpreadsheetError("no_rows", gettext("The file has no rows below the header."))
