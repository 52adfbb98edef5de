"""The ministry's side of the journey: its services, called as its pages call them."""

import datetime as dt
from dataclasses import dataclass

from accreditation.models import Application
from accreditation.services.agenda import schedule_list
from accreditation.services.applications import ask_for_documents, open_review, recommend_application
from accreditation.services.sessions import call_session
from accreditation.services.verdicts import Votes
from accreditation.services.voting import decide_session
from accreditation.states import ApplicationState, DocumentKind
from missions.kernel import clock
from missions.models import Commission, Election, User
from tests.stations.deployment.builders import constituency, home_stations

#: E-20, E-15, E-3, the opening of the stations, the afternoon, and the day after.
NOMINATES = dt.datetime(2024, 1, 18, 8, tzinfo=dt.UTC)
DECIDES = dt.datetime(2024, 1, 23, 10, tzinfo=dt.UTC)
PLANS = dt.datetime(2024, 2, 4, 9, tzinfo=dt.UTC)
OBSERVES = dt.datetime(2024, 2, 7, 3, 30, tzinfo=dt.UTC)
CALLS = dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)
REPORTS = dt.datetime(2024, 2, 8, 9, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Ministry:
    """Who works at the desk, and the commission that decides."""

    reviewer: User
    approver: User
    commission: Commission

    def review(self) -> int:
        """Open everything that was submitted; how many there were."""
        waiting = list(Application.objects.filter(state=ApplicationState.SUBMITTED).order_by("pk"))
        for application in waiting:
            open_review(application=application, by=self.reviewer, at=clock.now())
        return len(waiting)

    def send_back(self, application: int, kind: DocumentKind, reason: str) -> None:
        """Ask once more for a document of an application under review."""
        ask_for_documents(
            application=Application.objects.get(pk=application),
            kinds=[kind],
            reason=reason,
            by=self.reviewer,
            at=clock.now(),
        )

    def decide(self) -> list[str]:
        """Have the commission accredit everybody under review; what became of each."""
        at = clock.now()
        people = list(Application.objects.filter(state=ApplicationState.UNDER_REVIEW).order_by("pk"))
        for application in people:
            recommend_application(application=application, by=self.reviewer, at=at)
        session = call_session(commission=self.commission, number="7/24", held_at=at, by=self.approver, at=at)
        schedule_list(
            session=session,
            title="Observers of ODIHR",
            application_ids=[application.pk for application in people],
            by=self.reviewer,
            at=at,
        )
        results = decide_session(session=session, votes=Votes(12, 0, 0), by=self.approver, at=at)
        return [result.code or "accredited" for result in results]


def lay_register(election: Election) -> None:
    """Three constituencies in two regions, each with twelve stations a kilometre apart."""
    for number, (region, latitude) in enumerate([("North", 41.0), ("North", 41.3), ("South", 39.0)], start=1):
        home_stations(constituency(election, number, region), 12, latitude=latitude, longitude=48.0)
