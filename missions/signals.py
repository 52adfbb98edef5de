"""What this app tells the apps above it within its transactions. A receiver that raises undoes the whole act.

Signals carry ids and days, and of the act who does it, when and why.
"""

from django.dispatch import Signal

#: Election day is about to move: the missions of the election are locked. Lock what rests on the day, and change
#: nothing yet. Carries `election_id`.
election_move_begins = Signal()

#: Election day has moved: the election is locked and says the new day. Carries `election_id`, `from_day`, `to_day`,
#: and `by`, `at` and `reason`.
election_moved = Signal()

#: A vote that follows upon another is there with its commissions, constituencies and missions. Carries `election_id`
#: of the new one, and `by` and `at`.
round_opened = Signal()
