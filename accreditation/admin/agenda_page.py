"""What the pages of a session and its items tell: counts per item, the people of one, and the whole protocol."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language

from accreditation.admin.tones import APPLICATION_TONES, OUTCOME_TONES
from accreditation.models import AgendaItem, Application, CommissionSession, Decision
from accreditation.services.agenda import label_of
from accreditation.services.profiles import profile_of
from accreditation.states import AgendaOutcome, ApplicationState, Outcome
from missions.admin.pages import NOTHING
from missions.kernel.models import Event
from missions.models import Election

#: So many people of an item are shown on its page; those who still wait come first.
SHOWN_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of an agenda as the page of its session tells it."""

    item: AgendaItem
    url: str
    vote_url: str
    outcome: str
    tone: str
    votes: str
    waiting: int
    accredited: int
    refused: int
    deferred: int


def counted(field: str, rows: "QuerySet[Any]") -> Coalesce:
    """How many of the rows point to the outer row by this field: a subquery, so that counts do not multiply."""
    own = rows.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(own.annotate(how_many=Count("pk")).values("how_many")), Value(0))


def agenda_of(session: CommissionSession, *, may_vote: bool) -> list[ItemLine]:
    """The items in their order, with what is left to decide on each. Two queries."""
    waiting = Application.objects.filter(state=ApplicationState.SCHEDULED)
    items: QuerySet[Any] = session.agenda.order_by("position").annotate(
        waiting=counted("agenda_item", waiting),
        accredited=counted("agenda_item", Decision.objects.filter(outcome=Outcome.ACCREDITED)),
        refused=counted("agenda_item", Decision.objects.filter(outcome=Outcome.REFUSED)),
    )
    deferred = _deferred_of(items)
    return [
        ItemLine(
            item=item,
            url=reverse("admin:accreditation_agendaitem_change", args=(item.pk,)),
            vote_url=reverse("admin:accreditation_agendaitem_vote", args=(item.pk,))
            if may_vote and item.waiting and not item.outcome
            else "",
            outcome=item.get_outcome_display(),
            tone=OUTCOME_TONES.get(item.outcome, ""),
            votes=votes_text(item),
            waiting=item.waiting,
            accredited=item.accredited,
            refused=item.refused,
            deferred=len(deferred.get(item.pk, ())),
        )
        for item in items
    ]


def votes_text(item: AgendaItem) -> str:
    """For, against and abstentions as protocols write them; a dash where nothing is on record."""
    if item.votes_for is None:
        return NOTHING
    return f"{item.votes_for} : {item.votes_against} : {item.votes_abstained}"


def people_of(item: AgendaItem) -> dict[str, Any]:
    """Who stands on the item, those who still wait first, and whose names were taken off it by a deferral."""
    rows = item.applications.select_related("observer", "nomination__mission", "accreditation")
    people = rows.defer("observer__passport_number", "observer__mrz").order_by("observer__surname", "pk")
    waiting = people.filter(state=ApplicationState.SCHEDULED)[:SHOWN_PEOPLE]
    settled = people.exclude(state=ApplicationState.SCHEDULED)[:SHOWN_PEOPLE]
    lines = [_person_line(row) for row in (*waiting, *settled)][:SHOWN_PEOPLE]
    deferred = _deferred(item)
    return {"lines": lines, "count": item.applications.count() + len(deferred), "deferred": deferred}


def protocol_of(session: CommissionSession) -> Iterator[dict[str, Any]]:
    """Item by item: the vote, the outcome, the ground in words, and every person with number or refusal."""
    titles = ground_titles(session.election)
    for item in session.agenda.order_by("position").select_related("decided_by"):
        decisions = item.decisions.select_related(
            "application__observer", "application__nomination__mission", "application__accreditation"
        ).defer("application__observer__passport_number", "application__observer__mrz")
        rows = list(decisions.order_by("application__observer__surname", "pk"))
        yield {
            "item": item,
            "outcome": item.get_outcome_display(),
            "votes": votes_text(item),
            "ground": titles.get(item.ground, item.ground),
            "accredited": [(_number(row.application), label_of(row.application)) for row in rows if _is_yes(row)],
            "refused": [
                (label_of(row.application), titles.get(row.ground, row.ground), row.text)
                for row in rows
                if not _is_yes(row)
            ],
            "deferred": _deferred(item),
            "waiting": item.applications.filter(state=ApplicationState.SCHEDULED).count(),
        }


def _person_line(row: Application) -> dict[str, Any]:
    return {
        "label": label_of(row),
        "state": row.get_state_display(),
        "tone": APPLICATION_TONES.get(ApplicationState(row.state), ""),
        "number": _number(row),
        "url": reverse("admin:accreditation_application_change", args=(row.pk,)),
    }


def _number(row: Application) -> str:
    accreditation: Model | None = getattr(row, "accreditation", None)
    return "" if accreditation is None else f"{row.accreditation.number:05d}"


def _is_yes(row: Decision) -> bool:
    return row.outcome == Outcome.ACCREDITED


def _deferred(item: AgendaItem) -> list[tuple[str, str]]:
    """The people of a list who were deferred by exception, as the vote named them, with its reasons."""
    return _deferred_of([item]).get(item.pk, [])


def _deferred_of(items: Iterable[AgendaItem]) -> dict[int, list[tuple[str, str]]]:
    """The same for many items, by their key. An item deferred as a whole says so by its outcome. One query."""
    decided = [item.pk for item in items if item.outcome not in ("", AgendaOutcome.DEFERRED)]
    told = Event.objects.filter(
        object_type=AgendaItem._meta.label_lower, object_id__in=decided, verb="people_deferred"
    ).order_by("pk")
    people: dict[int, list[tuple[str, str]]] = {}
    for key, reason in told.values_list("object_id", "reason"):
        names, _line, text = reason.partition("\n")
        people.setdefault(key, []).extend((name, text) for name in names.split("; "))
    return people


def ground_titles(election: Election) -> dict[str, str]:
    """The grounds of the law of the election in the reader's language, by code."""
    profile = profile_of(election)
    language = get_language() or "en"
    return {ground.code: ground.title.text(language) for ground in profile.grounds} if profile else {}
