"""What and when: elections, organizations, missions, and the people who sign in."""

from missions.models.elections import Commission, Constituency, Election
from missions.models.missions import (
    Delegation,
    Invitation,
    Membership,
    Mission,
    MissionHead,
    Organization,
)
from missions.models.tokens import ApiToken, TokenScope
from missions.models.users import User

__all__ = [
    "ApiToken",
    "Commission",
    "Constituency",
    "Delegation",
    "Election",
    "Invitation",
    "Membership",
    "Mission",
    "MissionHead",
    "Organization",
    "TokenScope",
    "User",
]
