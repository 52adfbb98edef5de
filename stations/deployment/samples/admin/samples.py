"""Samples: the list, drawing one, and the page where it is locked, verified and mended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, OptionalReasonForm
from missions.admin.pages import column, history_of, local_text
from missions.figures import Viewer
from missions.models import User
from stations.deployment.admin.owners import HOST_PLANS
from stations.deployment.samples.admin.forms import ReplacementForm, SampleForm, has_owners
from stations.deployment.samples.admin.sample_page import (
    places_of,
    points,
    stations_page,
    strata_of,
)
from stations.deployment.samples.errors import StationNotInSampleError
from stations.deployment.samples.models import StationSample
from stations.deployment.samples.permissions import can_draw_sample
from stations.deployment.samples.selectors import margin_permille, verify_sample
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import discard_sample, lock_sample, replace_station
from stations.deployment.samples.states import Place, SampleState, Stratifier
from stations.models import PollingStation

Answers = Mapping[str, Any]
_TONES = {SampleState.DRAWN: "warning", SampleState.LOCKED: "success", SampleState.DISCARDED: "calm"}


def _lock(sample: StationSample, answers: Answers, by: User, at: datetime) -> object:
    return lock_sample(sample=sample, by=by, at=at)


def _discard(sample: StationSample, answers: Answers, by: User, at: datetime) -> object:
    return discard_sample(sample=sample, reason=answers["reason"], by=by, at=at)


def _replace(sample: StationSample, answers: Answers, by: User, at: datetime) -> object:
    station = PollingStation.objects.filter(election=sample.election_id, code=answers["code"]).first()
    if station is None:
        raise StationNotInSampleError
    return replace_station(sample=sample, station=station, reason=answers["reason"], by=by, at=at)


def _is_drawn(sample: StationSample, user: Viewer) -> bool:
    return sample.state == SampleState.DRAWN and can_draw_sample(user, mission=sample.mission)


def _is_locked(sample: StationSample, user: Viewer) -> bool:
    return sample.state == SampleState.LOCKED and can_draw_sample(user, mission=sample.mission)


def _may_try(user: Viewer) -> bool:
    """By rights alone; which samples a mission's people may change is asked of each."""
    return not user.is_host or user.has_perm("samples.draw_sample") if user.is_authenticated else False


SAMPLE_MOVES: tuple[Move[StationSample], ...] = (
    Move(
        name="lock",
        label=_("Lock"),
        sentence=_("The sample is final, and no other can be locked. A station is replaced by the reserve only."),
        may=_may_try,
        fits=_is_drawn,
        run=_lock,
        tone="primary",
    ),
    Move(
        name="replace",
        label=_("Replace a station"),
        sentence=_("The next of its stratum's reserve takes its place; nobody chooses."),
        may=_may_try,
        fits=_is_locked,
        run=_replace,
        form=ReplacementForm,
    ),
    Move(
        name="discard",
        label=_("Discard"),
        sentence=_("The sample is put away for good; it stays readable."),
        may=_may_try,
        fits=_is_drawn,
        run=_discard,
        form=OptionalReasonForm,
        tone="danger",
    ),
)


@admin.register(StationSample)
class StationSampleAdmin(AddingAdmin):
    addition_form = SampleForm
    addition_label = _("Draw a sample")
    addition_sentence = _("From the register as it is now. Nothing is final before the sample is locked.")
    empty_sentence = HOST_PLANS
    page_template = "desk/sample.html"
    page_select_related = ("election", "mission", "frame")
    moves: ClassVar[tuple[Move[StationSample], ...]] = SAMPLE_MOVES
    list_display = ("owner", "number", "state_label", "frame_part", "size", "margin", "drawn")
    list_filter = ("state", "election")
    list_select_related = ("election", "mission")
    search_fields = ("mission__code", "mission__name", "seed")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_owners(request.user)

    def open_form(self, request: HttpRequest) -> forms.Form:
        return SampleForm(request.POST if request.method == "POST" else None, user=request.user)

    def add(self, answers: Answers, by: User, at: datetime) -> StationSample:
        election, mission = answers["owner"]
        return draw_sample(election=election, mission=mission, wish=answers["wish"], by=by, at=at)

    @column(_("whose"), ordering="mission__code")
    def owner(self, sample: StationSample) -> str:
        return sample.mission.code if sample.mission else _now("Pool of the host-coordinated missions")

    @column(_("state"), ordering="state", tones=_TONES)
    def state_label(self, sample: StationSample) -> tuple[str, str]:
        return sample.state, sample.get_state_display()

    @column(_("margin of error"))
    def margin(self, sample: StationSample) -> str:
        return points(margin_permille(sample))

    @column(_("drawn"), ordering="drawn_at")
    def drawn(self, sample: StationSample) -> str:
        return local_text(sample.drawn_at, sample.election.zone)

    def get_page_context(self, request: HttpRequest, obj: StationSample) -> dict[str, Any]:
        zone = obj.election.zone
        place = request.GET.get("place", "")
        place = place if place in Place.values else Place.DRAWN.value
        page, stations = stations_page(obj, place=place, number=request.GET.get("page", "1"))
        return {
            "sample": obj,
            "owner": self.owner(obj),
            "tone": _TONES[SampleState(obj.state)],
            "facts": self._facts(obj),
            "margin": self.margin(obj),
            "strata": strata_of(obj),
            "places": places_of(obj, place),
            "place": place,
            "page": page,
            "stations": stations,
            "verification": verify_sample(obj) if "verify" in request.GET else None,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, is_own=obj.is_private),
            "zone": zone.key,
        }

    def _facts(self, sample: StationSample) -> tuple[tuple[object, object], ...]:
        divided = ", ".join(str(Stratifier(each).label) for each in sample.stratifiers)
        return (
            (_("Drawn from"), sample.get_frame_part_display()),
            (_("Divided by"), divided),
            (_("Wanted margin of error"), points(sample.margin_permille)),
            (_("Least of each stratum"), sample.minimum),
            (_("Reserve in per cent"), sample.reserve_percent),
            (_("Seed"), sample.seed),
            (_("Version of the register"), sample.register_version),
            (_("SHA-256 of the frame"), sample.frame_sha256),
            (_("Drawn"), self.drawn(sample)),
            (_("Locked"), local_text(sample.locked_at, sample.election.zone)),
        )
