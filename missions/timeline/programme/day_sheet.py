"""The programme of one day as a PDF for protocol: one page a day, made by typst from the packaged fonts alone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from missions.timeline.programme.models import Booking, Programme
from missions.timeline.programme.selectors import bookings_on, local_span, place_text

TEMPLATES = Path(__file__).parent / "templates"
FONTS = [fontpkg_noto_sans.ROOT / "files", fontpkg_noto_sans_arabic.ROOT / "files"]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line: when, where, who comes with how many, who leads them, and who interprets."""

    time: str
    place: str
    delegation: str
    head: str
    persons: str
    language: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One day."""

    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    footer: str


def render_day_sheet(programme: Programme, days: Sequence[date], *, at: datetime) -> bytes:
    """The PDF of these days of a version, a page or more for each. The same version and instant give the same bytes."""
    pages = [_page(programme, day, bookings_on(programme, day), at) for day in days]
    return render_pages(pages, at=at)


def render_pages(pages: Sequence[SheetPage], *, at: datetime) -> bytes:
    """The PDF of the pages. A letter that no packaged font has is left out as an empty box, and nothing else is."""
    pdf: bytes = typst.compile(
        TEMPLATES / "day_sheet.typ",
        root=TEMPLATES,
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"pages": json.dumps([asdict(page) for page in pages], ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return pdf


def sheet_name(programme: Programme, day: date) -> str:
    """What the file is called."""
    return f"programme-{programme.election.code}-v{programme.version}-{day:%Y-%m-%d}.pdf"


def _page(programme: Programme, day: date, bookings: Sequence[Booking], at: datetime) -> SheetPage:
    zone = programme.election.zone
    facts = {
        "version": programme.version,
        "state": programme.get_state_display(),
        "zone": programme.election.time_zone,
        "printed": f"{date_format(at.astimezone(zone), 'j M Y')}, {at.astimezone(zone):%H:%M}",
    }
    return SheetPage(
        title=date_format(day, "l, j F Y"),
        subtitle=programme.election.name,
        columns=(_("Time"), _("Place"), _("Delegation"), _("Head"), _("Persons"), _("Interpretation")),
        rows=tuple(_row(booking, programme) for booking in bookings),
        footer=_("Programme of the ministry, version %(version)d (%(state)s) · times of %(zone)s · %(printed)s")
        % facts,
    )


def _row(booking: Booking, programme: Programme) -> SheetRow:
    request = booking.request
    return SheetRow(
        time=local_span(booking, programme.election.zone),
        place=place_text(booking),
        delegation=f"{request.mission.code} · {request.mission.name}",
        head=str(request.head) if request.head else "",
        persons=str(request.size),
        language=request.language,
    )
