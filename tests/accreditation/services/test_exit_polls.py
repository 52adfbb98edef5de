"""Exit polls are taken at any time, and are nowhere while a station is open (R29)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from accreditation.errors import ExitPollRefusedError, ExitPollTakenError, NotAPollsterError
from accreditation.models import Accreditation, ExitPollResult
from accreditation.selectors import visible_exit_polls
from accreditation.services.accreditations import return_accreditation
from accreditation.services.exit_polls import record_exit_poll
from accreditation.states import Category
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from stations.models import PollingStation
from stations.states import StationKind
from tests.missions.api.world import as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
SHARES = {"A. Sample": Decimal("61.2"), "B. Sample": Decimal("38.8")}
#: Baku has closed, 35 stations abroad have not.
EVENING = dt.datetime(2024, 2, 7, 15, 30, tzinfo=dt.UTC)
CLOSING = dt.datetime(2024, 2, 8, 3, tzinfo=dt.UTC)
LIST = "/admin/accreditation/exitpollresult/"


@pytest.fixture
def pollster(accreditation: Accreditation, mission: Mission) -> Mission:
    """A mission with one accredited pollster, and a station in Los Angeles that closes last."""
    for row in (accreditation.application, accreditation, accreditation.application.nomination):
        type(row).objects.filter(pk=row.pk).update(category=Category.EXIT_POLLSTER)
    PollingStation.objects.create(
        election=mission.election,
        code="90004",
        name="Los Angeles",
        kind=StationKind.OVERSEAS,
        voters=60,
        country="USA",
        time_zone="America/Los_Angeles",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )
    return mission


@pytest.fixture
def result(pollster: Mission, lead: User) -> ExitPollResult:
    return record_exit_poll(mission=pollster, title="At the close", figures=SHARES, by=lead, at=EVENING)


def test_a_result_is_kept_once_and_the_history_says_nothing_of_it(
    pollster: Mission, result: ExitPollResult, lead: User
) -> None:
    again = record_exit_poll(mission=pollster, title=" At the close ", figures=SHARES, by=lead, at=CLOSING)

    assert again == result
    assert (result.figures, result.received_at) == ({"A. Sample": "61.2", "B. Sample": "38.8"}, EVENING)
    event = Event.objects.get(verb="exit_poll_recorded")
    assert (event.object_label, event.scope_id, event.changed, event.reason) == ("ODIHR", pollster.pk, [], "")


def test_other_figures_under_the_same_title_are_refused(pollster: Mission, result: ExitPollResult, lead: User) -> None:
    with pytest.raises(ExitPollTakenError):
        record_exit_poll(
            mission=pollster, title="At the close", figures={"A. Sample": Decimal(50)}, by=lead, at=CLOSING
        )

    assert ExitPollResult.objects.get().figures == result.figures


def test_only_an_accredited_pollster_hands_in_results(
    pollster: Mission, accreditation: Accreditation, other_mission: Mission, lead: User, approver: User
) -> None:
    with pytest.raises(NotAPollsterError):
        record_exit_poll(mission=other_mission, title="At the close", figures=SHARES, by=lead, at=EVENING)
    return_accreditation(accreditation=accreditation, by=approver, at=EVENING)
    with pytest.raises(NotAPollsterError):
        record_exit_poll(mission=pollster, title="At the close", figures=SHARES, by=lead, at=EVENING)

    assert not ExitPollResult.objects.exists()


@pytest.mark.parametrize(
    ("title", "figures", "codes"),
    [
        (" ", SHARES, ["value-missing"]),
        ("Noon", {}, ["value-missing"]),
        ("Noon", {" ": Decimal(1)}, ["value-missing"]),
        ("Noon", {"A": Decimal("100.1")}, ["share-out-of-range"]),
        ("Noon", {"A": Decimal("-0.1")}, ["share-out-of-range"]),
        ("Noon", {"A": Decimal("NaN")}, ["share-out-of-range"]),
        ("Noon", {"A": Decimal(60), "B": Decimal("40.6")}, ["shares-exceed-whole"]),
    ],
)
def test_a_result_that_contradicts_itself_is_refused(
    pollster: Mission, lead: User, title: str, figures: dict[str, Decimal], codes: list[str]
) -> None:
    with pytest.raises(ExitPollRefusedError) as refused:
        record_exit_poll(mission=pollster, title=title, figures=figures, by=lead, at=EVENING)

    assert [row.code for row in refused.value.violations] == codes


def test_rounded_shares_may_be_a_little_more_than_the_whole(pollster: Mission, lead: User) -> None:
    figures = {"A": Decimal("60.3"), "B": Decimal("40.2")}

    assert record_exit_poll(mission=pollster, title="Noon", figures=figures, by=lead, at=EVENING).pk


def test_nobody_reads_it_while_a_station_is_open_anywhere(
    pollster: Mission, result: ExitPollResult, lead: User, other_lead: User, reviewer: User
) -> None:
    election = pollster.election
    last_moment = CLOSING - dt.timedelta(microseconds=1)

    before = [visible_exit_polls(user=user, at=last_moment).count() for user in (lead, other_lead, reviewer)]
    after = [list(visible_exit_polls(user=user, at=CLOSING)) for user in (lead, other_lead, reviewer)]

    assert before == [0, 0, 0]
    assert after == [[result], [], [result]]
    assert list(visible_exit_polls(user=reviewer, at=CLOSING, election=election)) == [result]
    assert list(visible_exit_polls(user=reviewer, at=CLOSING + dt.timedelta(days=400))) == [result]


def test_another_election_that_is_over_is_read_meanwhile(
    pollster: Mission, result: ExitPollResult, reviewer: User
) -> None:
    election, earlier = Election.objects.get(), Election.objects.get()
    earlier.pk, earlier.code, earlier.e_day = None, "earlier", dt.date(2020, 2, 9)
    earlier.save()
    past = Mission.objects.get(pk=pollster.pk)
    past.pk, past.election = None, earlier
    past.save()
    old = ExitPollResult.objects.create(mission=past, title="Of 2020", figures={"A": "80"}, received_at=EVENING)

    assert list(visible_exit_polls(user=reviewer, at=EVENING)) == [old]
    assert not visible_exit_polls(user=reviewer, at=EVENING, election=election).exists()


def test_page_and_list_have_it_only_afterwards(result: ExitPollResult) -> None:
    desk = browser_of(in_role("registrar"))
    page = f"{LIST}{result.pk}/change/"

    clock.set_to(CLOSING - dt.timedelta(minutes=5))
    hidden = [desk.get(page), desk.get(f"{LIST}999999999/change/"), desk.get(LIST), desk.get(LIST, {"q": "At"})]
    clock.set_to(CLOSING)
    shown = [desk.get(page), desk.get(LIST)]

    assert [answer.status_code for answer in hidden] == [404, 404, 200, 200]
    assert [answer.context["cl"].result_count for answer in hidden[2:]] == [0, 0]
    assert not [answer for answer in hidden if "61.2" in answer.content.decode()]
    assert [answer.status_code for answer in shown] == [200, 200]
    assert "61.2 %" in shown[0].content.decode()
    assert shown[1].context["cl"].result_count == 1


def test_the_api_has_it_only_afterwards(result: ExitPollResult, lead: User, other_lead: User) -> None:
    path = "/api/v1/exit-polls/"

    clock.set_to(CLOSING - dt.timedelta(minutes=5))
    absent = as_user(lead).get(f"{path}999999999/")
    hidden = as_user(lead).get(f"{path}{result.pk}/")
    empty = as_user(lead).get(path).json()["results"]
    clock.set_to(CLOSING)
    shown = as_user(lead).get(f"{path}{result.pk}/")

    assert (hidden.status_code, hidden.content, empty) == (404, absent.content, [])
    assert shown.json() == {
        "id": result.pk,
        "election": result.mission.election_id,
        "mission": result.mission_id,
        "title": "At the close",
        "figures": {"A. Sample": "61.2", "B. Sample": "38.8"},
        "received_at": "2024-02-07T15:30:00Z",
    }
    assert as_user(other_lead).get(f"{path}{result.pk}/").content == absent.content


def _enter(client: Client, mission: Mission, figures: str) -> tuple[int, str]:
    answer = client.post(f"{LIST}add/", {"mission": mission.pk, "title": "Noon", "figures": figures}, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_registrar_enters_a_result_and_does_not_see_it(pollster: Mission) -> None:
    clock.set_to(EVENING)
    desk = browser_of(in_role("registrar"))

    status, text = _enter(desk, pollster, "A. Sample: 61.2\n\nB: the Younger: 38.8 %\n")

    assert (status, "61.2" in text) == (200, False)
    assert ExitPollResult.objects.get().figures == {"A. Sample": "61.2", "B: the Younger": "38.8"}


@pytest.mark.parametrize("figures", ["A. Sample 61.2", "A: x", ": 5", "A: 5\nA: 6"])
def test_a_line_that_is_no_share_is_named(pollster: Mission, figures: str) -> None:
    clock.set_to(EVENING)

    status, text = _enter(browser_of(in_role("registrar")), pollster, figures)

    assert (status, "is not a contestant with a share" in text) == (422, True)
    assert not ExitPollResult.objects.exists()


def test_others_do_not_enter_results(pollster: Mission) -> None:
    assert browser_of(in_role("reviewer")).get(f"{LIST}add/").status_code == 403
