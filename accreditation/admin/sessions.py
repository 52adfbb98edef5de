"""Sessions: their agenda and its votes, what came of them, and the protocol to print."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accreditation.admin.agenda_page import agenda_of, counted, people_of, protocol_of, votes_text
from accreditation.admin.results import outcomes_of
from accreditation.admin.session_forms import (
    ItemVoteForm,
    ListForm,
    SessionCallForm,
    VotesForm,
    exceptions_of,
    verdict_of,
    votes_of,
)
from accreditation.admin.tones import OUTCOME_TONES
from accreditation.models import AgendaItem, Application, CommissionSession, Decision
from accreditation.permissions import can_call_session, can_decide_application, can_review_application
from accreditation.services.agenda import schedule_list
from accreditation.services.sessions import call_session
from accreditation.services.voting import carry_out_item, decide_item, decide_session
from accreditation.states import ApplicationState
from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MovesAdmin, Outcomes, Viewer
from missions.admin.pages import column, history_of, local_text, moment
from missions.kernel import clock
from missions.law.calendar import local_instant
from missions.models import User

Answers = Mapping[str, Any]


def _add_list(session: CommissionSession, answers: Answers, by: User, at: datetime) -> Outcomes:
    recommended = Application.objects.visible_to(by).filter(
        election=session.election_id, state=ApplicationState.RECOMMENDED, category=answers["category"]
    )
    if answers["mission"] is not None:
        recommended = recommended.filter(nomination__mission=answers["mission"])
    keys = recommended.order_by("observer__surname", "pk").values_list("pk", flat=True)
    return outcomes_of(schedule_list(session=session, title=answers["title"], application_ids=keys, by=by, at=at), by)


def _decide_rest(session: CommissionSession, answers: Answers, by: User, at: datetime) -> Outcomes:
    return outcomes_of(decide_session(session=session, votes=votes_of(answers), by=by, at=at), by)


def _vote(item: AgendaItem, answers: Answers, by: User, at: datetime) -> Outcomes:
    results = decide_item(
        item=item,
        verdict=verdict_of(answers),
        votes=votes_of(answers),
        exceptions=exceptions_of(answers),
        by=by,
        at=at,
    )
    return outcomes_of(results, by)


def _carry_out(item: AgendaItem, answers: Answers, by: User, at: datetime) -> Outcomes:
    return outcomes_of(carry_out_item(item=item, by=by, at=at), by)


def _somebody_recommended(session: CommissionSession, user: Viewer) -> bool:
    rows = Application.objects.filter(election=session.election_id, state=ApplicationState.RECOMMENDED)
    return rows.exists()


def _something_undecided(session: CommissionSession, user: Viewer) -> bool:
    waiting = session.applications.filter(state=ApplicationState.SCHEDULED, agenda_item__outcome="")
    return session.is_held(clock.now()) and waiting.exists()


def _may_be_voted_on(item: AgendaItem, user: Viewer) -> bool:
    return not item.outcome and item.session.is_held(clock.now()) and _somebody_waits(item)


def _session_url(item: AgendaItem) -> str:
    return reverse("admin:accreditation_commissionsession_change", args=(item.session_id,))


def _somebody_waits(item: AgendaItem) -> bool:
    return item.applications.filter(state=ApplicationState.SCHEDULED).exists()


SESSION_MOVES: tuple[Move[CommissionSession], ...] = (
    Move(
        name="list",
        label=_("Put a list on the agenda"),
        sentence=_("Everybody of the category who is recommended becomes one item, with one vote on all of them."),
        may=can_review_application,
        fits=_somebody_recommended,
        run=_add_list,
        form=ListForm,
    ),
    Move(
        name="decide",
        label=_("Decide the rest as recommended"),
        sentence=_("Everybody who is still undecided is accredited. The votes are recorded on each of these items."),
        may=can_decide_application,
        fits=_something_undecided,
        run=_decide_rest,
        form=VotesForm,
        tone="success",
    ),
)
VOTE: Move[AgendaItem] = Move(
    name="vote",
    label=_("Record the vote"),
    sentence=_("The vote is recorded once. Whoever cannot be decided on stops nobody else."),
    may=can_decide_application,
    fits=_may_be_voted_on,
    run=_vote,
    form=ItemVoteForm,
    tone="primary",
    back=_session_url,
)
CARRY_OUT: Move[AgendaItem] = Move(
    name="carry_out",
    label=_("Carry out the rest"),
    sentence=_(
        "Those who are still scheduled get the outcome that was voted on, if nothing stands in the way any more."
    ),
    may=can_decide_application,
    fits=lambda item, user: bool(item.outcome) and _somebody_waits(item),
    run=_carry_out,
)


@admin.register(CommissionSession)
class CommissionSessionAdmin(AddingAdmin):
    """Sessions are called here; the page has the agenda, and each item its vote."""

    addition_form = SessionCallForm
    addition_label = _("Call a session")
    addition_sentence = _("Applications are put on its agenda afterwards. It decides nothing before its hour.")
    page_template = "desk/session.html"
    page_select_related = ("commission", "election")
    moves: ClassVar[tuple[Move[CommissionSession], ...]] = SESSION_MOVES
    list_display = ("number", "commission", "held", "on_agenda", "decided")
    list_filter = ("election",)
    list_select_related = ("commission", "election")
    search_fields = ("number", "commission__name")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.protocol_view)
        return [
            path("<path:object_id>/protocol/", view, name="accreditation_commissionsession_protocol"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        sessions: QuerySet[Any] = super().get_queryset(request)
        here = Decision.objects.filter(application=OuterRef("pk"), session=OuterRef("session"))
        decided = counted("session", Decision.objects.all())
        # Who appeals stands on the agenda of another session afterwards, and stood on this one.
        annotated: QuerySet[Any] = sessions.annotate(
            agenda_count=decided + counted("session", Application.objects.exclude(Exists(here))),
            decision_count=decided,
        )
        return annotated

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_call_session(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> CommissionSession:
        commission = answers["commission"]
        held_at = local_instant(answers["day"], answers["time"], commission.election.time_zone)
        return call_session(commission=commission, number=answers["number"], held_at=held_at, by=by, at=at)

    @column(_("held at"), ordering="held_at")
    def held(self, session: CommissionSession) -> str:
        return local_text(session.held_at, session.election.zone)

    @column(_("on the agenda"), ordering="agenda_count")
    def on_agenda(self, session: Any) -> int:
        count: int = session.agenda_count
        return count

    @column(_("decided"), ordering="decision_count")
    def decided(self, session: Any) -> int:
        count: int = session.decision_count
        return count

    def get_page_context(self, request: HttpRequest, obj: CommissionSession) -> dict[str, Any]:
        is_held = obj.is_held(moment(request))
        return {
            "session": obj,
            "held": self.held(obj),
            "is_held": is_held,
            "agenda": agenda_of(obj, may_vote=is_held and VOTE.may(request.user)),
            "protocol_url": reverse("admin:accreditation_commissionsession_protocol", args=(obj.pk,)),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }

    def protocol_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the session decided, whole, on paper: item by item and person by person."""
        session = self.find_or_404(request, object_id)
        context = {"session": session, "held": self.held(session), "agenda": protocol_of(session)}
        return self.render_page(request, "desk/protocol.html", title=str(session), original=session, **context)


@admin.register(AgendaItem)
class AgendaItemAdmin(MovesAdmin):
    """One item of an agenda: who stands on it, the vote, and what came of it."""

    page_template = "desk/agenda_item.html"
    page_select_related = ("session__election", "session__commission", "decided_by")
    moves: ClassVar[tuple[Move[AgendaItem], ...]] = (VOTE, CARRY_OUT)
    list_display = ("title", "session", "position", "outcome_label", "votes")
    list_filter = ("outcome", "session")
    list_select_related = ("session__election",)
    search_fields = ("title", "session__number")

    def above(self, obj: AgendaItem) -> CommissionSession:
        return obj.session

    @column(_("outcome"), ordering="outcome", tones=OUTCOME_TONES)
    def outcome_label(self, item: AgendaItem) -> tuple[str, str]:
        return item.outcome, item.get_outcome_display()

    @column(_("votes"))
    def votes(self, item: AgendaItem) -> str:
        return votes_text(item)

    def get_page_context(self, request: HttpRequest, obj: AgendaItem) -> dict[str, Any]:
        zone = obj.session.election.zone
        return {
            "item": obj,
            "session_url": _session_url(obj),
            "tone": OUTCOME_TONES.get(obj.outcome, ""),
            "votes": votes_text(obj),
            "decided": local_text(obj.decided_at, zone),
            "people": people_of(obj),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.session.election.time_zone,
        }
