"""Words for what differs between a card and now."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accreditation.badges.rules import Difference
from accreditation.states import Category, Role
from missions.admin.pages import NOTHING

_FACTS = {
    "name": gettext_lazy("name"),
    "local_name": gettext_lazy("name in its own script"),
    "organization": gettext_lazy("organization"),
    "mission": gettext_lazy("mission"),
    "role": gettext_lazy("role"),
    "category": gettext_lazy("category"),
    "accreditation_number": gettext_lazy("accreditation number"),
    "areas": gettext_lazy("where valid"),
    "election": gettext_lazy("election"),
    "e_day": gettext_lazy("election day"),
    "photo": gettext_lazy("photo"),
}
_CHOICES = {"role": dict(Role.choices), "category": dict(Category.choices)}


def difference_lines(differences: Iterable[Difference]) -> list[str]:
    """Each difference in words: what the card says, and what is so now."""
    return [_line(told) for told in differences]


def _line(told: Difference) -> str:
    fact = _FACTS[told.fact]
    if told.fact == "photo":
        return _("the photo was replaced")
    labels, nothing = _CHOICES.get(told.fact, {}), _("everywhere") if told.fact == "areas" else NOTHING
    was, now = (labels.get(code, code) or nothing for code in (told.was, told.now))
    return _("%(fact)s: the card says “%(was)s”, now it is “%(now)s”") % {"fact": fact, "was": was, "now": now}
