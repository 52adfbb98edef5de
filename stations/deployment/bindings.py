"""What binds a plan: from the optimizer's indexes to keys of ours, and from those to sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from missions.countries import country_name
from missions.models import Constituency, Mission
from stations.deployment.loaded_problem import LoadedProblem
from stations.deployment.models import DeploymentPlan
from stations.deployment.optimizer.problem import NONE
from stations.deployment.optimizer.solution import Binding, Limit, Solution
from stations.deployment.parameters import Stratum
from stations.deployment.records import LONG_TERM, SHORT_TERM, TRAVEL_OUTDATED, BindingRecord, bindings_from_json
from stations.deployment.stratum_targets import REGION

#: So many constituencies are named in one sentence.
_NAMED = 8


def bindings_of(term: str, loaded: LoadedProblem, solution: Solution | None) -> Iterator[BindingRecord]:
    """The reasons of one solve in keys of ours; constituencies, and parts of a region, of one reason stand together.

    A mission that has nobody abroad is not short of teams there.
    """
    merged: dict[BindingRecord, list[BindingRecord]] = {}
    for binding in solution.bindings if solution else ():
        if binding.limit is Limit.COUNTRY_EMPTY and not loaded.staffs_overseas:
            continue
        record = _record(term, loaded, binding)
        same = replace(record, count=0, points=0, places=())
        merged.setdefault(same, []).append(record)
    for rows in merged.values():
        places = tuple(place for row in rows for place in row.places)
        count, points = sum(row.count for row in rows), max(row.points for row in rows)
        yield replace(rows[0], count=count, points=points, places=places)


def travel_not_used(loaded: LoadedProblem) -> Iterator[BindingRecord]:
    """Measured ways that were not used, because a station came after the file."""
    if loaded.outdated_travel:
        places = loaded.outdated_travel
        yield BindingRecord(term=SHORT_TERM, limit=TRAVEL_OUTDATED, count=len(places), places=places)


def _record(term: str, loaded: LoadedProblem, binding: Binding) -> BindingRecord:
    """In the long-term solve areas are regions; one by its number stands for the region there."""
    part = loaded.long_term if term == LONG_TERM else loaded.short_term
    index = loaded.index
    region = _region(term, loaded, binding)
    at_home = term == SHORT_TERM and binding.area != NONE
    return BindingRecord(
        term=term,
        limit=binding.limit.value,
        count=binding.count,
        points=binding.points,
        region=index.regions[region] if region != NONE else "",
        places=(int(index.constituencies[binding.area]),) if at_home else (),
        mission_id=part.mission_ids[binding.mission] if binding.mission != NONE else None,
        country=index.countries[binding.country] if binding.country != NONE else "",
        stratum=index.strata[binding.stratum] if binding.stratum != NONE else "",
        languages=tuple(code for bit, code in enumerate(index.languages) if binding.language >> bit & 1),
    )


def _region(term: str, loaded: LoadedProblem, binding: Binding) -> int:
    """The region of a zone of either solve, or NONE. A zone of the short-term one may be a part of a region."""
    if term == LONG_TERM:
        return binding.area if binding.area != NONE else binding.zone
    if binding.zone == NONE:
        return NONE
    zone = loaded.short_term.problem.areas.zone
    return int(loaded.index.region_of[np.argmax(zone == binding.zone)])


def binding_lines(plan: DeploymentPlan) -> list[str]:
    """What binds the plan, a sentence for each reason, those that would gain most first. Two queries at most.

    Missions are named: to be shown to those who read the plan whole.
    """
    rows = sorted(bindings_from_json(plan.bindings), key=lambda row: -row.points)
    places = {place for row in rows for place in row.places}
    missions = {row.mission_id for row in rows if row.mission_id is not None}
    names = _Names(
        places=dict(Constituency.objects.filter(pk__in=places).values_list("pk", "name")) if places else {},
        missions=dict(Mission.objects.filter(pk__in=missions).values_list("pk", "code")) if missions else {},
    )
    return [_sentence(row, names) for row in rows]


@dataclass(frozen=True, slots=True)
class _Names:
    places: Mapping[int, str]
    missions: Mapping[int, str]


def _sentence(row: BindingRecord, names: _Names) -> str:
    facts = {
        "count": row.count,
        "region": row.region,
        "places": _listed([names.places[key] for key in row.places if key in names.places]) or row.region,
        "mission": names.missions.get(row.mission_id or 0, "") or _("two missions together"),
        "country": country_name(row.country, get_language() or "en") if row.country else "",
        "languages": f" {_('or')} ".join(_languages(row.languages)),
        "stratum": _stratum(row.stratum),
    }
    form = _travel_form(row.count) if row.limit == TRAVEL_OUTDATED else _form(Limit(row.limit), row.count)
    return form % facts


def _travel_form(count: int) -> str:
    return ngettext(
        "The measured travel times of %(places)s lack a station by now; distances were estimated there",
        "The measured travel times of %(count)d constituencies lack a station by now; distances were estimated there: "
        "%(places)s",
        count,
    )


def _form(limit: Limit, count: int) -> str:
    """The sentence of a limit, in the number of what is short."""
    if limit is Limit.ZONE_LANGUAGE:
        return ngettext(
            "%(count)d team short of %(languages)s speakers in %(region)s",
            "%(count)d teams short of %(languages)s speakers in %(region)s",
            count,
        )
    if limit is Limit.ZONE_SHARE:
        return ngettext(
            "%(count)d team of %(mission)s in %(region)s beyond its fair share",
            "%(count)d teams of %(mission)s in %(region)s beyond its fair share",
            count,
        )
    if limit is Limit.ZONE_BARRED:
        return ngettext(
            "%(count)d team with nationals of %(country)s would do more in %(region)s, where none are sent",
            "%(count)d teams with nationals of %(country)s would do more in %(region)s, where none are sent",
            count,
        )
    if limit is Limit.AREA_EMPTY:
        return ngettext("%(count)d team short for %(places)s", "%(count)d teams short for %(places)s", count)
    if limit is Limit.AREA_FULL:
        return ngettext(
            "%(count)d team would do more in %(places)s, where there is no station left for it",
            "%(count)d teams would do more in %(places)s, where there is no station left for them",
            count,
        )
    if limit is Limit.NO_ROAD:
        return ngettext(
            "%(count)d station in %(places)s that no road leads to",
            "%(count)d stations in %(places)s that no road leads to",
            count,
        )
    if limit is Limit.COUNTRY_EMPTY:
        return ngettext(
            "%(count)d station in %(country)s without a team",
            "%(count)d stations in %(country)s without a team",
            count,
        )
    return _partner_form(limit, count)


def _partner_form(limit: Limit, count: int) -> str:
    if limit is Limit.PARTNER_NATIONALITY:
        return ngettext(
            "%(count)d person of %(mission)s without a partner: all who are left share a nationality",
            "%(count)d people of %(mission)s without a partner: all who are left share a nationality",
            count,
        )
    if limit is Limit.PARTNER_LANGUAGE:
        return ngettext(
            "%(count)d person of %(mission)s without a partner who shares a language",
            "%(count)d people of %(mission)s without a partner who shares a language",
            count,
        )
    if limit is Limit.PARTNER:
        return ngettext(
            "%(count)d person of %(mission)s without a partner: the number is odd",
            "%(count)d people of %(mission)s without a partner: the number is odd",
            count,
        )
    return ngettext(
        "%(count)d visit short of the target for %(stratum)s",
        "%(count)d visits short of the target for %(stratum)s",
        count,
    )


def _stratum(stratum: str) -> str:
    names = {
        Stratum.RURAL: _("stations in the country"),
        Stratum.URBAN: _("stations in towns"),
        Stratum.CAMERA: _("stations with a web camera"),
        Stratum.NEWLY_COVERED: _("stations in newly covered territory"),
    }
    if stratum.startswith(REGION):
        return stratum.removeprefix(REGION)
    return names[Stratum(stratum)] if stratum else ""


def _languages(codes: Iterable[str]) -> list[str]:
    names = Locale.parse(get_language() or "en", sep="-").languages
    return [names.get(code, code) for code in codes]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    listed = ", ".join(names[:_NAMED])
    return _("%(names)s and %(count)d more") % {"names": listed, "count": more} if more > 0 else listed
