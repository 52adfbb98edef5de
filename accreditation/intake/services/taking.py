"""Taking the sound rows of a request, all of them in one transaction; what must stay out keeps its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accreditation.errors import NominationsRefusedError
from accreditation.intake.checks import check_violations
from accreditation.intake.drafting import NumberedDraft
from accreditation.intake.services.reading import Checked, check_rows
from accreditation.intake.states import RowAction, RowOutcome
from accreditation.services.drafts import NominationResult
from accreditation.services.nominations import nominate_compared
from accreditation.states import Category
from missions.kernel.spreadsheets.table import RowFinding
from missions.models import Mission, User

_OUTCOMES = {
    RowAction.ADD: RowOutcome.ADDED,
    RowAction.CHANGE: RowOutcome.CHANGED,
    RowAction.KEEP: RowOutcome.UNCHANGED,
}
_NOTHING = NominationResult(added=0, changed=0, unchanged=0, without_application=())


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of each row that was taken, by number; all others stay out, and `checked` says why."""

    outcomes: Mapping[int, RowOutcome]
    checked: Checked
    result: NominationResult

    def count(self, outcome: RowOutcome) -> int:
        return sum(found is outcome for found in self.outcomes.values())


def take_rows(
    rows: Sequence[NumberedDraft],
    *,
    mission: Mission,
    category: Category,
    by: User | None,
    at: datetime,
    found: Sequence[RowFinding] = (),
    of_file: bool = True,
) -> Taken:
    """Check the rows against the register as it is now and nominate those without errors.

    To be called in a transaction that has locked the mission. Raises RegisterChangedError if somebody wrote the same
    person for another mission at this moment; then nothing is taken.
    """
    known = list(found)
    while True:
        checked = check_rows(rows, mission, category, found=known, at=at, of_file=of_file)
        sound = checked.sound
        if not sound:
            return Taken({}, checked, _NOTHING)
        compared = checked.compared.only({row.draft.reference for row in sound})
        try:
            result = nominate_compared(mission=mission, compared=compared, by=by, at=at, category=category)
        except NominationsRefusedError as refused:
            # The door knows more than the checks before it: what it names stays out too, and the others try again.
            more = list(check_violations(sound, refused.violations))
            if not more:
                raise
            known += more
        else:
            return Taken({row.number: _OUTCOMES[checked.actions[row.number]] for row in sound}, checked, result)
