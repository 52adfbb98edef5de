"""What was changed by hand, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import Text
from stations.deployment.states import ChangeKind

_SENTENCES: Final[Mapping[ChangeKind, Text]] = {
    ChangeKind.SWAP: _("Observers changed places: teams %(teams)s"),
    ChangeKind.MAKE_TEAM: _("Team %(teams)s was made of people without a team"),
    ChangeKind.SPLIT_TEAM: _("Team %(teams)s was split"),
    ChangeKind.MOVE_TEAM: _("Team %(teams)s moved"),
    ChangeKind.PIN_TEAM: _("The pins of team %(teams)s changed"),
    ChangeKind.ASSIGN_INTERPRETER: _("The interpreter of team %(teams)s changed"),
    ChangeKind.ADD_VISIT: _("Team %(teams)s also visits station %(station)s"),
    ChangeKind.REMOVE_VISIT: _("Team %(teams)s does not visit station %(station)s any more"),
    ChangeKind.MOVE_VISIT: _("Team %(teams)s visits station %(station)s at another place of its route"),
    ChangeKind.CHANGE_VISIT: _("The visit of team %(teams)s to station %(station)s changed"),
    ChangeKind.PIN_VISIT: _("The pin of team %(teams)s at station %(station)s changed"),
    ChangeKind.MAKE_AREA: _("Area %(area)s was made with constituency %(constituency)s"),
    ChangeKind.RENAME_AREA: _("Area %(area)s is called %(name)s"),
    ChangeKind.MOVE_CONSTITUENCY: _("Constituency %(constituency)s belongs to area %(area)s"),
    ChangeKind.SUPERVISE_AREA: _("Team %(teams)s looks after area %(area)s"),
    ChangeKind.MOVE_AREA_TEAMS: _("The teams of area %(area)s moved to constituency %(constituency)s"),
    ChangeKind.MERGE_AREAS: _("Area %(area)s became a part of %(name)s"),
    ChangeKind.PIN_AREA: _("The pins of area %(area)s changed"),
    ChangeKind.CLEAR_AREA: _("The visits of area %(area)s were taken away"),
    ChangeKind.DISSOLVE_AREA: _("Area %(area)s was dissolved"),
}


def change_sentence(kind: str, facts: Mapping[str, str]) -> str:
    """What a change did, in the active language."""
    if kind == ChangeKind.SWAP and facts["teams"].isdecimal():
        return str(_("Somebody without a team took a place in team %(teams)s") % facts)
    return str(_SENTENCES[ChangeKind(kind)] % facts)
