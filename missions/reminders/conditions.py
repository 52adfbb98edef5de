"""What a provider of REMINDER_CONDITIONS looks like: a reason to write to people, and for what it holds right now.

A condition knows facts, not people: who is told, when and in which words stands in the rules that name it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import Text
from missions.kernel.providers import providers_of
from missions.law.calendar import MIDNIGHT, ONE_DAY, local_instant
from missions.models import Election
from missions.reminders.states import Audience
from missions.reminders.texts import Fact, Facts

#: Whoever acts for a mission.
MISSION_AUDIENCES = (Audience.LEADS, Audience.FOCAL_POINTS, Audience.MEMBERS)
# A day is over everywhere two days after it has begun anywhere.
_ZONES_APART = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An instant of each case from which a rule may count, and what it is called."""

    code: str
    title: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that texts may name, what it means, and one to show a text with."""

    name: str
    meaning: Text
    sample: Fact

    @property
    def placeholder(self) -> str:
        """As it is written in a text."""
        return f"{{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing for which a condition holds.

    `subject_type` and `subject_id` name it on the message, `label` in a preview. `mission_id` is the tenant that
    may see the message, None where it is the host's own affair. `zone` is that of the place it is about. `anchors`
    has the known ones of the condition's anchors; from `until` on a mail is of no use. `facts` is called with the
    language of the mail active. `turns` says for how many things the holders of a permission are waited for: with
    the audience "turn" each of them is told the number of their own as `count`.
    """

    subject_type: str
    subject_id: int
    label: str
    mission_id: int | None
    zone: str
    host_zone: str
    anchors: Mapping[str, datetime]
    until: datetime
    facts: Callable[[], Facts]
    turns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """For what is looked: cases at an instant, for a rule that tells of them up to so many days before the anchor;
    of one subject or of all.
    """

    at: datetime
    days_before: int = 0
    subject_id: int | None = None

    @property
    def until(self) -> datetime:
        """An anchor that lies later is not due yet, in whatever zone its day is counted."""
        return self.at + timedelta(days=self.days_before) + _ZONES_APART


@dataclass(frozen=True, slots=True)
class Condition:
    """A reason to write. The code is stable and unique. `find` yields every case; it writes nothing, reads in
    bounded memory, and may yield cases whose anchors lie farther ahead than was asked. Where it `is_private` that it
    holds is the affair of the mission alone: the host sees none of its mails, and no preview.
    """

    code: str
    title: Text
    anchors: tuple[Anchor, ...]
    variables: tuple[Variable, ...]
    audiences: tuple[Audience, ...]
    find: Callable[[Search], Iterator[Case]]
    is_private: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The names of the values that its texts may ask for."""
        return frozenset(variable.name for variable in self.variables)


#: Values that nearly every text names.
MISSION_VARIABLE = Variable("mission", _("the mission"), "SCO Observer Mission")
ELECTION_VARIABLE = Variable("election", _("the election"), "Presidential election")


def election_day_begins(election: Election) -> datetime:
    """The midnight at which election day begins in the host country."""
    return local_instant(election.e_day, MIDNIGHT, election.time_zone)


def election_day_ends(election: Election) -> datetime:
    """The midnight at which election day ends in the host country."""
    return local_instant(election.e_day + ONE_DAY, MIDNIGHT, election.time_zone)


def reminder_conditions() -> Sequence[Condition]:
    """All conditions of the installation, in the order of its settings. Raises ImportError."""
    return providers_of("REMINDER_CONDITIONS")


def condition_of(code: str) -> Condition | None:
    """The condition with this code; None where the installation does not know it."""
    return next((condition for condition in reminder_conditions() if condition.code == code), None)
