"""Tokens, the history, messages and elections in the admin."""

import datetime as dt

import pytest
from django.test import Client

from missions.kernel import clock
from missions.kernel.events import record_event
from missions.kernel.models import Event
from missions.law.profile import load_profile
from missions.models import ApiToken, Election, Mission, TokenScope, User
from missions.reminders.models import Message
from missions.services.tokens import issue_token
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return in_role("administrator")


@pytest.fixture
def office(administrator: User) -> Client:
    return browser_of(administrator)


def test_a_token_is_revoked_by_its_service(office: Client, lead: User, at: dt.datetime) -> None:
    token = issue_token(
        user=lead, name="laptop", scope=TokenScope.READ, lifetime=dt.timedelta(days=1), by=None, at=at
    ).token
    chosen = {"action": "revoke", "_selected_action": [token.pk], "index": 0}

    asked = office.post("/admin/missions/apitoken/", chosen)
    office.post("/admin/missions/apitoken/", {**chosen, "confirmed": "1"})

    assert asked.status_code == 200
    assert ApiToken.objects.count() == 0
    assert [event.verb for event in Event.objects.of(lead)] == ["token_issued", "token_revoked"]


def test_private_events_are_not_in_the_hosts_history(office: Client, mission: Mission, at: dt.datetime) -> None:
    record_event("opened", mission, by=None, at=at)
    record_event("secretly_moved", mission, by=None, at=at, is_private=True)
    hidden = Event.objects.get(is_private=True)

    answer = office.get("/admin/kernel/event/")

    assert answer.context["cl"].result_count == 1
    assert "secretly moved" not in answer.content.decode()
    assert office.get(f"/admin/kernel/event/{hidden.pk}/change/").status_code != 200


def test_the_history_names_kinds_and_changes_in_words(office: Client, mission: Mission, at: dt.datetime) -> None:
    record_event("mission_settled", mission, by=None, at=at, changed=["interpreter_language", "ceiling"])
    Event.objects.create(at=at, verb="closed", object_type="missions.gone", object_id=1, object_label="Old")
    settled = Event.objects.get(verb="mission_settled")

    answer = office.get("/admin/kernel/event/")
    page = office.get(f"/admin/kernel/event/{settled.pk}/change/").content.decode()
    of_missions = office.get("/admin/kernel/event/", {"object_type": "missions.mission"})

    (kinds,) = answer.context["cl"].filter_specs
    assert kinds.lookup_choices == [("missions.mission", "Mission"), ("missions.gone", "missions.gone")]
    assert "interpreter language, ceiling" in page
    assert "missions.mission" not in page
    assert [event.verb for event in of_missions.context["cl"].result_list] == ["mission_settled"]


def test_a_message_is_read_with_its_text_and_escaped(mission: Mission, election: Election, at: dt.datetime) -> None:
    message = Message.objects.create(
        rule="milestone_soon",
        to_address="lead@odihr.example",
        subject_type="timeline.milestone",
        subject_id=1,
        slot=at.date(),
        mission=mission,
        subject="Soon: <b>briefing</b>",
        body="Dear lead,\n<script>alert(1)</script>",
        planned_at=at,
        due_at=at,
        not_after=at + dt.timedelta(days=1),
    )

    text = browser_of(in_role("protocol")).get(f"/admin/reminders/message/{message.pk}/change/").content.decode()

    assert "Dear lead,\n&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_the_page_of_an_election_shows_its_calendar_and_what_is_not_known(election: Election) -> None:
    context = browser_of(in_role("auditor")).get(f"/admin/missions/election/{election.pk}/change/").context

    lines = [(line["label"], line["at"]) for line in context["calendar"]]
    assert ("E-10", "28 Jan 2024, the whole day") in lines
    assert ("E", "7 Feb 2024, 08:00") in lines
    assert context["host"] == "Azerbaijan"
    assert context["unknown"] == load_profile("az-2024").unknown_rules() != ()


@pytest.mark.parametrize("profile_code", ["", "gone-2020"])
def test_an_election_without_rules_says_so(election: Election, profile_code: str) -> None:
    Election.objects.filter(pk=election.pk).update(profile_code=profile_code)

    answer = browser_of(in_role("auditor")).get(f"/admin/missions/election/{election.pk}/change/")

    assert (answer.context["calendar"], answer.context["profile"]) == ([], None)
    assert "no rule is checked" in answer.content.decode()


def test_the_registrar_notes_once_when_the_results_were_published(election: Election) -> None:
    clock.set_to(dt.datetime(2024, 2, 20, 12, tzinfo=dt.UTC))
    page = f"/admin/missions/election/{election.pk}"
    typed = {"day": "2024-02-17", "time": "20:00"}
    registrar, auditor = browser_of(in_role("registrar")), browser_of(in_role("auditor"))

    assert auditor.post(f"{page}/publish/", typed).status_code == 403
    early = registrar.post(f"{page}/publish/", {**typed, "day": "2024-02-07", "time": "18:59"})
    registrar.post(f"{page}/publish/", typed)

    election.refresh_from_db()
    assert early.status_code == 422
    assert election.results_published_at == dt.datetime(2024, 2, 17, 16, tzinfo=dt.UTC)
    after = registrar.get(f"{page}/change/").context
    assert (after["published"], after["moves"]) == ("17 Feb 2024, 20:00", [])
