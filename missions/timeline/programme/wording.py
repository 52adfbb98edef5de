"""Broken rules, conflicts and left-out requests in words, with names, days and hours instead of ids and slots."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.kernel.errors import Violation
from missions.timeline.programme.loading import LoadedProblem, Unfit
from missions.timeline.programme.models import Booking, MeetingRequest
from missions.timeline.programme.records import NO_ROOM
from missions.timeline.scheduler.facts import places_of
from missions.timeline.scheduler.plan import Conflict, Rule
from missions.timeline.scheduler.plan import Violation as BrokenRule
from missions.timeline.scheduler.problem import Request

#: So many requests are named in one sentence; the others are counted.
_NAMED = 6


def broken_rule(loaded: LoadedProblem, broken: BrokenRule) -> Violation:
    """The rule as one sentence; its code names the kind of rule, its field the first request."""
    facts = {
        "requests": _names(loaded, broken.requests),
        "where": _where(loaded, broken.where, broken.requests),
        "when": _when(loaded, broken.start),
    }
    field = f"request-{broken.requests[0]}" if broken.requests else ""
    return Violation(field, f"programme-{broken.rule.value}", _sentence(broken.rule) % facts)


def withdrawn(request: MeetingRequest) -> Violation:
    """A booking whose request is no longer asked."""
    message = _("%(request)s: is asked no longer, or fits nowhere now.") % {"request": request}
    return Violation(f"request-{request.pk}", "programme-request", message)


def conflict_text(loaded: LoadedProblem, conflict: Conflict) -> str:
    """Why not all that must be can be: who wants what, when, and how many places there are for it."""
    asked = {row.id: row for row in loaded.problem.requests}
    rows = [asked[key] for key in conflict.requests if key in asked]
    hosts = {row.host for row in rows}
    if rows and len(hosts) == 1 and "" not in hosts:
        sentence = _host_conflict(loaded, rows)
    else:
        sentence = _("These cannot all be held: %(requests)s (%(rules)s).") % {
            "requests": _names(loaded, conflict.requests),
            "rules": ", ".join(str(rule_name(rule)) for rule in conflict.by),
        }
    if conflict.irreducible:
        return f"{sentence} {_('Without any one of them the others could be.')}"
    return f"{sentence} {_('It is not proven that all of them are needed for the conflict.')}"


def demand_lines(loaded: LoadedProblem) -> list[str]:
    """For each host: how many want it and how many places it has in all its hours."""
    lines = []
    for host in loaded.problem.hosts:
        asking = sum(row.host == host.id for row in loaded.problem.requests)
        places = host.capacity * len(places_of(host.windows, host.meeting, host.changeover, host.closed))
        facts = {"asking": asking, "who": loaded.resources[host.id].name, "places": places}
        if asking > places:
            lines.append(_("%(asking)d delegations want %(who)s; there are %(places)d places.") % facts)
        else:
            lines.append(_("%(who)s: %(asking)d requests for %(places)d places.") % facts)
    return lines


def rivals_text(loaded: LoadedProblem, request: MeetingRequest, bookings: Sequence[Booking], rank: int) -> str:
    """Who holds the places of the host within the time of a request that got none. Empty where none are counted."""
    row = next((one for one in loaded.problem.requests if one.id == str(request.pk)), None)
    host = next((one for one in loaded.problem.hosts if row is not None and one.id == row.host), None)
    if row is None or host is None:
        return ""
    window = row.windows[0]
    starts = {
        start
        for start in places_of(host.windows, host.meeting, host.changeover, host.closed)
        if window.start <= start <= window.end - host.meeting
    }
    there = [one for one in bookings if str(one.resource_id) == host.id and loaded.clock.floor(one.starts_at) in starts]
    weights = {one.id: one.weight for one in loaded.problem.requests}
    higher = sum(weights.get(str(one.request_id), 0) >= row.weight for one in there)
    facts = {
        "who": loaded.resources[host.id].name,
        "places": len(starts) * host.capacity,
        "taken": len(there),
        "higher": higher,
        "rank": rank,
    }
    return (
        _(
            "%(who)s has %(places)d places in its time; %(taken)d are held, %(higher)d of them by delegations of "
            "rank %(rank)d or higher."
        )
        % facts
    )


def solver_fault(code: str) -> str:
    """Why the solver gave no programme, as people say it."""
    told = {
        "impossible": _("What must take place and what is fixed by hand cannot all be held."),
        "unfinished": _("The time was too short to find a programme; allow more seconds."),
        "deadline-exceeded": _("The solver did not end in time; order it again when the machine is less busy."),
        "memory-exceeded": _("The solver needs more memory than it may have."),
    }
    return told.get(code) or _("The solver gave no programme (%(code)s).") % {"code": code}


def tight_text(loaded: LoadedProblem, failed: Sequence[str]) -> str:
    """What must take place and finds no place in the order of receipt: there it is tight. Empty if all do."""
    if not failed:
        return ""
    return _("In the order of receipt no place is left for: %(named)s.") % {"named": _names(loaded, failed)}


def left_out_text(code: str) -> str:
    """Why a request has no place, as people say it."""
    return {
        NO_ROOM: _("no place was left in its time"),
        Unfit.NOT_SERVED.value: _("nothing is there that serves it"),
        Unfit.LANGUAGE_UNKNOWN.value: _("there are no interpreters of its language"),
        Unfit.TOO_MANY_PERSONS.value: _("more people than the hall has seats"),
        Unfit.OVER.value: _("its time is over"),
        Unfit.WINDOW_TOO_SHORT.value: _("its time is shorter than the meeting"),
        Unfit.NO_OPEN_PLACE.value: _("nothing is open in its time"),
    }.get(code, code)


def rule_name(rule: Rule) -> str:
    """The kind of rule in few words."""
    return {
        Rule.REQUEST: _("request"),
        Rule.WINDOW: _("time asked for"),
        Rule.PLACE: _("places of the host"),
        Rule.HOURS: _("opening hours"),
        Rule.CAPACITY: _("one at a time"),
        Rule.SEATS: _("seats"),
        Rule.BOOTHS: _("languages in a session"),
        Rule.SESSIONS: _("sessions a day"),
        Rule.INTERPRETERS: _("interpreters"),
        Rule.HEAD: _("a head is in one place at a time"),
        Rule.FAMILY: _("parent and part do not speak at once"),
        Rule.CHAIN: _("order of the steps"),
        Rule.MUST: _("must take place"),
        Rule.PIN: _("fixed by hand"),
    }[rule]


def _sentence(rule: Rule) -> str:
    return {
        Rule.REQUEST: _("%(requests)s: stands there twice, or is not asked."),
        Rule.WINDOW: _("%(requests)s: lies outside the time that was asked for."),
        Rule.PLACE: _("%(requests)s: %(where)s has no place at %(when)s."),
        Rule.HOURS: _("%(requests)s: %(where)s is closed at %(when)s."),
        Rule.CAPACITY: _("%(where)s would receive more at once than it can at %(when)s: %(requests)s."),
        Rule.SEATS: _("%(where)s has too few seats at %(when)s: %(requests)s."),
        Rule.BOOTHS: _("%(where)s has too few booths for the languages at %(when)s: %(requests)s."),
        Rule.SESSIONS: _("%(where)s would hold too many sessions on %(when)s: %(requests)s."),
        Rule.INTERPRETERS: _("More interpreters (%(where)s) are needed at %(when)s than there are: %(requests)s."),
        Rule.HEAD: _("%(where)s would be in two places at %(when)s: %(requests)s."),
        Rule.FAMILY: _("%(requests)s: parent and part would speak to the press at once."),
        Rule.CHAIN: _("%(requests)s: stand in the wrong order."),
        Rule.MUST: _("%(requests)s: must take place and has no place."),
        Rule.PIN: _("%(requests)s: was fixed at another time."),
    }[rule]


def _host_conflict(loaded: LoadedProblem, rows: Sequence[Request]) -> str:
    """Many want one host within some hours: count the ones and the places of the others."""
    pins = {pin.request: pin.start for pin in loaded.problem.pins}
    host = next(row for row in loaded.problem.hosts if row.id == rows[0].host)
    first = min(pins.get(row.id, row.windows[0].start) for row in rows)
    last = max(pins[row.id] + host.meeting if row.id in pins else row.windows[0].end for row in rows)
    places = [
        start
        for start in places_of(host.windows, host.meeting, host.changeover, host.closed)
        if first <= start <= last - host.meeting
    ]
    count = len(places) * host.capacity
    facts = {
        "count": len(rows),
        "who": loaded.resources[host.id].name,
        "from": _when(loaded, first),
        "until": _when(loaded, last),
        "places": ngettext("there is %(count)d place", "there are %(count)d places", count) % {"count": count},
        "requests": _names(loaded, [row.id for row in rows]),
    }
    return (
        ngettext(
            "%(count)d delegation wants %(who)s between %(from)s and %(until)s; %(places)s: %(requests)s.",
            "%(count)d delegations want %(who)s between %(from)s and %(until)s; %(places)s: %(requests)s.",
            len(rows),
        )
        % facts
    )


def _names(loaded: LoadedProblem, ids: Iterable[str]) -> str:
    rows = [str(loaded.requests[key]) if key in loaded.requests else key for key in ids]
    named = ", ".join(rows[:_NAMED])
    more = len(rows) - _NAMED
    return named if more <= 0 else _("%(named)s and %(count)d more") % {"named": named, "count": more}


def _where(loaded: LoadedProblem, where: str, requests: Sequence[str]) -> str:
    """The name behind an id of the problem: a resource, or the head whom the requests share."""
    if where in loaded.resources:
        return loaded.resources[where].name
    for key in requests:
        row = loaded.requests.get(key)
        if row is not None and row.head is not None and where and where == _head_of(loaded, key):
            return row.head.name
    return where


def _head_of(loaded: LoadedProblem, key: str) -> str:
    return next((row.head for row in loaded.problem.requests if row.id == key), "")


def _when(loaded: LoadedProblem, slot: int) -> str:
    if slot < 0:
        return "–"
    local = loaded.clock.at(slot).astimezone(ZoneInfo(loaded.clock.zone))
    return f"{date_format(local, 'j M')}, {local:%H:%M}"
