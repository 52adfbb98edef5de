"""Reading a self-directed mission's plan for a reason: by one person, for a short time, and told to it at once.

Nothing here lets anybody change anything: who reads a plan like this has no right over it (permissions).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User
from missions.reminders.audiences import AudienceBook
from missions.reminders.services.planning import post_messages
from missions.reminders.sources import ReminderDraft
from missions.reminders.states import Audience
from missions.reminders.wording import instant_text
from missions.states import PlanSharing
from stations.deployment.errors import (
    BreakGlassOverError,
    BreakGlassWithoutReasonError,
    GlassBrokenAlreadyError,
    GlassNotInTheWayError,
    NothingReleasedError,
)
from stations.deployment.glass_mails import MAILS, RULE
from stations.deployment.models import BreakGlass, DeploymentPlan

#: Later, the mail is no news; the pages keep who read what.
_NEWS = timedelta(days=3)


def break_glass(*, mission: Mission, reason: str, by: User, at: datetime) -> BreakGlass:
    """Let a person of the host read the released plan of a self-directed mission, for `settings.BREAK_GLASS` at most.

    Records `glass_broken` with the reason, for the host to see too, and posts a mail to every lead of the mission.
    Raises BreakGlassWithoutReasonError, GlassNotInTheWayError for a plan that the host reads anyway,
    NothingReleasedError, or GlassBrokenAlreadyError while the person may read it already.
    """
    reason = reason.strip()
    if not reason:
        raise BreakGlassWithoutReasonError
    if not mission.is_self_directed or mission.plan_sharing == PlanSharing.FULL:
        raise GlassNotInTheWayError
    try:
        with transaction.atomic():
            return _break(mission, reason, by, at)
    except IntegrityError as error:
        if broken_constraint(error, BreakGlass) != "break_glass_one_open":
            raise
        raise GlassBrokenAlreadyError from error


def end_break_glass(*, glass: BreakGlass, by: User, at: datetime) -> BreakGlass:
    """End it before its time, by the reader or by a lead of the mission. Records `glass_closed`.

    Raises BreakGlassOverError.
    """
    with transaction.atomic():
        rows = BreakGlass.objects.select_for_update(of=("self",)).select_related("plan__mission", "reader")
        locked = rows.get(pk=glass.pk)
        if not locked.is_open(at):
            raise BreakGlassOverError
        locked.ended_at, locked.ended_by = at, by
        locked.save(update_fields=["ended_at", "ended_by"])
        record_event("glass_closed", locked, by=by, at=at, scope_id=locked.plan.mission_id)
    return locked


def _break(mission: Mission, reason: str, by: User, at: datetime) -> BreakGlass:
    released = DeploymentPlan.objects.released().filter(mission=mission)
    plan = released.select_for_update(of=("self",)).select_related("mission", "election").first()
    if plan is None:
        raise NothingReleasedError
    # What has ended by itself is written down here, so that the constraint counts what is open.
    lapsed = BreakGlass.objects.filter(plan=plan, reader=by, ended_at=None, closes_at__lte=at)
    lapsed.update(ended_at=F("closes_at"))
    glass = BreakGlass.objects.create(
        plan=plan, reader=by, reason=reason, opened_at=at, closes_at=at + settings.BREAK_GLASS
    )
    record_event("glass_broken", glass, by=by, at=at, scope_id=mission.pk, reason=reason)
    post_messages(drafts=_mails(glass, mission), rule=RULE, at=at)
    return glass


def _mails(glass: BreakGlass, mission: Mission) -> Iterator[ReminderDraft]:
    election = glass.plan.election
    book = AudienceBook()
    book.turn_to({mission.pk})
    for lead in book.of_mission(mission.pk, Audience.LEADS):
        facts = {
            "election": election.name,
            "mission": mission.name,
            "reader": str(glass.reader),
            "opened": instant_text(glass.opened_at, election.time_zone, language=lead.language),
            "closes": instant_text(glass.closes_at, election.time_zone, language=lead.language),
            "reason_given": glass.reason,
        }
        written = MAILS.write(RULE, facts, language=lead.language)
        yield ReminderDraft(
            to_address=lead.address,
            subject_type=BreakGlass._meta.label_lower,
            subject_id=glass.pk,
            slot=glass.opened_at.astimezone(election.zone).date(),
            due_at=glass.opened_at,
            not_after=glass.opened_at + _NEWS,
            mission_id=mission.pk,
            subject=written.subject,
            body=written.body,
            language=written.language,
            reason=written.reason,
        )
