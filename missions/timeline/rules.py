"""What is amiss in a timeline, in words. Computed from steps when it is asked for, never stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from missions.timeline.plan import ProvenBy, ordering_violations
from missions.timeline.zones import is_known_zone


class Amiss(StrEnum):
    """The kinds of violation of a timeline."""

    OUT_OF_ORDER = "out_of_order"
    PREDECESSOR_NOT_DONE = "predecessor_not_done"
    DONE_OUT_OF_ORDER = "done_out_of_order"
    AFTER_LEGAL_DEADLINE = "after_legal_deadline"
    ZONE_UNKNOWN = "zone_unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the rules see it; `actual_at` is when it was made, by hand or by a fact."""

    code: str
    title: str
    planned_at: datetime
    after: tuple[str, ...]
    zone: str
    fact: str = ""
    actual_at: datetime | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class TimelineViolation:
    """One thing amiss: its kind, the step, the other step that it is about (or nothing), and a sentence."""

    code: Amiss
    step: str
    other: str
    sentence: str


def violations_of(steps: Iterable[Step], *, deadline: datetime | None) -> tuple[TimelineViolation, ...]:
    """Everything amiss among the steps that are not cancelled, in their order.

    `deadline` is the instant at which the law closes applications; None if it does not say. A predecessor that no fact
    can prove is not known to be undone, so that nothing is said of it.
    """
    standing = {step.code: step for step in steps if not step.is_cancelled}
    found = [
        *_planned_out_of_order(standing),
        *_made_out_of_order(standing),
        *(_after_deadline(standing.values(), deadline) if deadline else ()),
        *_unknown_zones(standing.values()),
    ]
    place = {code: number for number, code in enumerate(standing)}
    return tuple(sorted(found, key=lambda row: place[row.step]))


def _planned_out_of_order(standing: Mapping[str, Step]) -> Iterator[TimelineViolation]:
    for row in ordering_violations(standing.values()):
        names = {"step": standing[row.code].title, "other": standing[row.predecessor].title}
        sentence = _("“%(step)s” is planned before “%(other)s”, which comes first.") % names
        yield TimelineViolation(Amiss.OUT_OF_ORDER, row.code, row.predecessor, sentence)


def _made_out_of_order(standing: Mapping[str, Step]) -> Iterator[TimelineViolation]:
    for step in standing.values():
        if step.actual_at is None:
            continue
        for other in (standing[code] for code in step.after if code in standing):
            names = {"step": step.title, "other": other.title}
            if other.actual_at is None and other.fact:
                sentence = _("“%(step)s” has happened, but “%(other)s”, which comes first, has not.") % names
                yield TimelineViolation(Amiss.PREDECESSOR_NOT_DONE, step.code, other.code, sentence)
            elif other.actual_at is not None and other.actual_at > step.actual_at:
                sentence = _("“%(step)s” has happened before “%(other)s”, which comes first.") % names
                yield TimelineViolation(Amiss.DONE_OUT_OF_ORDER, step.code, other.code, sentence)


def _after_deadline(steps: Iterable[Step], deadline: datetime) -> Iterator[TimelineViolation]:
    for step in steps:
        if step.fact == ProvenBy.APPLICATIONS_HANDED_IN and step.planned_at > deadline:
            sentence = _("“%(step)s” is planned after the legal deadline for applications.") % {"step": step.title}
            yield TimelineViolation(Amiss.AFTER_LEGAL_DEADLINE, step.code, "", sentence)


def _unknown_zones(steps: Iterable[Step]) -> Iterator[TimelineViolation]:
    for step in steps:
        if not is_known_zone(step.zone):
            names = {"step": step.title, "zone": step.zone}
            sentence = _("The zone %(zone)s of “%(step)s” is not known; its times are shown in UTC.") % names
            yield TimelineViolation(Amiss.ZONE_UNKNOWN, step.code, "", sentence)
