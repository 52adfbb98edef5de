"""What the page of one sample tells. The sample was fetched in scope; a page needs the same queries at any size."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from missions.countries import country_name
from stations.deployment.samples.models import SampledStation, SampleStratum, StationSample
from stations.deployment.samples.states import Place, Stratifier

STATIONS_PER_PAGE = 50
_ALPHA3 = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class StratumLine:
    """A stratum in words; `one_of` says how many stations each of its sampled ones stands for."""

    title: str
    size: str
    drawn: str
    one_of: str


@dataclass(frozen=True, slots=True)
class StationLine:
    """A sampled station, and whose place it took or who took its."""

    rank: int
    code: str
    name: str
    stratum: str
    place: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A filter of the list of stations with its count."""

    key: str
    title: str
    count: int
    chosen: bool


_TONES = {Place.DRAWN: "success", Place.REPLACED: "danger", Place.RESERVE: "calm"}


def stratum_title(values: Sequence[str], stratifiers: Sequence[str]) -> str:
    """The values of a stratum as people say them."""
    words = {
        "urban": _("urban"),
        "rural": _("rural"),
        "special": _("special"),
        "ordinary": _("not special"),
        "newly_covered": _("newly covered"),
        "long_covered": _("covered before"),
        "camera": _("with camera"),
        "no_camera": _("without camera"),
        "abroad": _("abroad"),
        "home": _("at home"),
    }
    said = []
    for value, stratifier in zip(values, stratifiers, strict=False):
        if stratifier == Stratifier.REGION:
            said.append(country_name(value, get_language() or "en") if _ALPHA3.fullmatch(value) else value)
        else:
            said.append(words.get(value, value))
    return " · ".join(said) or _("all of them")


def points(permille: int | None) -> str:
    """A margin of error, in points."""
    return "" if permille is None else f"±{number_format(permille / 10, 1)}"


def strata_of(sample: StationSample) -> list[StratumLine]:
    """The strata with what was drawn of each. One query."""
    return [_stratum_line(stratum, sample) for stratum in sample.strata.all()]


def places_of(sample: StationSample, chosen: str) -> list[PlaceChoice]:
    """How many stations are in the sample, in reserve and replaced. One query."""
    rows = SampledStation.objects.filter(sample=sample).order_by().values_list("place")
    counts = dict(rows.annotate(count=Count("pk")))
    return [PlaceChoice(place.value, str(place.label), counts.get(place.value, 0), place == chosen) for place in Place]


def stations_page(sample: StationSample, *, place: str, number: str) -> tuple[Page[SampledStation], list[StationLine]]:
    """A page of the stations that are in that place, by stratum and rank. Two queries."""
    rows = SampledStation.objects.filter(sample=sample, place=place).select_related(
        "station", "stratum", "stands_for__station", "stand_in__station"
    )
    page = Paginator(rows.order_by("stratum__position", "rank"), STATIONS_PER_PAGE).get_page(number)
    return page, [_station_line(row, sample) for row in page]


def _stratum_line(stratum: SampleStratum, sample: StationSample) -> StratumLine:
    return StratumLine(
        title=stratum_title(stratum.values, sample.stratifiers),
        size=number_format(stratum.size, force_grouping=True),
        drawn=number_format(stratum.drawn, force_grouping=True),
        one_of=number_format(stratum.size / stratum.drawn, 1) if stratum.drawn else "–",
    )


def _station_line(row: SampledStation, sample: StationSample) -> StationLine:
    return StationLine(
        rank=row.rank,
        code=row.station.code,
        name=row.station.name,
        stratum=stratum_title(row.stratum.values, sample.stratifiers),
        place=row.get_place_display(),
        tone=_TONES[Place(row.place)],
        note=_note(row),
    )


def _note(row: SampledStation) -> str:
    if row.stands_for is not None:
        return _("in the place of %(code)s") % {"code": row.stands_for.station.code}
    if row.place != Place.REPLACED:
        return ""
    return _("%(code)s took its place: %(reason)s") % {"code": row.stand_in.station.code, "reason": row.reason}
