"""Opening a run-off or repeat voting on the page of the election."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from missions.kernel import clock
from missions.models import Constituency, Election, User
from tests.conftest import staff

pytestmark = pytest.mark.django_db

ANSWERS = {"kind": "repeat", "e_day": "2024-02-21", "constituencies": "1", "code": "az-2024"}


@pytest.fixture
def address(election: Election, constituency: Constituency) -> str:
    clock.set_to(dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC))
    return reverse("admin:missions_election_next_round", args=(election.pk,))


@pytest.fixture
def mover(client: Client) -> User:
    user = staff("mover@ministry.example", "missions.view_election", "missions.move_election")
    client.force_login(user)
    return user


@pytest.mark.usefixtures("mover")
def test_it_is_opened_and_the_two_votes_lead_to_each_other(client: Client, address: str, election: Election) -> None:
    done = client.post(address, ANSWERS, follow=True).content.decode()
    repeat = Election.objects.get(follows=election)
    page = client.get(reverse("admin:missions_election_change", args=(repeat.pk,))).content.decode()

    assert (repeat.code, repeat.constituencies.get().number) == ("az-2024-repeat", 1)
    assert f'<a href="/admin/missions/election/{repeat.pk}/change/">{repeat.name}</a>' in done
    assert address not in done  # one vote follows, and no more
    assert f'<a href="/admin/missions/election/{election.pk}/change/">{election.name}</a>' in page


@pytest.mark.usefixtures("mover")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"constituencies": "1;2"}, "Give numbers, separated by commas."),
        ({"constituencies": "9"}, "The election has no constituency 9."),
        ({"e_day": "2024-02-07"}, "The day does not fit the days of the call and of the other votes"),
        ({"code": "az"}, "This is not the code of the election."),
        ({"kind": "run_off"}, "These constituencies cannot be those of the vote"),
    ],
)
def test_what_is_refused_stands_beside_what_was_typed(
    client: Client, address: str, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post(address, {**ANSWERS, **changed})

    assert sentence in answer.content.decode()
    assert Election.objects.count() == 1


def test_only_who_may_move_the_day_opens_a_vote(client: Client, address: str) -> None:
    client.force_login(staff("registrar@ministry.example", "missions.view_election", "missions.change_election"))

    assert client.post(address, ANSWERS).status_code == 403
    assert Election.objects.count() == 1
