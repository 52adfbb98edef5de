"""The kinds of change that this app makes, as those see them who are asked what a change would spoil."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accreditation.states import Category, Role
from missions.impact import Change


class Fact(StrEnum):
    """What of an accredited person may be corrected. Issuer and number of the passport are the person."""

    NAME = "name"
    PHOTO = "photo"
    ROLE = "role"
    ORGANIZATION = "organization"
    CATEGORY = "category"

    @property
    def label(self) -> Promise:
        """The fact in words."""
        return _LABELS[self]


_LABELS = {
    Fact.NAME: _("name"),
    Fact.PHOTO: _("photo"),
    Fact.ROLE: _("role"),
    Fact.ORGANIZATION: _("mission"),
    Fact.CATEGORY: _("category"),
}
#: What the commission decided upon: another one of these is another accreditation.
DECIDED_FACTS = frozenset({Fact.ORGANIZATION, Fact.CATEGORY})


@dataclass(frozen=True, slots=True)
class AccreditedPersonChange(Change):
    """The facts of an accredited person that become others. What stays is the same before and after.

    A name belongs to the person, and so to every accreditation of the person in the election (`accreditation_ids`);
    all other facts belong to the one accreditation.
    """

    accreditation_id: int
    accreditation_ids: tuple[int, ...]
    observer_id: int
    nomination_id: int
    facts: frozenset[Fact]
    mission_id: int
    to_mission_id: int
    category: Category
    to_category: Category
    role: Role
    to_role: Role

    @property
    def is_decided_anew(self) -> bool:
        """Whether the accreditation ends and another one takes its place."""
        return bool(self.facts & DECIDED_FACTS)
