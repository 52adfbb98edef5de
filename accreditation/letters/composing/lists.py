"""Letters about a mission's people: the list of the accredited, and notes verbales to its organization."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accreditation.letters.composing.frame import Frame
from accreditation.letters.composing.people import sender, signature
from accreditation.letters.content import Body, Column, Fact, Texts
from accreditation.letters.errors import LetterNotDueError, LetterTooLongError
from accreditation.models import Accreditation, Application
from accreditation.states import AccreditationState, ApplicationState
from missions.models import Mission, Organization

#: More people than this belong on several lists: nobody reads a longer one, and issuing it would keep others waiting.
LONGEST_LIST = 1000
_S = ApplicationState
#: Nominated, and neither too late nor refused.
_STANDING = [state for state in _S if state not in (_S.INADMISSIBLE_LATE, _S.REFUSED, _S.APPEALED)]

RowT = TypeVar("RowT", Accreditation, Application)
People = Sequence[Accreditation | Application]


@dataclass(frozen=True, slots=True)
class _Roll:
    """The people of a list: how many, of which category if all are of one, and the table with their names."""

    basis: str
    facts: tuple[Fact, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


def accreditation_list(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The commission's list of the mission's accredited people, as it stands now."""
    roll = _accredited(frame, mission, at)
    return Body(
        basis=roll.basis,
        authority=frame.commission(None),
        country=frame.country(frame.election.host_country),
        title=frame.say("accreditation_list.title"),
        opening=(frame.say("accreditation_list.confirms"),),
        facts=(*sender(frame, mission), *roll.facts),
        columns=roll.columns,
        rows=roll.rows,
        closing=(frame.say("accreditation_list.law"),),
        signature=signature(frame),
    )


def accredited_note(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The ministry tells the organization who of its people is accredited now."""
    organization = _organization(mission)
    return _note(frame, "note_accredited", organization, _accredited(frame, mission, at))


def nominations_note(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The ministry confirms to the organization whom it has nominated."""
    organization = _organization(mission)
    return _note(frame, "note_nominations", organization, _nominated(frame, mission, at))


def _note(frame: Frame, kind: str, organization: Organization, roll: _Roll) -> Body:
    """A note verbale: in the third person, with its courtesies, sealed and not signed."""
    parties = {"authority": frame.ministry(), "organization": (organization.name,)}
    return Body(
        basis=roll.basis,
        authority=frame.ministry(),
        country=frame.country(frame.election.host_country),
        title=frame.say(f"{kind}.title"),
        addressee=((organization.name,) * len(frame.phrases),),
        opening=(frame.say(f"{kind}.opening", **parties),),
        facts=roll.facts,
        columns=roll.columns,
        rows=roll.rows,
        closing=(frame.say(f"{kind}.next"), frame.say(f"{kind}.courtesy", **parties)),
        signature=(frame.say("label.seal"),),
    )


def _organization(mission: Mission) -> Organization:
    if mission.organization is None:
        raise LetterNotDueError(_("A joint mission has no organization to write to; write to those of its parts."))
    return mission.organization


def _accredited(frame: Frame, mission: Mission, at: datetime) -> _Roll:
    rows = Accreditation.objects.filter(application__nomination__mission=mission, state=AccreditationState.ACTIVE)
    people = _readable(rows, nobody=_("Nobody of this mission is accredited now."))
    number = Column(frame.say("label.accreditation_number"))
    return _roll(frame, people, number, [f"{row.number:05d}" for row in people], at)


def _nominated(frame: Frame, mission: Mission, at: datetime) -> _Roll:
    rows = Application.objects.filter(nomination__mission=mission, closed_at=None, state__in=_STANDING)
    people = _readable(rows.select_related("nomination"), nobody=_("This mission has no nominations that stand."))
    role = Column(frame.say("label.role"), share=4)
    roles = {row.nomination.role for row in people}
    names = {code: _both(frame.say(f"role.{code}")) for code in roles}
    return _roll(frame, people, role, [names[row.nomination.role] for row in people], at)


def _readable(rows: "QuerySet[RowT]", *, nobody: str) -> list[RowT]:
    """The rows in the order of names, without anything of a passport; refused if there are none or too many."""
    named = rows.select_related("observer").defer("observer__passport_number", "observer__mrz")
    people = list(named.order_by("observer__surname", "observer__given_names", "pk")[: LONGEST_LIST + 1])
    if not people:
        raise LetterNotDueError(nobody)
    if len(people) > LONGEST_LIST:
        raise LetterTooLongError(_("One letter names at most %d people.") % LONGEST_LIST)
    return people


def _roll(frame: Frame, people: People, column: Column, values: Sequence[str], at: datetime) -> _Roll:
    """The list with one more column. A category that all have in common is told once, above it."""
    countries = {code: _both(frame.country(code)) for code in {row.observer.nationality for row in people}}
    categories = {code: frame.category(code) for code in {row.category for row in people}}
    apart = len(categories) > 1
    common = () if apart else (frame.fact("category", *next(iter(categories.values()))),)
    return _Roll(
        basis=_digest(people),
        facts=(
            *common,
            frame.fact("election", *frame.election_name()),
            frame.fact("election_day", *frame.day(frame.election.e_day)),
            frame.fact("people", str(len(people))),
            frame.fact("as_of", *frame.local_day(at)),
        ),
        columns=(
            Column(frame.say("label.row")),
            Column(frame.say("label.name"), share=4),
            Column(frame.say("label.nationality"), share=3),
            *((Column(frame.say("label.category"), share=4),) if apart else ()),
            column,
        ),
        rows=tuple(
            (
                str(place),
                row.observer.full_name,
                countries[row.observer.nationality],
                *((_both(categories[row.category]),) if apart else ()),
                value,
            )
            for place, (row, value) in enumerate(zip(people, values, strict=True), start=1)
        ),
    )


def _both(texts: Texts) -> str:
    """A cell of a list, in all languages."""
    return " / ".join(dict.fromkeys(texts))


def _digest(people: People) -> str:
    """The people of a list in one short name: the same people make the same letter."""
    keys = ",".join(str(key) for key in sorted(row.pk for row in people))
    return hashlib.sha256(keys.encode()).hexdigest()
