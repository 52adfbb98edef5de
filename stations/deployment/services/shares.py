"""Choosing which share of the visits each kind of station shall have."""

import datetime as dt
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.models import Election, Mission, User
from stations.deployment.errors import MissionPlannedInPoolError, RulesChangedError, SharesNotChosenError
from stations.deployment.models import VisitShares
from stations.deployment.models.shares import MOST_PERCENT
from stations.deployment.wanted_shares import Shares, shares_of


def choose_shares(
    *, election: Election, mission: Mission | None, shares: Shares, seen: int, by: User | None, at: dt.datetime
) -> VisitShares:
    """Put a choice in the place of the one before, for a self-directed mission or the pool (None).

    `seen` is the version that the choice was made upon (0: none yet). The next plan that is made has it; plans that
    are there stay. Records `visit_shares_chosen` with what has changed; a choice equal to the one before does nothing.
    Raises MissionPlannedInPoolError, RulesChangedError, or SharesNotChosenError with what is out of range.
    """
    if mission is not None and not mission.is_self_directed:
        raise MissionPlannedInPoolError
    wanted = asdict(shares)
    message = _("A whole number from 0 to %(most)d.") % {"most": MOST_PERCENT}
    wrong = [name for name, percent in wanted.items() if not 0 <= percent <= MOST_PERCENT]
    if wrong:
        raise SharesNotChosenError(violations=[Violation(name, "out-of-range", message) for name in wrong])
    with transaction.atomic():
        VisitShares.objects.get_or_create(
            election=election, mission=mission, defaults={**asdict(Shares()), "version": 0}
        )
        rows = VisitShares.objects.select_for_update(of=("self",)).select_related("mission")
        row = rows.get(election=election, mission=mission)
        if row.version != seen:
            raise RulesChangedError
        before = asdict(shares_of(row))
        changed = [name for name in wanted if wanted[name] != before[name]] if row.version else list(wanted)
        if changed:
            for name, percent in wanted.items():
                setattr(row, name, percent)
            row.version += 1
            row.save(update_fields=[*wanted, "version"])
            record_event(
                "visit_shares_chosen",
                row,
                by=by,
                at=at,
                scope_id=row.mission_id,
                changed=changed,
                is_private=row.is_private,
            )
    return row
