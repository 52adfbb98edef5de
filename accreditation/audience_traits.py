"""States of delegations by which the ministry may choose missions to write to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accreditation.models import Accreditation, Application, Nomination, Stay
from accreditation.states import ApplicationState
from missions.reminders.traits import MissionTrait


def _nominating(election_id: int, at: datetime) -> Collection[int]:
    return _missions_of(Nomination.objects.filter(mission__election=election_id), "mission")


def _waiting_for_papers(election_id: int, at: datetime) -> Collection[int]:
    waiting = Application.objects.filter(election=election_id, state=ApplicationState.INCOMPLETE)
    return _missions_of(waiting, "nomination__mission")


def _accredited(election_id: int, at: datetime) -> Collection[int]:
    live = Accreditation.objects.live().filter(election=election_id)
    return _missions_of(live, "application__nomination__mission")


def _here(election_id: int, at: datetime) -> Collection[int]:
    here = Stay.objects.filter(nomination__mission__election=election_id, arrived_at__lte=at)
    return _missions_of(here.exclude(left_at__lte=at), "nomination__mission")


def _missions_of(rows: QuerySet[Any], path: str) -> Collection[int]:
    return set(rows.order_by().values_list(path, flat=True).distinct())


has_nominated = MissionTrait("has_nominated", _("has nominated people"), _nominating)
waits_for_papers = MissionTrait("waits_for_papers", _("has applications that wait for papers"), _waiting_for_papers)
has_accredited = MissionTrait("has_accredited", _("has accredited people"), _accredited)
has_arrived = MissionTrait("has_arrived", _("has people in the country"), _here)
