"""Why roll calls write to people: a mission's people are asked, and after the time for it some have not answered.

Only of the pool's roll calls: the host reads every mail that goes out, and nothing of what a mission asks its people.
No name of anybody is in a mail.
"""

from collections.abc import Iterator
from functools import partial

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.law.calendar import ONE_DAY
from missions.models import Mission
from missions.reminders.conditions import (
    ELECTION_VARIABLE,
    MISSION_AUDIENCES,
    MISSION_VARIABLE,
    Anchor,
    Case,
    Condition,
    Search,
    Variable,
)
from missions.reminders.states import Audience
from missions.reminders.texts import Facts
from missions.reminders.wording import instant_text
from stations.deployment.presence.models import AskedObserver, RollCall


def _open(search: Search) -> Iterator[Case]:
    """Missions of the pool whose people an open roll call asks, as long as one of them has not answered."""
    return _cases(search, RollCall.objects.open())


def _unanswered(search: Search) -> Iterator[Case]:
    """They again, once the time to answer has passed."""
    return _cases(search, RollCall.objects.open().filter(answer_by__lte=search.at))


def _cases(search: Search, roll_calls: "QuerySet[RollCall]") -> Iterator[Case]:
    """Few: one roll call of the pool is open at a time, and it asks each mission once. Three queries."""
    asking = roll_calls.filter(mission=None, called_at__gt=search.at - ONE_DAY, called_at__lte=search.at)
    if search.subject_id is not None:
        asking = asking.filter(pk=search.subject_id)
    calls = {roll_call.pk: roll_call for roll_call in asking.select_related("election")}
    waiting = AskedObserver.objects.without_answer().filter(roll_call__in=calls).order_by()
    counted = waiting.values_list("roll_call", "nomination__mission").annotate(people=Count("pk"))
    rows = sorted(counted)
    missions = Mission.objects.in_bulk({mission for _call, mission, _people in rows})
    for key, mission, people in rows:
        yield _case(calls[key], missions[mission], people)


def _case(roll_call: RollCall, mission: Mission, people: int) -> Case:
    zone = roll_call.election.time_zone
    return Case(
        subject_type=RollCall._meta.label_lower,
        subject_id=roll_call.pk,
        label=f"{roll_call}: {mission.code}",
        mission_id=mission.pk,
        zone=zone,
        host_zone=zone,
        anchors={"called": roll_call.called_at, "answer_by": roll_call.answer_by},
        until=roll_call.called_at + ONE_DAY,
        facts=partial(_facts, roll_call, mission, people),
    )


def _facts(roll_call: RollCall, mission: Mission, people: int) -> Facts:
    election = roll_call.election
    instant = instant_text(roll_call.answer_by, election.time_zone, language=get_language() or "en")
    return {"mission": mission.name, "election": election.name, "people": people, "instant": instant}


_ANCHORS = (Anchor("called", _("the roll was called")), Anchor("answer_by", _("answers were asked for")))
_VARIABLES = (
    MISSION_VARIABLE,
    ELECTION_VARIABLE,
    Variable("people", _("how many people of the mission have not answered"), 4),
    Variable("instant", _("until when answers are asked for"), "7 February 2024, 13:35 (UTC)"),
)
roll_call_open = Condition(
    code="roll_call_open",
    title=_("the ministry asks whether the people of the mission are safe"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=MISSION_AUDIENCES,
    find=_open,
)
roll_call_unanswered = Condition(
    code="roll_call_unanswered",
    title=_("people of the mission have not answered a roll call in time"),
    anchors=_ANCHORS,
    variables=_VARIABLES,
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_unanswered,
)
