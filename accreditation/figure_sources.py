"""What the accreditation desk counts for others: heads, the way from nomination to card, and clocks at risk."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accreditation.models import Application, CategoryQuota, Nomination
from accreditation.selectors import DUE_SOON, figures_as_of, heads_as_of
from accreditation.states import LIVE_ACCREDITATION_STATES, QUEUE_STATES, ApplicationState, Category
from missions.figures import Figure, HeadCount, Part, Viewer
from missions.kernel.errors import Text
from missions.models import Election, Mission
from missions.selectors import family_of

_S = ApplicationState
#: The way to the card: each step with its title and the state of those who wait there, at the last one who hold it.
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
    """People of one category: ever nominated, holding a place, accredited now, arrived."""

    named: int = 0
    holding: int = 0
    accredited: int = 0
    arrived: int = 0


class AccreditationFigures:
    """The provider of this app (missions.figures.FigureSource)."""

    def of_election(self, election: Election, *, at: datetime) -> tuple[Figure, ...]:
        """The public figure as of the instant, and the people of each category counted apart. Two queries."""
        counted = figures_as_of(election, at=at)
        return (
            Figure("observers", _("Accredited observers"), counted.observers),
            Figure("organizations", _("Organizations"), counted.organizations),
            Figure("nationalities", _("Countries"), counted.nationalities),
            *(
                Figure("accredited", _("Accredited"), heads, group=category.label)
                for category, heads in heads_as_of(election, at=at).items()
            ),
        )

    def of_mission(self, mission: Mission, *, user: Viewer, at: datetime) -> tuple[Figure, ...]:
        """Per category the heads and, for who may look at applications, the way and the clocks. Four queries."""
        if not _may(user, "accreditation.view_nomination"):
            return ()
        family = family_of(mission) if user.is_authenticated and user.is_host else (mission.pk,)
        is_alone = len(family) == 1
        limits = _limits(mission) if is_alone else {}
        may_follow = _may(user, "accreditation.view_application")
        piles = _piles(family, user=user, at=at) if may_follow else []
        heads = _heads(family, user)
        found: list[Figure] = []
        for category in (row for row in Category if row in heads):
            found += _totals(category, heads[category], limits.get(category))
            if may_follow:
                own = [pile for pile in piles if pile.category == category]
                found += _way(category, heads[category], own, _Links(mission.pk, category) if is_alone else None)
        return tuple(found)

    def head_counts(self, missions: Collection[int], *, user: Viewer) -> Mapping[int, HeadCount]:
        """The international observers of each mission alone. One query."""
        if not missions or not _may(user, "accreditation.view_nomination"):
            return {}
        rows = _people(missions, user).filter(category=Category.INTERNATIONAL_OBSERVER).values_list("mission")
        counted = rows.annotate(accredited=_ACCREDITED, arrived=_ARRIVED)
        return {mission_id: HeadCount(accredited, arrived) for mission_id, accredited, arrived in counted}


accreditation_figures = AccreditationFigures()


@dataclass(frozen=True, slots=True)
class _Links:
    """Addresses of the list of applications, narrowed to one mission and category."""

    mission_id: int
    category: Category

    def to(self, **narrowed: str | tuple[str, ...]) -> str:
        query = {"nomination__mission__id__exact": self.mission_id, "category__exact": str(self.category), **narrowed}
        return f"{reverse('admin:accreditation_application_changelist')}?{urlencode(query, doseq=True)}"


def _may(user: Viewer, permission: str) -> bool:
    """Staff need the permission; for the people of missions the querysets decide what they see."""
    if not user.is_authenticated or not user.is_active:
        return False
    return not user.is_host or user.has_perm(permission)


def _people(missions: Collection[int], user: Viewer) -> QuerySet[Nomination]:
    return Nomination.objects.visible_to(user).filter(mission__in=missions).order_by()


def _heads(missions: Collection[int], user: Viewer) -> dict[Category, _Heads]:
    """Per category of nomination. One query."""
    rows = (
        _people(missions, user)
        .values_list("category")
        .annotate(
            named=Count("observer", distinct=True),
            holding=Count("observer", distinct=True, filter=Q(holds_place=True)),
            accredited=_ACCREDITED,
            arrived=_ARRIVED,
        )
    )
    return {Category(category): _Heads(*counts) for category, *counts in rows}


def _limits(mission: Mission) -> dict[Category, int | None]:
    quotas = CategoryQuota.objects.filter(mission=mission).values_list("category", "ceiling")
    return {
        Category.INTERNATIONAL_OBSERVER: mission.ceiling,
        **{Category(category): ceiling for category, ceiling in quotas},
    }


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


def _holds(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _totals(category: Category, heads: _Heads, limit: int | None) -> Iterator[Figure]:
    counts = (
        ("holding", _("Nominated"), heads.holding),
        ("accredited", _("Accredited now"), heads.accredited),
        ("arrived", _("Arrived"), heads.arrived),
    )
    for code, title, count in counts:
        yield Figure(code, title, count, Part.TOTAL, category.label, limit=limit)


def _way(category: Category, heads: _Heads, piles: list[_Pile], links: _Links | None) -> Iterator[Figure]:
    group = category.label
    for step, (code, title, state) in enumerate(STEPS):
        yield Figure(
            code,
            title,
            sum(pile.people for pile in piles if pile.reached >= step) if step else heads.named,
            Part.STEP,
            group,
            waiting=None if state == _S.ACCREDITED else sum(pile.people for pile in piles if pile.state == state),
            url=links.to(state__exact=state) if links else "",
        )
    for code, title, states in _BESIDE:
        people = sum(pile.people for pile in piles if pile.state in states)
        yield Figure(code, title, people, Part.BESIDE, group, url=links.to(state__exact=states) if links else "")
    ended = sum(pile.people for pile in piles if pile.state == _S.ACCREDITED and not pile.is_live)
    yield Figure("ended", _("Accreditation ended"), ended, Part.BESIDE, group)
    elsewhere = heads.named - sum(pile.people for pile in piles)
    yield Figure("elsewhere", _("Applied for by another mission"), elsewhere, Part.BESIDE, group)
    for code, title in _CLOCKS:
        people = sum(getattr(pile, code) for pile in piles)
        yield Figure(code, title, people, Part.CLOCK, group, url=links.to(queue=code) if links else "")
