"""Timelines that are laid, alone and shared."""

import datetime as dt

import pytest

from missions.models import Mission, User
from missions.states import DeploymentMode, MissionKind
from missions.timeline.models import Milestone
from missions.timeline.services.laying import lay_timeline


@pytest.fixture
def timeline(other_mission: Mission, other_lead: User, at: dt.datetime) -> Mission:
    """The short delegation with its timeline."""
    lay_timeline(mission=other_mission, by=other_lead, at=at)
    return other_mission


@pytest.fixture
def arrival(timeline: Mission) -> Milestone:
    return Milestone.objects.get(mission=timeline, code="arrival")


@pytest.fixture
def joint(mission: Mission) -> Mission:
    """A joint mission, not laid yet, of which the full mission is a part."""
    whole = Mission.objects.create(
        election=mission.election,
        code="IEOM",
        name="Joint mission",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        template_code="joint",
    )
    mission.parent = whole
    mission.save()
    return whole
