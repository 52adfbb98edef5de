"""What the rules need to know about the people of a plan's teams. Seven queries, whatever their number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation, Document, Finding, ListedPerson, Nomination, Observer
from accreditation.states import SIGNED_DOCUMENTS, AccreditationState, Category
from stations.deployment.gaps import holds_nobody
from stations.deployment.models import DeploymentPlan, ObserverSlot, TeamMember
from stations.deployment.rules.facts import MemberFacts
from stations.deployment.slots import Slot
from stations.deployment.states import DayHalf

_CATEGORY: Final = Category.INTERNATIONAL_OBSERVER
_CARD_IS_OUT: Final = (BadgeState.PRINTED, BadgeState.HANDED_OVER)
#: The finding of the vetting that a reviewer closes where the person on the list is another one.
_LISTED: Final = "incompatible_status"


@dataclass(frozen=True, slots=True)
class _Standing:
    """What there is of one observer besides the person: accreditation, papers, card, other status, other bookings."""

    accredited_from: Mapping[int, dt.datetime]
    papers: Mapping[int, frozenset[str]]
    cards: frozenset[int]
    listed: frozenset[int]
    slots: Mapping[int, frozenset[Slot]]


def members_of(
    plan: DeploymentPlan, wanted: Mapping[int, Collection[Slot]], *, some: bool
) -> dict[int, list[MemberFacts]]:
    """The members of the teams that are the keys of `wanted`, by team; its values are when the team is at work.

    `some`: only a part of the plan's teams is wanted.
    """
    members = TeamMember.objects.filter(plan=plan)
    if some:
        members = members.filter(team__in=wanted)
    standing = _standing_of(plan, members)
    rows = (
        members.select_related("observer", "nomination__delegation")
        .defer("observer__passport_number", "observer__mrz")  # nothing here needs it decrypted
        .order_by("pk")
    )
    found: dict[int, list[MemberFacts]] = defaultdict(list)
    for row in rows:
        slots = standing.slots.get(row.observer_id, frozenset())
        booked = not slots.isdisjoint(wanted[row.team_id])
        found[row.team_id].append(_member(row.observer, row.nomination, standing, booked=booked))
    return found


def _member(person: Observer, nomination: Nomination, standing: _Standing, *, booked: bool) -> MemberFacts:
    papers = standing.papers.get(person.pk, frozenset())
    return MemberFacts(
        key=person.pk,
        name=person.full_name,
        nationalities=frozenset(person.nationalities),
        languages=frozenset(person.languages),
        accredited_from=standing.accredited_from.get(person.pk),
        arrives_on=nomination.arrives_on,
        departs_on=nomination.departs_on,
        sex=person.sex,
        is_experienced=person.is_experienced,
        residence=person.residence_country,
        delegation=nomination.delegation.name if nomination.delegation else "",
        political_group=nomination.political_group,
        has_card=person.pk in standing.cards,
        unsigned=tuple(kind.value for kind in SIGNED_DOCUMENTS if kind.value not in papers),
        has_other_status=person.pk in standing.listed,
        is_booked_elsewhere=booked,
    )


def _standing_of(plan: DeploymentPlan, members: "QuerySet[TeamMember]") -> _Standing:
    people = members.order_by().values("observer")
    active = Accreditation.objects.filter(
        election=plan.election_id, category=_CATEGORY, state=AccreditationState.ACTIVE, observer__in=people
    )
    rows = list(active.values_list("observer_id", "pk", "application_id", "valid_from"))
    by_application = {application: person for person, _key, application, _since in rows}
    papers: dict[int, set[str]] = defaultdict(set)
    signed = Document.objects.filter(application__accreditation__in=active, kind__in=SIGNED_DOCUMENTS)
    for application, kind in signed.values_list("application_id", "kind"):
        papers[by_application[application]].add(kind)
    carried = Badge.objects.filter(accreditation__in=active, state__in=_CARD_IS_OUT)
    by_accreditation = {key: person for person, key, _application, _since in rows}
    return _Standing(
        accredited_from={person: since for person, _key, _application, since in rows},
        papers={person: frozenset(kinds) for person, kinds in papers.items()},
        cards=frozenset(by_accreditation[key] for key in carried.values_list("accreditation_id", flat=True)),
        listed=_listed(plan, people),
        slots=_slots_elsewhere(plan, people),
    )


def _listed(plan: DeploymentPlan, people: "QuerySet[TeamMember, Any]") -> frozenset[int]:
    """Who is on a list of the host by name and birthday, unless a reviewer has since found it to be another person."""
    concerned = Observer.objects.filter(pk__in=people).exclude(weak_key="")
    entries: dict[tuple[str, dt.date], dt.datetime] = {}
    listed = ListedPerson.objects.filter(
        election=plan.election_id, birth_date__isnull=False, weak_key__in=concerned.values("weak_key")
    )
    for name, born, added_at in listed.order_by("added_at").values_list("weak_key", "birth_date", "added_at"):
        if born is not None:
            entries[name, born] = added_at
    if not entries:
        return frozenset()
    cleared = dict(
        Finding.objects.filter(application__observer__in=people, code=_LISTED, closed_at__isnull=False)
        .order_by("closed_at")
        .values_list("application__observer_id", "closed_at")
    )
    found = set()
    for key, name, born in concerned.values_list("pk", "weak_key", "birth_date"):
        listed_at = entries.get((name, born))
        cleared_at = cleared.get(key)
        if listed_at is not None and (cleared_at is None or cleared_at < listed_at):
            found.add(key)
    return frozenset(found)


def _slots_elsewhere(plan: DeploymentPlan, people: "QuerySet[TeamMember, Any]") -> dict[int, frozenset[Slot]]:
    """The half-days that released plans of other owners have taken."""
    own = DeploymentPlan.objects.filter(election=plan.election_id, mission=plan.mission_id)
    taken = ObserverSlot.objects.filter(~holds_nobody(), observer__in=people).exclude(team__plan__in=own)
    found: dict[int, set[Slot]] = defaultdict(set)
    for person, day, half in taken.order_by().values_list("observer_id", "day", "half"):
        found[person].add((day, DayHalf(half)))
    return {person: frozenset(slots) for person, slots in found.items()}
