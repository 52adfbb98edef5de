"""How much one kind of file may hold; every importer states its own figures."""

from dataclasses import dataclass

BLANK_ROWS_BEFORE_END = 100
MAX_FINDINGS = 1_000
MAX_SHOWN_LENGTH = 80
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one kind of file.

    `rows` counts data rows without the header; `xlsx_rows` is the lower cap of workbooks, where one is needed.
    `file_bytes` is the size on arrival, `inflated_bytes` the size after unzipping, `ratio` their quotient
    (looked at above one mebibyte), `entries` the parts of a workbook, `columns` the rightmost column in use.
    `findings` is how many errors, and how many warnings, are kept; the rest is counted only.
    """

    rows: int
    inflated_bytes: int
    file_bytes: int
    xlsx_rows: int | None = None
    ratio: int = 100
    entries: int = 200
    columns: int = 100
    findings: int = MAX_FINDINGS

    @property
    def workbook_rows(self) -> int:
        """The cap on data rows of a workbook."""
        return self.rows if self.xlsx_rows is None else self.xlsx_rows
