"""Reminder rules: the list, the page of one with its words and what it would do, and the form."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import column, history_of, moment
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import show_on_form
from missions.reminders.admin.rule_forms import (
    NewRuleForm,
    RuleForm,
    StepForm,
    StepFormSet,
    initial_of,
    initial_steps_of,
    show_violations,
    spec_from,
)
from missions.reminders.admin.rule_page import PreviewLines, preview_lines, steps_in_words
from missions.reminders.conditions import condition_of, reminder_conditions
from missions.reminders.default_rules import default_rule
from missions.reminders.models import ReminderRule
from missions.reminders.permissions import can_change_rules
from missions.reminders.previews import preview_rule
from missions.reminders.rule_words import anchor_words, when_words
from missions.reminders.services.rule_writing import (
    add_rule,
    change_rule,
    problems_of_rule,
    restore_default,
    switch_rule,
)
from missions.reminders.specs import RuleSpec, spec_of

ACTIVATE: Move[ReminderRule] = Move(
    name="activate",
    label=_("Let it write mails"),
    sentence=_("Whoever is due a mail by this rule now gets it within minutes. The preview shows who that is."),
    may=can_change_rules,
    fits=lambda rule, user: not rule.is_active,
    run=lambda rule, answers, by, at: switch_rule(rule=rule, is_active=True, by=by, at=at),
    tone="primary",
)
REST: Move[ReminderRule] = Move(
    name="rest",
    label=_("Let it rest"),
    sentence=_("The rule plans no more mails, and what it has planned is not sent."),
    may=can_change_rules,
    fits=lambda rule, user: rule.is_active,
    run=lambda rule, answers, by, at: switch_rule(rule=rule, is_active=False, by=by, at=at),
)
RESTORE: Move[ReminderRule] = Move(
    name="restore",
    label=_("Back to the product's own"),
    sentence=_("Title, steps and words become those that come with the product; what was changed is lost."),
    may=can_change_rules,
    fits=lambda rule, user: _differs_from_default(rule),
    run=lambda rule, answers, by, at: restore_default(rule=rule, by=by, at=at),
)


@admin.register(ReminderRule)
class ReminderRuleAdmin(MovesAdmin):
    """Rules are looked at on a page, changed on a form, and tried before they write to anybody."""

    page_template = "desk/reminder_rule.html"
    moves: ClassVar[tuple[Move[ReminderRule], ...]] = (ACTIVATE, REST, RESTORE)
    list_display = ("title", "activity", "about", "when", "code")
    list_filter = ("is_active",)
    search_fields = ("title", "code", "condition")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("steps__texts")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_change_rules(request.user)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("add/", self.admin_site.admin_view(self.form_view), name="reminders_reminderrule_add"),
            path(
                "<path:object_id>/edit/", self.admin_site.admin_view(self.form_view), name="reminders_reminderrule_edit"
            ),
            *super().get_urls(),
        ]

    @column(_("active"), ordering="is_active", tones={True: "success", False: "default"})
    def activity(self, rule: ReminderRule) -> tuple[bool, str]:
        return rule.is_active, gettext("writes mails") if rule.is_active else gettext("rests")

    @column(_("about"), ordering="condition")
    def about(self, rule: ReminderRule) -> str:
        condition = condition_of(rule.condition)
        return str(condition.title) if condition else gettext("unknown here: %s") % rule.condition

    @column(_("first told"))
    def when(self, rule: ReminderRule) -> str:
        spec = spec_of(rule)
        anchor = anchor_words(spec, condition_of(spec.condition))
        return when_words(spec.steps[0], anchor) if spec.steps else ""

    def get_page_context(self, request: HttpRequest, obj: ReminderRule) -> dict[str, Any]:
        spec, condition = spec_of(obj), condition_of(obj.condition)
        may_change = can_change_rules(request.user)
        return {
            "rule": obj,
            "about": self.about(obj),
            "is_known": condition is not None,
            "is_default": default_rule(obj.code) is not None,
            "differs": _differs_from_default(obj),
            "steps": steps_in_words(spec),
            "variables": condition.variables if condition else (),
            "preview": self._preview(request, spec),
            "moves": self.moves_for(request, obj),
            "edit_url": reverse("admin:reminders_reminderrule_edit", args=(obj.pk,)) if may_change else "",
            "messages_url": _messages_url(request, obj),
            "history": history_of(obj, "UTC"),
        }

    def form_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The form of a rule, new or old: it is tried ("preview") as often as one likes before it is kept."""
        if not can_change_rules(request.user):
            raise PermissionDenied
        rule = self.find_or_404(request, object_id) if object_id is not None else None
        form, steps = _forms(request, rule)
        preview = None
        if form.is_bound and form.is_valid() & steps.is_valid():
            spec = spec_from(form, steps, code=rule.code if rule else form.cleaned_data["code"])
            show_violations(form, steps, problems_of_rule(spec))
            if not form.errors and not any(steps.errors):
                if "preview" in request.POST:
                    preview = self._preview(request, spec)
                elif (kept := self._keep(request, form, rule, spec)) is not None:
                    return HttpResponseRedirect(self.page_url(kept))
        return self.render_page(
            request,
            "desk/reminder_rule_form.html",
            title=rule.title if rule else gettext("New rule"),
            original=rule,
            form=form,
            steps=steps,
            preview=preview,
            conditions=reminder_conditions(),
            back=self.page_url(rule) if rule else reverse("admin:reminders_reminderrule_changelist"),
            status=422 if form.is_bound and preview is None else 200,
        )

    def _preview(self, request: HttpRequest, spec: RuleSpec) -> PreviewLines | None:
        condition = condition_of(spec.condition)
        return None if condition is None else preview_lines(preview_rule(spec, condition, at=moment(request)))

    def _keep(
        self, request: HttpRequest, form: RuleForm, rule: ReminderRule | None, spec: RuleSpec
    ) -> ReminderRule | None:
        by, at = self.actor(request), moment(request)
        try:
            if rule is None:
                kept = add_rule(spec=spec, by=by, at=at)
            else:
                kept = change_rule(rule=rule, spec=spec, version=form.cleaned_data["version"] or 0, by=by, at=at)
        except DomainError as error:
            show_on_form(form, error)
            return None
        messages.success(request, gettext("The rule is kept."))
        return kept


def _forms(request: HttpRequest, rule: ReminderRule | None) -> tuple[RuleForm, "BaseFormSet[StepForm]"]:
    """Form and steps, with what was typed or with the rule as it is kept."""
    kind = RuleForm if rule else NewRuleForm
    if request.method == "POST":
        return kind(request.POST), StepFormSet(request.POST, prefix="steps")
    if rule is None:
        return kind(), StepFormSet(prefix="steps")
    spec = spec_of(rule)
    initial = {**initial_of(spec), "version": rule.version}
    return kind(initial=initial), StepFormSet(initial=initial_steps_of(spec), prefix="steps")


def _messages_url(request: HttpRequest, rule: ReminderRule) -> str:
    """Empty for whoever may not see mails, such as those who look after accounts: the page would refuse them."""
    if not request.user.has_perm("reminders.view_message"):
        return ""
    return f"{reverse('admin:reminders_message_changelist')}?rule={rule.code}"


def _differs_from_default(rule: ReminderRule) -> bool:
    default = default_rule(rule.code)
    return default is not None and default != spec_of(rule)
