"""One person of a sender at a precinct commission, where the law says so (R25): named before the database refuses."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import NominationsRefusedError
from accreditation.models import Application
from accreditation.services.drafts import NominationDraft
from accreditation.services.people import CHUNK
from accreditation.services.profiles import profile_of
from accreditation.states import Initiative
from missions.kernel.errors import Violation
from missions.models import Election, Mission

CODE = "one_per_commission"


def exclusive_keys(mission: Mission, category: str, drafts: Sequence[NominationDraft]) -> dict[str, str]:
    """By reference what only one live application of the election and category may hold; empty where nothing binds."""
    profile = profile_of(mission.election)
    return {
        draft.reference: rules.exclusive_key(
            profile,
            category,
            sender_id=sender_of(mission, draft.initiative),
            precinct_code=draft.precinct_code,
        )
        for draft in drafts
    }


def sender_of(mission: Mission, initiative: str) -> int | None:
    """The organization whose people the law counts; nobody's, for citizens who observe of their own accord."""
    return None if initiative == Initiative.SELF else mission.organization_id


def ensure_one_per_commission(election: Election, category: str, keys: Mapping[str, str]) -> None:
    """Raise NominationsRefusedError naming each reference whose key is taken, or stands twice in the request."""
    named = Counter(key for key in keys.values() if key)
    held = _held(election, category, sorted(named))
    detail = _("The law allows one person of a sender at a precinct commission, and there is another one.")
    refused = [Violation(reference, CODE, detail) for reference, key in keys.items() if key in held or named[key] > 1]
    if refused:
        raise NominationsRefusedError(violations=refused)


def _held(election: Election, category: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys that live applications hold. One query per 500."""
    live = Application.objects.live().filter(election=election, category=category)
    held: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        held.update(live.filter(exclusive_key__in=keys[start : start + CHUNK]).values_list("exclusive_key", flat=True))
    return held
