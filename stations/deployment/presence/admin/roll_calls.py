"""Roll calls: the list, calling the roll, and the page where it is answered and closed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text, moment
from missions.figures import Viewer
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission, User
from missions.states import MembershipRole
from stations.deployment.admin.owners import HOST_PLANS
from stations.deployment.models import TeamMember
from stations.deployment.presence.models import AskedObserver, RollCall
from stations.deployment.presence.permissions import (
    CALL,
    can_answer,
    can_call_roll,
    can_try_to_answer,
    people_spoken_for,
)
from stations.deployment.presence.selectors import roll_counts, with_reply
from stations.deployment.presence.services.roll_calls import (
    LONGEST_WAIT,
    AnswerDraft,
    answer_roll_call,
    call_roll,
    close_roll_call,
)
from stations.deployment.presence.states import Reply
from stations.deployment.states import PlanState

Answers = Mapping[str, Any]
Owner = tuple[Election, Mission | None]
_TONES = {Reply.NEEDS_HELP: "danger", Reply.SAFE: "success"}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody who is asked, as the page tells it; the nonce makes a second touch the same answer."""

    key: int
    name: str
    mission: str
    team: int | None
    reply: str
    tone: str
    note: str
    answered: str
    may_answer: bool
    nonce: str


def _owners_of(user: Viewer) -> dict[str, Owner]:
    """For whom this person may call the roll: the pool of each election, or the own self-directed missions."""
    if not user.is_authenticated:
        return {}
    if user.is_host:
        elections = Election.objects.order_by("-e_day") if user.has_perm(CALL) else ()
        return {f"election-{election.pk}": (election, None) for election in elections}
    led = Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)
    return {
        f"mission-{mission.pk}": (mission.election, mission)
        for mission in led.select_related("election").order_by("-election__e_day", "code")
    }


class RollCallForm(PlainForm):
    """Asks whose roll is called, why, and how long people have to answer."""

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))
    minutes = forms.IntegerField(
        label=_("Minutes to answer"),
        min_value=1,
        max_value=LONGEST_WAIT // timedelta(minutes=1),
        initial=30,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = _owners_of(user)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, mission.name if mission else _now("The pool: %(election)s") % {"election": election})
            for key, (election, mission) in self._owners.items()
        ]

    def clean_owner(self) -> Owner:
        return self._owners[self.cleaned_data["owner"]]


class AnswerForm(PlainForm):
    """What a button beside a name sends."""

    person = forms.IntegerField(min_value=1)
    reply = forms.ChoiceField(choices=Reply.choices)
    note = forms.CharField(max_length=500, required=False)
    nonce = forms.UUIDField()


def _close(roll_call: RollCall, answers: Answers, by: User, at: datetime) -> object:
    return close_roll_call(roll_call=roll_call, reason=answers["reason"], by=by, at=at)


CLOSE: Move[RollCall] = Move(
    name="close",
    label=_("Close the roll call"),
    sentence=_("Nobody answers any more; whoever has not answered stays unanswered."),
    may=can_try_to_answer,
    fits=lambda roll_call, user: roll_call.closed_at is None and can_call_roll(user, mission=roll_call.mission),
    run=_close,
    form=OptionalReasonForm,
    tone="danger",
)


@admin.register(RollCall)
class RollCallAdmin(AddingAdmin):
    addition_form = RollCallForm
    addition_label = _("Call the roll")
    addition_sentence = _("Everybody who is accredited and has not left the country is asked: are you safe?")
    empty_sentence = HOST_PLANS
    page_template = "desk/roll_call.html"
    page_select_related = ("election", "mission")
    moves: ClassVar[tuple[Move[RollCall], ...]] = (CLOSE,)
    list_display = ("owner", "number", "state_label", "reason", "called")
    list_filter = ("election",)
    list_select_related = ("election", "mission")
    search_fields = ("mission__code", "mission__name", "reason")

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view(self.answer_view)
        return [path("<path:object_id>/answer/", answer, name="presence_rollcall_answer"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.has_perm(CALL) if user.is_authenticated and user.is_host else bool(_owners_of(user))

    def open_form(self, request: HttpRequest) -> forms.Form:
        return RollCallForm(request.POST if request.method == "POST" else None, user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> RollCall:
        election, mission = answers["owner"]
        answer_by = at + timedelta(minutes=answers["minutes"])
        return call_roll(
            election=election, mission=mission, reason=answers["reason"], answer_by=answer_by, by=by, at=at
        )

    @column(_("whose"), ordering="mission__code")
    def owner(self, roll_call: RollCall) -> str:
        return roll_call.mission.code if roll_call.mission else _now("Pool of the host-coordinated missions")

    @column(_("state"), ordering="closed_at", tones={"open": "danger", "closed": "calm"})
    def state_label(self, roll_call: RollCall) -> tuple[str, str]:
        return ("open", _now("open")) if roll_call.closed_at is None else ("closed", _now("closed"))

    @column(_("called"), ordering="called_at")
    def called(self, roll_call: RollCall) -> str:
        return local_text(roll_call.called_at, roll_call.election.zone)

    def answer_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep one answer. Whom the person may not know of is the same 404 as somebody who is not asked."""
        roll_call: RollCall = self.find_or_404(request, object_id)
        back = HttpResponseRedirect(self.page_url(roll_call))
        if request.method != "POST":
            return back
        form, user, at = AnswerForm(request.POST), self.actor(request), moment(request)
        if not form.is_valid():
            messages.error(request, _now("This was not an answer; please try again."))
            return back
        asked = _people(roll_call, user).filter(pk=form.cleaned_data["person"]).first()
        if asked is None:
            raise Http404
        if not can_answer(user, asked=asked):
            raise PermissionDenied
        nonce = str(form.cleaned_data["nonce"])
        # A second touch of the same button is the same answer, given when it was touched first.
        known = asked.answers.filter(nonce=nonce).values_list("client_time", flat=True).first()
        draft = AnswerDraft(Reply(form.cleaned_data["reply"]), nonce, known or at, form.cleaned_data["note"])
        try:
            answer_roll_call(roll_call=roll_call, asked=asked, draft=draft, device_now=at, by=user, at=at)
        except DomainError as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, f"{asked}: {draft.reply.label}")
        return back

    def get_page_context(self, request: HttpRequest, obj: RollCall) -> dict[str, Any]:
        user, at, zone = self.actor(request), moment(request), obj.election.zone
        own = obj.asked.filter(people_spoken_for(user)) if obj.closed_at is None else obj.asked.none()
        spoken_for = set(own.values_list("pk", flat=True))
        return {
            "roll_call": obj,
            "owner": self.owner(obj),
            "state": self.state_label(obj)[1],
            "is_open": obj.closed_at is None,
            "is_overdue": obj.closed_at is None and at >= obj.answer_by,
            "called": local_text(obj.called_at, zone),
            "answer_by": local_text(obj.answer_by, zone),
            "closed": local_text(obj.closed_at, zone) if obj.closed_at else "",
            "count": roll_counts([obj], user)[obj.pk],
            "people": [_line(person, zone, may_answer=person.pk in spoken_for) for person in _listed(obj, user)],
            "answer_page": reverse(f"{self.admin_site.name}:presence_rollcall_answer", args=(obj.pk,)),
            "replies": [(reply.value, str(reply.label), _TONES[reply]) for reply in Reply],
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, is_own=obj.is_private),
            "zone": zone.key,
        }


def _people(roll_call: RollCall, reader: User) -> QuerySet[AskedObserver]:
    """Those who are asked and of whom this person may know."""
    visible = AskedObserver.objects.visible_to(reader).filter(roll_call=roll_call).order_by().values("pk")
    return AskedObserver.objects.filter(pk__in=visible)


def _listed(roll_call: RollCall, reader: User) -> QuerySet[Any]:
    """They with their latest answer and the number of their team in the released plan; who needs help first."""
    place = TeamMember.objects.filter(
        observer=OuterRef("observer"),
        plan__election=roll_call.election_id,
        plan__mission=roll_call.mission_id,
        plan__state=PlanState.RELEASED,
    )
    people = with_reply(_people(roll_call, reader)).annotate(team=Subquery(place.values("team__number")[:1]))
    joined = people.select_related("observer", "nomination__mission")
    return joined.defer("observer__passport_number", "observer__mrz")


def _line(person: Any, zone: ZoneInfo, *, may_answer: bool) -> PersonLine:
    reply = Reply(person.reply) if person.reply else None
    return PersonLine(
        key=person.pk,
        name=person.observer.full_name,
        mission=person.nomination.mission.code,
        team=person.team,
        reply=str(reply.label) if reply else _now("no answer yet"),
        tone=_TONES[reply] if reply else "warning",
        note=person.note or "",
        answered=local_text(person.answered_at, zone) if person.answered_at else "",
        may_answer=may_answer,
        nonce=str(uuid.uuid4()),
    )
