"""The desk's pages: who may do what when, one service per act, and refusals that say why."""

import datetime as dt

import pytest
from django.test import Client

from accreditation.models import Accreditation, Application, CommissionSession, Finding, Observer
from accreditation.states import AccreditationState, ApplicationState, DocumentKind, Severity
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Commission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.accreditation.vetting.zones import passport_zone
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

_S = ApplicationState
LIST = "/admin/accreditation/application/"
ZONE = passport_zone(surname="Meyer", given_names="Anna", number="C01X00T47", issuer="D", nationality="D")
#: Somebody whose passport ends before the stay does.
BARRED = draft_number(3, passport_expires_on=dt.date(2024, 2, 5))
BAR = "The passport expires on 5 February 2024, before the departure on 9 February 2024."
VOTES = {"in_favour": 16, "against": 0}


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def desk() -> Client:
    return browser_of(in_role("reviewer", "rena@ministry.example"))


@pytest.fixture
def board() -> Client:
    return browser_of(in_role("approver", "anar@ministry.example"))


def page_of(application: Application) -> str:
    return f"{LIST}{application.pk}/change/"


def act_on(application: Application, name: str) -> str:
    return f"{LIST}{application.pk}/{name}/"


def buttons(client: Client, application: Application) -> list[str]:
    return [move["url"].split("/")[-2] for move in client.get(page_of(application)).context["moves"]]


def block(application: Application) -> Finding:
    return Finding.objects.create(
        application=application,
        code="same_passport",
        severity=Severity.BLOCK,
        sentence="The same passport is on another nomination.",
        found_at=clock.now(),
    )


@pytest.mark.parametrize(
    ("state", "role", "expected"),
    [
        (_S.DRAFT, "registrar", ["submit", "receive", "zone", "withdraw"]),
        (_S.DRAFT, "reviewer", ["zone"]),
        (_S.SUBMITTED, "registrar", ["receive", "zone", "open", "ask", "withdraw", "visa_letter"]),
        (_S.SUBMITTED, "reviewer", ["zone", "open", "ask"]),
        (_S.SUBMITTED, "approver", []),
        (_S.UNDER_REVIEW, "reviewer", ["zone", "recommend", "ask"]),
        (_S.RECOMMENDED, "reviewer", ["schedule", "return"]),
        (_S.RECOMMENDED, "approver", ["return"]),
        (_S.SCHEDULED, "approver", ["accredit", "refuse", "return"]),
        (_S.SCHEDULED, "registrar", ["return", "withdraw", "visa_letter"]),
        (_S.SCHEDULED, "auditor", []),
    ],
)
def test_the_page_offers_what_this_person_may_do_now(
    make_application: MakeApplication, state: ApplicationState, role: str, expected: list[str]
) -> None:
    application = make_application(state)

    assert buttons(browser_of(in_role(role)), application) == expected


def test_who_reviewed_is_not_offered_the_decision(make_application: MakeApplication, reviewer: User) -> None:
    application = make_application(_S.SCHEDULED)
    root = User.objects.create_superuser("root@ministry.example", "a long enough password")
    Application.objects.filter(pk=application.pk).update(reviewed_by=root)

    answer = browser_of(root).get(page_of(application))

    assert [move["url"].split("/")[-2] for move in answer.context["moves"]] == ["return", "withdraw", "visa_letter"]
    assert "You reviewed this application, so somebody else decides it." in answer.content.decode()


def test_looking_at_a_confirmation_changes_nothing(make_application: MakeApplication, board: Client) -> None:
    application = make_application(_S.SCHEDULED)

    answer = board.get(act_on(application, "accredit"))

    application.refresh_from_db()
    assert (answer.status_code, application.state) == (200, _S.SCHEDULED)


def test_the_approver_accredits_through_the_confirmation_page(make_application: MakeApplication, board: Client) -> None:
    application = make_application(_S.SCHEDULED)

    without = board.post(act_on(application, "accredit"))
    answer = board.post(act_on(application, "accredit"), VOTES, follow=True)

    application.refresh_from_db()
    assert (without.status_code, sorted(without.context["form"].errors)) == (422, ["against", "in_favour"])
    assert application.state == _S.ACCREDITED
    assert application.agenda_item is not None
    assert (application.agenda_item.votes_for, application.agenda_item.votes_abstained) == (16, 0)
    assert Accreditation.objects.get().number == 1
    assert Event.objects.of(application).order_by("-pk")[0].actor.email == "anar@ministry.example"  # type: ignore[union-attr]  # an act of a person
    assert answer.redirect_chain == [(page_of(application), 302)]
    assert [str(message) for message in answer.context["messages"]] == ["Done: Accredit."]


def test_a_refusal_without_ground_or_reasons_keeps_what_was_typed(
    make_application: MakeApplication, board: Client
) -> None:
    application = make_application(_S.SCHEDULED)

    answer = board.post(act_on(application, "refuse"), {**VOTES, "text": "Because of the nationality."})

    application.refresh_from_db()
    assert (answer.status_code, application.state) == (422, _S.SCHEDULED)
    assert list(answer.context["form"].errors) == ["ground"]
    assert "Because of the nationality." in answer.content.decode()


def test_a_refusal_keeps_ground_and_reasons(make_application: MakeApplication, board: Client) -> None:
    application = make_application(_S.SCHEDULED)
    ground = board.get(act_on(application, "refuse")).context["form"].fields["ground"].choices[1][0]

    board.post(act_on(application, "refuse"), {**VOTES, "ground": ground, "text": "Unconfirmed."})

    decision = application.decisions.get()
    assert (decision.outcome, decision.ground, decision.text) == ("refused", ground, "Unconfirmed.")


@pytest.mark.parametrize("act", ["accredit", "refuse"])
def test_the_reviewer_may_not_decide(make_application: MakeApplication, desk: Client, act: str) -> None:
    application = make_application(_S.SCHEDULED)

    assert desk.post(act_on(application, act)).status_code == 403
    application.refresh_from_db()
    assert application.state == _S.SCHEDULED


def test_an_act_that_no_longer_fits_says_so(make_application: MakeApplication, desk: Client) -> None:
    application = make_application(_S.UNDER_REVIEW)

    answer = desk.post(act_on(application, "open"), follow=True)

    assert answer.redirect_chain == [(page_of(application), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_service_that_refuses_is_shown_on_the_form(make_application: MakeApplication, desk: Client) -> None:
    application = make_application(_S.UNDER_REVIEW, person=BARRED)

    answer = desk.post(act_on(application, "recommend"))

    application.refresh_from_db()
    assert (answer.status_code, application.state) == (422, _S.UNDER_REVIEW)
    assert BAR in answer.context["form"].non_field_errors()


def test_a_finding_is_closed_with_a_note_only(make_application: MakeApplication, desk: Client) -> None:
    application = make_application(_S.UNDER_REVIEW)
    finding = block(application)
    url = f"/admin/accreditation/finding/{finding.pk}/close/"

    without = desk.post(url, {"note": " "})
    with_note = desk.post(url, {"note": "Two different people, papers seen."})

    finding.refresh_from_db()
    assert (without.status_code, with_note.status_code) == (422, 302)
    assert with_note.headers["Location"] == page_of(application)
    assert (finding.note, finding.closed_by.email) == ("Two different people, papers seen.", "rena@ministry.example")  # type: ignore[union-attr]  # closed


def test_a_zone_is_entered_and_its_faults_are_told_without_a_trace(
    make_application: MakeApplication, desk: Client
) -> None:
    application = make_application(_S.UNDER_REVIEW)

    wrong = desk.post(act_on(application, "zone"), {"zone": ZONE.replace("C01X00T47", "C01X00T74")})
    right = desk.post(act_on(application, "zone"), {"zone": ZONE}, follow=True)

    assert (wrong.status_code, bool(wrong.context["form"].errors)) == (422, True)
    assert Observer.objects.get().mrz == ZONE
    assert dict(right.context["person"])["Zone (MRZ)"] == "stored; the findings say whether it agrees"
    assert "C01X00T47" not in right.content.decode()


def test_documents_are_asked_for_by_kind(make_application: MakeApplication, desk: Client) -> None:
    application = make_application(_S.SUBMITTED)

    desk.post(act_on(application, "ask"), {"kinds": [DocumentKind.PHOTO], "reason": "Too dark."})

    application.refresh_from_db()
    assert application.state == _S.INCOMPLETE
    assert Event.objects.of(application).filter(reason="Too dark.").count() == 1


def test_an_application_is_put_on_the_agenda_of_a_session_of_its_election(
    make_application: MakeApplication, desk: Client, session: CommissionSession
) -> None:
    application = make_application(_S.RECOMMENDED)

    desk.post(act_on(application, "schedule"), {"session": session.pk})

    application.refresh_from_db()
    assert (application.state, application.session) == (_S.SCHEDULED, session)


def test_many_are_recommended_at_once_and_each_refusal_is_reported(
    make_application: MakeApplication, desk: Client
) -> None:
    sound = [make_application(_S.UNDER_REVIEW, person=draft_number(n)) for n in (1, 2)]
    blocked = make_application(_S.UNDER_REVIEW, person=BARRED)
    chosen = {"action": "recommend", "_selected_action": [row.pk for row in (*sound, blocked)], "index": 0}

    asked = desk.post(LIST, chosen)
    done = desk.post(LIST, {**chosen, "confirmed": "1"}, follow=True)

    assert asked.status_code == 200
    assert len(asked.context["subjects"]) == 3
    assert [row.label for row in done.context["done"]] == [str(row) for row in sound]
    [refused] = done.context["refused"]
    assert (refused.label, refused.url) == (str(blocked), page_of(blocked))
    assert BAR in refused.refusal
    assert done.context["back"] == LIST
    states = {row.pk: row.state for row in Application.objects.all()}
    assert states == {**{row.pk: _S.RECOMMENDED for row in sound}, blocked.pk: _S.UNDER_REVIEW}


def test_nobody_runs_a_list_action_without_the_right(make_application: MakeApplication) -> None:
    application = make_application(_S.SCHEDULED)
    auditor = browser_of(in_role("auditor"))

    auditor.post(
        LIST, {"action": "accredit", "_selected_action": [application.pk], "index": 0, "confirmed": "1"}, follow=True
    )

    application.refresh_from_db()
    assert application.state == _S.SCHEDULED


@pytest.mark.parametrize(
    ("queue", "before_due", "found"),
    [
        ("submitted", dt.timedelta(days=2), 1),
        ("soon", dt.timedelta(days=2), 0),
        ("soon", dt.timedelta(hours=1), 1),
        ("overdue", dt.timedelta(hours=1), 0),
        ("overdue", dt.timedelta(hours=-1), 1),
        ("review", dt.timedelta(days=2), 0),
        ("nonsense", dt.timedelta(days=2), 1),
    ],
)
def test_the_queues_go_by_the_one_clock(
    make_application: MakeApplication, desk: Client, queue: str, before_due: dt.timedelta, found: int
) -> None:
    application = make_application(_S.SUBMITTED)
    assert application.decide_by is not None
    clock.set_to(application.decide_by - before_due)

    answer = desk.get(LIST, {"queue": queue})

    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    ("before_due", "words"),
    [
        (dt.timedelta(days=2, hours=1), "2 days left"),
        (dt.timedelta(hours=5, minutes=1), "due in 5 hours"),
        (dt.timedelta(minutes=-90), "overdue by 1 hour"),
    ],
)
def test_the_time_left_stands_in_words(
    make_application: MakeApplication, desk: Client, before_due: dt.timedelta, words: str
) -> None:
    application = make_application(_S.SUBMITTED)
    assert application.decide_by is not None
    clock.set_to(application.decide_by - before_due)

    assert words in desk.get(LIST).content.decode()
    assert desk.get(page_of(application)).context["left"].words == words


@pytest.mark.parametrize(
    ("act", "role", "state"),
    [
        ("suspend", "approver", AccreditationState.SUSPENDED),
        ("return", "registrar", AccreditationState.RETURNED),
        ("replace", "registrar", AccreditationState.REPLACED),
    ],
)
def test_an_accreditation_ends_with_a_reason(
    accreditation: Accreditation, act: str, role: str, state: AccreditationState
) -> None:
    url = f"/admin/accreditation/accreditation/{accreditation.pk}/{act}/"
    browser = browser_of(in_role(role))

    without = browser.post(url)
    browser.post(url, {"reason": "Took part in the campaign."})

    accreditation.refresh_from_db()
    assert without.status_code == 422
    assert (accreditation.state, accreditation.reason) == (state, "Took part in the campaign.")


@pytest.mark.parametrize("key", ["0", "abc", "99999999999999999999999", "1%00"])
def test_an_absent_application_is_a_plain_404(desk: Client, key: str) -> None:
    assert desk.get(f"{LIST}{key}/change/").status_code == 404
    assert desk.get(f"{LIST}{key}/open/").status_code == 404


def test_the_passport_number_is_masked_on_the_page(make_application: MakeApplication, desk: Client) -> None:
    text = desk.get(page_of(make_application(_S.SUBMITTED))).content.decode()

    assert DRAFT.passport_number not in text
    assert DRAFT.passport_number[-4:] in text


SESSION = {"number": "8/24", "day": "2024-01-21", "time": "17:00"}


def test_the_registrar_calls_a_session_in_the_hosts_time(central_commission: Commission) -> None:
    browser = browser_of(in_role("registrar"))
    answers = {**SESSION, "commission": central_commission.pk}

    first = browser.post("/admin/accreditation/commissionsession/add/", answers)
    again = browser.post("/admin/accreditation/commissionsession/add/", answers)

    session = CommissionSession.objects.get()
    assert first.status_code == 302
    assert session.held_at == dt.datetime(2024, 1, 21, 13, tzinfo=dt.UTC)
    assert [event.verb for event in Event.objects.of(session)] == ["session_called"]
    assert (again.status_code, again.context["form"].non_field_errors()) == (
        422,
        ["The number of the session is taken"],
    )


def test_who_may_not_call_sessions_finds_no_form(desk: Client, session: CommissionSession) -> None:
    assert desk.get("/admin/accreditation/commissionsession/add/").status_code == 403
    assert desk.get(f"/admin/accreditation/commissionsession/{session.pk}/change/").status_code == 200
