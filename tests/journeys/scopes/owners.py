"""Whose the rows are: the way from each model that has an address to the mission that owns the row.

It is written down once more, away from `visible_to`, which is what is tried here. A model that stands nowhere in this
file has no own and no foreign rows, and the walk fails with its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Model, QuerySet

from missions.models import Mission, User
from missions.states import DeploymentMode
from tests.journeys.confidentiality.scene import MOMENT

ABSENT = 987_654

#: From the row to its mission. Where it leads nowhere the row is the pool's.
OWNERS: Mapping[str, str] = MappingProxyType(
    {
        "access.AccessGrant": "mission",
        "accreditation.Accreditation": "application__nomination__mission",
        "accreditation.Application": "nomination__mission",
        "accreditation.Document": "application__nomination__mission",
        "accreditation.ExitPollResult": "mission",
        "accreditation.Nomination": "mission",
        "accreditation.Stay": "nomination__mission",
        "badges.Badge": "mission",
        "deployment.AreaOfResponsibility": "plan__mission",
        "deployment.BreakGlass": "plan__mission",
        "deployment.DeploymentPlan": "mission",
        "deployment.DeploymentSettings": "mission",
        "deployment.ObserverSlot": "team__plan__mission",
        "deployment.PlanRun": "mission",
        "deployment.Team": "plan__mission",
        "deployment.TeamMember": "plan__mission",
        "deployment.Visit": "visit_plan__team__plan__mission",
        "deployment.VisitPlan": "team__plan__mission",
        "deployment.VisitShares": "mission",
        "intake.NominationImport": "mission",
        "letters.Letter": "mission",
        "missions.Invitation": "organization__missions",
        "missions.Membership": "mission",
        "missions.Mission": "pk",
        "plan_files.PlanFile": "mission",
        "presence.AskedObserver": "roll_call__mission",
        "presence.PresenceReport": "team__plan__mission",
        "presence.RollCall": "mission",
        "programme.Booking": "request__mission",
        "programme.MeetingRequest": "mission",
        "recommendations.Recommendation": "report__mission",
        "reports.Report": "mission",
        "samples.SampledStation": "sample__mission",
        "samples.StationSample": "mission",
        "timeline.Milestone": "mission",
        "travel.TravelMatrix": "mission",
    }
)
#: From the row to the person whose alone it is.
HOLDERS: Mapping[str, str] = MappingProxyType({"feeds.FeedAddress": "user"})
#: Of these only what is not public yet is anybody's own.
UNPUBLISHED: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {"recommendations.Recommendation": {"report__embargo_until__gt": MOMENT}}
)
#: What everybody who is known may read; figures and what others said of them once they are published.
SHARED = frozenset(
    {
        "figures.FigureClaim",
        "figures.FrozenFigures",
        "missions.Constituency",
        "missions.Election",
        "register.RegisterVersion",
        "stations.PollingStation",
    }
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a model's rows as one caller has them: some that are theirs and some that are not."""

    own: tuple[object, ...]
    others: tuple[object, ...]


def keys_for(model: type[Model], user: User, mission: Mission) -> Keys:
    """The keys for somebody of that mission. Raises LookupError for a model of which nobody said whose it is."""
    label = model._meta.label
    rows = model._default_manager.order_by("pk")
    if label in SHARED:
        return Keys(_first(rows), ())
    if label in HOLDERS:
        return _split(rows, HOLDERS[label], user.pk)
    if label not in OWNERS:
        raise LookupError(f"whose are the rows of {label}? See {__name__}")
    own = _split(rows, OWNERS[label], mission.pk).own
    return Keys(own, _split(rows.filter(**UNPUBLISHED.get(label, {})), OWNERS[label], mission.pk).others)


def keys_for_host(model: type[Model]) -> tuple[object, ...]:
    """A row that the ministry may read, if there is one: of a plan and what belongs to it the pool's."""
    rows = model._default_manager.order_by("pk")
    way = OWNERS.get(model._meta.label)
    if way is None:
        return _first(rows)
    return _first(rows.filter(**{way: None})) or _first(rows.filter(**{f"{way}__in": _hosted()})) or _first(rows)


def _hosted() -> "QuerySet[Mission]":
    return Mission.objects.filter(deployment_mode=DeploymentMode.HOST_COORDINATED)


def _split(rows: "QuerySet[Model]", way: str, owner: object) -> Keys:
    """The first row of this owner, and the first of each other one that has any."""
    found: dict[object, object] = {}
    for key, whose in rows.exclude(**{way: None}).values_list("pk", way):
        found.setdefault(whose, key)
    own = found.pop(owner, None)
    return Keys(() if own is None else (own,), tuple(found.values())[:2])


def _first(rows: "QuerySet[Model]") -> tuple[object, ...]:
    return tuple(rows.values_list("pk", flat=True)[:1])
