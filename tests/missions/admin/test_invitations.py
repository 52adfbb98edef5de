"""The register of invitations in the admin: planning, every move, and what each role may do."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from missions.admin.invitation_moves import INVITATION_MOVES
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, Invitation, Mission, Organization, User
from missions.states import INVITATION_TRANSITIONS, InvitationState, Inviter, OrganizationKind
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

LIST = "/admin/missions/invitation/"
_S = InvitationState
NOTE = {
    "note_number": "N-7",
    "note_date": "2023-12-11",
    "addressee": "Director",
    "ceiling": "30",
    "reply_by": "2024-01-02",
}
#: What each move is sent with, and the state that it leads to (None: stays).
POSTS: dict[str, tuple[dict[str, str], InvitationState | None]] = {
    "send": (NOTE, _S.SENT),
    "reply": ({"answer": "accepted", "replied_on": "2023-12-20"}, _S.ACCEPTED),
    "amend": ({**NOTE, "replied_on": "2023-12-20", "version": "1"}, None),
    "strike": ({"reason": ""}, _S.NOT_INVITED),
    "lapse": ({"reason": ""}, _S.LAPSED),
    "withdraw": ({"reason": "They stay at home."}, _S.WITHDRAWN),
}


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def registrar() -> User:
    return in_role("registrar")


@pytest.fixture
def desk(registrar: User) -> Client:
    return browser_of(registrar)


def make(election: Election, organization: Organization, state: InvitationState = _S.PLANNED) -> Invitation:
    has_note = state not in (_S.PLANNED, _S.NOT_INVITED)
    return Invitation.objects.create(
        election=election,
        organization=organization,
        inviter=Inviter.MFA,
        state=state,
        note_number="N-1" if has_note else "",
        note_date=dt.date(2023, 12, 11) if has_note else None,
    )


def page(invitation: Invitation, move: str = "change") -> str:
    return f"{LIST}{invitation.pk}/{move}/"


def test_an_invitation_is_planned_by_its_service(
    desk: Client, registrar: User, election: Election, organization: Organization
) -> None:
    asked = desk.get(f"{LIST}add/")
    answer = desk.post(f"{LIST}add/", {"election": election.pk, "organization": organization.pk, "inviter": "cec"})

    invitation = Invitation.objects.get()
    [event] = Event.objects.of(invitation)
    assert asked.context["form"]["election"].value() == election.pk
    assert (answer.status_code, answer.headers["Location"]) == (302, page(invitation))
    assert (invitation.inviter, invitation.state, event.verb, event.actor) == (
        "cec",
        "planned",
        "invitation_planned",
        registrar,
    )


def test_an_authority_that_the_law_does_not_name_is_refused_beside_its_field(
    desk: Client, election: Election, organization: Organization
) -> None:
    answer = desk.post(
        f"{LIST}add/", {"election": election.pk, "organization": organization.pk, "inviter": "president"}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"inviter": ["President may not invite to this election."]}
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("state", _S)
def test_a_page_offers_the_edges_of_its_state_and_the_correction_of_a_note(
    desk: Client, election: Election, organization: Organization, state: InvitationState
) -> None:
    invitation = make(election, organization, state)

    offered = {move["url"].split("/")[-2] for move in desk.get(page(invitation)).context["moves"]}

    edges = {name for name, (_post, target) in POSTS.items() if target in INVITATION_TRANSITIONS[state]}
    has_note = state not in (_S.PLANNED, _S.NOT_INVITED)
    assert offered == edges | ({"amend"} if has_note else set())


@pytest.mark.parametrize("state", _S)
@pytest.mark.parametrize("name", POSTS)
def test_every_move_from_every_state(
    desk: Client, election: Election, organization: Organization, state: InvitationState, name: str
) -> None:
    invitation = make(election, organization, state)
    post, target = POSTS[name]
    is_open = target in INVITATION_TRANSITIONS[state] if target else state not in (_S.PLANNED, _S.NOT_INVITED)

    answer = desk.post(page(invitation, name), post)

    invitation.refresh_from_db()
    assert answer.status_code == 302
    assert invitation.state == ((target or state) if is_open else state)
    assert Event.objects.of(invitation).count() == is_open


def test_the_note_and_the_reply_settle_the_places_of_the_mission(
    desk: Client, election: Election, organization: Organization, mission: Mission
) -> None:
    invitation = make(election, organization)

    desk.post(page(invitation, "send"), NOTE)
    desk.post(page(invitation, "reply"), POSTS["reply"][0])

    invitation.refresh_from_db()
    mission.refresh_from_db()
    assert (invitation.note_number, invitation.addressee, invitation.ceiling) == ("N-7", "Director", 30)
    assert (invitation.reply_by, invitation.replied_on) == (dt.date(2024, 1, 2), dt.date(2023, 12, 20))
    assert mission.ceiling == 30


def test_a_correction_shows_what_there_is_and_refuses_what_somebody_else_changed(
    desk: Client, election: Election, organization: Organization
) -> None:
    invitation = make(election, organization, _S.SENT)

    form = desk.get(page(invitation, "amend")).context["form"]
    desk.post(page(invitation, "amend"), {**NOTE, "version": "1"})
    answer = desk.post(page(invitation, "amend"), {**NOTE, "ceiling": "99", "version": "1"})

    assert {name: form[name].value() for name in ("note_number", "version")} == {"note_number": "N-1", "version": 1}
    assert "replied_on" not in form.fields  # nobody has replied yet
    assert answer.status_code == 422
    assert "was changed meanwhile" in answer.content.decode()
    invitation.refresh_from_db()
    assert (invitation.ceiling, invitation.version) == (30, 2)


def test_places_that_are_taken_are_not_taken_away_and_the_page_says_why(
    desk: Client, election: Election, organization: Organization, mission: Mission
) -> None:
    invitation = make(election, organization, _S.ACCEPTED)
    Mission.objects.filter(pk=mission.pk).update(places_taken=4)

    answer = desk.post(page(invitation, "withdraw"), {"reason": "They stay at home."})

    invitation.refresh_from_db()
    assert (answer.status_code, invitation.state) == (422, "accepted")
    assert "ODIHR has taken 4 places already." in answer.content.decode()


def test_days_out_of_order_stand_beside_their_field(
    desk: Client, election: Election, organization: Organization
) -> None:
    invitation = make(election, organization, _S.SENT)

    answer = desk.post(page(invitation, "reply"), {"answer": "declined", "replied_on": "2023-12-10"})

    assert answer.context["form"].errors == {"replied_on": ["The reply is dated before the note."]}


def test_many_replies_are_recorded_at_once_with_a_result_per_row(
    desk: Client, election: Election, organization: Organization
) -> None:
    other = Organization.objects.create(acronym="OTS", name="Organization of States", kind=OrganizationKind.IGO)
    sent, planned = make(election, organization, _S.SENT), make(election, other)
    chosen = {"action": "reply", "_selected_action": [sent.pk, planned.pk], "index": 0}

    asked = desk.post(LIST, chosen)
    answer = desk.post(LIST, {**chosen, "confirmed": "1", **POSTS["reply"][0]}, follow=True)

    assert asked.status_code == 200
    text = answer.content.decode()
    assert "OTS (foreign ministry)" in text
    assert "“planned” cannot become “accepted”." in text
    assert set(Invitation.objects.values_list("organization__acronym", "state")) == {
        ("ODIHR", "accepted"),
        ("OTS", "planned"),
    }


def test_only_what_makes_sense_for_many_is_a_list_action() -> None:
    assert [move.name for move in INVITATION_MOVES if move.in_bulk] == ["reply", "strike", "lapse"]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("registrar", True, True),
        ("protocol", True, True),
        ("reviewer", True, False),
        ("approver", True, False),
        ("auditor", True, False),
        ("planner", False, False),
        ("administrator", False, False),
    ],
)
def test_who_may_read_and_who_may_write(
    election: Election, organization: Organization, role: str, reads: bool, writes: bool
) -> None:
    invitation = make(election, organization)
    browser = browser_of(in_role(role))

    statuses = [
        browser.get(LIST).status_code,
        browser.get(page(invitation)).status_code,
        browser.get(f"{LIST}add/").status_code,
        browser.get(page(invitation, "send")).status_code,
        browser.post(page(invitation, "strike"), {"reason": ""}).status_code,
    ]

    read, write = (200 if reads else 403), (200 if writes else 403)
    assert statuses == [read, read, write, write, 302 if writes else 403]
    invitation.refresh_from_db()
    assert invitation.state == ("not_invited" if writes else "planned")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("reply=awaited", ["A", "B", "C"]),
        ("reply=overdue", ["B"]),
        ("state__exact=accepted", ["D"]),
        ("q=wanted", ["A"]),
    ],
)
def test_the_list_is_narrowed(desk: Client, election: Election, query: str, expected: list[str]) -> None:
    days = {"A": dt.date(2024, 1, 18), "B": dt.date(2024, 1, 17), "C": None, "D": dt.date(2024, 1, 1)}
    for acronym, day in days.items():
        organization = Organization.objects.create(acronym=acronym, name=acronym, kind=OrganizationKind.IGO)
        invitation = make(election, organization, _S.ACCEPTED if acronym == "D" else _S.SENT)
        Invitation.objects.filter(pk=invitation.pk).update(
            reply_by=day, addressee="The wanted person" if acronym == "A" else ""
        )

    found = desk.get(f"{LIST}?{query}").context["cl"].result_list

    assert sorted(row.organization.acronym for row in found) == expected


def test_the_list_counts_heads_with_as_many_queries_for_three_rows_as_for_one(
    desk: Client, election: Election, mission: Mission, other_mission: Mission
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(LIST).status_code == 200
        return len(captured)

    assert mission.organization is not None
    assert other_mission.organization is not None
    make(election, mission.organization)
    few = queries()
    make(election, other_mission.organization)
    Invitation.objects.create(election=election, organization=mission.organization, inviter=Inviter.CEC)
    Mission.objects.filter(pk=mission.pk).update(places_taken=3)

    assert queries() == few
    rows = desk.get(LIST).context["cl"].result_list
    assert [(str(row.organization), row.mission_taken, row.head_count.arrived) for row in rows] == [
        ("ODIHR", 3, 0),
        ("ODIHR", 3, 0),
        ("PABSEC", 0, 0),
    ]


def test_the_list_tells_note_and_reply_in_short(desk: Client, election: Election, organization: Organization) -> None:
    invitation = make(election, organization, _S.SENT)
    Invitation.objects.filter(pk=invitation.pk).update(reply_by=dt.date(2024, 1, 2))
    awaited = desk.get(LIST).content.decode()
    Invitation.objects.filter(pk=invitation.pk).update(state=_S.ACCEPTED, replied_on=dt.date(2023, 12, 20))
    answered = desk.get(LIST).content.decode()

    assert 'N-1 <span class="desk-muted desk-day">11 Dec 2023</span>' in awaited
    assert ("by 2 Jan 2024" in awaited, "by 2 Jan 2024" in answered, "20 Dec 2023" in answered) == (True, False, True)


def test_the_page_names_the_mission_its_places_and_what_happened(
    desk: Client, election: Election, organization: Organization, mission: Mission
) -> None:
    invitation = make(election, organization)
    desk.post(page(invitation, "send"), {**NOTE, "addressee": "<b>Director</b>"})

    answer = desk.get(page(invitation))

    facts = {str(label): str(value) for label, value in answer.context["facts"]}
    assert (facts["Places of this note"], facts["Places of the mission"]) == ("30", "0 of 10")
    assert f"/admin/missions/mission/{mission.pk}/change/" in facts["Mission"]
    assert [line.act for line in answer.context["history"]] == ["invitation sent"]
    assert escape("<b>Director</b>") in answer.content.decode()
