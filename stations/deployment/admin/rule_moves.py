"""Releasing a plan with its findings before the eyes, and letting it break a rule with a reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from missions.admin.moves import Move, MoveForm, ReasonForm
from missions.kernel import clock
from missions.models import User
from stations.deployment.admin.finding_lines import FindingsCard, findings_card, where_of
from stations.deployment.errors import PlanChangedError
from stations.deployment.findings import Judgement, judgement_of
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import can_release_plan, can_try_to_release_plans
from stations.deployment.rules.sentences import title_of
from stations.deployment.services.overriding import override_rule
from stations.deployment.services.releases import release_plan
from stations.deployment.states import PlanState

#: Every team that a rule stops, in place of the number of one.
_ALL = "all"


class ReleaseForm(MoveForm):
    """Shows the findings of the plan, and keeps which revision of it they are about."""

    preface: ClassVar[str] = "desk/plan_findings.html"

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        self.revision = cast(DeploymentPlan, subjects[0]).revision
        super().__init__(*args, subjects=subjects, initial={"seen": self.revision}, **kwargs)
        _judgement, self.findings = _judged(subjects)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("seen") != self.revision:
            # The page that refuses shows the findings of now: whoever confirms there has seen them.
            self.data = {**dict(self.data.items()), "seen": str(self.revision)}
            self.errors.pop("seen", None)
            self.add_error(None, PlanChangedError.title)
        return cleaned


class OverrideForm(ReasonForm):
    """Asks which rule may be broken where, and why."""

    what = forms.ChoiceField(label=_("Rule and team"), widget=UnfoldAdminSelectWidget())

    field_order = ("what", "reason")

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        judgement, self.findings = _judged(subjects)
        what = cast(forms.ChoiceField, self.fields["what"])
        what.choices = _choices(judgement) if judgement else []


def _judged(subjects: Sequence[Model]) -> tuple[Judgement | None, FindingsCard | None]:
    """The findings of the one plan that the page is about."""
    if len(subjects) != 1 or not isinstance(subjects[0], DeploymentPlan):
        return None, None
    judgement = judgement_of(subjects[0], at=clock.now())
    return judgement, findings_card(subjects[0], judgement)


def _choices(judgement: Judgement) -> list[tuple[str, str]]:
    """For each rule that stops the release: everywhere, and each team where it does."""
    found = [one for one in judgement.findings if one.stops_release and one.finding.can_be_lifted]
    choices: dict[str, str] = {}
    for one in found:
        rule, team = one.finding.rule, one.finding.team
        title = f"{rule} {title_of(rule)}"
        choices.setdefault(f"{rule}:{_ALL}", _now("%(rule)s: wherever it blocks") % {"rule": title})
        if team is not None:
            choices.setdefault(f"{rule}:{team}", f"{title}: {where_of(one)}")
    return list(choices.items())


def _release(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return release_plan(plan=plan, seen=answers["seen"], by=by, at=at)


def _override(plan: DeploymentPlan, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    rule, _colon, number = answers["what"].partition(":")
    team = None if number == _ALL else plan.teams.get(number=int(number))
    return override_rule(plan=plan, rule=rule, team=team, reason=answers["reason"], by=by, at=at)


def _fits(plan: DeploymentPlan, user: object) -> bool:
    return plan.state == PlanState.DRAFT and isinstance(user, User) and can_release_plan(user, plan=plan)


RELEASE: Move[DeploymentPlan] = Move(
    name="release",
    label=_("Release"),
    sentence=_("The plan is checked whole. If it holds, its teams are booked and an older plan is superseded."),
    may=can_try_to_release_plans,
    fits=_fits,
    run=_release,
    form=ReleaseForm,
    tone="primary",
)
OVERRIDE: Move[DeploymentPlan] = Move(
    name="override",
    label=_("Let a rule be broken"),
    sentence=_(
        "What the rule finds there now no longer stops the release. Whatever it finds later, about other people or "
        "places, stops it again."
    ),
    may=can_try_to_release_plans,
    fits=_fits,
    run=_override,
    form=OverrideForm,
    tone="danger",
)
