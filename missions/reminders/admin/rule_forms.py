"""The form of a reminder rule: what it is about, its steps, and the words of each step in every language."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.validators import RegexValidator
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from missions.kernel.errors import Violation
from missions.kernel.web.forms import PlainForm
from missions.reminders.conditions import reminder_conditions
from missions.reminders.rule_checks import MOST_DAYS, MOST_STEPS, MOST_TIMES
from missions.reminders.schedule import Timing
from missions.reminders.specs import RuleSpec, RuleStep, StepText, Texts
from missions.reminders.states import Audience, Clock
from missions.reminders.texts import BODY_MAX_LENGTH, SUBJECT_MAX_LENGTH
from missions.states import MailLanguage

BEFORE, AFTER = "before", "after"
_STEP_FIELD = re.compile(r"steps\.(?P<number>\d+)(?:\.texts\.(?P<language>[a-z]+))?(?:\.(?P<name>[a-z_]+))?")


class RuleForm(PlainForm):
    """What the rule is called, what it is about, and from which instant it counts."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget())
    occasion = forms.ChoiceField(
        label=_("About, counted from"),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("What holds for a mission or an election, and the instant from which the steps count their days."),
    )
    is_urgent = forms.BooleanField(
        label=_("Urgent"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("Goes out at once, also to those who want one mail a day."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["occasion"].choices = _occasions()  # type: ignore[attr-defined]  # a choice field


class NewRuleForm(RuleForm):
    """The same with a code, which never changes again."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Small letters, digits and underscores."))],
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Names the rule on every message, for ever."),
    )
    field_order = ("title", "code", "occasion", "is_urgent")


class StepForm(PlainForm):
    """Who is told, when, and in which words."""

    #: `texts` judges them: isolates may stand around a name of another direction.
    judged_elsewhere = ("subject_", "body_")

    # What stands in an empty step is its initial value, so that an untouched one counts as none.
    audience = forms.ChoiceField(
        label=_("To"), choices=Audience.choices, initial=Audience.LEADS, widget=UnfoldAdminSelectWidget()
    )
    group = forms.ChoiceField(
        label=_("Group"), required=False, widget=UnfoldAdminSelectWidget(), help_text=_("For a group of the staff.")
    )
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=MOST_DAYS, widget=UnfoldAdminIntegerFieldWidget())
    direction = forms.ChoiceField(
        label=_("Before or after"),
        choices=[(BEFORE, _("before")), (AFTER, _("after"))],
        initial=BEFORE,
        widget=UnfoldAdminSelectWidget(),
    )
    local_time = forms.TimeField(label=_("At"), widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "08:00"}))
    clock = forms.ChoiceField(
        label=_("By the clocks of"), choices=Clock.choices, initial=Clock.HOST, widget=UnfoldAdminSelectWidget()
    )
    every_days = forms.IntegerField(
        label=_("Again every … days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    times = forms.IntegerField(
        label=_("At most … times"), min_value=1, max_value=MOST_TIMES, initial=1, widget=UnfoldAdminIntegerFieldWidget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Group.objects.order_by("name").values_list("name", "name")
        self.fields["group"].choices = [("", "–"), *names]  # type: ignore[attr-defined]  # a choice field
        for language in MailLanguage:
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject"),
                max_length=SUBJECT_MAX_LENGTH,
                required=False,
                widget=UnfoldAdminTextInputWidget(attrs={"lang": language.value}),
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text"),
                max_length=BODY_MAX_LENGTH,
                required=False,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "lang": language.value}),
            )

    def clean_local_time(self) -> object:
        """A whole minute."""
        return self.cleaned_data["local_time"].replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        """A text is whole or it is not there."""
        cleaned = super().clean() or self.cleaned_data
        for language in MailLanguage:
            subject, body = cleaned.get(f"subject_{language}"), cleaned.get(f"body_{language}")
            if bool(subject) != bool(body):
                missing = "body" if subject else "subject"
                self.add_error(f"{missing}_{language}", gettext("Subject and text go together."))
        return cleaned

    def texts(self) -> list[tuple[MailLanguage, forms.BoundField, forms.BoundField]]:
        """The words by language, for the page."""
        return [(language, self[f"subject_{language}"], self[f"body_{language}"]) for language in MailLanguage]

    def timing(self) -> list[forms.BoundField]:
        """The fields above the words, for the page."""
        names = ("audience", "group", "days", "direction", "local_time", "clock", "every_days", "times")
        return [self[name] for name in names]

    def step(self) -> RuleStep:
        """What was typed, once it is valid."""
        answers = self.cleaned_data
        days = answers["days"]
        return RuleStep(
            audience=Audience(answers["audience"]),
            group=answers["group"],
            timing=Timing(
                offset_days=-days if answers["direction"] == BEFORE else days,
                local_time=answers["local_time"],
                every_days=answers["every_days"],
                times=answers["times"],
            ),
            clock=Clock(answers["clock"]),
            texts=self._typed_texts(),
        )

    def _typed_texts(self) -> Texts:
        answers = self.cleaned_data
        return {
            language: StepText(answers[f"subject_{language}"], answers[f"body_{language}"].replace("\r\n", "\n"))
            for language in MailLanguage
            if answers[f"subject_{language}"]
        }


StepFormSet = formset_factory(StepForm, extra=1, max_num=MOST_STEPS, validate_max=True, can_delete=True)


def initial_of(spec: RuleSpec) -> dict[str, Any]:
    """What the form of a rule shows before anything is typed."""
    return {"title": spec.title, "occasion": f"{spec.condition}/{spec.anchor}", "is_urgent": spec.is_urgent}


def initial_steps_of(spec: RuleSpec) -> list[dict[str, Any]]:
    """The same of its steps."""
    return [_initial_step(step) for step in spec.steps]


def spec_from(form: RuleForm, steps: "BaseFormSet[StepForm]", *, code: str) -> RuleSpec:
    """The rule that was typed, once both are valid."""
    condition, anchor = form.cleaned_data["occasion"].split("/")
    return RuleSpec(
        code=code,
        title=form.cleaned_data["title"],
        condition=condition,
        anchor=anchor,
        is_urgent=form.cleaned_data["is_urgent"],
        steps=tuple(step.step() for step in kept(steps)),
    )


def kept(steps: "BaseFormSet[StepForm]") -> Sequence[StepForm]:
    """The steps that were filled in and not struck out."""
    return [form for form in steps if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def show_violations(form: RuleForm, steps: "BaseFormSet[StepForm]", violations: Iterable[Violation]) -> None:
    """Put each problem of the rule beside the field that it is about."""
    typed = kept(steps)
    for violation in violations:
        match = _STEP_FIELD.fullmatch(violation.field)
        if match is None or int(match["number"]) > len(typed):
            own = {"condition": "occasion", "anchor": "occasion"}.get(violation.field, violation.field)
            form.add_error(own if own in form.fields else None, violation.detail)
            continue
        target = typed[int(match["number"]) - 1]
        name = {"offset_days": "days"}.get(match["name"], match["name"])
        if match["language"]:
            name = f"{match['name'] or 'subject'}_{match['language']}"
        target.add_error(name if name in target.fields else None, violation.detail)


def _initial_step(step: RuleStep) -> dict[str, Any]:
    offset = step.timing.offset_days
    words = {
        f"{part}_{language}": getattr(text, part)
        for language, text in step.texts.items()
        for part in ("subject", "body")
    }
    return {
        "audience": step.audience,
        "group": step.group,
        "days": abs(offset),
        "direction": BEFORE if offset < 0 else AFTER,
        "local_time": f"{step.timing.local_time:%H:%M}",
        "clock": step.clock,
        "every_days": step.timing.every_days,
        "times": step.timing.times,
        **words,
    }


def _occasions() -> list[tuple[str, list[tuple[str, str]]]]:
    """The instants of each condition, grouped by the condition."""
    return [
        (str(condition.title), [(f"{condition.code}/{anchor.code}", str(anchor.title)) for anchor in condition.anchors])
        for condition in reminder_conditions()
    ]
