"""The square symbol of a card: QR, level M, as one drawn shape whose modules fit the dots of a card printer."""

from dataclasses import dataclass
from typing import Final

import segno

from accreditation.badges.errors import BadgeNotPrintableError

#: Denser symbols are too small to be read from a card; see docs/badge-code.md.
MAX_VERSION: Final = 16
_QUIET_ZONE: Final = 4
#: Which of the eight masks is best takes four times as long to find as all the rest, and readers do not care: of 320
#: damaged codes each mask lost as many as the best one, also where the text repeats itself.
_MASK: Final = 3
#: Printers for cards have 300 dots an inch. A module of whole dots is as wide as every other one.
_DOT_MM: Final = 25.4 / 300


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol as SVG, one unit a module, with its quiet zone of four modules on each side."""

    svg: str
    version: int
    modules: int

    def module_mm(self, area_mm: float) -> float:
        """The side of a module, in whole dots of a card printer, when the symbol stands in a square of this side."""
        return int(area_mm / self.modules / _DOT_MM) * _DOT_MM

    def side_mm(self, area_mm: float) -> float:
        """The side of the symbol with its quiet zone when it stands in a square of this side."""
        return self.module_mm(area_mm) * self.modules


def symbol_of(text: str) -> Symbol:
    """The symbol of a code. Raises BadgeNotPrintableError if it would be denser than MAX_VERSION."""
    try:
        code = segno.make_qr(text, error="m", boost_error=False, mask=_MASK)
    except segno.DataOverflowError:
        raise BadgeNotPrintableError(_too_dense()) from None
    version = int(code.version)
    if version > MAX_VERSION:
        raise BadgeNotPrintableError(_too_dense())
    modules = len(code.matrix) + 2 * _QUIET_ZONE
    return Symbol(_svg(code.matrix, modules), version, modules)


def _svg(matrix: tuple[bytearray, ...], modules: int) -> str:
    """One path for all modules: shapes drawn one by one leave hair lines where they touch."""
    bars = "".join(
        f"M{column + _QUIET_ZONE} {row + _QUIET_ZONE}h{width}v1h-{width}z"
        for row, line in enumerate(matrix)
        for column, width in _runs(line)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{modules}" height="{modules}" '
        f'viewBox="0 0 {modules} {modules}"><path d="{bars}"/></svg>'
    )


def _runs(line: bytearray) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for column, is_dark in enumerate(line):
        if not is_dark:
            continue
        if runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((column, 1))
    return runs


def _too_dense() -> str:
    return f"{BadgeNotPrintableError.title}: {MAX_VERSION}"
