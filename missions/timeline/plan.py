"""Timelines from templates: milestones as anchor and offset, dated for one mission. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Protocol

from missions.data.reading import DataFileError, Table, read_toml
from missions.data.values import Wording, read_wording, read_zone
from missions.law.calendar import local_instant

TEMPLATES = Path(__file__).parent / "templates"


class TemplateError(DataFileError):
    """A timeline template is wrong. The text names the file and the key."""


class MilestoneAnchor(StrEnum):
    """The day from which a milestone counts."""

    E_DAY = "e_day"
    APPLICATION_DEADLINE = "application_deadline"


class ProvenBy(StrEnum):
    """The facts that can show that a step was made; a provider of PROGRESS_SOURCES knows each of them."""

    APPLICATIONS_HANDED_IN = "applications_handed_in"
    APPLICATIONS_DECIDED = "applications_decided"
    ARRIVED = "arrived"
    CORE_ARRIVED = "core_arrived"
    LONG_TERM_ARRIVED = "long_term_arrived"
    SHORT_TERM_ARRIVED = "short_term_arrived"
    BRIEFED = "briefed"
    BADGES_HANDED_OVER = "badges_handed_over"
    PLAN_RELEASED = "plan_released"
    INTERIM_REPORT_PUBLIC = "interim_report_public"
    STATEMENT_PUBLIC = "statement_public"
    FINAL_REPORT_PUBLIC = "final_report_public"
    SHORT_TERM_LEFT = "short_term_left"
    LONG_TERM_LEFT = "long_term_left"
    EVERYBODY_LEFT = "everybody_left"


@dataclass(frozen=True, slots=True)
class MilestoneTemplate:
    """A step of every mission of the kind. `zone` is None where the mission's own zone holds.

    A step with a `fact` is made when that is true. One that `is_shared` holds for the missions below as well.
    """

    code: str
    title: Wording
    anchor: MilestoneAnchor
    offset_days: int
    local_time: time
    zone: str | None
    after: tuple[str, ...]
    fact: ProvenBy | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class TimelineTemplate:
    """The usual course of one kind of mission."""

    code: str
    title: Wording
    milestones: tuple[MilestoneTemplate, ...]


@dataclass(frozen=True, slots=True)
class PlannedMilestone:
    """A step of one mission with its instant (UTC) and all that is needed to compute it again."""

    code: str
    title: Wording
    anchor: MilestoneAnchor
    offset_days: int
    local_time: time
    zone: str
    planned_at: datetime
    after: tuple[str, ...]
    fact: ProvenBy | None
    is_shared: bool


class Dated(Protocol):
    """A step with its instant and those that come before it."""

    @property
    def code(self) -> str: ...

    @property
    def planned_at(self) -> datetime: ...

    @property
    def after(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class OrderingViolation:
    """A step that is planned before the one that it must follow."""

    code: str
    predecessor: str
    planned_at: datetime
    predecessor_at: datetime


@cache
def load_template(code: str) -> TimelineTemplate:
    """The template with this code. Raises TemplateError if there is none or its file is wrong."""
    if code not in template_codes():
        raise TemplateError(f"{code}.toml", "", "no such template")
    return read_template(TEMPLATES / f"{code}.toml")


@cache
def template_codes() -> tuple[str, ...]:
    """The codes of all templates, sorted."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.toml")))


def check_templates(folder: Path = TEMPLATES) -> list[str]:
    """One sentence per template file of the folder that is wrong; an empty list means that all are sound."""
    problems = []
    for path in sorted(folder.glob("*.toml")):
        try:
            read_template(path)
        except TemplateError as error:
            problems.append(str(error))
    return problems


def plan_milestones(
    template: TimelineTemplate, *, e_day: date, zone: str, application_day: date | None = None
) -> tuple[PlannedMilestone, ...]:
    """The dated milestones, by instant and then in the template's order.

    `zone` (IANA) holds for every milestone without a zone of its own. `application_day` is the local day of the
    legal deadline; without one, a milestone that hangs on it has no date and is left out (`undated_codes`).
    """
    planned = [
        _planned(row, day, row.zone or zone)
        for row in template.milestones
        if (day := _anchor_day(row.anchor, e_day, application_day)) is not None
    ]
    return tuple(sorted(planned, key=lambda row: row.planned_at))


def undated_codes(template: TimelineTemplate, planned: Iterable[PlannedMilestone]) -> tuple[str, ...]:
    """The milestones of the template that the plan leaves out because their anchor has no day."""
    dated = {row.code for row in planned}
    return tuple(row.code for row in template.milestones if row.code not in dated)


def waits_for_itself(after: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The codes of the steps that wait for each other in a circle, sorted; none if there is no circle.

    `after` gives for each step those that come before it.
    """
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        return tuple(sorted(set(error.args[1])))
    return ()


def ordering_violations(planned: Iterable[Dated]) -> tuple[OrderingViolation, ...]:
    """Every pair in which a step is planned before its predecessor; the same instant is in order."""
    by_code = {row.code: row for row in planned}
    return tuple(
        OrderingViolation(row.code, code, row.planned_at, by_code[code].planned_at)
        for row in by_code.values()
        for code in row.after
        if code in by_code and by_code[code].planned_at > row.planned_at
    )


def read_template(path: Path) -> TimelineTemplate:
    """The template of the file, whose name is its code. Raises TemplateError for anything amiss."""
    table = read_toml(path, error=TemplateError)
    code = table.text("code")
    if code != path.stem:
        raise table.fail("code", f"must be {path.stem!r} like the file's name")
    template = TimelineTemplate(
        code=code,
        title=read_wording(table, "title"),
        milestones=table.each("milestones", _milestone),
    )
    table.finish()
    _check_order(template, table)
    return template


def _milestone(table: Table) -> MilestoneTemplate:
    return MilestoneTemplate(
        code=table.code(),
        title=read_wording(table, "title"),
        anchor=table.choice("anchor", MilestoneAnchor),
        offset_days=table.integer("offset_days"),
        local_time=table.clock("local_time"),
        zone=read_zone(table, "zone") if table.has("zone") else None,
        after=table.texts("after") if table.has("after") else (),
        fact=table.choice("fact", ProvenBy) if table.has("fact") else None,
        is_shared=table.flag("is_shared") if table.has("is_shared") else False,
    )


def _check_order(template: TimelineTemplate, table: Table) -> None:
    codes = [row.code for row in template.milestones]
    for row in template.milestones:
        if codes.count(row.code) > 1:
            raise table.fail("milestones", f"{row.code!r} is there twice")
        for code in row.after:
            if code not in codes:
                raise table.fail(f"milestones.{row.code}.after", f"{code!r} is no milestone")
    if circle := waits_for_itself({row.code: row.after for row in template.milestones}):
        raise table.fail("milestones", f"wait for each other: {', '.join(circle)}")


def _anchor_day(anchor: MilestoneAnchor, e_day: date, application_day: date | None) -> date | None:
    return e_day if anchor is MilestoneAnchor.E_DAY else application_day


def _planned(row: MilestoneTemplate, day: date, zone: str) -> PlannedMilestone:
    return PlannedMilestone(
        code=row.code,
        title=row.title,
        anchor=row.anchor,
        offset_days=row.offset_days,
        local_time=row.local_time,
        zone=zone,
        planned_at=local_instant(day + timedelta(days=row.offset_days), row.local_time, zone),
        after=row.after,
        fact=row.fact,
        is_shared=row.is_shared,
    )
