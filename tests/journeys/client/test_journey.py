"""A mission goes through an election with its own program: nominate, mend, be accredited, plan, check in, report.

The program is `lead`, over the client that was generated from the description; it speaks to a real server and knows
nothing of the product. The ministry's side is its services.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from types import ModuleType
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from accreditation.states import DocumentKind
from missions.kernel import clock
from missions.models import Commission, Election, Mission, User
from stations.deployment.services.solving import work_off_runs
from tests.corpus.files import papers
from tests.journeys.client.ministry import CALLS, DECIDES, NOMINATES, OBSERVES, PLANS, REPORTS, Ministry, lay_register

PEOPLE = 20
HOUR = dt.timedelta(hours=1)
NATIONALITIES = ("FRA", "DEU", "ITA", "ESP", "POL", "SWE")
SURNAMES = ("Adler", "Brandt", "Claus", "Dietz", "Ebert", "Falk", "Gerber", "Hahn", "Ibsen", "Jung")


@dataclass(slots=True)
class Journey:
    """Both sides, and what the mission has learnt on its way."""

    lead: Any  # the module `lead`, which there is only once the client is generated
    desk: Any
    mission: int
    ministry: Ministry
    applications: list[int]
    plan: int = 0


def person(number: int) -> dict[str, str | bool]:
    """One of the twenty: four long-term observers, and sixteen short-term ones."""
    nationality = NATIONALITIES[number % len(NATIONALITIES)]
    return {
        "reference": f"R-{number:02}",
        "surname": f"{SURNAMES[number % 10]}{'a' * (1 + number // 10)}",
        "given_names": "Anna",
        "sex": "f" if number % 2 else "m",
        "birth_date": (dt.date(1970, 1, 1) + dt.timedelta(days=331 * number)).isoformat(),
        "nationality": nationality,
        "passport_issuer": nationality,
        "passport_number": f"P{number:07}",
        "passport_expires_on": "2030-01-01",
        "role": "lto" if number <= 4 else "sto",
        "languages": "en, ru",
        "experienced": number % 3 == 0,
        "documents_on": "2024-01-18",
        "arrives_on": "2024-01-26" if number <= 4 else "2024-02-03",
        "departs_on": "2024-02-10",
        "form": True,
        "passport_copy": True,
        "pledge": True,
        "conflict_statement": True,
    }


def portrait(number: int) -> bytes:
    """A picture that stands for somebody's face; no two are alike, lest the ministry take them for one person."""
    patches = Image.frombytes("L", (8, 8), Random(number).randbytes(64))
    return papers.encoded(patches.resize((413, 531)).convert("RGB"))


@pytest.fixture
def journey(
    live_server: LiveServer,
    lead_program: ModuleType,
    election: Election,
    mission: Mission,
    lead: User,
    reviewer: User,
    approver: User,
    central_commission: Commission,
    private_files: object,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Journey]:
    """A self-directed mission with twenty places, on the day when it nominates, and its lead's first token."""
    Mission.objects.filter(pk=mission.pk).update(ceiling=PEOPLE)
    lay_register(election)
    clock.set_to(NOMINATES)
    cache.clear()
    call_command("issue_token", lead.email, name="first steps", scope="write")
    program: Any = lead_program
    with program.connect(live_server.url, capsys.readouterr().out.strip()) as desk:
        own = program.make_token(desk, "portal")
    with program.connect(live_server.url, own.secret) as desk:
        me = program.who_am_i(desk)
        assert (me.email, me.token.name, [row.code for row in me.missions]) == (lead.email, "portal", ["ODIHR"])
        yield Journey(program, desk, me.missions[0].id, Ministry(reviewer, approver, central_commission), [])


@pytest.mark.one_database
def test_a_mission_goes_through_an_election_with_its_own_program(journey: Journey) -> None:
    nominate(journey)
    hand_in_and_submit(journey)
    mend_what_comes_back(journey)
    be_accredited(journey)
    plan_and_release(journey)
    observe(journey)
    call_the_roll(journey)
    publish_a_statement(journey)

    states = Counter(row.state for row in journey.lead.own_applications(journey.desk))
    assert states == {"accredited": PEOPLE}


def nominate(journey: Journey) -> None:
    """One error is told as a typed problem; then twenty at once, and the same request again."""
    lead, people = journey.lead, [person(number) for number in range(1, PEOPLE + 1)]
    outdated = {**people[0], "passport_expires_on": "2023-04-15"}

    with pytest.raises(lead.RefusedError) as refused:
        lead.told(lead.nominate(journey.desk, journey.mission, [outdated], key="nominations"))
    made = lead.nominate(journey.desk, journey.mission, people, key="nominations")
    again = lead.nominate(journey.desk, journey.mission, people, key="nominations")
    with pytest.raises(lead.RefusedError) as reused:
        lead.told(lead.nominate(journey.desk, journey.mission, people[:1], key="nominations"))

    problem = refused.value.problem
    assert (problem.type_, problem.status) == ("/problems/nomination-file-refused", 422)
    assert [(row.field, row.code) for row in problem.errors] == [("1.passport_expires_on", "passport_expired")]
    assert Counter(row.outcome for row in lead.told(made).results) == {"added": PEOPLE}
    assert {found.code for row in lead.told(made).results for found in row.findings} == {"documents_missing"}
    assert again.content == made.content
    assert (made.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert reused.value.problem.type_ == "/problems/idempotency-key-reused"
    drafts = lead.own_applications(journey.desk, "draft")
    assert [row.mission for row in drafts] == [journey.mission] * PEOPLE
    journey.applications = [row.id for row in drafts]


def hand_in_and_submit(journey: Journey) -> None:
    """A photo of everybody; then all are submitted at once, one of them by a version that it does not have."""
    lead, desk = journey.lead, journey.desk
    for number, key in enumerate(journey.applications, start=1):
        receipt = lead.hand_in(desk, key, "photo", portrait(number), key=f"photo-{key}")
    versions = [(row.id, row.version) for row in lead.own_applications(desk)]

    results = lead.submit(desk, [(versions[0][0], versions[0][1] + 1), *versions[1:]], key="submit").results
    last = lead.submit(desk, versions[:1], key="submit-the-first").results

    assert lead.file_of_document(desk, receipt.document.id).startswith(b"\xff\xd8\xff")
    assert Counter(row.status for row in results) == {200: PEOPLE - 1, 412: 1}
    assert (results[0].problem.type_, results[0].version) == ("/problems/precondition-failed", None)
    assert [row.status for row in last] == [200]
    assert Counter(row.state for row in lead.own_applications(desk)) == {"submitted": PEOPLE}


def mend_what_comes_back(journey: Journey) -> None:
    """The ministry wants another photo and another pledge; the mission reads why, and sends them."""
    lead, desk = journey.lead, journey.desk
    third, seventh = journey.applications[2], journey.applications[6]
    assert journey.ministry.review() == PEOPLE
    journey.ministry.send_back(third, DocumentKind.PHOTO, "The face is in the shadow.")
    journey.ministry.send_back(seventh, DocumentKind.PLEDGE, "It is not signed.")

    returned = {row.id: [found.sentence for found in row.findings] for row in lead.own_applications(desk, "incomplete")}
    photo = lead.hand_in(desk, third, "photo", portrait(33), key="photo-again")
    pledge = lead.hand_in(desk, seventh, "pledge", papers.pdf(), key="pledge-again", signed_on=dt.date(2024, 1, 18))

    assert returned == {
        third: ["The desk asked for: photo. It says: The face is in the shadow."],
        seventh: ["The desk asked for: signed pledge. It says: It is not signed."],
    }
    assert (photo.application_state, pledge.application_state) == ("submitted", "submitted")
    assert [len(lead.application(desk, key).findings) for key in (third, seventh)] == [0, 0]
    assert journey.ministry.review() == 2


def be_accredited(journey: Journey) -> None:
    """The commission accredits all; each has a number of its own."""
    lead, desk = journey.lead, journey.desk
    clock.set_to(DECIDES)

    assert journey.ministry.decide() == ["accredited"] * PEOPLE

    accreditations = lead.own_accreditations(desk)
    assert sorted(row.number for row in accreditations) == list(range(1, PEOPLE + 1))
    assert {row.state for row in accreditations} == {"active"}
    decided = [lead.application(desk, key).decisions[0].outcome for key in journey.applications]
    assert decided == ["accredited"] * PEOPLE


def plan_and_release(journey: Journey) -> None:
    """The mission chooses its rules, has a plan made, looks at it and releases it; who read too long ago is told."""
    lead, desk, mission = journey.lead, journey.desk, journey.mission
    clock.set_to(PLANS)
    seen = lead.rules(desk, mission).headers["ETag"]
    chosen = lead.choose_rules(desk, mission, [1, 2], seen=seen, key="rules")
    with pytest.raises(lead.RefusedError) as late:
        lead.choose_rules(desk, mission, [3], seen=seen, key="other-rules")

    ordered = lead.order_plan(desk, mission, key="plan")
    again = lead.order_plan(desk, mission, key="plan")
    run = lead.told(ordered)
    assert work_off_runs(at=clock.now()) == 1
    finished = lead.plan_run(desk, run.id)
    journey.plan = finished.plan
    found = lead.plan(desk, journey.plan)
    judged = lead.judgement(desk, journey.plan)
    released = lead.release(desk, journey.plan, seen=found.headers["ETag"], key="release")

    problem = late.value.problem
    assert (problem.type_, problem.status) == ("/problems/precondition-failed", 412)
    assert (chosen.goes_to, chosen.version) == ([1, 2], 1)
    assert (run.state, run.plan, again.content) == ("ordered", None, ordered.content)
    assert (finished.state, judged.open_blocks, released.state) == ("done", 0, "released")
    assert Counter(row.code for row in judged.findings)["r07_no_card"] == PEOPLE
    assert_everybody_is_sent(lead.teams(desk, journey.plan), lead.days(desk, journey.plan))
    assert lead.team_sheets(desk, journey.plan).startswith(b"%PDF-")


def assert_everybody_is_sent(teams: Any, days: Any) -> None:
    """Two teams for the long term and eight for the day, and every station of the two constituencies is visited."""
    assert Counter(team.kind for team in teams) == {"lto": 2, "sto": 8}
    assert len({member.nomination for team in teams for member in team.members}) == PEOPLE
    assert len({day.team for day in days}) == 8
    visited = {visit.station_code for day in days for visit in day.visits}
    assert Counter(code[:3] for code in visited) == {"001": 12, "002": 12}


def observe(journey: Journey) -> None:
    """A team arrives at the opening and leaves again; of the seven others nothing is heard."""
    lead, desk = journey.lead, journey.desk
    clock.set_to(OBSERVES)
    day = next(day for day in lead.days(desk, journey.plan) if len({visit.station for visit in day.visits}) > 1)
    opening = day.visits[0]

    arrived = lead.check_in(desk, day.team, opening.station, "arrived", at=OBSERVES)
    there = {row.team: row for row in lead.day_of(desk, journey.plan).teams}[day.team]
    clock.set_to(opening.leaves_at)
    lead.check_in(desk, day.team, opening.station, "left", at=opening.leaves_at)
    told = {row.team: row for row in lead.day_of(desk, journey.plan).teams}

    own = told.pop(day.team)
    assert (arrived.team, arrived.station, arrived.kind) == (day.team, opening.station, "arrived")
    assert (there.done, there.there, there.late, there.to_come) == (0, 1, 0, len(day.visits) - 1)
    assert (own.done, own.there, own.late, own.to_come) == (1, 0, 0, len(day.visits) - 1)
    assert (own.visits[0].minutes_late, own.last_report.kind) == (0, "left")
    assert [(row.done, row.last_report) for row in told.values()] == [(0, None)] * 9
    assert sum(row.late + row.missed > 0 for row in told.values()) == 7


def call_the_roll(journey: Journey) -> None:
    """Everybody is asked; two are safe and one needs help, and after the end nobody can answer."""
    lead, desk = journey.lead, journey.desk
    clock.set_to(CALLS)
    called = lead.call_roll(desk, journey.mission, "Explosion near the main square", answer_by=CALLS + HOUR)
    people = lead.asked(desk, called.id)

    replies = [
        lead.answer(desk, called.id, row.id, reply, at=CALLS).reply
        for row, reply in zip(people, ("safe", "safe", "needs_help"), strict=False)
    ]
    counted = lead.roll_call(desk, called.id)
    closed = lead.close_roll(desk, called.id)
    with pytest.raises(lead.RefusedError) as late:
        lead.answer(desk, called.id, people[3].id, "safe", at=CALLS)

    assert len(people) == PEOPLE
    assert replies == ["safe", "safe", "needs_help"]
    assert (counted.asked, counted.safe, counted.needs_help, counted.unanswered) == (PEOPLE, 2, 1, PEOPLE - 3)
    assert (called.closed_at, closed.closed_at is None, closed.version) == (None, False, 2)
    assert (late.value.problem.type_, late.value.problem.status) == ("/problems/roll-call-closed", 409)


def publish_a_statement(journey: Journey) -> None:
    """The preliminary statement is drafted, gets its file, and is handed in once."""
    lead, desk = journey.lead, journey.desk
    clock.set_to(REPORTS)
    statement = papers.pdf(3)
    draft = lead.draft_statement(desk, journey.mission, "Statement of preliminary findings")
    file = lead.add_file(desk, draft.id, "en", statement)
    found = lead.report(desk, draft.id)

    handed_in = lead.submit_statement(desk, draft.id, seen=found.headers["ETag"])
    with pytest.raises(lead.RefusedError) as fixed:
        lead.add_file(desk, draft.id, "az", statement)

    assert (draft.state, draft.files, file.size) == ("draft", [], len(statement))
    assert (handed_in.state, handed_in.number, [row.language for row in handed_in.files]) == ("submitted", None, ["en"])
    assert (fixed.value.problem.type_, fixed.value.problem.status) == ("/problems/report-not-draft", 409)
    assert lead.file_of_report(desk, draft.id, "en") == statement
