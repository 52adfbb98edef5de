"""Who is meant by an audience: people with their addresses and languages, read for many missions at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from missions.models import Membership, User
from missions.reminders.states import Audience
from missions.states import MailLanguage, MembershipRole

#: Which roles in a mission an audience has.
ROLES = {
    Audience.LEADS: (MembershipRole.LEAD,),
    Audience.FOCAL_POINTS: (MembershipRole.FOCAL_POINT,),
    Audience.MEMBERS: tuple(MembershipRole),
}
_BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with an active account, as far as a mail needs to know them."""

    address: str
    language: MailLanguage
    name: str


class AudienceBook:
    """Looks each group of people up once, and the people of missions by the hundred. It is good for one round."""

    def __init__(self) -> None:
        self._members: dict[int, list[tuple[MembershipRole, Recipient]]] = {}
        self._staff: dict[tuple[str, str], tuple[Recipient, ...]] = {}

    def turn_to(self, mission_ids: Collection[int]) -> None:
        """Read who acts for these missions, in place of those before. One query; none for no mission."""
        self._members = defaultdict(list)
        if not mission_ids:
            return
        rows = Membership.objects.filter(mission_id__in=mission_ids, user__is_active=True).order_by("user__email")
        names = ("mission_id", "role", "user__email", "user__language", "user__first_name", "user__last_name")
        for mission_id, role, address, language, first, last in rows.values_list(*names):
            person = Recipient(address, MailLanguage(language), f"{first} {last}".strip())
            self._members[mission_id].append((MembershipRole(role), person))

    def of_mission(self, mission_id: int, audience: Audience) -> tuple[Recipient, ...]:
        """The people of one of the missions that were turned to, by address."""
        roles = ROLES[audience]
        return tuple(person for role, person in self._members.get(mission_id, ()) if role in roles)

    def of_group(self, name: str) -> tuple[Recipient, ...]:
        """The staff in a group, by address. One query for each group."""
        return self._remembered("group", name, User.objects.filter(groups__name=name))

    def holders_of(self, permission: str) -> tuple[Recipient, ...]:
        """The staff who may do something, by themselves or by a group, by address. One query for each permission."""
        people = User.objects.with_perm(permission, include_superusers=False, backend=_BACKEND)
        return self._remembered("permission", permission, people)

    def _remembered(self, kind: str, name: str, people: "QuerySet[User]") -> tuple[Recipient, ...]:
        if (kind, name) not in self._staff:
            rows = people.filter(is_active=True, is_staff=True).order_by("email").distinct()
            self._staff[kind, name] = tuple(
                Recipient(address, MailLanguage(language), f"{first} {last}".strip())
                for address, language, first, last in rows.values_list("email", "language", "first_name", "last_name")
            )
        return self._staff[kind, name]
