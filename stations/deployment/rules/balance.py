"""What is judged over a whole plan: sending states, women and men, strata, political groups (R09, R10, R20, R32)."""

from collections.abc import Iterator

from stations.deployment.rules.dhondt import dhondt
from stations.deployment.rules.facts import Balance
from stations.deployment.rules.findings import Broken, broken
from stations.deployment.rules.limits import BalanceLimits, Limits


def sending_states(balance: Balance, limits: Limits) -> Iterator[Broken]:
    """R09: a state that sends one person only is never too many."""
    total, limit = sum(balance.sending_states.values()), limits.balance.sending_state_percent
    for country, count in sorted(balance.sending_states.items()):
        if count > 1 and count * 100 > limit * total:
            percent = count * 100 // total
            facts = {"country": country, "count": count, "total": total, "percent": percent, "limit": limit}
            yield broken("r09-one-sending-state", facts)


def women_and_men(balance: Balance, _limits: Limits) -> Iterator[Broken]:
    """R10: the share by role, reported."""
    for role, total in sorted(balance.people.items()):
        women = balance.women.get(role, 0)
        yield broken("r10-share", role=role, women=women, total=total, percent=women * 100 // total)


def strata(balance: Balance, limits: Limits) -> Iterator[Broken]:
    """R20: a kind of station that a plan of this size would meet by chance, and meets too seldom."""
    for stratum in balance.strata:
        day = limits.day.most_visits if stratum.is_region else 1
        expected = expected_of(stratum.stations, visited=balance.visited, stations=balance.stations, day=day)
        if is_missed(stratum.visited, expected, limits.balance):
            yield broken("r20-stratum-missed", stratum=stratum.code, visited=stratum.visited, expected=expected)


def political_groups(balance: Balance, _limits: Limits) -> Iterator[Broken]:
    """R32: those who name a group are split over the groups as seats would be, by largest averages."""
    total = sum(group.people for group in balance.groups)
    shares = dhondt(total, [group.strength for group in balance.groups])
    for group, share in zip(balance.groups, shares, strict=True):
        if group.people != share:
            yield broken("r32-group-split", group=group.name, count=group.people, total=total, share=share)


def expected_of(size: int, *, visited: int, stations: int, day: int = 1) -> int:
    """How many of a stratum's stations are visited by chance where so many of all stations are.

    Only whole teams go to a region: of that count as many are expected as make whole days of `day` visits.
    """
    return visited * size // max(stations, 1) // day * day


def least_of(expected: int, limits: BalanceLimits) -> int:
    """With how many visited stations a stratum is not missed; none where chance would give it a few at most."""
    return -(-expected * limits.stratum_percent // 100) if expected >= limits.stratum_expected else 0


def is_missed(visited: int, expected: int, limits: BalanceLimits) -> bool:
    """Whether a stratum has far fewer visited stations than chance would give it, where that is more than a few."""
    return visited < least_of(expected, limits)
