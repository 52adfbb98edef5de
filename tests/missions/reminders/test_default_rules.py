"""The rules that come with the product work, and stay the ministry's own once it has changed them."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from pytest_django.fixtures import Settings

from config import settings as product
from missions.models import User
from missions.reminders import default_rules
from missions.reminders.conditions import condition_of
from missions.reminders.models import ReminderRule
from missions.reminders.rule_checks import violations_of
from missions.reminders.services import rule_writing
from missions.reminders.services.rule_writing import change_rule, lay_default_rules, restore_default, switch_rule
from missions.reminders.specs import RuleSpec, spec_of
from missions.reminders.texts import render, render_line
from missions.states import MailLanguage

RULES = default_rules.default_rules()


@pytest.fixture(autouse=True)
def _conditions(settings: Settings) -> None:
    settings.REMINDER_CONDITIONS = product.REMINDER_CONDITIONS


@pytest.fixture
def documents() -> ReminderRule:
    return ReminderRule.objects.get(code="documents_missing")


def _renewed(monkeypatch: pytest.MonkeyPatch, **changes: object) -> RuleSpec:
    """A release in which the rule about documents is another one."""
    spec = next(spec for spec in RULES if spec.code == "documents_missing")
    fresh = replace(spec, **changes)  # type: ignore[arg-type]  # the caller names fields of the rule
    monkeypatch.setattr(rule_writing, "default_rules", lambda: (fresh,))
    monkeypatch.setattr(rule_writing, "default_rule", lambda code: fresh)
    return fresh


@pytest.mark.django_db
@pytest.mark.parametrize("spec", RULES, ids=lambda spec: spec.code)
def test_each_is_sound_and_says_something_in_every_language(spec: RuleSpec) -> None:
    condition = condition_of(spec.condition)
    assert condition is not None
    samples = {variable.name: variable.sample for variable in condition.variables}

    problems = violations_of(spec, condition=condition, groups=set(Group.objects.values_list("name", flat=True)))

    assert problems == []
    for position in range(len(spec.steps)):
        texts = spec.texts_of(position)
        assert set(texts) == set(MailLanguage)
        for language, text in texts.items():
            assert "{" not in render_line(text.subject, samples, language=language)
            assert "{" not in render(text.body, samples, language=language)


@pytest.mark.django_db
def test_migrating_has_laid_them_as_they_stand_in_the_files() -> None:
    stored = {rule.code: rule for rule in ReminderRule.objects.prefetch_related("steps__texts")}

    assert {code: spec_of(rule) for code, rule in stored.items()} == {spec.code: spec for spec in RULES}
    assert {rule.is_active for rule in stored.values()} == {True}
    assert lay_default_rules() == 0


@pytest.mark.django_db
def test_a_new_release_renews_a_rule_that_nobody_changed(
    documents: ReminderRule, monkeypatch: pytest.MonkeyPatch, at: dt.datetime
) -> None:
    switch_rule(rule=documents, is_active=False, by=None, at=at)
    fresh = _renewed(monkeypatch, title="Papers are missing")

    assert lay_default_rules() == 1

    rule = ReminderRule.objects.get(pk=documents.pk)
    assert (spec_of(rule), rule.is_active) == (fresh, False)
    assert lay_default_rules() == 0


@pytest.mark.django_db
def test_a_rule_that_somebody_changed_is_left_alone_until_it_is_given_back(
    documents: ReminderRule, lead: User, monkeypatch: pytest.MonkeyPatch, at: dt.datetime
) -> None:
    mine = replace(spec_of(documents), title="Ours")
    change_rule(rule=documents, spec=mine, version=1, by=lead, at=at)
    fresh = _renewed(monkeypatch, title="Papers are missing")

    assert lay_default_rules() == 0
    assert spec_of(ReminderRule.objects.get(pk=documents.pk)) == mine
    restore_default(rule=documents, by=lead, at=at)
    assert spec_of(ReminderRule.objects.get(pk=documents.pk)) == fresh
    _renewed(monkeypatch, title="Papers are still missing")
    assert lay_default_rules() == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('code = "other"\ntitle = "T"\ncondition = "c"\nanchor = "a"\n[[steps]]\n', "steps[1].audience: missing"),
        ('code = "x y"\n', "code: 'x y' is not a code (a-z, 0-9, _)"),
        (
            'code = "other"\ntitle = "T"\ncondition = "c"\nanchor = "a"\n[[steps]]\naudience = "leads"\n'
            "offset_days = 0\nlocal_time = 08:00:00\n",
            "code: the file of 'other' is called other.toml",
        ),
    ],
)
def test_a_wrong_file_is_named_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str
) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    monkeypatch.setattr(default_rules, "FOLDER", tmp_path)

    with pytest.raises(default_rules.DefaultRuleError) as caught:
        default_rules.default_rules.__wrapped__()

    assert str(caught.value) == f"wrong.toml: {problem}"


def test_a_rule_without_a_file_is_the_ministrys_own() -> None:
    assert default_rules.default_rule("parcels") is None
