"""Sessions, decisions, and the accreditations that follow from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accreditation.admin.forms import SessionCallForm
from accreditation.admin.people import country
from accreditation.admin.tones import ACCREDITATION_TONES
from accreditation.letters.admin.moves import ACCREDITATION_LETTER_MOVES, letter_lines
from accreditation.models import Accreditation, CommissionSession, Decision
from accreditation.permissions import can_call_session, can_end_accreditation
from accreditation.services import accreditations
from accreditation.services.sessions import call_session
from accreditation.states import AccreditationState
from missions.admin.moves import Move, MovesAdmin, ReasonForm
from missions.admin.pages import FoldedSearchMixin, column, history_of, local_text, moment
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.law.calendar import local_instant
from missions.models import User

_C = AccreditationState


def _suspend(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.suspend_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _reinstate(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.reinstate_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _revoke(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.revoke_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


def _restore(accreditation: Accreditation, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return accreditations.restore_accreditation(accreditation=accreditation, reason=answers["reason"], by=by, at=at)


ACCREDITATION_MOVES: tuple[Move[Accreditation], ...] = (
    Move(
        name="suspend",
        label=_("Suspend"),
        sentence=_("The accreditation does not count until it is reinstated."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.ACTIVE,
        run=_suspend,
        form=ReasonForm,
        in_bulk=True,
    ),
    Move(
        name="reinstate",
        label=_("Reinstate"),
        sentence=_("The accreditation counts again."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.SUSPENDED,
        run=_reinstate,
        form=ReasonForm,
        in_bulk=True,
    ),
    Move(
        name="revoke",
        label=_("Revoke"),
        sentence=_("The commission takes the accreditation away. The mission may appeal."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state in (_C.ACTIVE, _C.SUSPENDED),
        run=_revoke,
        form=ReasonForm,
        tone="danger",
        in_bulk=True,
    ),
    Move(
        name="restore",
        label=_("Restore"),
        sentence=_("The revocation is undone because an appeal was upheld."),
        may=can_end_accreditation,
        fits=lambda accreditation, user: accreditation.state == _C.REVOKED,
        run=_restore,
        form=ReasonForm,
    ),
)


@admin.register(Accreditation)
class AccreditationAdmin(FoldedSearchMixin, MovesAdmin):
    folded_field = "observer__folded_name"
    page_template = "desk/facts.html"
    page_select_related = ("election", "observer", "application__election", "application__nomination__mission")
    moves: ClassVar[tuple[Move[Accreditation], ...]] = (*ACCREDITATION_MOVES, *ACCREDITATION_LETTER_MOVES)
    list_display = ("card_number", "person", "nationality", "mission", "state_label", "valid_from_local")
    list_filter = ("state", "category", "election")
    list_select_related = ("election", "observer", "application__nomination__mission")
    search_fields = ("=number", "observer__surname", "observer__given_names", "application__nomination__mission__code")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("observer__passport_number", "observer__mrz")

    @column(_("number"), ordering="number")
    def card_number(self, accreditation: Accreditation) -> str:
        return f"{accreditation.number:05d}"

    @column(_("person"), ordering="observer__surname")
    def person(self, accreditation: Accreditation) -> str:
        return accreditation.observer.full_name

    @column(_("nationality"), ordering="observer__nationality")
    def nationality(self, accreditation: Accreditation) -> str:
        return country(accreditation.observer.nationality)

    @column(_("mission"), ordering="application__nomination__mission__code")
    def mission(self, accreditation: Accreditation) -> str:
        return accreditation.application.nomination.mission.code

    @column(_("state"), ordering="state", tones=ACCREDITATION_TONES)
    def state_label(self, accreditation: Accreditation) -> tuple[str, str]:
        return accreditation.state, accreditation.get_state_display()

    @column(_("valid from"), ordering="valid_from")
    def valid_from_local(self, accreditation: Accreditation) -> str:
        return local_text(accreditation.valid_from, accreditation.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Accreditation) -> dict[str, Any]:
        facts = (
            (_("Number"), self.card_number(obj)),
            (_("Person"), obj.observer.full_name),
            (_("Nationality"), self.nationality(obj)),
            (_("Mission"), obj.application.nomination.mission),
            (_("Category"), obj.get_category_display()),
            (_("State"), obj.get_state_display()),
            (_("Reason"), obj.reason),
            (_("Valid from"), self.valid_from_local(obj)),
        )
        return {
            "facts": facts,
            "letters": letter_lines(request, obj.application),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone),
            "zone": obj.election.time_zone,
        }


@admin.register(CommissionSession)
class CommissionSessionAdmin(ViewOnlyAdmin):
    """Sessions are called here, by their service, and never changed."""

    list_display = ("number", "commission", "held", "on_agenda", "decided")
    list_filter = ("election",)
    list_select_related = ("commission", "election")
    search_fields = ("number", "commission__name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        sessions: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = sessions.annotate(
            agenda_count=Count("applications", distinct=True), decision_count=Count("decisions", distinct=True)
        )
        return counted

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_call_session(request.user)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else SessionCallForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("election", "commission", "number", "held") if obj else ("commission", "number", "day", "time")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("held",) if obj else ()

    def save_model(self, request: HttpRequest, obj: CommissionSession, form: Any, change: bool) -> None:
        answers = form.cleaned_data
        if not isinstance(request.user, User):
            raise PermissionDenied
        session = call_session(
            commission=obj.commission,
            number=obj.number,
            held_at=local_instant(answers["day"], answers["time"], obj.commission.election.time_zone),
            by=request.user,
            at=moment(request),
        )
        obj.pk = session.pk

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        """The service has written its event; there is no second history."""

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


@admin.register(Decision)
class DecisionAdmin(ViewOnlyAdmin):
    list_display = ("application", "outcome", "ground", "session", "reviewed_by", "decided_by", "decided")
    list_filter = ("outcome", "session")
    list_select_related = ("application__observer", "application__election", "session", "reviewed_by", "decided_by")
    search_fields = ("application__observer__surname", "ground")

    @column(_("decided"), ordering="decided_at")
    def decided(self, decision: Decision) -> str:
        return local_text(decision.decided_at, decision.application.election.zone)
