"""Why travel writes to people: nobody knows when somebody comes, or whether somebody has come who was expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accreditation.models import Accreditation
from accreditation.states import AccreditationState, Category
from missions.models import Mission
from missions.reminders.batches import batches
from missions.reminders.conditions import (
    ELECTION_VARIABLE,
    MISSION_AUDIENCES,
    MISSION_VARIABLE,
    Anchor,
    Case,
    Condition,
    Search,
    Variable,
    election_day_begins,
    election_day_ends,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts

_DESK = "accreditation.change_stay"
_TOGETHER = 50
_NOMINATION = "application__nomination"
_ELECTION_DAY = Anchor("election_day", _("election day"))
_VARIABLES = (
    MISSION_VARIABLE,
    ELECTION_VARIABLE,
    Variable("count", _("how many people"), 2),
    Variable("people", _("a line for each: the mission's own reference"), ("R-1", "R-2")),
)


@dataclass(frozen=True, slots=True)
class _Traveller:
    """One accredited person of a mission, by the mission's reference, and when they meant to come."""

    mission_id: int
    reference: str
    arrives_at: datetime | None


def _unknown(search: Search) -> Iterator[Case]:
    """Missions with accredited people of whom nobody has told when they arrive."""
    no_plan = Q(**{f"{_NOMINATION}__stay__isnull": True}) | Q(**{f"{_NOMINATION}__stay__arrives_at": None})
    return _cases(search, no_plan)


def _awaited(search: Search) -> Iterator[Case]:
    """Missions with accredited people who should have arrived by now and of whom nobody has noted it."""
    return _cases(search, Q(**{f"{_NOMINATION}__stay__arrives_at__lte": search.at}))


def _cases(search: Search, condition: Q) -> Iterator[Case]:
    travellers = groupby(_travellers(search, condition), key=attrgetter("mission_id"))
    for groups in batches(((mission_id, tuple(people)) for mission_id, people in travellers), _TOGETHER):
        missions = Mission.objects.select_related("election").in_bulk([mission_id for mission_id, _people in groups])
        for mission_id, people in groups:
            mission = missions[mission_id]
            if search.at < election_day_ends(mission.election):
                yield _case(mission, people)


def _case(mission: Mission, people: Sequence[_Traveller]) -> Case:
    planned = min((person.arrives_at for person in people if person.arrives_at is not None), default=None)
    expected = {} if planned is None else {"expected": planned}
    return Case(
        subject_type=Mission._meta.label_lower,
        subject_id=mission.pk,
        label=mission.code,
        mission_id=mission.pk,
        zone=mission.election.time_zone,
        host_zone=mission.election.time_zone,
        anchors={**expected, "election_day": election_day_begins(mission.election)},
        until=election_day_ends(mission.election),
        facts=partial(_facts, mission, people),
        turns={_DESK: len(people)},
    )


def _facts(mission: Mission, people: Sequence[_Traveller]) -> Facts:
    return {
        "mission": mission.name,
        "election": mission.election.name,
        "count": len(people),
        "people": tuple(person.reference for person in people),
    }


def _travellers(search: Search, condition: Q) -> Iterator[_Traveller]:
    rows = Accreditation.objects.filter(
        condition,
        state=AccreditationState.ACTIVE,
        category=Category.INTERNATIONAL_OBSERVER,
        **{f"{_NOMINATION}__stay__arrived_at": None},
    )
    if search.subject_id is not None:
        rows = rows.filter(**{f"{_NOMINATION}__mission": search.subject_id})
    names = (f"{_NOMINATION}__mission", f"{_NOMINATION}__reference", f"{_NOMINATION}__stay__arrives_at")
    for row in rows.order_by(*names[:2]).values_list(*names).iterator(chunk_size=2_000):
        yield _Traveller(*row)


arrival_unknown = Condition(
    code="arrival_unknown",
    title=_("nobody has told when accredited people arrive"),
    anchors=(_ELECTION_DAY,),
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.TURN, Audience.GROUP),
    find=_unknown,
)
arrival_not_confirmed = Condition(
    code="arrival_not_confirmed",
    title=_("people who should have arrived are not noted as arrived"),
    anchors=(Anchor("expected", _("the first of them should have arrived")), _ELECTION_DAY),
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.TURN, Audience.GROUP),
    find=_awaited,
)
