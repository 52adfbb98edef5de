"""The officer's pages: what they show, what a button does, and who has none."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.kernel import clock
from missions.models import Election, Mission, MissionHead, User
from missions.timeline.programme.models import (
    Booking,
    Closure,
    InterpreterPool,
    MeetingRequest,
    Programme,
    ProtocolRank,
    SharedResource,
)
from missions.timeline.programme.services.resources import close_resource
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]
AT = local(1, 9)
SOLUTION = {
    "asked": 60,
    "granted": {"value": 40, "bound": 40},
    "delay": {"value": 1_000, "bound": 990},
    "idle": {"value": 6, "bound": 0},
    "idle_before": 18,
    "seconds": 3.25,
    "first_come": {"booked": 1, "granted": 20, "delay": 5, "failed": 2},
    "repair": None,
}


@pytest.fixture(autouse=True)
def _before_the_meetings() -> None:
    clock.set_to(AT)


@pytest.fixture
def protocol() -> Client:
    return browser_of(in_role("protocol"))


@pytest.fixture
def draft(ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission) -> Programme:
    """Two of three wishes have a place."""
    rows = [ask(make_mission(code)) for code in ("ALPHA", "BRAVO", "CHARLIE")]
    programme = make_programme((rows[0], "minister", local(5, 10), 20), (rows[1], "minister", local(5, 10, 25), 20))
    programme.solution = SOLUTION
    programme.left_out = [{"request_id": rows[2].pk, "code": "no-room"}]
    programme.save()
    return programme


def change(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=(row.pk,))  # type: ignore[attr-defined]


def page(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def test_the_page_tells_what_was_reached_who_comes_and_who_does_not(protocol: Client, draft: Programme) -> None:
    text = page(protocol, change(draft))

    for told in (
        "Programme, version 1",
        "proven best",
        "1.00 %",
        "First come, first served would grant a weight of 20; this version grants 100 % more.",
        "It would leave 2 requests without a place that must have one.",
        "from 1.5",
        "Minister of Foreign Affairs: 3 requests for 21 places.",
        "CHARLIE: meeting with the minister</a>",
        "no place was left in its time",
        "Minister of Foreign Affairs has 21 places in its time; 2 are held, 2 of them by delegations of rank 5",
        "10:25–10:45",
        "Mon 5 Feb",
    ):
        assert told in text, told


def test_a_page_takes_the_same_queries_however_much_is_on_it(
    protocol: Client, draft: Programme, ask: Ask, make_mission: MakeMission
) -> None:
    url = change(draft)
    page(protocol, url)
    with CaptureQueriesContext(connection) as few:
        page(protocol, url)
    for number, code in enumerate(("DELTA", "ECHO")):
        mission = make_mission(code)
        row = ask(mission, head_id=MissionHead.objects.create(mission=mission, name=code, title="Head").pk)
        start = local(5, 15, 25 * number)
        Booking.objects.create(
            programme=draft,
            request=row,
            resource=SharedResource.objects.get(code="minister"),
            starts_at=start,
            ends_at=start + dt.timedelta(minutes=20),
        )

    with CaptureQueriesContext(connection) as more:
        page(protocol, url)

    assert len(few) == len(more)


def test_a_broken_rule_and_a_change_since_are_told(protocol: Client, draft: Programme, election: Election) -> None:
    Programme.objects.filter(pk=draft.pk).update(problem_digest="x" * 64)
    close_resource(
        resource=SharedResource.objects.get(code="minister"),
        starts_at=local(5, 10),
        ends_at=local(5, 10, 20),
        reason="x",
        by=None,
        at=AT,
    )

    text = page(protocol, change(draft))

    assert "What is asked or offered has changed since this version was made." in text
    assert "1 rule is broken now:" in text
    assert "ALPHA: meeting with the minister: Minister of Foreign Affairs is closed at 5 Feb, 10:00." in text
    answer = protocol.post(f"{change(draft)[:-7]}release/")
    assert answer.status_code == 422
    assert "The programme breaks 1 rules." in answer.content.decode()


def test_a_version_that_serves_in_turn_says_so(protocol: Client, draft: Programme) -> None:
    marked = "The time ended before a programme was found: the missions were served in turn"
    assert marked not in page(protocol, change(draft))
    draft.solution = {**SOLUTION, "is_in_turn": True}
    draft.save()

    text = page(protocol, change(draft))

    assert marked in text
    assert "First come, first served would grant" not in text


def test_two_repairs_stand_side_by_side(protocol: Client, draft: Programme, ask: Ask) -> None:
    repair = {"changed": [1, 2], "forced": [1], "cancelled": [2], "new": [], "fewest": 2, "weight_before": 50}
    for number, method in ((2, "weight"), (3, "keep")):
        Programme.objects.create(
            election=draft.election,
            version=number,
            state=ProgrammeState.DRAFT,
            method=method,
            seconds=5,
            ordered_at=AT,
            solution={**SOLUTION, "repair": repair},
        )

    text = page(protocol, change(Programme.objects.get(version=3)))

    assert (
        "as few changes as possible: 2 changes (1 cancelled, 0 new, 1 forced by the loss), weight 40 (-20.0 %)" in text
    )
    assert "proven: no repair of this kind changes less" in text
    assert change(Programme.objects.get(version=2)) in text


def test_the_officer_releases_by_a_button_and_others_have_none(protocol: Client, draft: Programme) -> None:
    auditor = browser_of(in_role("auditor"))
    url = f"{change(draft)[:-7]}release/"
    assert url not in page(auditor, change(draft))
    assert auditor.post(url).status_code == 403

    assert protocol.post(url).status_code == 302

    draft.refresh_from_db()
    assert draft.state == ProgrammeState.RELEASED
    assert browser_of(in_role("planner")).get(change(draft)).status_code == 403


def test_a_booking_is_moved_and_taken_out_on_its_page(protocol: Client, draft: Programme) -> None:
    booking = draft.bookings.get(starts_at=local(5, 10))
    form = page(protocol, f"{change(booking)[:-7]}move/")
    assert "there: BRAVO" in form

    answer = protocol.post(f"{change(booking)[:-7]}move/", {"starts_at": "2024-02-05T11:00:00+00:00"})

    assert answer.headers["Location"] == f"{change(draft)}?day=2024-02-05"
    booking.refresh_from_db()
    assert booking.starts_at == local(5, 15)
    assert protocol.post(f"{change(booking)[:-7]}remove/").status_code == 302
    assert draft.bookings.count() == 1


def test_a_booking_is_not_moved_into_the_past(protocol: Client, draft: Programme) -> None:
    booking = draft.bookings.get(starts_at=local(5, 10))
    clock.set_to(local(5, 12))

    refused = protocol.post(f"{change(booking)[:-7]}move/", {"starts_at": "2024-02-05T07:00:00+00:00"})

    offered = [value for value, _label in refused.context["form"].fields["starts_at"].choices]
    assert (refused.status_code, min(offered) >= "2024-02-05T08:00") == (422, True)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.request.pinned_at) == (local(5, 10), None)


def test_a_refused_wish_is_put_into_the_draft_on_its_page(protocol: Client, draft: Programme) -> None:
    row = MeetingRequest.objects.get(mission__code="CHARLIE")
    assert "In the released programme" in page(protocol, change(row))
    taken = {"starts_at": "2024-02-05T06:00:00+00:00"}

    refused = protocol.post(f"{change(row)[:-7]}place/", taken)
    assert refused.status_code == 422
    assert "would receive more at once than it can" in refused.content.decode()
    assert protocol.post(f"{change(row)[:-7]}place/", {"starts_at": "2024-02-05T06:50:00+00:00"}).status_code == 302

    assert draft.bookings.get(request=row).starts_at == local(5, 10, 50)
    assert "fixed by hand" in page(protocol, reverse("admin:programme_meetingrequest_changelist"))


def test_the_officer_asks_in_the_name_of_a_mission(protocol: Client, shared: Shared, mission: Mission) -> None:
    sent = {
        "mission": mission.pk,
        "kind": "chair",
        "part": 1,
        "size": 4,
        "language": "fr",
        "earliest_at_0": "2024-02-05",
        "earliest_at_1": "09:00",
        "latest_at_0": "2024-02-05",
        "latest_at_1": "09:10",
        "note": "",
    }
    url = reverse("admin:programme_meetingrequest_add")

    assert protocol.post(url, sent).status_code == 422
    assert protocol.post(url, {**sent, "latest_at_1": "12:00"}).status_code == 302

    row = MeetingRequest.objects.get()
    assert (row.earliest_at, row.latest_at, row.language) == (local(5, 9), local(5, 12), "fr")


def test_time_is_taken_from_a_host_and_given_back(protocol: Client, shared: Shared) -> None:
    url = change(shared["minister"])[:-7]
    lost = {
        "starts_at_0": "2024-02-05",
        "starts_at_1": "15:00",
        "ends_at_0": "2024-02-05",
        "ends_at_1": "16:30",
        "reason": "Called to parliament",
    }

    assert protocol.post(f"{url}close/", lost).status_code == 302

    closure = Closure.objects.get()
    assert (closure.starts_at, closure.ends_at) == (local(5, 15), local(5, 16, 30))
    assert "Called to parliament" in page(protocol, change(shared["minister"]))
    assert protocol.post(f"{url}reopen/", {"closure": closure.pk}).status_code == 302
    assert not Closure.objects.exists()


def test_a_resource_is_changed_as_it_was_read(protocol: Client, shared: Shared) -> None:
    url = f"{change(shared['briefing-hall'])[:-7]}edit/"
    facts = {
        "name": "Large hall",
        "place": "",
        "capacity": 300,
        "unit_persons": 1,
        "minutes": 60,
        "gap_minutes": 15,
        "sessions_per_day": 4,
        "languages_per_session": 2,
        "version": 1,
    }
    assert "Briefing hall" in page(protocol, url)

    assert protocol.post(url, facts).status_code == 302
    assert protocol.post(url, facts).status_code == 422

    row = SharedResource.objects.get(code="briefing-hall")
    assert (row.name, row.capacity, row.version) == ("Large hall", 300, 2)


def test_interpreters_and_ranks_are_set_on_pages(protocol: Client, election: Election, mission: Mission) -> None:
    pool, rank = reverse("admin:programme_interpreterpool_add"), reverse("admin:programme_protocolrank_add")

    assert protocol.post(pool, {"election": election.pk, "language": "ka", "count": 2}).status_code == 302
    assert protocol.post(rank, {"mission": mission.pk, "rank": 1}).status_code == 302

    assert page(protocol, change(InterpreterPool.objects.get()))
    assert page(protocol, change(ProtocolRank.objects.get()))


def test_the_usual_is_prepared_and_a_programme_ordered(
    protocol: Client, election: Election, make_mission: MakeMission
) -> None:
    make_mission("ALPHA")
    make_mission("NOBODY", size=None)
    prepare = reverse("admin:programme_programme_prepare")

    done = protocol.post(prepare, {"election": election.pk}, follow=True)

    text = done.content.decode()
    assert "7 resources and 7 requests are new." in text
    assert "Nothing is known of the size of: NOBODY." in text
    ordered = protocol.post(reverse("admin:programme_programme_add"), {"election": election.pk, "seconds": 3})
    assert ordered.status_code == 302
    assert "The programme is being made." in page(protocol, ordered.headers["Location"])
    assert browser_of(in_role("auditor")).get(prepare).status_code == 403


def test_day_sheets_are_pdf_files_of_the_days_that_there_are(protocol: Client, draft: Programme) -> None:
    def sheet(day: str) -> str:
        return reverse("admin:programme_programme_sheet", args=(draft.pk, day))

    one = protocol.get(sheet("2024-02-05"))

    assert one.content.startswith(b"%PDF-")
    assert one.headers["Content-Disposition"] == 'attachment; filename="programme-az-2024-v1-2024-02-05.pdf"'
    assert protocol.get(sheet("all")).content.startswith(b"%PDF-")
    for wrong in ("2024-02-06", "today", "2024-13-01"):
        assert protocol.get(sheet(wrong)).status_code == 404


def test_a_lead_has_no_such_pages(draft: Programme, lead: User) -> None:
    assert browser_of(lead).get(change(draft)).status_code == 302


def test_the_press_centre_shows_its_rooms(
    protocol: Client, ask: Ask, make_programme: MakeProgramme, mission: Mission
) -> None:
    programme = make_programme((ask(mission, RequestKind.PRESS), "press-centre", local(8, 9), 45))

    text = page(protocol, change(programme))

    assert "Press centre <span" in text
    assert "<td>1</td>" in text
