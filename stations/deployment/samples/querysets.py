"""Who may read a sample: its own mission's people, and of the pool's sample the host's planners. Nobody else, ever."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from stations.deployment.samples.states import Place, SampleState

if TYPE_CHECKING:
    from missions.models import User
    from stations.deployment.samples.models import (
        SampledStation,  # noqa: F401 - named as a type argument below
        StationSample,  # noqa: F401 - named as a type argument below
    )

Viewer = Union["User", AnonymousUser]


def _scope(user: Viewer, sample: str) -> Q | None:
    """The samples that this person may read, `sample` being the lookup prefix to them; None for none at all.

    The host reads no mission's sample, whatever the mission shares of its plans: who knows the sample can prepare it.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_host:
        return Q(**{f"{sample}mission": None}) if user.has_perm("samples.view_stationsample") else None
    return Q(**{f"{sample}mission__memberships__user": user})


class StationSampleQuerySet(QuerySet["StationSample"]):
    def visible_to(self, user: Viewer) -> "StationSampleQuerySet":
        scope = _scope(user, "")
        return self.none() if scope is None else self.filter(scope)

    def locked(self) -> "StationSampleQuerySet":
        return self.filter(state=SampleState.LOCKED)


class SampledStationQuerySet(QuerySet["SampledStation"]):
    def visible_to(self, user: Viewer) -> "SampledStationQuerySet":
        scope = _scope(user, "sample__")
        return self.none() if scope is None else self.filter(scope)

    def in_sample(self) -> "SampledStationQuerySet":
        """Those that are to be visited now: drawn, or put in the place of one that was."""
        return self.filter(place=Place.DRAWN)
