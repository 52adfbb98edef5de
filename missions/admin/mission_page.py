"""What the page of one mission tells. Each part needs a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.admin.bars import Bar, percent
from missions.admin.heads import places_text
from missions.admin.invitations import INVITATION_TONES, granted_text
from missions.admin.pages import DAY_FORMAT
from missions.figures import Figure, Part, figures_of_mission, head_counts
from missions.models import Mission
from missions.selectors import family_of
from missions.states import InvitationState

Facts = Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Group:
    """What is counted apart: its totals, the way, what stands beside it, and the clocks at risk."""

    title: str
    totals: tuple[Figure, ...]
    way: tuple[Bar, ...]
    beside: tuple[Figure, ...]
    clocks: tuple[Figure, ...]


def facts_of(mission: Mission) -> Facts:
    """What the mission is."""
    sender = f"{mission.organization} · {mission.organization.name}" if mission.organization else _("several")
    return (
        (_("Organization"), sender),
        (_("Election"), mission.election),
        (_("Kind"), mission.get_kind_display()),
        (_("Deployment"), _deployment(mission)),
        (_("Places"), places_text(mission)),
    )


def _deployment(mission: Mission) -> str:
    if mission.is_self_directed:
        return _("planned by the mission itself; the host sees what the mission shows: %(shown)s") % {
            "shown": mission.get_plan_sharing_display()
        }
    return _("planned by the host together with other missions")


def people_of(mission: Mission, request: HttpRequest) -> dict[str, list[str]]:
    """Heads and delegations, and for who may know it the people who act for the mission. Three queries at most."""
    people = {
        _("Heads"): [f"{head.name}, {head.title}" for head in mission.heads.all()],
        _("Delegations"): [
            f"{row.name}: {row.head_name}" if row.head_name else row.name for row in mission.delegations.all()
        ],
    }
    if request.user.has_perm("missions.view_membership"):
        members = mission.memberships.select_related("user").order_by("role", "user__email")
        people[_("Act for the mission")] = [f"{row.user} ({row.get_role_display()})" for row in members]
    return {title: rows for title, rows in people.items() if rows}


def invitations_of(mission: Mission, request: HttpRequest) -> list[dict[str, Any]] | None:
    """Who has invited the organization, and what became of it; None for who may not know. One query."""
    if not request.user.has_perm("missions.view_invitation") or mission.organization is None:
        return None
    rows = mission.organization.invitations.visible_to(request.user).filter(election=mission.election_id)
    return [
        {
            "url": reverse("admin:missions_invitation_change", args=(row.pk,)),
            "inviter": row.get_inviter_display(),
            "state": row.get_state_display(),
            "tone": INVITATION_TONES.get(InvitationState(row.state), ""),
            "note": row.note_number,
            "dated": date_format(row.note_date, DAY_FORMAT) if row.note_date else "",
            "places": granted_text(row),
            "replied_on": date_format(row.replied_on, DAY_FORMAT) if row.replied_on else "",
        }
        for row in rows.order_by("note_date", "inviter")
    ]


def figures_of(mission: Mission, request: HttpRequest, at: datetime) -> list[Group]:
    """The figures of the mission, and of all below it for a joint one, by what is counted apart."""
    figures = figures_of_mission(mission, user=request.user, at=at)
    return [_group(title, tuple(rows)) for title, rows in groupby(figures, key=lambda figure: str(figure.group))]


def _group(title: str, figures: tuple[Figure, ...]) -> Group:
    def part(kind: Part) -> tuple[Figure, ...]:
        return tuple(figure for figure in figures if figure.part is kind)

    return Group(
        title=title,
        totals=part(Part.TOTAL),
        way=_bars(part(Part.STEP)),
        beside=tuple(figure for figure in part(Part.BESIDE) if figure.value),
        clocks=part(Part.CLOCK),
    )


def _bars(steps: tuple[Figure, ...]) -> tuple[Bar, ...]:
    """The steps of the way; each leads to the people who wait there, the last one to those who have arrived at it."""
    longest = max((step.value for step in steps), default=0)
    return tuple(
        Bar(
            step.label,
            step.value,
            percent(step.value, longest),
            note=ngettext("%d waits here", "%d wait here", step.waiting) % step.waiting if step.waiting else "",
            url=step.url if step.waiting or (step.waiting is None and step.value) else "",
        )
        for step in steps
    )


def parts_of(mission: Mission, request: HttpRequest) -> list[dict[str, Any]]:
    """What a mission with others below it consists of, each with its heads alone. Three queries."""
    family = family_of(mission)
    if len(family) == 1:
        return []
    senders = family if mission.organization_id else family[1:]
    counts = head_counts(senders, user=request.user)
    return [_part(part, counts[part.pk].accredited, counts[part.pk].arrived) for part in _in_order(senders)]


def _in_order(keys: Sequence[int]) -> Iterable[Mission]:
    missions = Mission.objects.select_related("parent").in_bulk(keys)
    return (missions[key] for key in keys)


def _part(mission: Mission, accredited: int, arrived: int) -> dict[str, Any]:
    return {
        "url": reverse("admin:missions_mission_change", args=(mission.pk,)),
        "code": mission.code,
        "name": mission.name,
        "parent": mission.parent.code if mission.parent else "",
        "places": places_text(mission),
        "accredited": accredited,
        "arrived": arrived,
    }
