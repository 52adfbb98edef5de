"""Why badges write to people: they are printed, and nobody has come for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState
from accreditation.states import AccreditationState
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

_DESK = "badges.hand_over_badge"
_TOGETHER = 50
_STAY = "accreditation__application__nomination__stay"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A printed badge that lies at the desk, and when its holder arrived or means to, if that is known."""

    mission_id: int
    number: int
    printed_at: datetime | None
    arrival: datetime | None


def _uncollected(search: Search) -> Iterator[Case]:
    """Missions with printed badges of accredited people that nobody has taken away, until election day is over."""
    badges = groupby(_badges(search), key=attrgetter("mission_id"))
    for groups in batches(((mission_id, tuple(waiting)) for mission_id, waiting in badges), _TOGETHER):
        missions = Mission.objects.select_related("election").in_bulk([mission_id for mission_id, _waiting in groups])
        for mission_id, waiting in groups:
            mission = missions[mission_id]
            if search.at < election_day_ends(mission.election):
                yield _case(mission, waiting)


def _badges(search: Search) -> Iterator[_Waiting]:
    rows = Badge.objects.filter(state=BadgeState.PRINTED, accreditation__state=AccreditationState.ACTIVE)
    if search.subject_id is not None:
        rows = rows.filter(mission=search.subject_id)
    arrival = Coalesce(f"{_STAY}__arrived_at", f"{_STAY}__arrives_at")
    names = rows.annotate(arrival=arrival).order_by("mission", "number")
    for row in names.values_list("mission", "number", "printed_at", "arrival").iterator(chunk_size=2_000):
        yield _Waiting(*row)


def _case(mission: Mission, waiting: Sequence[_Waiting]) -> Case:
    known = {
        "arrival": [badge.arrival for badge in waiting if badge.arrival is not None],
        "printed": [badge.printed_at for badge in waiting if badge.printed_at is not None],
    }
    return Case(
        subject_type=Mission._meta.label_lower,
        subject_id=mission.pk,
        label=mission.code,
        mission_id=mission.pk,
        zone=mission.election.time_zone,
        host_zone=mission.election.time_zone,
        anchors={
            **{code: min(instants) for code, instants in known.items() if instants},
            "election_day": election_day_begins(mission.election),
        },
        until=election_day_ends(mission.election),
        facts=partial(_facts, mission, waiting),
        turns={_DESK: len(waiting)},
    )


def _facts(mission: Mission, waiting: Sequence[_Waiting]) -> Facts:
    return {
        "mission": mission.name,
        "election": mission.election.name,
        "count": len(waiting),
        "badges": tuple(Badge(number=badge.number).number_text for badge in waiting),
    }


badge_not_collected = Condition(
    code="badge_not_collected",
    title=_("printed badges wait at the desk"),
    anchors=(
        Anchor("arrival", _("the first of their holders arrives")),
        Anchor("printed", _("the first of them was printed")),
        Anchor("election_day", _("election day")),
    ),
    variables=(
        MISSION_VARIABLE,
        ELECTION_VARIABLE,
        Variable("count", _("how many badges wait"), 2),
        Variable("badges", _("a line for each: its number"), ("B-000012", "B-000013")),
    ),
    audiences=(*MISSION_AUDIENCES, Audience.TURN, Audience.GROUP),
    find=_uncollected,
)
