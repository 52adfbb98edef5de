"""The pages of sessions and revocations: agendas, votes, results per row, the protocol, and who may do what."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accreditation.models import Accreditation, AgendaItem, Application, CommissionSession, Finding, Revocation
from accreditation.services.sessions import call_session
from accreditation.states import ApplicationState, Severity
from missions.admin.pages import local_text
from missions.kernel import clock
from missions.models import Election, Mission, Organization, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.staff import browser_of, in_role, way_of

pytestmark = pytest.mark.django_db

_S = ApplicationState
QUEUE = "/admin/accreditation/application/?state__exact=recommended"
VOTES = {"in_favour": 16, "against": 1, "abstained": 1}
GROUND = "information_not_confirmed"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def desk() -> Client:
    return browser_of(in_role("reviewer", "rena@ministry.example"))


@pytest.fixture
def board() -> Client:
    return browser_of(in_role("approver", "anar@ministry.example"))


@pytest.fixture
def people(make_application: MakeApplication) -> list[Application]:
    return [make_application(_S.RECOMMENDED, person=draft_number(number)) for number in range(3)]


@pytest.fixture
def item(people: list[Application], session: CommissionSession, desk: Client) -> AgendaItem:
    """A list of three people."""
    desk.post(page_of(session, "list"), {"title": "Three", "category": "international_observer"})
    return AgendaItem.objects.get()


def page_of(row: CommissionSession | AgendaItem | Revocation | Accreditation, act: str = "change") -> str:
    return f"/admin/accreditation/{row._meta.model_name}/{row.pk}/{act}/"


def acts(browser: Client, row: CommissionSession | AgendaItem | Revocation) -> list[str]:
    return [move["url"].split("/")[-2] for move in browser.get(page_of(row)).context["moves"]]


def _states() -> list[str]:
    return list(Application.objects.order_by("pk").values_list("state", flat=True))


def test_people_of_the_queue_become_one_list_of_the_agenda(
    people: list[Application], session: CommissionSession, desk: Client
) -> None:
    keys = [row.pk for row in people]
    chosen = {"action": "schedule", "_selected_action": keys, "index": 0, "confirmed": "1", "session": session.pk}

    without_title = desk.post(QUEUE, {**chosen, "as_list": "on"})
    done = desk.post(QUEUE, {**chosen, "as_list": "on", "title": "From ODIHR"})

    assert (without_title.status_code, list(without_title.context["form"].errors)) == (422, ["title"])
    assert [row.label for row in done.context["done"]] == [
        "Adler Anna (ODIHR)",
        "Brandt Anna (ODIHR)",
        "Claus Anna (ODIHR)",
    ]
    assert done.context["back"] == QUEUE
    assert list(AgendaItem.objects.values_list("title", "position")) == [("From ODIHR", 1)]


def test_people_of_the_queue_become_an_item_each(
    people: list[Application], session: CommissionSession, desk: Client
) -> None:
    keys = [row.pk for row in people]
    desk.post(
        QUEUE, {"action": "schedule", "_selected_action": keys, "index": 0, "confirmed": "1", "session": session.pk}
    )

    assert list(AgendaItem.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_a_list_is_voted_on_with_exceptions_and_a_result_for_each(item: AgendaItem, board: Client) -> None:
    one, two, three = item.applications.order_by("pk")
    Finding.objects.create(
        application=one, code="late_fact", severity=Severity.BLOCK, sentence="A fact.", found_at=clock.now()
    )
    vote = {**VOTES, "outcome": "accredited", "refused": [two.pk], "ground": GROUND, "text": "Not confirmed."}

    answer = board.post(page_of(item, "vote"), vote)

    assert [(row.label, row.refusal) for row in answer.context["refused"]] == [
        ("Adler Anna (ODIHR)", "Blocking findings are open: A fact.")
    ]
    assert [(row.label, row.state) for row in answer.context["done"]] == [
        ("Brandt Anna (ODIHR)", "refused"),
        ("Claus Anna (ODIHR)", "accredited"),
    ]
    assert answer.context["refused"][0].state == ""
    assert answer.context["back"] == page_of(item.session)
    assert _states() == ["scheduled", "refused", "accredited"]
    assert acts(board, item) == ["carry_out"]
    Finding.objects.all().delete()
    board.post(page_of(item, "carry_out"))
    assert _states() == ["accredited", "refused", "accredited"]
    assert acts(board, item) == []
    assert three.accreditation.number == 1


def test_votes_are_offered_from_the_hour_of_the_session_on(
    item: AgendaItem, session: CommissionSession, board: Client
) -> None:
    clock.set_to(session.held_at - dt.timedelta(minutes=1))
    early, refused = board.get(page_of(session)), board.post(page_of(item, "vote"), {**VOTES, "outcome": "accredited"})

    assert acts(board, session) == acts(board, item) == []
    assert "Votes are recorded from that hour on." in early.content.decode()
    assert page_of(item, "vote") not in early.content.decode()
    assert (refused.status_code, _states()) == (302, ["scheduled"] * 3)

    clock.set_to(session.held_at)
    assert (acts(board, session), acts(board, item)) == (["decide"], ["vote"])
    assert page_of(item, "vote") in board.get(page_of(session)).content.decode()


def test_the_way_to_an_item_leads_over_its_session(item: AgendaItem, board: Client) -> None:
    for act in ("change", "vote"):
        parts = [part for part in way_of(board.get(page_of(item, act)).content.decode()) if part != "chevron_right"]
        assert parts[:4] == ["Commission", "Sessions", item.session.number, str(item)]


def test_who_appeals_stood_on_the_agenda_of_the_session_that_decided(
    item: AgendaItem, session: CommissionSession, board: Client, approver: User, at: dt.datetime
) -> None:
    board.post(page_of(item, "vote"), {**VOTES, "outcome": "refused", "ground": GROUND, "text": "Not confirmed."})
    next_one = call_session(commission=session.commission, number="8/24", held_at=at, by=approver, at=at)
    Application.objects.filter(pk=item.applications.earliest("pk").pk).update(session=next_one)

    rows = board.get("/admin/accreditation/commissionsession/").context["cl"].result_list

    assert {row.number: (row.agenda_count, row.decision_count) for row in rows} == {"7/24": (3, 3), "8/24": (1, 0)}


@pytest.mark.parametrize(
    ("vote", "fields"),
    [
        ({"outcome": "accredited"}, ["against", "in_favour"]),
        ({"outcome": "accredited", "in_favour": 0, "against": 0}, ["__all__"]),
        ({**VOTES, "outcome": "refused", "text": "Why"}, ["ground"]),
        ({**VOTES, "outcome": "deferred"}, ["__all__"]),
        ({**VOTES, "outcome": "accredited", "refused": ["{0}"], "deferred": ["{0}"]}, ["deferred"]),
        ({**VOTES, "outcome": "accredited", "refused": ["0"]}, ["refused"]),
        ({"outcome": "accredited", "in_favour": -1, "against": 99_999}, ["against", "in_favour"]),
    ],
)
def test_an_unsound_vote_stays_on_the_form(
    item: AgendaItem, board: Client, vote: dict[str, object], fields: list[str]
) -> None:
    first = str(item.applications.order_by("pk")[0].pk)
    typed = {
        name: [value.format(first) for value in values] if isinstance(values, list) else values
        for name, values in vote.items()
    }

    answer = board.post(page_of(item, "vote"), typed)

    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, fields)
    assert _states() == ["scheduled"] * 3


def test_the_rest_of_a_session_is_decided_as_recommended(
    item: AgendaItem, session: CommissionSession, make_application: MakeApplication, board: Client
) -> None:
    make_application(_S.SCHEDULED, person=draft_number(7))
    board.post(page_of(item, "vote"), {**VOTES, "outcome": "deferred", "text": "Papers."})
    assert acts(board, session) == ["decide"]
    assert board.get(page_of(session, "decide")).context["form"].initial == VOTES

    answer = board.post(page_of(session, "decide"), VOTES)

    assert [row.label for row in answer.context["done"]] == ["Hahn Anna (ODIHR)"]
    assert _states() == ["under_review"] * 3 + ["accredited"]
    assert acts(board, session) == []


def test_who_was_deferred_by_exception_counts_on_the_pages_of_session_and_item(item: AgendaItem, board: Client) -> None:
    _one, two, three = item.applications.order_by("pk")
    vote = {**VOTES, "outcome": "accredited", "deferred": [two.pk, three.pk], "text": "Papers."}
    board.post(page_of(item, "vote"), vote)

    [line] = board.get(page_of(item.session)).context["agenda"]
    people = board.get(page_of(item)).context["people"]

    assert (line.accredited, line.refused, line.deferred, line.waiting) == (1, 0, 2, 0)
    assert (people["count"], len(people["lines"])) == (3, 1)


def test_the_protocol_names_votes_outcomes_numbers_and_grounds(
    item: AgendaItem, session: CommissionSession, board: Client
) -> None:
    _one, two, three = item.applications.order_by("pk")
    vote = {
        **VOTES,
        "outcome": "accredited",
        "refused": [two.pk],
        "deferred": [three.pk],
        "ground": GROUND,
        "text": "Not so.",
    }
    board.post(page_of(item, "vote"), vote)

    text = board.get(page_of(session, "protocol")).content.decode()

    for told in (
        "Protocol of session 7/24",
        "1. Three",
        "for 16, against 1, abstained 1",
        "00001 <bdi>Adler Anna (ODIHR)</bdi>",
        "<bdi>Brandt Anna (ODIHR)</bdi>: The information in the application was not confirmed. Not so.",
        "<li><bdi>Claus Anna (ODIHR)</bdi>: Not so.</li>",
    ):
        assert told in text
    assert "Claus Anna (ODIHR)" in board.get(page_of(item)).content.decode()
    assert DRAFT.passport_number not in text


@pytest.mark.parametrize(
    ("role", "on_session", "on_item"),
    [
        ("registrar", [], []),
        ("reviewer", [], []),
        ("approver", ["decide"], ["vote"]),
        ("auditor", [], []),
    ],
)
def test_who_votes(
    item: AgendaItem, session: CommissionSession, role: str, on_session: list[str], on_item: list[str]
) -> None:
    browser = browser_of(in_role(role))

    assert (acts(browser, session), acts(browser, item)) == (on_session, on_item)
    if not on_item:
        assert browser.post(page_of(item, "vote"), {**VOTES, "outcome": "accredited"}).status_code == 403
        assert browser.post(page_of(session, "decide"), VOTES).status_code == 403
        assert _states() == ["scheduled"] * 3


def test_nobody_on_a_list_is_decided_on_the_own_page(item: AgendaItem, board: Client) -> None:
    application = item.applications.first()
    assert application is not None
    page = board.get(f"/admin/accreditation/application/{application.pk}/change/")

    assert [move["url"].split("/")[-2] for move in page.context["moves"]] == ["return"]


def test_the_page_of_a_session_asks_the_same_for_one_item_and_for_many(
    make_application: MakeApplication, session: CommissionSession, board: Client
) -> None:
    counts = []
    for number in range(3):
        make_application(_S.SCHEDULED, person=draft_number(number))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            board.get(page_of(session))
        counts.append(len(queries))

    assert counts[1:] == counts[:1] * 2
    assert counts[0] <= 15


def test_the_protocol_of_an_absent_session_is_absent(board: Client) -> None:
    for key in ("0", "999999", "abc"):
        assert board.get(f"/admin/accreditation/commissionsession/{key}/protocol/").status_code == 404


def test_a_revocation_goes_through_two_people(accreditation: Accreditation, desk: Client, board: Client) -> None:
    without = desk.post(page_of(accreditation, "propose"), {"text": "Campaigned."})
    desk.post(page_of(accreditation, "propose"), {"ground": "other_revocation", "text": "Campaigned."})

    revocation = Revocation.objects.get()
    assert (without.status_code, list(without.context["form"].errors)) == (422, ["ground"])
    assert (acts(desk, revocation), acts(board, revocation)) == (["drop"], ["decide", "drop"])
    assert desk.post(page_of(revocation, "decide")).status_code == 403
    answer = board.post(page_of(revocation, "decide"))

    assert [row.label for row in answer.context["done"]] == ["00001 Meyer Anna (ODIHR)"]
    accreditation.refresh_from_db()
    assert (accreditation.state, accreditation.reason) == ("revoked", "Campaigned.")
    assert acts(board, revocation) == []


def test_a_revocation_was_decided_in_a_session_that_was_held(
    accreditation: Accreditation, session: CommissionSession, desk: Client, board: Client, approver: User
) -> None:
    at = clock.now()
    later = at + dt.timedelta(days=2)
    call_session(commission=session.commission, number="9/24", held_at=later, by=approver, at=at)
    desk.post(page_of(accreditation, "propose"), {"ground": "other_revocation", "text": "Campaigned."})

    form = board.get(page_of(Revocation.objects.get(), "decide")).context["form"]

    hour = local_text(session.held_at, session.election.zone)
    assert [str(label) for _value, label in form.fields["session"].choices] == ["---------", f"7/24 · {hour}"]


def test_who_proposed_it_is_not_offered_the_decision(accreditation: Accreditation, board: Client) -> None:
    board.post(page_of(accreditation, "propose"), {"ground": "other_revocation", "text": "Campaigned."})
    revocation = Revocation.objects.get()

    assert acts(board, revocation) == ["drop"]
    board.post(page_of(revocation, "decide"))

    revocation.refresh_from_db()
    assert revocation.decided_at is None


def test_an_organization_is_revoked_from_the_list_of_revocations(
    accreditation: Accreditation, organization: Organization, election: Election, desk: Client, board: Client
) -> None:
    asked = {"election": election.pk, "organization": organization.pk, "ground": "other_revocation", "text": "Why"}

    added = desk.post("/admin/accreditation/revocation/add/", asked)
    again = desk.post("/admin/accreditation/revocation/add/", asked)

    revocation = Revocation.objects.get()
    assert added.headers["Location"] == page_of(revocation)
    assert again.context["form"].non_field_errors() == ["The revocation is proposed already"]
    facts = {str(label): value for label, value in board.get(page_of(revocation)).context["facts"]}
    assert facts["Live accreditations that it concerns"] == 1
    answer = board.post(page_of(revocation, "decide"))
    assert (answer.context["done_count"], answer.context["refused_count"]) == (1, 0)


def test_a_proposal_is_dropped(accreditation: Accreditation, desk: Client) -> None:
    desk.post(page_of(accreditation, "propose"), {"ground": "other_revocation", "text": "Campaigned."})
    revocation = Revocation.objects.get()

    desk.post(page_of(revocation, "drop"), {"reason": "A mistake."})

    revocation.refresh_from_db()
    accreditation.refresh_from_db()
    assert revocation.dropped_at is not None
    assert accreditation.state == "active"


@pytest.mark.parametrize("role", ["registrar", "auditor"])
def test_an_appeal_is_noted_for_the_mission_by_who_takes_its_papers(
    make_application: MakeApplication, mission: Mission, approver: User, board: Client, role: str
) -> None:
    application = make_application(_S.SCHEDULED)
    url = f"/admin/accreditation/application/{application.pk}"
    board.post(f"{url}/refuse/", {**VOTES, "ground": GROUND, "text": "Not so."})

    answer = browser_of(in_role(role)).post(f"{url}/appeal/", {"reason": "By letter of today."})

    assert (answer.status_code, _states()) == ((302, ["appealed"]) if role == "registrar" else (403, ["refused"]))
