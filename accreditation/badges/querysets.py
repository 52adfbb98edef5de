"""Chainable filters of badges; scope is decided in `visible_to(user)`."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accreditation.badges.states import LIVE_BADGE_STATES
from accreditation.querysets import Viewer
from missions.querysets import only_for_host, scoped_to_missions

if TYPE_CHECKING:
    from accreditation.badges.models import Badge, CheckDevice, PrintBatch, Scan, ScanAlert


class BadgeQuerySet(QuerySet["Badge"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Badge]":
        """All for the host; for others the badges of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")

    def live(self) -> "BadgeQuerySet":
        """Those that are not returned, lost or void: at most one for each accreditation."""
        return self.filter(state__in=LIVE_BADGE_STATES)


class PrintBatchQuerySet(QuerySet["PrintBatch"]):
    def visible_to(self, user: Viewer) -> "QuerySet[PrintBatch]":
        """All for the host, whose work it is; nothing for anybody else."""
        return only_for_host(self, user)


class CheckDeviceQuerySet(QuerySet["CheckDevice"]):
    def visible_to(self, user: Viewer) -> "QuerySet[CheckDevice]":
        """All for the host; nothing for anybody else."""
        return only_for_host(self, user)


class ScanQuerySet(QuerySet["Scan"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Scan]":
        """All for the host, whose devices they come from; where a badge was seen is nobody else's business."""
        return only_for_host(self, user)


class ScanAlertQuerySet(QuerySet["ScanAlert"]):
    def visible_to(self, user: Viewer) -> "QuerySet[ScanAlert]":
        """All for the host; nothing for anybody else."""
        return only_for_host(self, user)
