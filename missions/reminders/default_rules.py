"""The rules that come with the product, a data file each: read once, and checked whole."""

from functools import cache
from pathlib import Path

from missions.data.reading import DataFileError, Table, read_toml
from missions.reminders.schedule import Timing
from missions.reminders.specs import RuleSpec, RuleStep, StepText, Texts
from missions.reminders.states import Audience, Clock
from missions.states import MailLanguage

FOLDER = Path(__file__).parent / "defaults"


class DefaultRuleError(DataFileError):
    """The file of a rule is wrong. The text names the file and the key."""


@cache
def default_rules() -> tuple[RuleSpec, ...]:
    """All of them, by code. Raises DefaultRuleError."""
    return tuple(_read_rule(path) for path in sorted(FOLDER.glob("*.toml")))


def default_rule(code: str) -> RuleSpec | None:
    """The rule with this code as it comes with the product; None for a rule of the ministry's own."""
    return next((spec for spec in default_rules() if spec.code == code), None)


def _read_rule(path: Path) -> RuleSpec:
    table = read_toml(path, error=DefaultRuleError)
    spec = RuleSpec(
        code=table.code(),
        title=table.text("title"),
        condition=table.code("condition"),
        anchor=table.code("anchor"),
        is_urgent=table.flag("is_urgent") if table.has("is_urgent") else False,
        steps=table.each("steps", _read_step),
    )
    table.finish()
    if spec.code != path.stem:
        raise DefaultRuleError(path.name, "code", f"the file of {spec.code!r} is called {spec.code}.toml")
    return spec


def _read_step(row: Table) -> RuleStep:
    return RuleStep(
        audience=row.choice("audience", Audience),
        group=row.optional_text("group"),
        timing=Timing(
            offset_days=row.integer("offset_days"),
            local_time=row.clock("local_time"),
            every_days=row.count("every_days") if row.has("every_days") else 1,
            times=row.count("times") if row.has("times") else 1,
        ),
        clock=row.choice("clock", Clock) if row.has("clock") else Clock.HOST,
        texts=_read_texts(row.table("texts")) if row.has("texts") else {},
    )


def _read_texts(table: Table) -> Texts:
    texts = {}
    for language in MailLanguage:
        row = table.table(language.value)
        texts[language] = StepText(subject=row.text("subject"), body=row.text("body"))
        row.finish()
    table.finish()
    return texts
