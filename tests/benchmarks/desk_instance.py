"""The work of the desk on a list of citizens, and the pages that it opens meanwhile, for benches."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accreditation.models import Application, CommissionSession, Nomination
from accreditation.services.agenda import schedule_list
from accreditation.services.applications import open_review
from accreditation.services.reviewing import order_review, review_lists
from accreditation.services.verdicts import Votes
from accreditation.services.voting import ACCREDIT, decide_item
from accreditation.states import ApplicationState, Category
from missions.models import Commission, Election, Mission, User
from tests.benchmarks.citizens_instance import AT

_S = ApplicationState
_LISTS = {
    "applications": ("application", ("NGO-7", "Məmmədov", "Orxan Quliyev", "D-4711")),
    "nominations": ("nomination", ("D-4711", "mammadov", "Orxan Quliyev")),
    "observers": ("observer", ("Məmmədov", "quliyev orxan", "Orxan Quliyev")),
    "accreditations": ("accreditation", ("4711", "Məmmədov", "NGO-0")),
    "findings": ("finding", ("Məmmədov",)),
}


@dataclass(slots=True)
class Desk:
    """A reviewer, an approver, a browser, and the mission whose list is `listed` people long."""

    mission: Mission
    listed: int
    reviewer: User
    approver: User
    browser: Client
    item_id: int = 0

    @classmethod
    def of_everybody(cls, listed: int) -> "Desk":
        """Hand so many nominations to the first mission, as if it had sent them all."""
        mission = Mission.objects.order_by("pk")[0]
        keys = list(Nomination.objects.order_by("pk").values_list("pk", flat=True)[:listed])
        Nomination.objects.filter(pk__in=keys).update(mission=mission)
        Nomination.objects.filter(mission=mission).exclude(pk__in=keys).update(
            mission=Mission.objects.order_by("pk")[1]
        )
        reviewer, approver = (
            User.objects.create_superuser(f"{name}@ministry.example", "a long enough password")
            for name in ("reviewer", "approver")
        )
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(reviewer)
        return cls(mission, listed, reviewer, approver, browser)

    def review_list(self) -> int:
        """Order the review of the list and do the job's work; how many are recommended."""
        order = order_review(mission=self.mission, category=Category.DOMESTIC_OBSERVER, by=self.reviewer, at=AT)
        while review_lists(at=AT):
            pass
        order.refresh_from_db()
        return order.recommended

    def schedule_list(self) -> int:
        """Put the list on an agenda; how many are on it."""
        election = Election.objects.get(code="bench")
        commission = Commission.objects.get(election=election, code="CEC")
        session = CommissionSession.objects.create(election=election, commission=commission, number="1", held_at=AT)
        keys = Application.objects.filter(state=_S.RECOMMENDED).values_list("pk", flat=True)
        results = schedule_list(session=session, title="A list", application_ids=keys, by=self.reviewer, at=AT)
        self.item_id = session.agenda.get().pk
        return sum(not row.code for row in results)

    def decide_list(self) -> int:
        """Accredit the list by one vote; how many are accredited."""
        item = CommissionSession.objects.get().agenda.get(pk=self.item_id)
        decide_item(item=item, verdict=ACCREDIT, votes=Votes(12, 0, 0), by=self.approver, at=AT)
        return Application.objects.filter(state=_S.ACCREDITED).count()

    def review_each(self, count: int) -> int:
        """Open reviews one by one; how many are under review."""
        waiting = Application.objects.filter(state=_S.SUBMITTED).order_by("pk")[:count]
        return len([open_review(application=row, by=self.reviewer, at=AT) for row in waiting])

    def pages(self) -> list[tuple[str, str]]:
        """The lists and searches of the desk, by name and address."""
        pages: list[tuple[str, str]] = []
        middle = Application.objects.count() // 100  # of fifty a page
        for name, (model, words) in _LISTS.items():
            url = f"/admin/accreditation/{model}/"
            pages.append((name, url))
            if model in ("application", "observer"):
                pages.append((f"{name}, in the middle", f"{url}?p={middle}"))
            pages += [(f"{name}: {word}", f"{url}?{urlencode({'q': word})}") for word in words]
        return pages

    def open(self, url: str) -> int:
        """Open the page; how many queries it took. Raises RuntimeError unless it is there."""
        with CaptureQueriesContext(connection) as captured:
            answer = self.browser.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url}: {answer.status_code}")
        return len(captured)
