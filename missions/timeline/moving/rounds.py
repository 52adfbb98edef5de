"""The vote that follows upon another: a run-off, or voting that is repeated in all constituencies or in some.

It is an election of its own, with its own day, calendar, plans and figures. What it takes over is copied once, here the
commissions, constituencies and missions, and in the apps above what they have (missions.signals.round_opened).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from missions.errors import ElectionExistsError
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError
from missions.kernel.events import EventDraft, record_event, record_events
from missions.kernel.integrity import broken_constraint
from missions.law.calendar import local_instant
from missions.models import (
    Commission,
    Constituency,
    Delegation,
    Election,
    Membership,
    Mission,
    MissionHead,
    User,
)
from missions.signals import round_opened
from missions.states import CommissionLevel, FollowKind
from missions.timeline.models import Milestone
from missions.timeline.moving.errors import (
    ConstituenciesInvalidError,
    ElectionDayOrderError,
    ElectionDayPastError,
    RoundExistsError,
    VoteNotHeldError,
)
from missions.timeline.services.laying import lay_timeline

#: Rung when a vote has been opened: the accreditations are kept by a job, some hundred at a time.
KEEP_BELL = "accreditation.keep_due"
ROUND_OPENED = "round_opened"
_SUFFIXES = {FollowKind.RUN_OFF: "runoff", FollowKind.REPEAT: "repeat"}
_COPIED = ("organization_id", "code", "name", "kind", "deployment_mode", "plan_sharing", "template_code", "ceiling")


def open_next_round(
    *,
    election: Election,
    kind: FollowKind,
    e_day: date,
    by: User | None,
    at: datetime,
    constituencies: Collection[int] | None = None,
) -> Election:
    """Open the vote that follows; asked again for the same, returns the one there is.

    `constituencies` are the numbers of those in which voting is repeated; None: in all. Commissions, constituencies
    and missions are copied, these with heads, delegations, members, template and places; their timelines are laid,
    without the steps that belong to the time before. Records `round_opened` on both elections. Raises
    VoteNotHeldError before the polls have closed, ElectionDayOrderError, ElectionDayPastError,
    ConstituenciesInvalidError, RoundExistsError if another one follows, ElectionExistsError if its code is taken, what
    the laying of a timeline raises, MissingError.
    """
    numbers = None if constituencies is None else frozenset(constituencies)
    try:
        with transaction.atomic():
            missions = list(Mission.objects.select_for_update().filter(election=election.pk).order_by("pk"))
            locked = Election.objects.select_for_update(no_key=True).filter(pk=election.pk).first()
            if locked is None:
                raise MissingError
            if (existing := locked.followed_by.first()) is not None:
                return _same(existing, kind, e_day, numbers)
            _ensure_possible(locked, kind, e_day, numbers, at)
            opened = _election(locked, kind, e_day, at)
            _copy_commissions(locked, opened, numbers)
            for mission in _copy_missions(missions, opened):
                _lay(mission, by=by, at=at)
            _tell(locked, opened, by=by, at=at)
    except IntegrityError as error:
        if broken_constraint(error, Election) == "election_followed_once":
            raise RoundExistsError from error
        if Election.objects.filter(code=_code(election, kind)).exists():
            raise ElectionExistsError(_("The code “%s” is taken.") % _code(election, kind)) from error
        raise
    return opened


def _same(existing: Election, kind: FollowKind, e_day: date, numbers: frozenset[int] | None) -> Election:
    """The vote that follows already, if it is the one that is asked for. Raises RoundExistsError."""
    held_in = frozenset(existing.constituencies.values_list("number", flat=True))
    before = frozenset(Constituency.objects.filter(election=existing.follows_id).values_list("number", flat=True))
    if (existing.follow_kind, existing.e_day, held_in) != (kind, e_day, before if numbers is None else numbers):
        raise RoundExistsError(_("It is %(name)s.") % {"name": existing.name})
    return existing


def _ensure_possible(
    election: Election, kind: FollowKind, e_day: date, numbers: frozenset[int] | None, at: datetime
) -> None:
    if local_instant(election.e_day, election.closes_at, election.time_zone) > at:
        raise VoteNotHeldError
    if e_day <= election.e_day:
        raise ElectionDayOrderError
    if local_instant(e_day, election.opens_at, election.time_zone) <= at:
        raise ElectionDayPastError
    if numbers is None:
        return
    if kind is not FollowKind.REPEAT or not numbers:
        raise ConstituenciesInvalidError
    unknown = numbers - set(election.constituencies.values_list("number", flat=True))
    if unknown:
        told = ", ".join(str(number) for number in sorted(unknown))
        raise ConstituenciesInvalidError(_("The election has no constituency %(numbers)s.") % {"numbers": told})


def _code(election: Election, kind: FollowKind) -> str:
    return f"{election.code}-{_SUFFIXES[kind]}"


def _election(election: Election, kind: FollowKind, e_day: date, at: datetime) -> Election:
    return Election.objects.create(
        code=_code(election, kind),
        name=f"{election.name}, {kind.label}",
        host_country=election.host_country,
        e_day=e_day,
        called_on=at.astimezone(election.zone).date(),
        time_zone=election.time_zone,
        opens_at=election.opens_at,
        closes_at=election.closes_at,
        profile_code=election.profile_code,
        follows=election,
        follow_kind=kind,
    )


def _copy_commissions(election: Election, opened: Election, numbers: frozenset[int] | None) -> None:
    """The central commission, and those of the constituencies with them."""
    areas: QuerySet[Constituency] = election.constituencies.order_by("number")
    if numbers is not None:
        areas = areas.filter(number__in=numbers)
    wanted = list(areas.select_related("commission"))
    central = {
        row.pk: Commission.objects.create(election=opened, level=row.level, code=row.code, name=row.name)
        for row in election.commissions.filter(level=CommissionLevel.CENTRAL)
    }
    commissions = Commission.objects.bulk_create(
        Commission(
            election=opened,
            level=row.commission.level,
            parent=central[row.commission.parent_id],
            code=row.commission.code,
            name=row.commission.name,
        )
        for row in wanted
        if row.commission.parent_id is not None
    )
    Constituency.objects.bulk_create(
        Constituency(
            election=opened,
            commission=commission,
            number=row.number,
            name=row.name,
            region=row.region,
            languages=row.languages,
        )
        for row, commission in zip(wanted, commissions, strict=True)
    )


def _copy_missions(missions: Sequence[Mission], opened: Election) -> list[Mission]:
    """The missions, each continuing one of the vote before, and below the one that continues its parent."""
    made = Mission.objects.bulk_create(
        Mission(election=opened, continues=row, **{name: getattr(row, name) for name in _COPIED}) for row in missions
    )
    by_former = {row.pk: new for row, new in zip(missions, made, strict=True)}
    nested = [(new, row.parent_id) for row, new in zip(missions, made, strict=True) if row.parent_id is not None]
    for new, parent_id in nested:
        new.parent = by_former[parent_id]
    Mission.objects.bulk_update([new for new, _parent in nested], ["parent"])
    _copy_people(by_former)
    return made


def _copy_people(by_former: dict[int, Mission]) -> None:
    """Heads, delegations, and who may act for the missions."""
    heads = MissionHead.objects.filter(mission__in=by_former).order_by("pk")
    MissionHead.objects.bulk_create(
        MissionHead(mission=by_former[row.mission_id], name=row.name, title=row.title) for row in heads
    )
    delegations = Delegation.objects.filter(mission__in=by_former).order_by("pk")
    Delegation.objects.bulk_create(
        Delegation(mission=by_former[row.mission_id], name=row.name, head_name=row.head_name) for row in delegations
    )
    members = Membership.objects.filter(mission__in=by_former, user__is_active=True).order_by("pk")
    Membership.objects.bulk_create(
        Membership(mission=by_former[row.mission_id], user_id=row.user_id, role=row.role) for row in members
    )


def _lay(mission: Mission, *, by: User | None, at: datetime) -> None:
    """The timeline of a mission that is at work already: what its template plans before now was done last time."""
    if not mission.template_code:
        return
    lay_timeline(mission=mission, by=by, at=at)
    before = Milestone.objects.filter(mission=mission, planned_at__lt=at, actual_at=None)
    before.update(cancelled_at=at, is_own=True, reason=_("Belongs to the time before this vote was called."))


def _tell(election: Election, opened: Election, *, by: User | None, at: datetime) -> None:
    record_event(ROUND_OPENED, election, by=by, at=at, to_state=opened.e_day.isoformat(), reason=opened.code)
    record_event(ROUND_OPENED, opened, by=by, at=at, to_state=opened.e_day.isoformat(), reason=election.code)
    record_events(_continued(opened.missions.order_by("pk")), by=by, at=at)
    round_opened.send(Election, election_id=opened.pk, by=by, at=at)
    ring_after_commit(KEEP_BELL)


def _continued(missions: Iterable[Mission]) -> list[EventDraft]:
    return [EventDraft("mission_continued", mission, scope_id=mission.pk) for mission in missions]
