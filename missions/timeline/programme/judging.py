"""Whether a version keeps every rule, asked of what is asked and offered now. The checker is not the solver's."""

from missions.kernel.errors import Violation
from missions.timeline.programme.loading import LoadedProblem, load_problem
from missions.timeline.programme.models import Programme
from missions.timeline.programme.placing import starts_of
from missions.timeline.programme.wording import broken_rule, withdrawn
from missions.timeline.scheduler.check import check


def violations_of(programme: Programme) -> list[Violation]:
    """Each rule that the version breaks, in words. An empty list: it may be released."""
    return violations_in(programme, load_problem(programme.election))


def violations_in(programme: Programme, loaded: LoadedProblem) -> list[Violation]:
    """As `violations_of`, with the problem at hand."""
    bookings = list(programme.bookings.select_related("request__mission"))
    asked = {row.id for row in loaded.problem.requests}
    gone = [withdrawn(row.request) for row in bookings if str(row.request_id) not in asked]
    return gone + [broken_rule(loaded, broken) for broken in check(loaded.problem, starts_of(loaded, bookings))]
