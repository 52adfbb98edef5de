"""Public figures: freezing and publishing them, the series over time, and the count made again beside each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move
from missions.admin.pages import column, history_of, local_text
from missions.models import User
from missions.reports.figures.admin.forms import FreezingForm
from missions.reports.figures.models import FrozenFigures
from missions.reports.figures.permissions import can_freeze_figures, can_publish_figures
from missions.reports.figures.selectors import claims_about, recount, series_of
from missions.reports.figures.services.freezing import freeze_figures, publish_figures

_TONES = {"public": "success", "internal": "calm"}


def _publish(figures: FrozenFigures, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return publish_figures(figures=figures, by=by, at=at)


MOVES: tuple[Move[FrozenFigures], ...] = (
    Move(
        name="publish",
        label=_("Publish"),
        sentence=_("Everybody reads these figures with their instant and rule on the page of the election, for good."),
        may=can_publish_figures,
        fits=lambda figures, user: figures.published_at is None,
        run=_publish,
        tone="success",
    ),
)


@admin.register(FrozenFigures)
class FrozenFiguresAdmin(AddingAdmin):
    """What was counted when, by which rule, whether it still comes out, and what others said."""

    page_template = "desk/figures.html"
    page_select_related = ("election", "frozen_by", "published_by")
    moves: ClassVar[tuple[Move[FrozenFigures], ...]] = MOVES
    addition_form = FreezingForm
    addition_label = _("Freeze figures")
    addition_sentence = _("The people who count at the instant are counted, and the numbers are kept with their rule.")
    list_display = ("as_of_there", "observers", "organizations", "countries", "standing", "election")
    list_filter = ("election",)
    list_select_related = ("election",)
    search_fields = ("election__code", "election__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_freeze_figures(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> FrozenFigures:
        return freeze_figures(election=answers["election"], as_of=answers["as_of"] or at, by=by, at=at)

    @column(_("as of"), ordering="as_of")
    def as_of_there(self, figures: FrozenFigures) -> str:
        return local_text(figures.as_of, figures.election.zone)

    @column(_("standing"), tones=_TONES)
    def standing(self, figures: FrozenFigures) -> tuple[str, str]:
        return ("public", str(_("public"))) if figures.published_at else ("internal", str(_("not published")))

    def get_page_context(self, request: HttpRequest, obj: FrozenFigures) -> dict[str, Any]:
        zone = obj.election.zone
        series = series_of(obj.election)
        return {
            "facts": (
                (_("Election"), obj.election),
                (_("As of"), local_text(obj.as_of, zone)),
                (_("Observers"), f"{obj.observers}"),
                (_("Organizations"), f"{obj.organizations}"),
                (_("Countries"), f"{obj.countries}"),
                (_("What is counted"), obj.rule_words),
                (_("Rule"), f"{obj.rule_code}, {obj.rule_version}"),
                (_("Digest of the people counted"), obj.digest),
                (_("Frozen"), local_text(obj.frozen_at, zone)),
                (_("Frozen by"), obj.frozen_by),
                (_("Published"), local_text(obj.published_at, zone)),
                (_("Published by"), obj.published_by),
            ),
            "recount": recount(obj),
            "series": [(local_text(row.as_of, zone), row, row.pk == obj.pk) for row in series],
            "claims": claims_about(obj.election),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": obj.election.time_zone,
        }
