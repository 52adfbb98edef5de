"""Every code of a deployment rule with its sentence, and every rule with its name."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation.states import DocumentKind
from missions.countries import country_name
from missions.kernel.errors import Text
from stations.access.states import MissingReason
from stations.states import AccessCondition

RULE_TITLES: Final[Mapping[str, Text]] = {
    "R01": _("Two observers in a team"),
    "R02": _("Different nationalities in a team"),
    "R03": _("No nationals of the host"),
    "R04": _("Nationalities that are not sent to listed places"),
    "R05": _("Signed pledge and statement on conflicts of interest"),
    "R06": _("No other status in the election"),
    "R07": _("Accredited for the whole of every visit"),
    "R08": _("Nobody in two places at one time"),
    "R09": _("Share of one sending state"),
    "R10": _("Balance of women and men"),
    "R11": _("Somebody experienced in each team"),
    "R12": _("Languages of a team"),
    "R13": _("Days of work, and areas with their supervisors"),
    "R14": _("Fixed teams on election day"),
    "R15": _("From an opening to a count"),
    "R16": _("Visits one after the other, and long enough"),
    "R17": _("Limits of travel"),
    "R18": _("Restricted places"),
    "R19": _("Rest"),
    "R20": _("Coverage of all kinds of stations"),
    "R21": _("Visits within the locked sample"),
    "R22": _("Each station once in each stage"),
    "R23": _("No station of another mission"),
    "R24": _("Stations abroad"),
    "R32": _("Political groups and delegations mixed"),
}

SENTENCES: Final[Mapping[str, Text]] = {
    "r01-two-observers": _("A team is two observers; this one has %(count)s."),
    "r02-common-nationality": _("%(names)s are both nationals of %(countries)s."),
    "r03-host-national": _("%(name)s is a national of the host country."),
    "r03-law-unknown": _(
        "%(name)s is a national of the host country; whether the law of the host lets its nationals observe is unknown."
    ),
    "r04-listed-nationality": _("%(name)s is a national of %(country)s, and the team is sent to %(place)s."),
    "r05-papers-missing": _("%(name)s has not signed: %(papers)s."),
    "r06-other-status": _(
        "%(name)s may have a status that does not go together with observing; the ministry must look at it."
    ),
    "r07-not-accredited": _("%(name)s has no active accreditation."),
    "r07-accredited-later": _("%(name)s is accredited only after the first visit begins."),
    "r07-accreditation-over": _("The accreditation of %(name)s ends before the last visit."),
    "r07-no-card": _("No card has been issued to %(name)s."),
    "r08-double-booked": _("%(name)s is already in a released plan on that day."),
    "r09-one-sending-state": _(
        "%(country)s sends %(count)s of %(total)s short-term observers (%(percent)s %%, at most %(limit)s %%)."
    ),
    "r10-same-sex": _("%(names)s are of one sex."),
    "r10-share": _("Of %(total)s observers of this role (%(role)s) %(women)s are women (%(percent)s %%)."),
    "r11-no-experience": _("None of %(names)s has observed before."),
    "r12-no-shared-language": _("%(names)s share no language."),
    "r12-no-local-language": _(
        "Nobody of the team speaks a language of %(place)s (%(languages)s); it needs an interpreter."
    ),
    "r13-no-area": _("The team belongs to no area of responsibility."),
    "r13-area-not-supervised": _("No long-term team looks after the team's area."),
    "r13-outside-short-term": _("Short-term observers do not work on %(day)s."),
    "r13-not-in-country": _("%(name)s is not in the country on %(day)s."),
    "r13-visit-outside-area": _("Station %(station)s is outside the team's area."),
    "r14-changed-on-the-day": _("%(name)s changes teams between the start of election day and the end of tabulation."),
    "r15-other-day": _("The visits are on %(day)s, but election day is %(other_day)s."),
    "r15-no-visits": _("The team has no visits."),
    "r15-first-is-no-opening": _("The first visit, at %(station)s, is no opening from before its time."),
    "r15-last-is-no-count": _("The last visit, at %(station)s, does not see the closing and the count."),
    "r15-stage-in-between": _("The visit at %(station)s is no voting visit."),
    "r15-station-closed": _("Station %(station)s is out of use."),
    "r16-visits-overlap": _("The visits at %(first)s and %(second)s overlap."),
    "r16-no-time-to-drive": _(
        "From %(first)s to %(second)s there are %(minutes)s minutes, and the way takes %(needed)s."
    ),
    "r16-short-visit": _("The visit at %(station)s lasts %(minutes)s minutes, %(needed)s at least are wanted."),
    "r16-few-visits": _("The team has too few visits: %(count)s, where at least %(limit)s are wanted."),
    "r16-many-visits": _("The team has too many visits: %(count)s, where at most %(limit)s are wanted."),
    "r17-long-leg": _("The way from %(first)s to %(second)s takes %(minutes)s minutes (at most %(limit)s)."),
    "r17-long-day": _("The team drives %(minutes)s minutes on %(day)s (at most %(limit)s)."),
    "r17-night-driving": _("The way from %(first)s to %(second)s falls into the night, and %(place)s is closed then."),
    "r18-no-go": _("Nobody is sent to %(place)s, where station %(station)s is."),
    "r18-approval-missing": _("%(who)s has not approved going to %(place)s, where station %(station)s is."),
    "r18-access-missing": _("At station %(station)s the visit has no %(condition)s of %(who)s: %(why)s."),
    "r19-short-rest": _("Between %(day)s and %(other_day)s the team rests %(hours)s hours (at least %(limit)s)."),
    "r20-stratum-missed": _(
        "Of the stations of this kind (%(stratum)s) %(visited)s are visited; by their number it would be %(expected)s."
    ),
    "r21-outside-sample": _("Station %(station)s is not in the locked sample."),
    "r22-station-twice": _("Station %(station)s is visited more than once in this stage (%(stage)s)."),
    "r23-other-mission-there": _("Another mission goes to station %(station)s too."),
    "r24-own-country": _("%(name)s is a national of %(country)s, where the station is."),
    "r24-not-resident": _("Nobody of the team lives in %(country)s."),
    "r32-group-split": _(
        "%(group)s has %(count)s of the %(total)s accredited people who name a group; by strength it would have "
        "%(share)s."
    ),
    "r32-same-group": _("%(names)s are of the same political group (%(group)s)."),
    "r32-same-delegation": _("%(names)s are of the same delegation (%(delegation)s)."),
}


def sentence_of(code: str, evidence: Mapping[str, str]) -> str:
    """The sentence of a finding in the active language, with its evidence as people write it."""
    return str(SENTENCES[code]) % {name: _shown(name, value) for name, value in evidence.items()}


def title_of(rule: str) -> str:
    """What a rule is about, in the active language."""
    return str(RULE_TITLES[rule])


def _shown(name: str, value: str) -> str:
    show = _SHOWN.get(name)
    return show(value) if show else value


def _each(show: Callable[[str], str]) -> Callable[[str], str]:
    return lambda values: ", ".join(show(value) for value in values.split(", "))


def _country(code: str) -> str:
    return country_name(code, get_language() or "en")


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y")


def _language(code: str) -> str:
    """The name of a language; a code that the locale data do not know stays as it is."""
    try:
        names = Locale.parse(get_language() or "en", sep="-").languages
    except (UnknownLocaleError, ValueError):
        names = Locale("en").languages
    return str(names.get(code, code))


def _stratum(code: str) -> str:
    kind, _colon, name = code.partition(":")
    return name or str(STRATA[kind])


def _place(value: str) -> str:
    """Constituencies and areas by name; a country by the name that the language has for it."""
    kind, _colon, name = value.partition(":")
    return _country(name) if kind == "country" and name else value


#: The strata that are not regions; a region is told by its own name.
STRATA: Final[Mapping[str, Text]] = {
    "urban": _("urban"),
    "rural": _("rural"),
    "newly_covered": _("newly covered territory"),
    "web_camera": _("with a web camera"),
}
_STAGES: Final[Mapping[str, Text]] = {
    "opening": _("opening"),
    "voting": _("voting"),
    "closing_count": _("closing and count"),
}
_ROLES: Final[Mapping[str, Text]] = {"lto": _("long-term"), "sto": _("short-term")}
_SHOWN: Final[Mapping[str, Callable[[str], str]]] = {
    "country": _country,
    "countries": _each(_country),
    "day": _day,
    "other_day": _day,
    "languages": _each(_language),
    "papers": _each(lambda kind: str(DocumentKind(kind).label)),
    "condition": lambda value: str(AccessCondition(value).label),
    "why": lambda value: str(MissingReason(value).label),
    "stratum": _stratum,
    "stage": lambda value: str(_STAGES[value]),
    "role": lambda value: str(_ROLES[value]),
    "place": _place,
}
