"""Whether a badge was good at an instant that is over, told from the history: devices report hours later."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from accreditation import rules
from accreditation.badges.models import Badge
from accreditation.badges.states import DEAD_BADGE_STATES
from accreditation.models import Accreditation
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState
from missions.kernel.models import Event
from missions.models import Election

#: What became of an object and when, oldest first.
Steps = tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class PastStanding:
    """The history of some badges and of their accreditations, read once."""

    elections: Mapping[int, Election]
    badge_steps: Mapping[int, Steps]
    accreditation_steps: Mapping[int, Steps]

    def was_off(self, badge: Badge, *, at: datetime) -> bool:
        """Whether the badge opened no door at the instant: it or its accreditation had ended, or was suspended."""
        return self._badge_was_off(badge, at) or self._accreditation_was_off(badge.accreditation, at)

    def _badge_was_off(self, badge: Badge, at: datetime) -> bool:
        if badge.ended_at is None:
            return False
        # What is lost may be returned later, and then the row tells the return only.
        return badge.ended_at <= at or any(then <= at for then, _state in self.badge_steps.get(badge.pk, ()))

    def _accreditation_was_off(self, accreditation: Accreditation, at: datetime) -> bool:
        if accreditation.state not in LIVE_ACCREDITATION_STATES and (accreditation.ended_at or at) <= at:
            return True
        kept = self.accreditation_steps.get(accreditation.continues_id or 0, ())
        steps = (*kept, *self.accreditation_steps.get(accreditation.pk, ()))
        states = [state for then, state in steps if then <= at]
        return (bool(states) and states[-1] != AccreditationState.ACTIVE) or self._had_ended_by_law(accreditation, at)

    def _had_ended_by_law(self, accreditation: Accreditation, at: datetime) -> bool:
        election = self.elections[accreditation.election_id]
        before = rules.ended_if_given_before(
            rules.known_profile(election.profile_code),
            accreditation.category,
            results_published_at=election.results_published_at,
            at=at,
        )
        return before is not None and accreditation.valid_from < before


def past_standing(election: Election, badges: Collection[Badge]) -> PastStanding:
    """The history of these badges of the election, whose accreditations are loaded, and of those that they continue.

    Two queries, and one more if there are accreditations for a vote that follows upon the election.
    """
    dead = [badge.pk for badge in badges if badge.state in DEAD_BADGE_STATES]
    accredited = {badge.accreditation_id for badge in badges}
    accredited |= {badge.accreditation.continues_id for badge in badges if badge.accreditation.continues_id}
    later = {badge.accreditation.election_id for badge in badges} - {election.pk}
    return PastStanding(
        {election.pk: election} | (Election.objects.in_bulk(later) if later else {}),
        _steps(Badge._meta.label_lower, dead, states=DEAD_BADGE_STATES),
        _steps(Accreditation._meta.label_lower, accredited, states=AccreditationState.values),
    )


def _steps(object_type: str, keys: Collection[int], *, states: Collection[str]) -> Mapping[int, Steps]:
    events = Event.objects.filter(object_type=object_type, object_id__in=keys, to_state__in=states)
    steps: dict[int, Steps] = defaultdict(tuple)
    for key, at, state in events.order_by("at", "pk").values_list("object_id", "at", "to_state"):
        steps[key] += ((at, state),)
    return steps
