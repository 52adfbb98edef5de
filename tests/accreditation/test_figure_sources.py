"""What the accreditation desk counts for the page of a mission: heads, the way to the card, clocks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accreditation.figure_sources import STEPS
from accreditation.models import Accreditation, Application, CategoryQuota, Nomination, Stay
from accreditation.services.accreditations import return_accreditation
from accreditation.services.applications import submit_application, withdraw_application
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import Category, Role
from missions.figures import (
    Figure,
    HeadCount,
    Part,
    Viewer,
    figures_of_election,
    figures_of_mission,
    head_counts,
)
from missions.kernel import clock
from missions.models import Mission, User
from missions.states import DeploymentMode, MissionKind
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)


def told(mission: Mission, user: Viewer, part: Part, at: dt.datetime = AT) -> dict[str, int]:
    return {row.code: row.value for row in figures_of_mission(mission, user=user, at=at) if row.part is part}


def figure(mission: Mission, user: Viewer, code: str, part: Part = Part.TOTAL) -> Figure:
    (found,) = (row for row in figures_of_mission(mission, user=user, at=AT) if (row.code, row.part) == (code, part))
    return found


@pytest.fixture
def auditor() -> User:
    return in_role("auditor")


@pytest.fixture
def one_of_each(
    make_application: MakeApplication, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> list[Application]:
    """Nine people: one in each state of the straight way, one incomplete, one refused, one withdrawn."""
    straight = ("draft", "submitted", "under_review", "recommended", "scheduled", "scheduled", "scheduled", "submitted")
    rows = [make_application(state, person=draft_number(n)) for n, state in enumerate(straight)]
    nominate_observers(mission=mission, drafts=[draft_number(8, documents=frozenset())], by=lead, at=at)
    incomplete = Application.objects.get(nomination__reference="R-8")
    rows.append(submit_application(application=incomplete, by=lead, at=at))
    rows[5] = accredit_application(application=rows[5], by=approver, at=at).application
    refuse_application(application=rows[6], ground="information_not_confirmed", text="Not so.", by=approver, at=at)
    withdraw_application(application=rows[7], by=lead, at=at)
    return rows


def test_each_step_counts_who_came_that_far_and_who_waits_there(
    one_of_each: list[Application], mission: Mission, auditor: User
) -> None:
    steps = [row for row in figures_of_mission(mission, user=auditor, at=AT) if row.part is Part.STEP]

    assert [(row.code, row.value, row.waiting) for row in steps] == [
        ("nominated", 9, 1),
        ("submitted", 8, 1),
        ("complete", 7, 1),
        ("review", 5, 1),
        ("recommended", 4, 1),
        ("scheduled", 3, 1),
        ("accredited", 1, None),
    ]
    assert [row.code for row in steps] == [code for code, _title, _state in STEPS]
    assert told(mission, auditor, Part.BESIDE) == {
        "refused": 1,
        "withdrawn": 1,
        "late": 0,
        "ended": 0,
        "elsewhere": 0,
    }


def test_the_totals_stand_against_the_ceiling(one_of_each: list[Application], mission: Mission, auditor: User) -> None:
    for nomination in Nomination.objects.filter(reference__in=("R-1", "R-2")):
        Stay.objects.create(nomination=nomination, arrived_at=AT)
    Stay.objects.create(nomination=Nomination.objects.get(reference="R-3"), arrives_at=AT)

    assert told(mission, auditor, Part.TOTAL) == {"holding": 8, "accredited": 1, "arrived": 2}
    assert {figure(mission, auditor, code).limit for code in ("holding", "accredited", "arrived")} == {10}
    assert head_counts([mission.pk], user=auditor) == {mission.pk: HeadCount(accredited=1, arrived=2)}


def test_clocks_at_risk_are_those_of_undecided_people(
    one_of_each: list[Application], mission: Mission, auditor: User
) -> None:
    due = min(row.decide_by for row in Application.objects.filter(state="submitted") if row.decide_by)

    assert told(mission, auditor, Part.CLOCK, at=due) == {"overdue": 4, "soon": 0}
    assert told(mission, auditor, Part.CLOCK, at=due - dt.timedelta(seconds=1)) == {"overdue": 0, "soon": 4}
    assert told(mission, auditor, Part.CLOCK, at=due - dt.timedelta(hours=25)) == {"overdue": 0, "soon": 0}


def test_a_link_leads_to_as_many_rows_as_wait_there(
    one_of_each: list[Application], mission: Mission, other_mission: Mission, other_lead: User, auditor: User
) -> None:
    nominate_observers(mission=other_mission, drafts=[draft_number(30)], by=other_lead, at=AT)
    clock.set_to(AT)
    browser = browser_of(auditor)

    for row in figures_of_mission(mission, user=auditor, at=AT):
        if row.url:
            expected = row.value if row.waiting is None else row.waiting
            assert browser.get(row.url).context["cl"].result_count == expected, row.code


def test_an_ended_accreditation_stays_on_the_way_and_is_told_beside_it(
    accreditation: Accreditation, mission: Mission, lead: User, auditor: User, at: dt.datetime
) -> None:
    return_accreditation(accreditation=accreditation, by=lead, at=at)

    assert told(mission, auditor, Part.STEP)["accredited"] == 1
    assert told(mission, auditor, Part.TOTAL) == {"holding": 0, "accredited": 0, "arrived": 0}
    assert told(mission, auditor, Part.BESIDE)["ended"] == 1


def test_whoever_is_nominated_again_counts_once_and_as_they_stand_now(
    make_application: MakeApplication, mission: Mission, lead: User, auditor: User, at: dt.datetime
) -> None:
    former = withdraw_application(application=make_application("submitted"), by=lead, at=at)
    Application.objects.create(
        election=former.election,
        observer=former.observer,
        nomination=former.nomination,
        category=former.category,
    )

    assert told(mission, auditor, Part.STEP) == {
        "nominated": 1,
        "submitted": 0,
        "complete": 0,
        "review": 0,
        "recommended": 0,
        "scheduled": 0,
        "accredited": 0,
    }
    assert told(mission, auditor, Part.BESIDE)["withdrawn"] == 0


class TestNested:
    """A joint mission counts everybody once, whoever of its parts nominates them."""

    @pytest.fixture
    def joint(self, mission: Mission, other_mission: Mission) -> Mission:
        joint = Mission.objects.create(
            election=mission.election,
            code="JOINT",
            name="Joint mission",
            kind=MissionKind.JOINT,
            deployment_mode=DeploymentMode.SELF_DIRECTED,
        )
        Mission.objects.filter(pk=mission.pk).update(parent=joint)
        Mission.objects.filter(pk=other_mission.pk).update(parent=mission)  # a part of a part
        return joint

    @pytest.fixture
    def _nominated_twice(
        self, mission: Mission, other_mission: Mission, lead: User, other_lead: User, at: dt.datetime
    ) -> None:
        nominate_observers(mission=mission, drafts=[DRAFT, draft_number(2)], by=lead, at=at)
        nominate_observers(mission=other_mission, drafts=[DRAFT, draft_number(3)], by=other_lead, at=at)
        for nomination in Nomination.objects.filter(reference="R-1"):
            Stay.objects.create(nomination=nomination, arrived_at=at)

    @pytest.mark.usefixtures("_nominated_twice")
    def test_people_and_not_nominations(
        self, joint: Mission, mission: Mission, other_mission: Mission, auditor: User
    ) -> None:
        counts = [
            (
                told(each, auditor, Part.TOTAL),
                told(each, auditor, Part.STEP)["nominated"],
                told(each, auditor, Part.BESIDE)["elsewhere"],
            )
            for each in (joint, mission, other_mission)
        ]

        assert counts == [
            ({"holding": 3, "accredited": 0, "arrived": 1}, 3, 0),
            ({"holding": 3, "accredited": 0, "arrived": 1}, 3, 0),  # it has a part of its own
            ({"holding": 2, "accredited": 0, "arrived": 1}, 2, 1),  # the mission above has applied for one of the two
        ]
        assert figure(joint, auditor, "holding").limit is None
        assert {row.url for row in figures_of_mission(joint, user=auditor, at=AT)} == {""}

    @pytest.mark.usefixtures("_nominated_twice")
    def test_lists_count_each_mission_alone(
        self, joint: Mission, mission: Mission, other_mission: Mission, auditor: User
    ) -> None:
        keys = [joint.pk, mission.pk, other_mission.pk]

        assert [count.arrived for count in head_counts(keys, user=auditor).values()] == [0, 1, 1]

    @pytest.mark.usefixtures("_nominated_twice")
    def test_a_lead_learns_of_the_own_mission_alone(
        self, joint: Mission, mission: Mission, other_mission: Mission, lead: User
    ) -> None:
        assert told(mission, lead, Part.TOTAL) == {"holding": 2, "accredited": 0, "arrived": 1}
        assert figures_of_mission(other_mission, user=lead, at=AT) == ()
        assert head_counts([other_mission.pk], user=lead) == {other_mission.pk: HeadCount()}


def test_categories_are_counted_apart_each_with_its_own_limit(
    mission: Mission, lead: User, auditor: User, at: dt.datetime
) -> None:
    CategoryQuota.objects.create(mission=mission, category=Category.INTERPRETER, ceiling=2)
    nominate_observers(mission=mission, drafts=[draft_number(0)], by=lead, at=at)
    nominate_observers(
        mission=mission,
        drafts=[draft_number(1, role=Role.INTERPRETER)],
        by=lead,
        at=at,
        category=Category.INTERPRETER,
    )

    totals = [row for row in figures_of_mission(mission, user=auditor, at=AT) if row.code == "holding"]

    assert [(str(row.group), row.value, row.limit) for row in totals] == [
        ("international observer", 1, 10),
        ("interpreter", 1, 2),
    ]


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        ("auditor", {Part.TOTAL, Part.STEP, Part.BESIDE, Part.CLOCK}),
        ("protocol", {Part.TOTAL}),
        ("administrator", set()),
    ],
)
def test_staff_learn_what_their_role_looks_at(
    make_application: MakeApplication, mission: Mission, role: str, parts: set[Part]
) -> None:
    make_application("submitted")

    assert {row.part for row in figures_of_mission(mission, user=in_role(role), at=AT)} == parts


def test_strangers_learn_nothing(make_application: MakeApplication, mission: Mission, other_lead: User) -> None:
    make_application("submitted")

    assert figures_of_mission(mission, user=AnonymousUser(), at=AT) == ()
    assert figures_of_mission(mission, user=other_lead, at=AT) == ()


def test_the_queries_are_few_however_many_people(
    one_of_each: list[Application], mission: Mission, django_assert_num_queries: Callable[..., Any]
) -> None:
    auditor = User.objects.create_superuser("root@ministry.example", "a long enough password")

    with django_assert_num_queries(4):
        figures_of_mission(mission, user=auditor, at=AT)
    with django_assert_num_queries(1):
        head_counts([mission.pk], user=auditor)
    with django_assert_num_queries(2):
        figures_of_election(mission.election, at=AT)


def test_the_election_tells_its_public_figure(accreditation: Accreditation, mission: Mission) -> None:
    public = [row for row in figures_of_election(mission.election, at=AT) if not row.group]

    assert [(row.code, row.value) for row in public] == [("observers", 1), ("organizations", 1), ("nationalities", 1)]
