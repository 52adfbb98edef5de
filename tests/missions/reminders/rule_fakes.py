"""A condition that holds for what a test gives it, and a rule about it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from missions.models import Mission
from missions.reminders.conditions import MISSION_AUDIENCES, Anchor, Case, Condition, Search, Variable
from missions.reminders.models import ReminderRule
from missions.reminders.schedule import Timing
from missions.reminders.specs import RuleSpec, RuleStep, StepText
from missions.reminders.states import Audience, Clock
from missions.states import MailLanguage
from tests.missions.reminders.fakes import DAY, NOON

CONDITION = "tests.missions.reminders.rule_fakes.parcels"
SECRET_CONDITION = "tests.missions.reminders.rule_fakes.secret_parcels"
EIGHT = dt.time(8)
#: For what the condition holds; a test fills it, and it is emptied after each.
cases: list[Case] = []


def _find(search: Search) -> Iterator[Case]:
    yield from (case for case in cases if search.subject_id in (None, case.subject_id))


parcels = Condition(
    code="parcels",
    title="parcels wait for a mission",
    anchors=(Anchor("arrived", "the first parcel arrived"),),
    variables=(Variable("mission", "the mission", "ODIHR"), Variable("count", "how many parcels", 2)),
    audiences=(*MISSION_AUDIENCES, Audience.GROUP),
    find=_find,
)
#: The same, where it is the mission's own affair that parcels wait for it.
secret_parcels = replace(parcels, is_private=True)

TEXTS = {
    MailLanguage.EN: StepText(
        "{count} {count:parcel waits|parcels wait}", "{mission}\n\n{count} {count:parcel|parcels}"
    ),
    MailLanguage.FR: StepText("{count} {count:colis attend|colis attendent}", "{mission}\n\n{count} colis"),
}
DAILY = RuleStep(audience=Audience.LEADS, timing=Timing(0, EIGHT, times=3), texts=TEXTS)
PARCELS_WAIT = RuleSpec(
    code="parcels", title="Parcels wait", condition="parcels", anchor="arrived", is_urgent=True, steps=(DAILY,)
)


def case(mission: Mission, **changes: object) -> Case:
    """Two parcels that came for a mission at NOON, of use for ten days."""
    whole = Case(
        subject_type="missions.mission",
        subject_id=mission.pk,
        label=mission.code,
        mission_id=mission.pk,
        zone="Asia/Baku",
        host_zone="Asia/Baku",
        anchors={"arrived": NOON},
        until=NOON + 10 * DAY,
        facts=lambda: {"mission": mission.name, "count": 2},
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # each test names fields of the case


def step(audience: Audience = Audience.LEADS, offset_days: int = 0, **changes: object) -> RuleStep:
    """A step at eight, once, in the words of the step before."""
    whole = RuleStep(audience=audience, timing=Timing(offset_days, EIGHT), texts={}, clock=Clock.HOST)
    return replace(whole, **changes)  # type: ignore[arg-type]  # each test names fields of the step


def stored_rule(spec: RuleSpec = PARCELS_WAIT, *, is_active: bool = True) -> ReminderRule:
    """The rule in the database, with no history."""
    rule = ReminderRule.objects.create(
        code=spec.code,
        title=spec.title,
        condition=spec.condition,
        anchor=spec.anchor,
        is_urgent=spec.is_urgent,
        is_active=is_active,
    )
    for position, part in enumerate(spec.steps, start=1):
        row = rule.steps.create(
            position=position,
            audience=part.audience,
            group=part.group,
            offset_days=part.timing.offset_days,
            local_time=part.timing.local_time,
            clock=part.clock,
            every_days=part.timing.every_days,
            times=part.timing.times,
        )
        for language, text in part.texts.items():
            row.texts.create(language=language, subject=text.subject, body=text.body)
    return rule
