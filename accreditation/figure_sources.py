"""What the accreditation desk counts for others: heads, the way from nomination to card, and clocks at risk."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accreditation.models import Application, CategoryQuota, Nomination
from accreditation.selectors import DUE_SOON, figures_as_of
from accreditation.states import LIVE_ACCREDITATION_STATES, QUEUE_STATES, ApplicationState, Category
from missions.figures import Figure, HeadCount, Part, Viewer
from missions.kernel.errors import Text
from missions.models import Election, Mission
from missions.selectors import family_of

_S = ApplicationState
_INTERNATIONAL = Category.INTERNATIONAL_OBSERVER
#: The way to the card: each step with its title and the state of those who have come no further.
STEPS: tuple[tuple[str, Text, ApplicationState], ...] = (
    ("nominated", _("Nominated"), _S.DRAFT),
    ("submitted", _("Submitted"), _S.INCOMPLETE),
    ("complete", _("Complete"), _S.SUBMITTED),
    ("review", _("Under review"), _S.UNDER_REVIEW),
    ("recommended", _("Recommended"), _S.RECOMMENDED),
    ("scheduled", _("On an agenda or decided"), _S.SCHEDULED),
    ("accredited", _("Accredited"), _S.ACCREDITED),
)
_REACHED = {state: step for step, (_code, _title, state) in enumerate(STEPS)}
_REFUSED = (_S.REFUSED, _S.APPEALED, _S.REFUSED_FINAL)
_DECIDED = _REACHED[_S.SCHEDULED]
_BESIDE: tuple[tuple[str, Text, tuple[ApplicationState, ...]], ...] = (
    ("refused", _("Refused"), _REFUSED),
    ("withdrawn", _("Withdrawn by the mission"), (_S.WITHDRAWN,)),
    ("late", _("Late"), (_S.INADMISSIBLE_LATE,)),
)
#: The codes are those of the desk's queues.
_CLOCKS: tuple[tuple[str, Text], ...] = (("overdue", _("Overdue")), ("soon", _("Due in 24 hours")))
_ACCREDITED = Count(
    "observer", distinct=True, filter=Q(applications__accreditation__state__in=LIVE_ACCREDITATION_STATES)
)
_ARRIVED = Count("observer", distinct=True, filter=Q(stay__arrived_at__isnull=False))


@dataclass(frozen=True, slots=True)
class _Pile:
    """How many people of one category stand alike: state, whether once submitted and complete, whether carded now."""

    category: Category
    state: ApplicationState
    is_submitted: bool
    is_complete: bool
    is_live: bool
    people: int
    overdue: int
    soon: int

    @property
    def reached(self) -> int:
        """The farthest step that these people are known to have come to."""
        if self.state in _REFUSED:
            return _DECIDED
        if self.state in (_S.WITHDRAWN, _S.INADMISSIBLE_LATE):
            return 2 if self.is_complete else 1 if self.is_submitted else 0
        return _REACHED[self.state]


@dataclass(frozen=True, slots=True)
class _Heads:
    """People of one category: nominated and holding a place, accredited now, arrived."""

    nominated: int = 0
    accredited: int = 0
    arrived: int = 0


class AccreditationFigures:
    """The provider of this app (missions.figures.FigureSource)."""

    def of_election(self, election: Election, *, at: datetime) -> tuple[Figure, ...]:
        """The public figure as of the instant. One query."""
        counted = figures_as_of(election, at=at)
        return (
            Figure("observers", _("Accredited observers"), counted.observers),
            Figure("organizations", _("Organizations"), counted.organizations),
            Figure("nationalities", _("Countries"), counted.nationalities),
        )

    def of_mission(self, mission: Mission, *, user: Viewer, at: datetime) -> tuple[Figure, ...]:
        """Per category the heads, the way, what stands beside it, and the clocks. At most four queries."""
        if not _may_know(user):
            return ()
        family = family_of(mission) if user.is_authenticated and user.is_host else (mission.pk,)
        piles = _piles(family, user=user, at=at)
        heads = _heads(family, user)
        limits = _limits(mission) if len(family) == 1 else {}
        found: list[Figure] = []
        for category in Category:
            if category in heads:
                own = [pile for pile in piles if pile.category == category]
                links = _Links(mission.pk, category) if len(family) == 1 else None
                found += _figures(category, own, heads[category], limits.get(category), links)
        return tuple(found)

    def head_counts(self, missions: Collection[int], *, user: Viewer) -> Mapping[int, HeadCount]:
        """The international observers of each mission alone. One query."""
        if not missions or not _may_know(user):
            return {}
        rows = _people(missions, user).filter(Q(applications=None) | Q(applications__category=_INTERNATIONAL))
        return {
            mission_id: HeadCount(accredited, arrived)
            for mission_id, accredited, arrived in rows.values_list("mission").annotate(
                accredited=_ACCREDITED, arrived=_ARRIVED
            )
        }


accreditation_figures = AccreditationFigures()


@dataclass(frozen=True, slots=True)
class _Links:
    """Addresses of the list of applications, narrowed to one mission and category."""

    mission_id: int
    category: Category

    def to(self, **narrowed: object) -> str:
        query = {"nomination__mission__id__exact": self.mission_id, "category__exact": self.category, **narrowed}
        return f"{reverse('admin:accreditation_application_changelist')}?{urlencode(query, doseq=True)}"


def _may_know(user: Viewer) -> bool:
    """Staff who may look at applications, and the people of missions, whose scope the querysets decide."""
    if not user.is_authenticated or not user.is_active:
        return False
    return not user.is_host or user.has_perm("accreditation.view_application")


def _people(missions: Collection[int], user: Viewer) -> QuerySet[Nomination]:
    return Nomination.objects.visible_to(user).filter(mission__in=missions).order_by()


def _heads(missions: Collection[int], user: Viewer) -> dict[Category, _Heads]:
    """Per category; a nomination without an application of its own counts as an international observer."""
    rows = (
        _people(missions, user)
        .values_list(Coalesce("applications__category", Value(_INTERNATIONAL.value)))
        .annotate(
            nominated=Count("observer", distinct=True, filter=Q(holds_place=True)),
            accredited=_ACCREDITED,
            arrived=_ARRIVED,
        )
    )
    return {Category(category): _Heads(*counts) for category, *counts in rows}


def _limits(mission: Mission) -> dict[Category, int | None]:
    quotas = CategoryQuota.objects.filter(mission=mission).values_list("category", "ceiling")
    return {_INTERNATIONAL: mission.ceiling, **{Category(category): ceiling for category, ceiling in quotas}}


def _piles(missions: Collection[int], *, user: Viewer, at: datetime) -> list[_Pile]:
    """The current application of each person and category: the live one, or else the last. One query."""
    undecided = Q(state__in=QUEUE_STATES)
    newer = Application.objects.filter(
        Q(closed_at=None) | Q(pk__gt=OuterRef("pk")),
        nomination__mission__in=missions,
        observer=OuterRef("observer"),
        category=OuterRef("category"),
    )
    rows = (
        Application.objects.visible_to(user)
        .filter(Q(closed_at=None) | ~Exists(newer), nomination__mission__in=missions)
        .order_by()
        .values_list(
            "category",
            "state",
            _holds(Q(submitted_at__isnull=False)),
            _holds(Q(complete_since__isnull=False)),
            _holds(Q(accreditation__state__in=LIVE_ACCREDITATION_STATES)),
        )
        .annotate(
            people=Count("observer", distinct=True),
            overdue=Count("observer", distinct=True, filter=undecided & Q(decide_by__lte=at)),
            soon=Count("observer", distinct=True, filter=undecided & Q(decide_by__gt=at, decide_by__lte=at + DUE_SOON)),
        )
    )
    return [_Pile(Category(category), ApplicationState(state), *rest) for category, state, *rest in rows]


def _holds(condition: Q) -> "ExpressionWrapper[BooleanField[bool]]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _figures(
    category: Category, piles: list[_Pile], heads: _Heads, limit: int | None, links: _Links | None
) -> Iterable[Figure]:
    group = category.label
    yield Figure("nominated", _("Nominated"), heads.nominated, Part.TOTAL, group, limit=limit)
    yield Figure("accredited", _("Accredited now"), heads.accredited, Part.TOTAL, group, limit=limit)
    yield Figure("arrived", _("Arrived"), heads.arrived, Part.TOTAL, group, limit=limit)
    for step, (code, title, state) in enumerate(STEPS):
        yield Figure(
            code,
            title,
            sum(pile.people for pile in piles if pile.reached >= step),
            Part.STEP,
            group,
            waiting=sum(pile.people for pile in piles if pile.state == state),
            url=links.to(state__exact=state) if links else "",
        )
    for code, title, states in _BESIDE:
        people = sum(pile.people for pile in piles if pile.state in states)
        yield Figure(code, title, people, Part.BESIDE, group, url=links.to(state__exact=states) if links else "")
    ended = sum(pile.people for pile in piles if pile.state == _S.ACCREDITED and not pile.is_live)
    yield Figure("ended", _("Accreditation ended"), ended, Part.BESIDE, group)
    for code, title in _CLOCKS:
        people = sum(getattr(pile, code) for pile in piles)
        yield Figure(code, title, people, Part.CLOCK, group, url=links.to(queue=code) if links else "")
