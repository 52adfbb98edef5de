"""Who may read what of the programme; scope is decided in `visible_to(user)`.

The host's staff reads all of it. A mission reads its own requests, and of the released version its own bookings:
other missions' names, wishes and places are nothing to it, not even a count.
"""

from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import Model, QuerySet

from missions.figures import Viewer
from missions.querysets import only_for_host, scoped_to_missions
from missions.timeline.programme.states import ProgrammeState, RequestState

if TYPE_CHECKING:
    from missions.timeline.programme.models import (
        Booking,
        MeetingRequest,  # noqa: F401 - named as a type argument below
        Programme,
    )

ModelT = TypeVar("ModelT", bound=Model)


class HostOnlyQuerySet(QuerySet[Any]):
    def visible_to(self, user: Viewer) -> "QuerySet[Any]":
        """Everything for the host, whose resources they are; nothing for anybody else."""
        return only_for_host(self, user)


class MeetingRequestQuerySet(QuerySet["MeetingRequest"]):
    def visible_to(self, user: Viewer) -> "MeetingRequestQuerySet":
        """All for the host; for others the requests of the missions that they act for."""
        scoped = scoped_to_missions(self, user, mission="mission")
        return cast(MeetingRequestQuerySet, scoped)

    def asked(self) -> "MeetingRequestQuerySet":
        return self.filter(state=RequestState.ASKED)


class ProgrammeQuerySet(QuerySet["Programme"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Programme]":
        """All versions for the host, nothing for anybody else."""
        return only_for_host(self, user)

    def released(self) -> "ProgrammeQuerySet":
        return self.filter(state=ProgrammeState.RELEASED)

    def drafts(self) -> "ProgrammeQuerySet":
        return self.filter(state=ProgrammeState.DRAFT)

    def waiting_for_job(self) -> "ProgrammeQuerySet":
        return self.filter(state=ProgrammeState.ORDERED)


class BookingQuerySet(QuerySet["Booking"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Booking]":
        """All for the host; for others what the released version gives to the missions that they act for.

        A place whose request was taken back is theirs no more.
        """
        rows = scoped_to_missions(self, user, mission="request__mission")
        if user.is_authenticated and user.is_host:
            return rows
        return rows.filter(programme__state=ProgrammeState.RELEASED, request__state=RequestState.ASKED)

    def released(self) -> "BookingQuerySet":
        return self.filter(programme__state=ProgrammeState.RELEASED)
