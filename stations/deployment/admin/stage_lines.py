"""The stages of solves in words, for the pages of plans and of runs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stations.deployment.records import StageSummary, stages_from_json


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage in words: what was reached, what is proven to be out of reach, and how far apart they are."""

    title: str
    status: str
    reached: str
    bound: str
    gap: float
    gap_text: str
    seconds: str


def stage_lines(stages: Iterable[dict[str, object]]) -> list[StageLine]:
    """The stages that a plan or a run keeps. No query."""
    return [_stage_line(stage) for stage in stages_from_json(stages)]


def stage_title(stage: str, term: str) -> str:
    """The name of a stage of one of the two solves."""
    terms = {"long_term": _("long-term"), "short_term": _("short-term")}
    stages = {
        "overseas": _("stations abroad"),
        "teams": _("forming teams"),
        "areas": _("sharing out constituencies"),
        "routes": _("routes of the day"),
    }
    return f"{stages.get(stage, stage)} ({terms.get(term, term)})"


def _stage_line(stage: StageSummary) -> StageLine:
    return StageLine(
        title=stage_title(stage.stage, stage.term),
        status=stage.status.replace("_", " "),
        reached=number_format(stage.objective, force_grouping=True),
        bound=number_format(stage.bound, force_grouping=True),
        gap=stage.gap,
        gap_text=_("proven best") if stage.gap == 0 else f"{number_format(100 * stage.gap, 3)} %",
        seconds=number_format(stage.seconds, 1),
    )
