import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message
from missions.states import MembershipRole
from missions.timeline.changes import ElectionMove
from missions.timeline.programme.impact_sources import moved_programme
from missions.timeline.programme.models import Closure, MeetingRequest, OpenWindow, Programme, SharedResource
from missions.timeline.programme.notices import programme_changed
from missions.timeline.programme.selectors import bookings_of
from missions.timeline.programme.services.moving import move_programme
from missions.timeline.programme.services.requests import pin_request, withdraw_request
from missions.timeline.programme.services.resources import close_resource
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.timeline.programme.conftest import Ask, MakeProgramme, local
from tests.staff import in_role

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]
DAY, LATER = dt.date(2024, 2, 7), dt.date(2024, 2, 21)
AT = local(1, 9)
_S = ProgrammeState


def move(election: Election, start: dt.date = DAY, end: dt.date = LATER) -> None:
    move_programme(election=election, from_day=start, to_day=end, by=None, at=AT)


def instants() -> list[object]:
    return [
        list(OpenWindow.objects.order_by("pk").values_list("opens_at", "closes_at")),
        list(Closure.objects.order_by("pk").values_list("starts_at", "ends_at")),
        list(MeetingRequest.objects.order_by("pk").values_list("earliest_at", "latest_at", "pinned_at")),
    ]


def test_hours_and_wishes_keep_their_distance_from_election_day(
    election: Election, shared: Shared, ask: Ask, mission: Mission
) -> None:
    close_resource(
        resource=shared["minister"], starts_at=local(5, 15), ends_at=local(5, 16), reason="x", by=None, at=AT
    )
    pin_request(request=ask(mission), starts_at=local(5, 10), by=None, at=AT)
    before = instants()

    move(election)

    row = MeetingRequest.objects.get()
    assert (row.earliest_at, row.latest_at, row.pinned_at) == (local(19, 9), local(20, 18), local(19, 10))
    assert Closure.objects.get().starts_at == local(19, 15)
    assert shared["minister"].windows.order_by("opens_at")[0].opens_at == local(19, 10)
    move(election, LATER, DAY)
    assert instants() == before
    assert not Programme.objects.exists()


@pytest.mark.parametrize("days", [1, -1])
def test_windows_do_not_meet_each_other_on_the_way(election: Election, shared: Shared, days: int) -> None:
    """The hours of one day land exactly where those of the next were."""
    before = set(shared["vehicles"].windows.values_list("opens_at", flat=True))

    move(election, DAY, DAY + dt.timedelta(days))

    after = set(shared["vehicles"].windows.values_list("opens_at", flat=True))
    assert after == {at + dt.timedelta(days) for at in before}


def test_what_was_promised_ends_and_missions_are_told(
    election: Election, ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission, lead: User
) -> None:
    rows = [ask(mission), ask(other_mission), ask(mission, RequestKind.CHAIR)]
    withdraw_request(request=rows[2], by=None, at=AT)
    released = make_programme(
        (rows[0], "minister", local(5, 10), 20),
        (rows[1], "minister", local(5, 10, 25), 20),
        (rows[2], "chair", local(5, 14), 25),
        state=_S.RELEASED,
    )
    draft = make_programme((rows[0], "minister", local(5, 15), 20), base=released)

    move(election)

    assert dict(Programme.objects.values_list("version", "state")) == {1: "superseded", 2: "discarded", 3: "ordered"}
    assert Programme.objects.get(version=3).base_id is None
    assert [row.is_cancelled for row in bookings_of([mission.pk], lead)] == [True, True]
    assert set(Event.objects.filter(verb="programme_changed").values_list("object_id", flat=True)) == {
        mission.pk,
        other_mission.pk,
    }
    mail = Message.objects.get(rule="programme_changed")
    assert mail.to_address == lead.email
    assert "meeting with the minister: cancelled (was 5 February 2024, 10:00–10:20)" in mail.body
    assert "chair" not in mail.body
    assert programme_changed.still_due(mail, at=AT)
    assert draft.pk == Programme.objects.get(state=_S.DISCARDED).pk


def test_an_unused_programme_follows_without_an_order(
    election: Election, shared: Shared, ask: Ask, mission: Mission
) -> None:
    ask(mission)

    move(election)

    assert not Programme.objects.exists()
    assert not Message.objects.filter(rule="programme_changed").exists()


def test_the_preview_tells_what_ends_what_moves_and_who_is_told(
    election: Election, ask: Ask, make_programme: MakeProgramme, mission: Mission, other_mission: Mission, lead: User
) -> None:
    rows = [ask(mission), ask(other_mission)]
    released = make_programme(
        *((row, "minister", local(5, 10, 25 * number), 20) for number, row in enumerate(rows)), state=_S.RELEASED
    )
    make_programme(base=released)
    change = ElectionMove(election.pk, LATER)

    told = [
        (row.code, row.weight, row.facts) for row in moved_programme.of_change(change, user=in_role("protocol"), at=AT)
    ]

    assert told == [
        ("programme_ends", "spoils", ("released", 2)),
        ("missions_told", "tells", ("released", 2)),
        ("draft_discarded", "spoils", ("draft",)),
        ("requests_move", "alters", None),
    ]
    assert [row.code for row in moved_programme.of_change(change, user=lead, at=AT)] == ["requests_move"]


def test_a_mail_is_not_sent_after_newer_news_or_to_who_leads_no_more(
    election: Election, ask: Ask, make_programme: MakeProgramme, mission: Mission, lead: User
) -> None:
    make_programme((ask(mission), "minister", local(5, 10), 20), state=_S.RELEASED)
    move(election)
    mail = Message.objects.get(rule="programme_changed")
    assert programme_changed.still_due(mail, at=AT)

    Membership.objects.filter(user=lead).update(role=MembershipRole.FOCAL_POINT)
    assert not programme_changed.still_due(mail, at=AT)
    Membership.objects.filter(user=lead).update(role=MembershipRole.LEAD)
    Programme.objects.filter(version=1).update(state=_S.RELEASED)
    Programme.objects.filter(state=_S.ORDERED).update(state=_S.DISCARDED)
    move(election)

    assert not programme_changed.still_due(mail, at=AT)
    assert Message.objects.filter(rule="programme_changed").count() == 2
