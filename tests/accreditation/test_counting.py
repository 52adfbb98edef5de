"""Counting: persons once across nested missions, each category apart, and figures of the past from the history."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.models import Accreditation, Application, CommissionSession
from accreditation.selectors import Figures, figures, figures_as_of, heads_as_of
from accreditation.services.accreditations import (
    expire_accreditation,
    restore_accreditation,
    return_accreditation,
    revoke_accreditation,
)
from accreditation.services.agenda import schedule_application
from accreditation.services.applications import (
    close_finding,
    open_review,
    recommend_application,
    submit_application,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import Category, Severity
from missions.figures import figures_of_election, figures_of_mission
from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from tests.accreditation.conftest import draft_number

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def held(session: CommissionSession) -> dt.datetime:
    """The hour of the session, and an hour for what follows it."""
    return session.held_at


class Desk:
    """Walks people through the desk with whatever findings there are."""

    def __init__(self, session: CommissionSession, lead: User, reviewer: User, approver: User) -> None:
        self.session, self.lead, self.reviewer, self.approver = session, lead, reviewer, approver

    def nominate(
        self, mission: Mission, number: int, at: dt.datetime, category: Category = Category.INTERNATIONAL_OBSERVER
    ) -> tuple[str, ...]:
        draft = replace(draft_number(number), reference=f"{mission.code}-{number}")
        result = nominate_observers(mission=mission, drafts=[draft], category=category, by=self.lead, at=at)
        return result.without_application

    def accredit(self, mission: Mission, number: int, at: dt.datetime) -> Accreditation:
        reference = f"{mission.code}-{number}"
        row = Application.objects.live().get(nomination__mission=mission, nomination__reference=reference)
        row = open_review(application=submit_application(application=row, by=self.lead, at=at), by=self.reviewer, at=at)
        for finding in row.findings.filter(severity=Severity.BLOCK, closed_at=None):
            close_finding(finding=finding, note="The same person, through two assemblies.", by=self.reviewer, at=at)
        row = recommend_application(application=row, by=self.reviewer, at=at)
        row = schedule_application(application=row, session=self.session, by=self.reviewer, at=at)
        return accredit_application(application=row, by=self.approver, at=at)


@pytest.fixture
def desk(session: CommissionSession, lead: User, reviewer: User, approver: User) -> Desk:
    return Desk(session, lead, reviewer, approver)


def _mission(election: Election, code: str, parent: Mission | None) -> Mission:
    sender = Organization.objects.create(acronym=code, name=code, kind=OrganizationKind.PARLIAMENTARY_ASSEMBLY)
    return Mission.objects.create(
        election=election,
        organization=sender,
        parent=parent,
        code=code,
        name=f"{code} mission",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.HOST_COORDINATED,
    )


@pytest.fixture
def family(election: Election) -> tuple[Mission, Mission, Mission]:
    """The mission of the Commonwealth, and two assemblies inside it."""
    cis = _mission(election, "CIS", None)
    return cis, _mission(election, "IPA CIS", cis), _mission(election, "PA UBR", cis)


def test_a_person_in_two_assemblies_of_one_mission_counts_once(
    election: Election, family: tuple[Mission, Mission, Mission], desk: Desk, held: dt.datetime, reviewer: User
) -> None:
    cis, assembly, union = family
    desk.nominate(cis, 1, held)
    desk.nominate(assembly, 2, held)

    left_out = desk.nominate(union, 2, held)

    assert left_out == ("PA UBR-2",)
    desk.accredit(cis, 1, held)
    desk.accredit(assembly, 2, held)
    assert figures(election) == Figures(observers=2, organizations=2, nationalities=1)
    root = User.objects.create_superuser("root@ministry.example", "a long enough password")
    joint = {row.code: row.value for row in figures_of_mission(cis, user=root, at=held) if row.part == "total"}
    assert joint["accredited"] == 2


def test_the_organization_counts_whose_nomination_was_decided(
    election: Election, family: tuple[Mission, Mission, Mission], desk: Desk, held: dt.datetime, approver: User
) -> None:
    """The person goes home for one assembly and comes back for the other: one person at any time."""
    _cis, assembly, union = family
    desk.nominate(assembly, 1, held)
    desk.nominate(union, 1, held)
    first = desk.accredit(assembly, 1, held)

    return_accreditation(accreditation=first, by=approver, at=held + HOUR)
    desk.nominate(union, 1, held + HOUR)
    second = desk.accredit(union, 1, held + 2 * HOUR)

    assert second.observer == first.observer
    assert [figures_as_of(election, at=held + n * HOUR).observers for n in (0, 1, 2)] == [1, 0, 1]
    assert figures(election) == Figures(observers=1, organizations=1, nationalities=1)


def test_a_past_figure_is_told_again_after_everything_has_changed(
    election: Election, mission: Mission, desk: Desk, held: dt.datetime, approver: User
) -> None:
    cards = []
    for number in range(4):
        desk.nominate(mission, number, held)
        cards.append(desk.accredit(mission, number, held))
    then = figures_as_of(election, at=held)

    revoke_accreditation(accreditation=cards[0], reason="Broke the law.", by=approver, at=held + HOUR)
    return_accreditation(accreditation=cards[1], by=approver, at=held + 2 * HOUR)
    restore_accreditation(accreditation=cards[0], reason="Appeal upheld.", by=approver, at=held + 3 * HOUR)
    Election.objects.filter(pk=election.pk).update(results_published_at=held + 4 * HOUR)
    expire_accreditation(accreditation=Accreditation.objects.get(pk=cards[2].pk), by=None, at=held + 4 * HOUR)

    assert [figures_as_of(election, at=held + n * HOUR).observers for n in (0, 1, 2, 3, 4)] == [4, 3, 2, 3, 2]
    assert figures_as_of(election, at=held) == then == Figures(4, 1, 1)
    assert figures_as_of(election, at=held - HOUR) == Figures(0, 0, 0)


def test_each_category_is_counted_apart(
    election: Election, mission: Mission, desk: Desk, held: dt.datetime, approver: User
) -> None:
    for number, category in enumerate(
        (Category.INTERNATIONAL_OBSERVER, Category.INTERPRETER, Category.INTERPRETER, Category.FOREIGN_MEDIA)
    ):
        desk.nominate(mission, number, held, category)
    cards = [desk.accredit(mission, number, held) for number in range(4)]
    return_accreditation(accreditation=cards[2], by=approver, at=held + HOUR)

    def heads(at: dt.datetime) -> dict[str, int]:
        return {category.value: count for category, count in heads_as_of(election, at=at).items() if count}

    assert heads(held) == {"international_observer": 1, "interpreter": 2, "foreign_media": 1}
    assert heads(held + HOUR) == {"international_observer": 1, "interpreter": 1, "foreign_media": 1}
    assert figures(election).observers == 1
    apart = [(row.group, row.value) for row in figures_of_election(election, at=held) if row.code == "accredited"]
    assert apart == [
        ("international observer", 1),
        ("domestic observer", 0),
        ("foreign media", 1),
        ("exit pollster", 0),
        ("interpreter", 2),
        ("support staff", 0),
    ]
