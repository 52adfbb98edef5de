"""The rules by which the pool, or at /mission/ an own mission, deploys: chosen, and approvals recorded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move
from missions.admin.pages import column, history_of, local_text
from missions.countries import country_name
from missions.models import Constituency, User
from stations.deployment.admin.owners import HOST_PLANS
from stations.deployment.admin.rule_forms import ApprovalForm, FirstChoiceForm, RulesForm, owners_without_rules
from stations.deployment.models import DeploymentSettings
from stations.deployment.permissions import can_make_plan, can_try_to_make_plans
from stations.deployment.profile_choice import profile_of_owner
from stations.deployment.rules.chosen import ChosenRules
from stations.deployment.rules.profile import load_deployment_profile
from stations.deployment.services.settings import approve_area, choose_rules
from stations.deployment.states import RestrictionLevel


def _choose(settings: DeploymentSettings, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return choose_rules(
        election=settings.election,
        mission=settings.mission,
        chosen=answers["chosen"],
        seen=answers["seen"],
        by=by,
        at=at,
    )


def _approve(settings: DeploymentSettings, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return approve_area(area=answers["area"], note=answers["note"], by=by, at=at)


def _fits(settings: DeploymentSettings, user: object) -> bool:
    return isinstance(user, User) and can_make_plan(user, mission=settings.mission)


def _asks_for_approval(settings: DeploymentSettings, user: object) -> bool:
    return _fits(settings, user) and settings.restricted.filter(level=RestrictionLevel.APPROVAL).exists()


RULE_MOVES: tuple[Move[DeploymentSettings], ...] = (
    Move(
        name="choose",
        label=_("Choose again"),
        sentence=_("Drafts are judged by the new choice at once; released plans keep the rules of their release."),
        may=can_try_to_make_plans,
        fits=_fits,
        run=_choose,
        form=RulesForm,
        tone="primary",
    ),
    Move(
        name="approve",
        label=_("Record an approval"),
        sentence=_("Teams may then be sent there, until the area, its places or who approves change."),
        may=can_try_to_make_plans,
        fits=_asks_for_approval,
        run=_approve,
        form=ApprovalForm,
    ),
)


@admin.register(DeploymentSettings)
class DeploymentSettingsAdmin(AddingAdmin):
    """By which rules plans are made, judged and released."""

    page_template = "desk/facts.html"
    page_select_related = ("election", "mission")
    moves: ClassVar[tuple[Move[DeploymentSettings], ...]] = RULE_MOVES
    addition_form = FirstChoiceForm
    addition_label = _("Choose rules")
    addition_sentence = _("Plans are made, judged and released by them. Lists of places are chosen on the next page.")
    empty_sentence = HOST_PLANS
    list_display = ("owner", "election", "rules")
    list_select_related = ("election", "mission")
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(owners_without_rules(request.user))

    def open_form(self, request: HttpRequest) -> forms.Form:
        form = super().open_form(request)
        owners = owners_without_rules(request.user)
        owner = cast(forms.ChoiceField, form.fields["owner"])
        owner.choices = [
            (key, f"{mission or _now('Pool of the host-coordinated missions')} · {election}")
            for key, (election, mission) in owners.items()
        ]
        form.fields["profile"].initial = profile_of_owner(*next(iter(owners.values()))).code
        return form

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> DeploymentSettings:
        election, mission = owners_without_rules(by)[answers["owner"]]
        return choose_rules(
            election=election, mission=mission, chosen=ChosenRules(answers["profile"]), seen=0, by=by, at=at
        )

    @column(_("whose"), ordering="mission__code")
    def owner(self, settings: DeploymentSettings) -> str:
        return settings.mission.code if settings.mission else _now("Pool of the host-coordinated missions")

    @column(_("rules"), ordering="profile")
    def rules(self, settings: DeploymentSettings) -> str:
        return load_deployment_profile(settings.profile).title.text(get_language() or "en")

    def get_page_context(self, request: HttpRequest, obj: DeploymentSettings) -> dict[str, Any]:
        zone = obj.election.zone
        return {
            "facts": (
                (_("Election"), obj.election),
                (_("Whose"), self.owner(obj)),
                (_("Rules"), self.rules(obj)),
                (_("Goes to constituencies"), _numbers(obj.goes_to.all()) or _now("all")),
                *self._avoiding(obj),
                *self._listed(obj),
                *self._restricted(obj),
                *self._interpreters(obj),
                *self._groups(obj),
            ),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone, is_own=obj.is_private),
            "zone": obj.election.time_zone,
        }

    def _avoiding(self, settings: DeploymentSettings) -> list[tuple[Any, str]]:
        if not settings.is_private:
            return []
        return [
            (_("Warns of stations of other missions"), _now("yes") if settings.avoids_other_missions else _now("no"))
        ]

    def _listed(self, settings: DeploymentSettings) -> list[tuple[str, str]]:
        language = get_language() or "en"
        return [
            (
                _now("Nationals of %(country)s are not sent to") % {"country": country_name(row.nationality, language)},
                _numbers(row.constituencies.all()) or _now("any constituency"),
            )
            for row in settings.listed.prefetch_related("constituencies")
        ]

    def _restricted(self, settings: DeploymentSettings) -> list[tuple[str, str]]:
        lines = []
        for row in settings.restricted.prefetch_related("constituencies"):
            parts = [_numbers(row.constituencies.all()), str(row.get_level_display())]
            if row.approver:
                parts.append(row.approver)
            if row.approved_at is not None:
                when = local_text(row.approved_at, settings.election.zone)
                parts.append(_now("approved %(when)s: %(note)s") % {"when": when, "note": row.approval_note})
            lines.append((row.name, " · ".join(parts)))
        return lines

    def _interpreters(self, settings: DeploymentSettings) -> list[tuple[str, str]]:
        rows = [(row.name, ", ".join(row.languages), row.contact) for row in settings.interpreters.all()]
        return [(_now("Interpreter"), " · ".join(part for part in row if part)) for row in rows]

    def _groups(self, settings: DeploymentSettings) -> list[tuple[str, str]]:
        rows = [(row.name, str(row.strength)) for row in settings.group_strengths.all()]
        return [(_now("Political group and its members"), " · ".join(row)) for row in rows]


def _numbers(places: Iterable[Constituency]) -> str:
    return ", ".join(str(place.number) for place in places)
