"""Chainable filters of letters; scope is decided in `visible_to(user)`."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accreditation.querysets import Viewer
from missions.querysets import scoped_to_missions

if TYPE_CHECKING:
    from accreditation.letters.models import Letter, LetterBatch


class LetterQuerySet(QuerySet["Letter"]):
    def visible_to(self, user: Viewer) -> "QuerySet[Letter]":
        """All for the host; for others the letters of the missions that they act for."""
        return scoped_to_missions(self, user, mission="mission")


class LetterBatchQuerySet(QuerySet["LetterBatch"]):
    def visible_to(self, user: Viewer) -> "QuerySet[LetterBatch]":
        """All for the host, whose work it is; nothing for anybody else."""
        return self if user.is_authenticated and user.is_host else self.none()
