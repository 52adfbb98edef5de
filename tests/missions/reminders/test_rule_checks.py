"""What may not be kept of a rule, each problem at its field."""

from dataclasses import replace

import pytest

from missions.reminders.rule_checks import violations_of
from missions.reminders.schedule import Timing
from missions.reminders.specs import RuleSpec, StepText
from missions.reminders.states import Audience
from missions.states import MailLanguage
from tests.missions.reminders.rule_fakes import DAILY, EIGHT, PARCELS_WAIT, parcels, step

FRENCH_ONLY = {MailLanguage.FR: StepText("{count} colis", "{mission}")}
STRANGE = {MailLanguage.EN: StepText("{parcel}", "{count:one}")}


def _codes(spec: RuleSpec, *, is_known: bool = True) -> list[tuple[str, str]]:
    found = violations_of(spec, condition=parcels if is_known else None, groups={"registrar"})
    return [(violation.field, violation.code) for violation in found]


def test_a_sound_rule_has_no_problem() -> None:
    escalated = replace(PARCELS_WAIT, steps=(DAILY, step(Audience.GROUP, 3, group="registrar")))

    assert _codes(PARCELS_WAIT) == []
    assert _codes(escalated) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, [("title", "title-empty")]),
        ({"anchor": "printed"}, [("anchor", "anchor-unknown")]),
        ({"steps": ()}, [("steps", "no-step")]),
        ({"steps": (DAILY,) * 7}, [("steps", "too-many-steps")]),
        ({"steps": (step(),)}, [("steps.1.texts", "text-missing")]),
        ({"steps": (DAILY, step(Audience.TURN))}, [("steps.2.audience", "audience-not-offered")]),
        ({"steps": (DAILY, step(Audience.GROUP, group="kings"))}, [("steps.2.group", "group-unknown")]),
        ({"steps": (DAILY, step(group="registrar"))}, [("steps.2.group", "group-not-meant")]),
        ({"steps": (DAILY, step(offset_days=-401))}, [("steps.2.offset_days", "offset-too-far")]),
        ({"steps": (DAILY, step(timing=Timing(0, EIGHT, every_days=0)))}, [("steps.2.every_days", "interval-wrong")]),
        ({"steps": (DAILY, step(timing=Timing(0, EIGHT, times=101)))}, [("steps.2.times", "times-wrong")]),
        ({"steps": (step(texts=FRENCH_ONLY),)}, [("steps.1.texts.en", "english-missing")]),
        (
            {"steps": (step(texts=STRANGE),)},
            [
                ("steps.1.texts.en.subject", "variable-unknown"),
                ("steps.1.texts.en.body", "word-forms-wrong"),
            ],
        ),
    ],
)
def test_each_problem_has_its_field_and_its_code(changes: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert _codes(replace(PARCELS_WAIT, **changes)) == expected  # type: ignore[arg-type]  # fields of the rule


def test_a_condition_that_is_not_known_is_the_problem_and_not_its_texts() -> None:
    assert _codes(replace(PARCELS_WAIT, anchor="printed"), is_known=False) == [("condition", "condition-unknown")]
