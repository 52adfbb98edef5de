"""Which share of the visits each kind of station shall have, for the pool or, at /mission/, an own mission."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar, Final, cast

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, MoveForm
from missions.admin.pages import column, history_of
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission, User
from missions.states import MembershipRole
from stations.deployment.admin.owners import HOST_PLANS
from stations.deployment.models import VisitShares
from stations.deployment.models.shares import MOST_PERCENT, STRATA
from stations.deployment.permissions import can_make_plan, can_try_to_make_plans
from stations.deployment.services.shares import choose_shares
from stations.deployment.wanted_shares import Shares, shares_of

_USUAL: Final = asdict(Shares())
_LABELS: Final = {field.name: field.verbose_name for field in VisitShares._meta.fields if field.name in STRATA}
Owner = tuple[Election, Mission | None]


def owners_without_shares(user: Viewer) -> dict[str, Owner]:
    """For whom this person may choose shares and nobody has: pools of elections, or own missions. Two queries."""
    if not user.is_authenticated:
        return {}
    chosen = VisitShares.objects.order_by()
    if user.is_host:
        free = Election.objects.exclude(pk__in=chosen.filter(mission=None).values("election")).order_by("-e_day")
        return {f"election-{row.pk}": (row, None) for row in (free if user.has_perm("deployment.make_plan") else ())}
    missions = Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)
    unchosen = missions.exclude(pk__in=chosen.filter(mission__isnull=False).values("mission"))
    rows = unchosen.select_related("election").order_by("-election__e_day", "code")
    return {f"mission-{row.pk}": (row.election, row) for row in rows}


def _field(name: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=_LABELS[name],
        help_text=_("Per cent of what falls to them by their number; 0: no wish."),
        min_value=0,
        max_value=MOST_PERCENT,
        initial=_USUAL[name],
        widget=UnfoldAdminIntegerFieldWidget(),
    )


class SharesForm(PlainForm):
    """Asks for a percentage of each kind of station."""

    rural = _field("rural")
    urban = _field("urban")
    camera = _field("camera")
    newly_covered = _field("newly_covered")


class FirstSharesForm(SharesForm):
    """Asks for whom as well."""

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    field_order = ("owner",)


class ChangeSharesForm(MoveForm, SharesForm):
    """Shows what was chosen, and of which version."""

    seen = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        row = cast(VisitShares, subjects[0])
        super().__init__(*args, subjects=subjects, initial={**asdict(shares_of(row)), "seen": row.version}, **kwargs)


def _answered(answers: Mapping[str, Any]) -> Shares:
    return Shares(**{name: answers[name] for name in STRATA})


def _choose(row: VisitShares, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return choose_shares(
        election=row.election, mission=row.mission, shares=_answered(answers), seen=answers["seen"], by=by, at=at
    )


@admin.register(VisitShares)
class VisitSharesAdmin(AddingAdmin):
    """What plans are to have of each kind of station."""

    page_template = "desk/facts.html"
    page_select_related = ("election", "mission")
    addition_form = FirstSharesForm
    addition_label = _("Choose shares of visits")
    addition_sentence = _("The next plan that is made goes by them. What the rules ask is wanted in any case.")
    empty_sentence = HOST_PLANS
    moves: ClassVar[tuple[Move[VisitShares], ...]] = (
        Move(
            name="choose",
            label=_("Choose again"),
            sentence=_("The next plan that is made goes by them; plans that are there stay as they are."),
            may=can_try_to_make_plans,
            fits=lambda row, user: isinstance(user, User) and can_make_plan(user, mission=row.mission),
            run=_choose,
            form=ChangeSharesForm,
            tone="primary",
        ),
    )
    list_display = ("owner", "election", *STRATA)
    list_select_related = ("election", "mission")
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(owners_without_shares(request.user))

    def open_form(self, request: HttpRequest) -> forms.Form:
        form = super().open_form(request)
        if request.method != "POST":
            form.initial = {**_USUAL, **form.initial}
        cast(forms.ChoiceField, form.fields["owner"]).choices = [
            (key, f"{mission or _now('Pool of the host-coordinated missions')} · {election}")
            for key, (election, mission) in owners_without_shares(request.user).items()
        ]
        return form

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> VisitShares:
        election, mission = owners_without_shares(by)[answers["owner"]]
        return choose_shares(election=election, mission=mission, shares=_answered(answers), seen=0, by=by, at=at)

    @column(_("whose"), ordering="mission__code")
    def owner(self, row: VisitShares) -> str:
        return row.mission.code if row.mission else _now("Pool of the host-coordinated missions")

    def get_page_context(self, request: HttpRequest, obj: VisitShares) -> dict[str, Any]:
        return {
            "facts": (
                (_("Election"), obj.election),
                (_("Whose"), self.owner(obj)),
                *((label, f"{getattr(obj, name)} %") for name, label in _LABELS.items()),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, obj.election.zone, is_own=obj.is_private),
            "zone": obj.election.time_zone,
        }
