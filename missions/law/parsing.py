"""From a profile file to a RuleProfile: strict, with every cross reference checked."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pycountry

from missions.data.reading import DataFileError, Table, read_toml
from missions.data.values import read_whole, read_wording, read_zone
from missions.law.rules import (
    Airtime,
    Anchor,
    Appeal,
    Basis,
    Broadcaster,
    Campaign,
    Category,
    CitedFlag,
    Deadline,
    Decider,
    Document,
    DocumentOwner,
    Effect,
    Ground,
    GroundLists,
    GroundUse,
    Inviter,
    LegalEvent,
    PollingEdge,
    PollingHours,
    RuleProfile,
    Scope,
    ScopeRule,
    Source,
    Unknown,
    Validity,
    ValidityEvent,
    VettingLimits,
    Weekday,
)

T = TypeVar("T")


class ProfileError(DataFileError):
    """A rule profile is wrong. The text names the file and the key."""


def read_profile(path: Path) -> RuleProfile:
    """The profile of the file, whose name is the profile's code. Raises ProfileError for anything amiss."""
    table = read_toml(path, error=ProfileError)
    code = table.text("code")
    if code != path.stem:
        raise table.fail("code", f"must be {path.stem!r} like the file's name")
    zone = read_zone(table, "zone")
    profile = RuleProfile(
        code=code,
        title=read_wording(table, "title"),
        host_country=_host_country(table),
        zone=zone,
        languages=table.texts("languages"),
        grounds_closed=read_whole(table.table("grounds_closed"), _ground_lists),
        polling=_or_unknown(table, "polling", lambda key: read_whole(table.table(key), _polling)),
        validity=_or_unknown(table, "validity", lambda key: read_whole(table.table(key), _validity)),
        appeal=_or_unknown(table, "appeal", lambda key: read_whole(table.table(key), _appeal)),
        vetting=read_whole(table.table("vetting"), _vetting),
        inviters=_or_unknown(table, "inviters", lambda key: table.each(key, _inviter)),
        categories=table.each("categories", _category),
        deadlines=table.each("deadlines", lambda row: _deadline(row, zone)),
        campaign=_or_unknown(table, "campaign", lambda key: read_whole(table.table(key), _campaign)),
        airtime=_or_unknown(table, "airtime", lambda key: read_whole(table.table(key), _airtime)),
        events=table.each("events", _event) if table.has("events") else (),
        documents=table.each("documents", _document),
        grounds=table.each("grounds", _ground),
        sources=table.each("sources", _source),
    )
    table.finish()
    _check_references(profile, table)
    return profile


def _or_unknown(table: Table, key: str, read: Callable[[str], T]) -> T | Unknown:
    if not table.holds(key, "unknown"):
        return read(key)
    return read_whole(table.table(key), lambda row: Unknown(row.text("unknown")))


def _optional(table: Table, key: str, read: Callable[[str], T]) -> T | None:
    return read(key) if table.has(key) else None


def _host_country(table: Table) -> str:
    country = table.text("host_country")
    if len(country) != 3 or pycountry.countries.get(alpha_3=country) is None:
        raise table.fail("host_country", f"{country!r} is not an ISO 3166 alpha-3 code")
    return country


def _source(table: Table) -> Source:
    return Source(code=table.code(), title=table.text("title"), basis=table.choice("basis", Basis))


def _polling(table: Table) -> PollingHours:
    opens, closes = table.clock("opens"), table.clock("closes")
    if closes <= opens:
        raise table.fail("closes", "must be later than the opening")
    return PollingHours(
        opens=opens,
        closes=closes,
        opens_title=read_wording(table, "opens_title"),
        closes_title=read_wording(table, "closes_title"),
        source=table.code("source"),
    )


def _validity(table: Table) -> Validity:
    return Validity(ends_with=table.choice("ends_with", ValidityEvent), source=table.code("source"))


def _appeal(table: Table) -> Appeal:
    return Appeal(
        delivery_days=table.count("delivery_days"),
        filing_days=table.count("filing_days"),
        ruling_days=table.count("ruling_days"),
        source=table.code("source"),
    )


def _ground_lists(table: Table) -> GroundLists:
    return GroundLists(
        refusal=_or_unknown(table, "refusal", table.flag),
        revocation=_or_unknown(table, "revocation", table.flag),
    )


def _vetting(table: Table) -> VettingLimits:
    return VettingLimits(
        passport_months_after_departure=_or_unknown(table, "passport_months_after_departure", table.count),
        longest_stay_days=_or_unknown(table, "longest_stay_days", table.count),
        minimum_age=_or_unknown(table, "minimum_age", table.count),
        maximum_age=_or_unknown(table, "maximum_age", table.count),
        source=table.code("source"),
    )


def _inviter(table: Table) -> Inviter:
    return Inviter(code=table.code(), title=read_wording(table, "title"), source=table.code("source"))


def _document(table: Table) -> Document:
    return Document(
        code=table.code(),
        title=read_wording(table, "title"),
        count=table.count("count"),
        owner=table.choice("owner", DocumentOwner),
        source=table.code("source"),
    )


def _ground(table: Table) -> Ground:
    return Ground(
        code=table.code(),
        title=read_wording(table, "title"),
        use=table.choice("use", GroundUse),
        source=table.code("source"),
    )


def _category(table: Table) -> Category:
    return Category(
        code=table.code(),
        title=read_wording(table, "title"),
        scopes=table.each("scopes", _scope_rule),
        decision_days=_or_unknown(table, "decision_days", table.count),
        decision_latest_offset=_optional(table, "decision_latest_offset", table.integer),
        by_session=_or_unknown(table, "by_session", table.flag),
        host_citizens_excluded=_or_unknown(table, "host_citizens_excluded", table.flag),
        one_per_commission=_or_unknown(
            table, "one_per_commission", lambda key: read_whole(table.table(key), _cited_flag)
        ),
        documents=_or_unknown(table, "documents", table.texts),
        application_deadline=_unknown_deadline(table),
        valid_months=_optional(table, "valid_months", table.count),
        source=table.code("source"),
    )


def _scope_rule(table: Table) -> ScopeRule:
    return ScopeRule(scope=table.choice("scope", Scope), decided_by=table.choice("decided_by", Decider))


def _cited_flag(table: Table) -> CitedFlag:
    return CitedFlag(holds=table.flag("holds"), source=table.code("source"))


def _unknown_deadline(table: Table) -> Unknown | None:
    if not table.has("application_deadline"):
        return None
    return read_whole(table.table("application_deadline"), lambda row: Unknown(row.text("unknown")))


def _deadline(table: Table, host_zone: str) -> Deadline:
    anchor = table.choice("anchor", Anchor)
    offset_days, fixed_on = _anchored(table, anchor)
    return Deadline(
        code=table.code(),
        title=read_wording(table, "title"),
        effect=table.choice("effect", Effect),
        anchor=anchor,
        offset_days=offset_days,
        fixed_on=fixed_on,
        local_time=_optional(table, "local_time", table.clock),
        zone=read_zone(table, "zone") if table.has("zone") else host_zone,
        inclusive=table.flag("inclusive"),
        categories=table.texts("categories") if table.has("categories") else (),
        scope=table.choice("scope", Scope) if table.has("scope") else None,
        source=table.code("source"),
    )


def _event(table: Table) -> LegalEvent:
    return LegalEvent(
        code=table.code(),
        title=read_wording(table, "title"),
        offset_days=table.integer("offset_days"),
        local_time=_optional(table, "local_time", table.clock),
        source=table.code("source"),
    )


def _campaign(table: Table) -> Campaign:
    return Campaign(
        begins=table.code("begins"),
        ends=table.code("ends"),
        silence_until=_or_unknown(table, "silence_until", lambda key: table.choice(key, PollingEdge)),
        source=table.code("source"),
    )


def _airtime(table: Table) -> Airtime:
    return Airtime(
        broadcasters=table.each("broadcasters", _broadcaster),
        slot=timedelta(seconds=table.count("slot_seconds")),
        draw_order=table.texts("draw_order"),
        source=table.code("source"),
    )


def _broadcaster(table: Table) -> Broadcaster:
    days = {day.value: day for day in Weekday}
    names = table.texts("weekdays")
    if not names or not set(names) <= set(days):
        raise table.fail("weekdays", f"must be some of {', '.join(days)}")
    return Broadcaster(
        code=table.code(),
        title=read_wording(table, "title"),
        weekdays=tuple(day for name, day in days.items() if name in names),
        local_time=_optional(table, "local_time", table.clock),
        minutes=table.count("minutes"),
    )


def _anchored(table: Table, anchor: Anchor) -> tuple[int, date | None]:
    if anchor is Anchor.FIXED:
        return 0, table.day("date")
    return table.integer("offset_days"), None


def _check_references(profile: RuleProfile, table: Table) -> None:
    groups: dict[str, tuple[str, ...]] = {
        "sources": tuple(row.code for row in profile.sources),
        "categories": tuple(row.code for row in profile.categories),
        "deadlines": (
            *(row.code for row in profile.deadlines),
            *(row.code for row in profile.events),
        ),
        "documents": tuple(row.code for row in profile.documents),
        "grounds": tuple(row.code for row in profile.grounds),
        "inviters": () if isinstance(profile.inviters, Unknown) else tuple(row.code for row in profile.inviters),
    }
    for key, codes in groups.items():
        for code in codes:
            if codes.count(code) > 1:
                raise table.fail(key, f"{code!r} is there twice")
    _check_used(table, "sources", groups["sources"], _cited_sources(profile))
    _check_used(table, "documents", groups["documents"], _cited_documents(profile))
    for use in GroundUse:
        if not profile.grounds_for(use):
            raise table.fail("grounds", f"no ground has the use {use.value!r}, so that nothing could support it")
    for deadline in profile.deadlines:
        _check_known(table, f"deadlines.{deadline.code}.categories", deadline.categories, groups["categories"])
    for category in profile.categories:
        _check_deadlines(profile, category, table)
    _check_campaign(profile, table)


def _cited_sources(profile: RuleProfile) -> list[str]:
    cited = [profile.vetting.source]
    cited += [row.source for row in profile.categories]
    cited += [row.source for row in profile.deadlines]
    cited += [row.source for row in profile.events]
    cited += [row.source for row in profile.documents]
    cited += [row.source for row in profile.grounds]
    if not isinstance(profile.inviters, Unknown):
        cited += [row.source for row in profile.inviters]
    for rule in (profile.polling, profile.validity, profile.appeal, profile.campaign, profile.airtime):
        if not isinstance(rule, Unknown):
            cited.append(rule.source)
    for category in profile.categories:
        if not isinstance(category.one_per_commission, Unknown):
            cited.append(category.one_per_commission.source)
    return cited


def _cited_documents(profile: RuleProfile) -> list[str]:
    lists = [category.documents for category in profile.categories]
    return [code for codes in lists if not isinstance(codes, Unknown) for code in codes]


def _check_used(table: Table, key: str, defined: tuple[str, ...], cited: list[str]) -> None:
    _check_known(table, key, cited, defined)
    for code in defined:
        if code not in cited:
            raise table.fail(key, f"{code!r} is never used")


def _check_known(table: Table, key: str, cited: Iterable[str], defined: tuple[str, ...]) -> None:
    for code in cited:
        if code not in defined:
            raise table.fail(key, f"{code!r} is cited but not defined")


def _check_campaign(profile: RuleProfile, table: Table) -> None:
    """The campaign needs its two deadlines; airtime needs the campaign, for it is given on the days of that."""
    campaign = profile.campaign
    if not isinstance(campaign, Unknown):
        known = tuple(row.code for row in profile.deadlines)
        _check_known(table, "campaign", (campaign.begins, campaign.ends), known)
    elif not isinstance(profile.airtime, Unknown):
        raise table.fail("airtime", "needs a campaign, on whose days it is given")


def _check_deadlines(profile: RuleProfile, category: Category, table: Table) -> None:
    key = f"categories.{category.code}"
    scopes = [rule.scope for rule in category.scopes]
    if len(set(scopes)) != len(scopes):
        raise table.fail(f"{key}.scopes", "a scope is there twice")
    named = [row for row in profile.deadlines if category.code in row.categories]
    counts = [sum(row.scope in (scope, None) for row in named) for scope in scopes]
    if max(counts) > 1:
        raise table.fail(key, "two deadlines close the same applications")
    if (min(counts) == 0) != (category.application_deadline is not None):
        raise table.fail(f"{key}.application_deadline", "must say why it is unknown exactly where no deadline is given")
