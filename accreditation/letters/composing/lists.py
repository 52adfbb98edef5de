"""Letters about a mission's people: the list of the accredited, and notes verbales to its organization."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from accreditation.letters.composing.frame import Frame
from accreditation.letters.composing.people import signature
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

Row = tuple[str, ...]
RowT = TypeVar("RowT", Accreditation, Application)


def accreditation_list(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The commission's list of the mission's accredited people, as it stands now."""
    accredited = _accredited(mission)
    return Body(
        basis=_digest(accredited),
        authority=frame.commission(None),
        country=frame.country(frame.election.host_country),
        title=frame.say("accreditation_list.title"),
        opening=(frame.say("accreditation_list.confirms"),),
        facts=(_sender(frame, mission), *_facts(frame, len(accredited), at)),
        columns=_accredited_columns(frame),
        rows=_accredited_rows(frame, accredited),
        closing=(frame.say("accreditation_list.law"),),
        signature=signature(frame),
    )


def accredited_note(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The ministry tells the organization who of its people is accredited now."""
    organization = _organization(mission)
    accredited = _accredited(mission)
    return _note(
        frame,
        "note_accredited",
        organization,
        basis=_digest(accredited),
        facts=_facts(frame, len(accredited), at),
        columns=_accredited_columns(frame),
        rows=_accredited_rows(frame, accredited),
    )


def nominations_note(frame: Frame, mission: Mission, *, at: datetime) -> Body:
    """The ministry confirms to the organization whom it has nominated."""
    organization = _organization(mission)
    nominated = _nominated(mission)
    rows = [
        (
            row.observer.full_name,
            _both(frame.country(row.observer.nationality)),
            _both(frame.category(row.category)),
            _both(frame.say(f"role.{row.nomination.role}")),
        )
        for row in nominated
    ]
    return _note(
        frame,
        "note_nominations",
        organization,
        basis=_digest(nominated),
        facts=_facts(frame, len(nominated), at),
        columns=_columns(frame, "nationality", "category", "role"),
        rows=_numbered(rows),
    )


def _note(
    frame: Frame,
    kind: str,
    organization: Organization,
    *,
    basis: str,
    facts: tuple[Fact, ...],
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
) -> Body:
    """A note verbale: in the third person, with its courtesies, sealed and not signed."""
    parties = {"authority": frame.ministry(), "organization": (organization.name,)}
    return Body(
        basis=basis,
        authority=frame.ministry(),
        country=frame.country(frame.election.host_country),
        title=frame.say(f"{kind}.title"),
        addressee=((organization.name,) * len(frame.phrases),),
        opening=(frame.say(f"{kind}.opening", **parties),),
        facts=facts,
        columns=columns,
        rows=rows,
        closing=(frame.say(f"{kind}.next"), frame.say(f"{kind}.courtesy", **parties)),
        signature=(frame.say("label.seal"),),
    )


def _accredited(mission: Mission) -> list[Accreditation]:
    rows = Accreditation.objects.filter(application__nomination__mission=mission, state=AccreditationState.ACTIVE)
    named = rows.select_related("observer").defer("observer__passport_number", "observer__mrz")
    return _readable(
        list(named.order_by("observer__surname", "observer__given_names", "pk")[: LONGEST_LIST + 1]),
        nobody=_("Nobody of this mission is accredited now."),
    )


def _nominated(mission: Mission) -> list[Application]:
    rows = Application.objects.filter(nomination__mission=mission, closed_at=None, state__in=_STANDING)
    named = rows.select_related("observer", "nomination").defer("observer__passport_number", "observer__mrz")
    return _readable(
        list(named.order_by("observer__surname", "observer__given_names", "pk")[: LONGEST_LIST + 1]),
        nobody=_("This mission has no nominations that stand."),
    )


def _readable(rows: list[RowT], *, nobody: str) -> list[RowT]:
    if not rows:
        raise LetterNotDueError(nobody)
    if len(rows) > LONGEST_LIST:
        raise LetterTooLongError(_("One letter names at most %d people.") % LONGEST_LIST)
    return rows


def _organization(mission: Mission) -> Organization:
    if mission.organization is None:
        raise LetterNotDueError(_("A joint mission has no organization to write to; write to those of its parts."))
    return mission.organization


def _sender(frame: Frame, mission: Mission) -> Fact:
    if mission.organization is None:
        return frame.fact("mission", mission.name)
    return frame.fact("organization", mission.organization.name)


def _facts(frame: Frame, people: int, at: datetime) -> tuple[Fact, ...]:
    return (
        frame.fact("election", *frame.election_name()),
        frame.fact("election_day", *frame.day(frame.election.e_day)),
        frame.fact("people", str(people)),
        frame.fact("as_of", *frame.local_day(at)),
    )


def _accredited_columns(frame: Frame) -> tuple[Column, ...]:
    return _columns(frame, "nationality", "category", "accreditation_number")


def _accredited_rows(frame: Frame, accredited: Sequence[Accreditation]) -> tuple[Row, ...]:
    return _numbered(
        [
            (
                row.observer.full_name,
                _both(frame.country(row.observer.nationality)),
                _both(frame.category(row.category)),
                f"{row.number:05d}",
            )
            for row in accredited
        ]
    )


def _columns(frame: Frame, *labels: str) -> tuple[Column, ...]:
    return (
        Column(frame.say("label.row")),
        Column(frame.say("label.name"), share=3),
        *(Column(frame.say(f"label.{label}"), share=2) for label in labels),
    )


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple((str(place), *row) for place, row in enumerate(rows, start=1))


def _both(texts: Texts) -> str:
    """A cell of a list, in all languages."""
    return " / ".join(dict.fromkeys(texts))


def _digest(rows: Sequence[Accreditation] | Sequence[Application]) -> str:
    """The people of a list in one short name: the same people make the same letter."""
    keys = ",".join(str(key) for key in sorted(row.pk for row in rows))
    return hashlib.sha256(keys.encode()).hexdigest()
