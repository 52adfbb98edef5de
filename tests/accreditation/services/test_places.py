"""Places of a mission: whatever is done through whichever door, the counts are the nominations that hold one."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from accreditation.models import Accreditation, Application, CategoryQuota, CommissionSession, Finding, Nomination
from accreditation.services import accreditations, agenda, appeals, applications, decisions
from accreditation.services.nominations import nominate_observers
from accreditation.services.quotas import set_quota
from accreditation.services.transfers import move_nomination
from accreditation.states import Category, Severity
from missions.kernel.errors import DomainError
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number

PEOPLE = 4
#: Ends of an application after which the mission may send somebody else.
FREED = ("withdrawn", "refused_final")
FREED_BY = ("returned", "replaced")


@dataclass
class Desk:
    """Two missions, a few people, and everybody who acts. Each act is one door; what it refuses is left as it was."""

    missions: list[Mission]
    session: CommissionSession
    lead: User
    reviewer: User
    approver: User
    at: dt.datetime
    succeeded: "Counter[str]" = field(default_factory=Counter)

    def act(self, name: str, first: int, which: int) -> None:
        """Try the act on one person after the other until it succeeds, from the first one on."""
        for person in range(first, first + PEOPLE):
            try:
                with transaction.atomic():
                    done = ACTS[name](self, person % PEOPLE, self.missions[which])
            except DomainError:
                continue
            if done is not None:
                self.succeeded[name] += 1
                return

    def application(self, person: int, mission: Mission) -> Application | None:
        rows = Application.objects.filter(nomination__mission=mission, nomination__reference=f"R-{person}")
        return rows.order_by("-pk").first()

    def accreditation(self, person: int, mission: Mission) -> Accreditation | None:
        application = self.application(person, mission)
        return Accreditation.objects.filter(application=application).first() if application else None


def _nominate(category: Category) -> Callable[[Desk, int, Mission], object]:
    def act(desk: Desk, person: int, mission: Mission) -> object:
        result = nominate_observers(
            mission=mission, drafts=[draft_number(person)], category=category, by=desk.lead, at=desk.at
        )
        return result if result.added or result.changed else None

    return act


def _schedule(desk: Desk, person: int, mission: Mission) -> object:
    """The straight way onto the agenda."""
    row = desk.application(person, mission)
    while row is not None and row.state in ("draft", "submitted", "under_review", "recommended"):
        for finding in Finding.objects.filter(application=row, severity=Severity.BLOCK, closed_at=None):
            applications.close_finding(finding=finding, note="Looked at.", by=desk.reviewer, at=desk.at)
        if row.state == "draft":
            row = applications.submit_application(application=row, by=desk.lead, at=desk.at)
        elif row.state == "submitted":
            row = applications.open_review(application=row, by=desk.reviewer, at=desk.at)
        elif row.state == "under_review":
            row = applications.recommend_application(application=row, by=desk.reviewer, at=desk.at)
        else:
            return agenda.schedule_application(application=row, session=desk.session, by=desk.reviewer, at=desk.at)
    return None


def _accredit(desk: Desk, person: int, mission: Mission) -> object:
    row = desk.application(person, mission)
    return row and decisions.accredit_application(application=row, by=desk.approver, at=desk.at)


def _withdraw(desk: Desk, person: int, mission: Mission) -> object:
    row = desk.application(person, mission)
    return row and applications.withdraw_application(application=row, by=desk.lead, at=desk.at)


def _refuse(desk: Desk, person: int, mission: Mission) -> object:
    """Refuse what is scheduled, appeal what is refused, refuse for good what is appealed."""
    row = desk.application(person, mission)
    if row is None:
        return None
    if row.state == "refused":
        return appeals.appeal_refusal(application=row, reason="Wrong person.", by=desk.lead, at=desk.at)
    return decisions.refuse_application(
        application=row, ground="information_not_confirmed", text="Not confirmed.", by=desk.approver, at=desk.at
    )


def _end(service: Callable[..., Accreditation]) -> Callable[[Desk, int, Mission], object]:
    def act(desk: Desk, person: int, mission: Mission) -> object:
        row = desk.accreditation(person, mission)
        return row and service(accreditation=row, reason="So it was.", by=desk.approver, at=desk.at)

    return act


def _move(desk: Desk, person: int, mission: Mission) -> object:
    nomination = Nomination.objects.filter(mission=mission, reference=f"R-{person}").first()
    target = desk.missions[1 - desk.missions.index(mission)]
    return nomination and move_nomination(
        nomination=nomination, to_mission=target, reason="Joined them.", by=desk.reviewer, at=desk.at
    )


ACTS: dict[str, Callable[[Desk, int, Mission], object]] = {
    "nominate": _nominate(Category.INTERNATIONAL_OBSERVER),
    "nominate an interpreter": _nominate(Category.INTERPRETER),
    "schedule": _schedule,
    "accredit": _accredit,
    "withdraw": _withdraw,
    "refuse": _refuse,
    "return": _end(accreditations.return_accreditation),
    "replace": _end(accreditations.replace_accreditation),
    "revoke": _end(accreditations.revoke_accreditation),
    "restore": _end(accreditations.restore_accreditation),
    "move": _move,
}


def _should_hold(nomination: Nomination) -> bool:
    """Told from the applications alone: the last one lives, or ended in a way that does not make room."""
    rows = sorted(nomination.applications.all(), key=lambda row: row.pk)
    if not rows or rows[-1].closed_at is None:
        return True
    if rows[-1].state == "accredited":
        return rows[-1].accreditation.state not in FREED_BY
    return rows[-1].state not in FREED


def _assert_places() -> None:
    nominations = list(Nomination.objects.prefetch_related("applications__accreditation"))
    assert [row.holds_place for row in nominations] == [_should_hold(row) for row in nominations]
    held = Counter((row.mission_id, row.category) for row in nominations if row.holds_place)
    on_missions = Mission.objects.values_list("pk", "places_taken", "ceiling")
    counts: list[tuple[int, str, int, int | None]] = [
        *((pk, Category.INTERNATIONAL_OBSERVER.value, taken, ceiling) for pk, taken, ceiling in on_missions),
        *CategoryQuota.objects.values_list("mission_id", "category", "taken", "ceiling"),
    ]
    assert {(pk, category): taken for pk, category, taken, _ceiling in counts if taken} == held
    assert all(ceiling is None or taken <= ceiling for _pk, _category, taken, ceiling in counts)


@pytest.mark.django_db
@pytest.mark.timeout(300)  # four seconds alone, many more beside other work
def test_places_are_the_nominations_that_hold_one_whatever_is_done(
    mission: Mission,
    other_mission: Mission,
    session: CommissionSession,
    lead: User,
    reviewer: User,
    approver: User,
    at: dt.datetime,
) -> None:
    """Three hundred random acts; each kind succeeds now and then, so that none is passed over."""
    Mission.objects.filter(pk=mission.pk).update(ceiling=3)
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=2)
    set_quota(mission=mission, category=Category.INTERPRETER, ceiling=1, by=reviewer, at=at)
    desk = Desk([mission, other_mission], session, lead, reviewer, approver, at)
    chance = random.Random(1)
    likely = [*ACTS, *["nominate", "schedule", "accredit"] * 3]

    for _ in range(3):
        with transaction.atomic():
            for _ in range(100):
                desk.act(chance.choice(likely), chance.randrange(PEOPLE), chance.choice((0, 0, 1)))
                _assert_places()
            transaction.set_rollback(True)

    assert min(desk.succeeded[name] for name in ACTS) >= 1
