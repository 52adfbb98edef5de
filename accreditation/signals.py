"""What this app tells the apps above it within its transactions. A receiver that raises undoes the whole act.

Signals carry ids, and of the act who does it, when and why.
"""

from django.dispatch import Signal

#: These accreditations are locked and about to be corrected: lock what rests on them, and change nothing yet.
#: Carries `accreditation_ids`.
correction_begins = Signal()

#: What is said of these people has changed. Carries `successors`, which maps each accreditation to the one that
#: holds now (itself, or the one that took its place), and `by`, `at` and `reason`.
accreditations_corrected = Signal()

#: People keep their accreditations for the vote that follows. Carries `successors`, which maps the accreditation for
#: the vote before to the one that holds now, and `by` and `at`. Both are locked.
accreditations_kept = Signal()
