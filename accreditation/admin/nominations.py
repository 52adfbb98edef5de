"""Nominated people and their stays: who comes when, who has come, and who attended the host's briefing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from accreditation.admin.groups import POLITICAL_GROUP
from accreditation.admin.people import country
from accreditation.admin.transfers import HAND_OVER
from accreditation.models import Nomination, Stay
from accreditation.permissions import can_keep_stays, can_read_political_groups
from accreditation.services.stays import StayPlan, note_arrival, note_briefing, note_departure, plan_stay
from accreditation.states import Category, VisaState
from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.admin.pages import DAY_FORMAT, FoldedSearchMixin, column, history_of, linked, local_text
from missions.law.calendar import local_instant
from missions.models import User

Answers = Mapping[str, Any]


class StayForm(MoveForm):
    """Asks for the plan of a stay, in the time of the host; shows the one of now."""

    arrives_at = forms.SplitDateTimeField(
        label=_("Arrives"), required=False, widget=UnfoldAdminSplitDateTimeWidget(), help_text=_("Time of the host.")
    )
    arrival_flight = forms.CharField(
        label=_("Arrival by"), max_length=40, required=False, widget=UnfoldAdminTextInputWidget()
    )
    departs_at = forms.SplitDateTimeField(
        label=_("Departs"), required=False, widget=UnfoldAdminSplitDateTimeWidget(), help_text=_("Time of the host.")
    )
    departure_flight = forms.CharField(
        label=_("Departure by"), max_length=40, required=False, widget=UnfoldAdminTextInputWidget()
    )
    visa_state = forms.ChoiceField(label=_("Visa"), choices=VisaState.choices, widget=UnfoldAdminSelectWidget())
    lodging = forms.CharField(label=_("Lodging"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.zone = subjects[0].mission.election.zone  # type: ignore[attr-defined]  # a nomination
        stay = stay_of(subjects[0]) or Stay()
        for name, field in self.fields.items():
            value = getattr(stay, name)
            if isinstance(value, datetime):
                value = value.astimezone(self.zone).replace(tzinfo=None)
            field.initial = value

    def clean(self) -> dict[str, Any]:
        """Read wall times in the host's zone: the form has no zone of its own."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("arrives_at", "departs_at"):
            if cleaned.get(name):
                wall = cleaned[name]
                cleaned[name] = local_instant(wall.date(), wall.time(), self.zone.key)
        return cleaned


def stay_of(nomination: Any) -> Stay | None:
    """The stay of a nomination, as far as anything is known of it."""
    return getattr(nomination, "stay", None)


def _plan(nomination: Nomination, answers: Answers, by: User, at: datetime) -> object:
    return plan_stay(nomination=nomination, plan=StayPlan(**answers), by=by, at=at)


def _arrived(nomination: Nomination, answers: Answers, by: User, at: datetime) -> object:
    return note_arrival(nomination=nomination, arrived_at=at, by=by, at=at)


def _briefed(nomination: Nomination, answers: Answers, by: User, at: datetime) -> object:
    return note_briefing(nomination=nomination, briefed_at=at, by=by, at=at)


def _left(nomination: Nomination, answers: Answers, by: User, at: datetime) -> object:
    return note_departure(nomination=nomination, left_at=at, by=by, at=at)


def _is_foreign(nomination: Nomination, user: object) -> bool:
    return nomination.category != Category.DOMESTIC_OBSERVER


def _is_away(nomination: Nomination, user: object) -> bool:
    stay = stay_of(nomination)
    return _is_foreign(nomination, user) and (stay is None or stay.arrived_at is None)


def _is_here(nomination: Nomination, user: object) -> bool:
    stay = stay_of(nomination)
    return stay is not None and stay.arrived_at is not None and stay.left_at is None


def _is_to_be_briefed(nomination: Nomination, user: object) -> bool:
    stay = stay_of(nomination)
    return _is_here(nomination, user) and stay is not None and stay.briefed_at is None


class ArrivalFilter(DropdownFilter):  # type: ignore[misc]  # unfold is untyped
    """Where people are: expected, in the country, briefed, or gone."""

    title = _("stay")
    parameter_name = "stay"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("expected", _("expected")),
            ("here", _("in the country")),
            ("unbriefed", _("here and not briefed")),
            ("left", _("has left")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        match self.value():
            case "expected":
                return queryset.exclude(category=Category.DOMESTIC_OBSERVER).filter(stay__arrived_at=None)
            case "here":
                return queryset.filter(stay__arrived_at__isnull=False, stay__left_at=None)
            case "unbriefed":
                return queryset.filter(stay__arrived_at__isnull=False, stay__left_at=None, stay__briefed_at=None)
            case "left":
                return queryset.filter(stay__left_at__isnull=False)
        return queryset


NOMINATION_MOVES: tuple[Move[Nomination], ...] = (
    Move(
        name="stay",
        label=_("Plan the stay"),
        sentence=_("Travel, visa and lodging of this person."),
        may=can_keep_stays,
        fits=_is_foreign,
        run=_plan,
        form=StayForm,
    ),
    Move(
        name="arrived",
        label=_("Has arrived"),
        sentence=_("The person is in the country as of now."),
        may=can_keep_stays,
        fits=_is_away,
        run=_arrived,
        tone="primary",
        in_bulk=True,
    ),
    Move(
        name="briefed",
        label=_("Attended the briefing"),
        sentence=_("The person has attended the host's briefing."),
        may=can_keep_stays,
        fits=_is_to_be_briefed,
        run=_briefed,
        in_bulk=True,
    ),
    Move(
        name="left",
        label=_("Has left"),
        sentence=_("The person has left the country as of now."),
        may=can_keep_stays,
        fits=_is_here,
        run=_left,
        in_bulk=True,
    ),
)


@admin.register(Nomination)
class NominationAdmin(FoldedSearchMixin, MovesAdmin):
    folded_field = "observer__folded_name"
    page_template = "desk/facts.html"
    page_select_related = ("observer", "mission__election", "delegation", "stay")
    moves: ClassVar[tuple[Move[Nomination], ...]] = (*NOMINATION_MOVES, POLITICAL_GROUP, HAND_OVER)
    list_display = ("observer", "mission", "role", "reference", "arrives", "departs", "visa", "presence")
    list_filter = (ArrivalFilter, "category", "role", "stay__visa_state", "mission")
    list_select_related = ("observer", "mission__election", "delegation", "stay")
    search_fields = ("observer__surname", "observer__given_names", "reference", "mission__code")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        nominations: QuerySet[Any] = super().get_queryset(request)
        return nominations.defer("observer__passport_number", "observer__mrz")

    @column(_("arrives"), ordering="stay__arrives_at")
    def arrives(self, nomination: Nomination) -> str:
        stay = stay_of(nomination)
        if stay is not None and stay.arrives_at is not None:
            return f"{local_text(stay.arrives_at, nomination.mission.election.zone)} {stay.arrival_flight}".strip()
        return date_format(nomination.arrives_on, DAY_FORMAT) if nomination.arrives_on else ""

    @column(_("departs"), ordering="stay__departs_at")
    def departs(self, nomination: Nomination) -> str:
        stay = stay_of(nomination)
        if stay is not None and stay.departs_at is not None:
            return local_text(stay.departs_at, nomination.mission.election.zone)
        return date_format(nomination.departs_on, DAY_FORMAT) if nomination.departs_on else ""

    @column(_("visa"), ordering="stay__visa_state")
    def visa(self, nomination: Nomination) -> str:
        stay = stay_of(nomination)
        return "" if stay is None else stay.get_visa_state_display()

    @column(_("presence"))
    def presence(self, nomination: Nomination) -> str:
        stay = stay_of(nomination)
        if stay is None or stay.arrived_at is None:
            return ""
        if stay.left_at is not None:
            return str(_("has left"))
        return str(_("here, briefed") if stay.briefed_at else _("here"))

    def _political_group(self, request: HttpRequest, nomination: Nomination) -> tuple[tuple[Any, str], ...]:
        if not nomination.political_group or not can_read_political_groups(request.user):
            return ()
        return ((_("Political group"), nomination.political_group),)

    def get_page_context(self, request: HttpRequest, obj: Nomination) -> dict[str, Any]:
        zone = obj.mission.election.zone
        stay = stay_of(obj) or Stay(visa_state="")
        facts = (
            (_("Person"), linked(request, obj.observer, obj.observer.full_name)),
            (_("Nationality"), country(obj.observer.nationality)),
            (_("Mission"), linked(request, obj.mission)),
            (_("Delegation"), obj.delegation),
            *self._political_group(request, obj),
            (_("Category"), obj.get_category_display()),
            (_("Role"), obj.get_role_display()),
            (_("Reference"), obj.reference),
            (_("Arrives"), self.arrives(obj)),
            (_("Departs"), f"{self.departs(obj)} {stay.departure_flight}".strip()),
            (_("Visa"), stay.get_visa_state_display()),
            (_("Lodging"), stay.lodging),
            (_("Arrived"), local_text(stay.arrived_at, zone)),
            (_("Attended the briefing"), local_text(stay.briefed_at, zone)),
            (_("Left"), local_text(stay.left_at, zone)),
        )
        return {
            "facts": facts,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, part=stay if stay.pk else None),
            "zone": obj.mission.election.time_zone,
        }
