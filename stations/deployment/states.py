"""States and closed lists of deployment, each state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class PlanState(TextChoices):
    DRAFT = "draft", _("draft")
    RELEASED = "released", _("released")
    SUPERSEDED = "superseded", _("superseded")
    DISCARDED = "discarded", _("discarded")


_P = PlanState
PLAN_TRANSITIONS: Transitions[PlanState] = {
    _P.DRAFT: frozenset({_P.RELEASED, _P.DISCARDED}),
    _P.RELEASED: frozenset({_P.SUPERSEDED}),
    _P.SUPERSEDED: frozenset(),
    _P.DISCARDED: frozenset(),
}


class RunState(TextChoices):
    ORDERED = "ordered", _("ordered")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


_R = RunState
RUN_TRANSITIONS: Transitions[RunState] = {
    _R.ORDERED: frozenset({_R.DONE, _R.FAILED, _R.CANCELLED}),
    _R.DONE: frozenset(),
    _R.FAILED: frozenset(),
    _R.CANCELLED: frozenset(),
}


class PlanQuality(TextChoices):
    """How much work the routes are worth."""

    FAST = "fast", _("fast")
    BEST = "best", _("best")


class TeamKind(TextChoices):
    LONG_TERM = "lto", _("long-term")
    SHORT_TERM = "sto", _("short-term")
    OVERSEAS = "overseas", _("overseas")


class VisitKind(TextChoices):
    OPENING = "opening", _("opening")
    VOTING = "voting", _("voting")
    CLOSING_COUNT = "closing_count", _("closing and count")


class DayHalf(TextChoices):
    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")


class GapReason(TextChoices):
    """Why a plan does not hold any more where somebody or something dropped out of it."""

    ENDED = "ended", _("the accreditation has ended")
    SUSPENDED = "suspended", _("the accreditation is suspended")
    ELSEWHERE = "elsewhere", _("is accredited for another task now")
    LEFT = "left", _("has left the country")
    ABSENT = "absent", _("is not available any more")
    STATION_CLOSED = "station_closed", _("the station is out of use")


class LeftOutReason(TextChoices):
    """Why somebody has no task in a plan, or a station no team. Said of one as of many: without a verb of theirs."""

    SUSPENDED = "suspended", _("accreditation suspended")
    HOST_NATIONAL = "host_national", _("of the host country's nationality")
    LISTED_NATIONALITY = "listed_nationality", _("of a nationality that is sent nowhere")
    NOT_IN_COUNTRY = "not_in_country", _("not in the country on election day")
    NO_WORKING_LANGUAGE = "no_working_language", _("no language in common with anybody")
    NO_PARTNER = "no_partner", _("no partner of another nationality and a shared language was left")
    TEAM_LIVES_ABROAD = "team_lives_abroad", _("both members of the possible team live abroad")
    BARRED_EVERYWHERE = "barred_everywhere", _("nationals of their countries are not sent to any region that is left")
    NO_AREA_LEFT = "no_area_left", _("every constituency has as many teams as stations")
    NO_STATION_LEFT = "no_station_left", _("no station was left for the team")
    STATION_CLOSED = "station_closed", _("out of use")
    NO_GO = "no_go", _("nobody goes there, or nobody has approved it")
    NO_COORDINATES = "no_coordinates", _("the station has no coordinates")
    OTHER_HOURS = "other_hours", _("the station opens or closes at another time than the others")
    NO_RESIDENTS = "no_residents", _("no observer lives in or near the country without being its national")
    ONE_NATIONALITY_ONLY = "one_nationality_only", _("the observers who live there are all of one nationality")
    NO_COMMON_LANGUAGE = "no_common_language", _("the observers who live there have no language in common")
    NOT_ENOUGH_PAIRS = "not_enough_pairs", _("the observers who live there are needed at another station")
    BY_HAND = "by_hand", _("was taken out by hand")


class RuleStrength(TextChoices):
    """What a broken rule means: no release without a reason, a warning, points that a plan loses, or nothing."""

    BLOCK = "block", _("blocks")
    WARN = "warn", _("warning")
    SCORE = "score", _("could be better")
    OFF = "off", _("not asked for")


class CrowdBand(TextChoices):
    """How many visits of others lead to a constituency, by its stations; as fine as a mission is ever told."""

    NONE = "none", _("nobody")
    FEW = "few", _("few")
    SOME = "some", _("some")
    MANY = "many", _("many")


class RestrictionLevel(TextChoices):
    """What is asked of who goes to a restricted area."""

    NO_GO = "no_go", _("nobody goes there")
    APPROVAL = "approval", _("only with approval")
    NO_NIGHT_TRAVEL = "no_night_travel", _("no travel at night")


class ChangeKind(TextChoices):
    """What people do to a draft by hand."""

    SWAP = "swap_observers", _("swap observers")
    MAKE_TEAM = "make_team", _("make a team")
    SPLIT_TEAM = "split_team", _("split a team")
    MOVE_TEAM = "move_team", _("move a team")
    PIN_TEAM = "pin_team", _("pin a team")
    ASSIGN_INTERPRETER = "assign_interpreter", _("assign an interpreter")
    ADD_VISIT = "add_visit", _("add a visit")
    REMOVE_VISIT = "remove_visit", _("remove a visit")
    MOVE_VISIT = "move_visit", _("move a visit")
    CHANGE_VISIT = "change_visit", _("change a visit")
    PIN_VISIT = "pin_visit", _("pin a visit")
    MAKE_AREA = "make_area", _("make an area")
    RENAME_AREA = "rename_area", _("rename an area")
    MOVE_CONSTITUENCY = "move_constituency", _("move a constituency")
    SUPERVISE_AREA = "supervise_area", _("name the long-term team of an area")
    MOVE_AREA_TEAMS = "move_area_teams", _("move the teams of an area")
    MERGE_AREAS = "merge_areas", _("merge areas")
    PIN_AREA = "pin_area", _("pin an area")
    CLEAR_AREA = "clear_area", _("clear an area")
    DISSOLVE_AREA = "dissolve_area", _("dissolve an area")
